"""The command as a user meets it, registered on an application of its own."""

import json
from pathlib import Path

import polars as pl
import pytest
from typer.testing import CliRunner, Result

from yanzhen.cli.contract import contract
from yanzhen.modes.coconstruction import PRESETS, parse_terms, preset, write_terms
from yanzhen.modes.coconstruction.contract.terms import Period, Split, Terms

PROJECTS = """project,year,value_added_tax,outlay,type,government_led
甲,2022,60000000,0,capital_linked,true
甲,2023,60000000,0,capital_linked,true
甲,2024,60000000,0,capital_linked,true
甲,2025,80000000,10000000,capital_linked,true
甲,2026,80000000,0,capital_linked,true
"""
GIVEN = ["--start-year", "2025", "--tax-kind", "value_added_tax", "--top-up-share", "50%"]


def invoke(*arguments: str) -> Result:
    return CliRunner().invoke(contract, [*arguments])


@pytest.fixture
def projects(tmp_path: Path) -> str:
    path = tmp_path / "projects.csv"
    path.write_text(PROJECTS, encoding="utf-8")
    return str(path)


def test_without_projects_it_lists_the_schemes_with_their_sources() -> None:
    listed = json.loads(invoke("presets", "--json").stdout)
    assert [scheme["key"] for scheme in listed] == list(PRESETS)
    assert all(scheme["sources"] for scheme in listed)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_list_is_in_the_language_asked(lang: str) -> None:
    shown = invoke("presets", "--lang", lang).stdout
    assert ("来源" in shown) == (lang == "zh")


def test_schemes_are_settled_on_the_projects_and_those_not_given_are_named(projects: str) -> None:
    done = invoke("settle", projects, *GIVEN, "--json", "--lang", "en")
    assert done.exit_code == 0
    homes = {row["contract"]: row["tax_home"] for row in json.loads(done.stdout)}
    # Local tax 40 million a year; Zibo: 10 repaid, then 60 % of 70 million.
    assert homes["zibo"] == 52_000_000_00
    assert homes["liaoning"] == 40_000_000_00
    assert homes["songjiang_luan"] == 0
    assert "equity_venture left out, it needs: equity_split (--equity 60:40), payout" in done.stderr


def test_years_before_a_move_that_the_table_lacks_are_said(projects: str, tmp_path: Path) -> None:
    silent = "count as years in which nothing was paid"
    assert silent not in invoke("settle", projects, *GIVEN, "--lang", "en").stderr
    rows = [row for row in PROJECTS.splitlines(True) if "2022" not in row and "2023" not in row]
    Path(projects).write_text("".join(rows), encoding="utf-8")
    done = invoke("settle", projects, *GIVEN, "--lang", "en", "--out", str(tmp_path / "out"))
    assert done.exit_code == 0
    title = preset("beijing_tianjin_hebei_2015").terms.title_en
    assert f"甲: 2022 to 2023 before its move are not in the table and {silent}" in done.stderr
    assert f"least tax of {title} looks at them" in done.stderr
    assert silent in (tmp_path / "out" / "contracts.html").read_text(encoding="utf-8")


def test_a_contract_of_ones_own_stands_beside_the_schemes(projects: str, tmp_path: Path) -> None:
    terms = Terms("自拟", "own", ("value_added_tax",), periods=(Period(None, Split(1, 3)),))
    (tmp_path / "own.toml").write_text(write_terms(terms), encoding="utf-8")
    out = tmp_path / "out"
    done = invoke(
        "settle", projects, str(tmp_path / "own.toml"), *GIVEN, "--out", str(out), "--lang", "zh"
    )
    assert done.exit_code == 0
    assert "自拟" in done.stdout
    totals = pl.read_csv(out / "side_by_side.csv")
    assert totals.filter(contract="own")["tax_home"][0] == 20_000_000_00
    assert parse_terms((out / "own.toml").read_text("utf-8"), "own") == terms
    assert "自拟" in (out / "contracts.html").read_text("utf-8")
    assert pl.read_csv(out / "ledger.csv").height == 2 * totals.height


def test_everything_wrong_with_the_projects_is_told(projects: str) -> None:
    path = Path(projects)
    path.write_text(PROJECTS.replace("2025,80000000", "2025,many"), encoding="utf-8")
    done = invoke("settle", projects, *GIVEN, "--lang", "en", "--json")
    assert done.exit_code == 2
    assert json.loads(done.stdout)["problems"][0]["row"] == 5


def test_an_option_that_cannot_be_read_is_told(projects: str) -> None:
    done = invoke("settle", projects, *GIVEN, "--equity", "60/40", "--lang", "en")
    assert done.exit_code == 2
    assert "60/40" in done.stderr


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    done = invoke("settle", str(tmp_path / "none.csv"), *GIVEN, "--lang", "en")
    assert done.exit_code == 1
    assert "Cannot read" in done.stderr


def test_without_a_first_year_nothing_is_settled(projects: str) -> None:
    assert invoke("settle", projects, "--lang", "en").exit_code == 2


def test_every_note_of_a_scheme_exists_in_both_languages() -> None:
    assert all(preset(key).note_zh and preset(key).note_en for key in PRESETS)


def test_without_terms_and_options_it_says_what_to_give(projects: str) -> None:
    done = invoke("settle", projects, "--start-year", "2025", "--json")
    assert done.exit_code == 2
    expected = [each["expected"] for each in json.loads(done.stdout)["problems"]]
    assert "--tax-kind value_added_tax, or a TOML file of your own" in expected


def own_terms(folder: Path, name: str, host: int) -> str:
    terms = Terms("自拟", "own", ("value_added_tax",), periods=(Period(None, Split(1, host)),))
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(write_terms(terms), encoding="utf-8")
    return str(folder / name)


def test_own_terms_named_as_a_scheme_stand_beside_it(projects: str, tmp_path: Path) -> None:
    own = own_terms(tmp_path, "zibo.toml", 3)
    done = invoke("settle", projects, own, *GIVEN, "--json", "--out", str(tmp_path / "out"))
    homes = {row["contract"]: row["tax_home"] for row in json.loads(done.stdout)}
    # Local tax 40 million a year in two years: a quarter, beside Zibo's 52 million.
    assert (homes["zibo_own"], homes["zibo"]) == (20_000_000_00, 52_000_000_00)
    assert {"zibo.toml", "zibo_own.toml"} <= {each.name for each in (tmp_path / "out").iterdir()}


def test_two_files_of_one_name_are_refused_with_both_paths(projects: str, tmp_path: Path) -> None:
    one, other = (own_terms(tmp_path / folder, "own.toml", 3) for folder in ("a", "b"))
    done = invoke("settle", projects, one, other, *GIVEN, "--json")
    assert done.exit_code == 2
    assert json.loads(done.stdout)["problems"][0]["found"] == f"{one} and {other}"


def test_a_file_of_terms_that_is_not_there_is_wrong_input_and_names_the_schemes(
    projects: str, tmp_path: Path
) -> None:
    result = invoke("settle", projects, str(tmp_path / "liaonin"), *GIVEN, "--lang", "en")
    assert result.exit_code == 2
    assert "Did you mean liaoning?" in result.stderr
    assert invoke("settle", projects, str(tmp_path), *GIVEN).exit_code == 2


def test_terms_of_no_such_name_are_refused_before_the_study_is_cleared() -> None:
    places = ["--home", "310000", "--host", "340000", "--terms", "nosuch.toml"]
    result = invoke("pair", "china-provinces", *places, "--lang", "en")
    assert result.exit_code == 2
    assert "The schemes are: " in result.stderr
