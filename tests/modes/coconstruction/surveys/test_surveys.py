"""Pairs, trusteeship and modes surveyed on the embedded study, and their commands."""

import json
import re
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest
from typer.testing import CliRunner

from tests.declared import undeclared
from yanzhen.cli.app import app
from yanzhen.market.equilibrium.cleared_study import ClearedStudy, clear_study
from yanzhen.market.problem.study_inputs import study_inputs
from yanzhen.modes.coconstruction import Given, preset
from yanzhen.modes.coconstruction.surveys.surveys import (
    BOTH,
    ModeSurvey,
    PairSurvey,
    assumed_trusteeship,
    survey_modes,
    survey_pairs,
    survey_trusteeship,
)
from yanzhen.report.analyses.contract_surveys import (
    mode_findings,
    modes_document,
    pair_findings,
    trusteeship_findings,
)
from yanzhen.report.document.folder import write_report
from yanzhen.report.text.reader import Reader
from yanzhen.report.text.words import LANGUAGES, Lang
from yanzhen.study import read_study

HAN = re.compile(r"[\u4e00-\u9fff]")
TERMS = preset("zibo").complete(Given(tax_kinds=("value_added_tax",)))
HOMES, HOSTS = ("110000", "210000", "310000"), ("210000", "340000", "410000")
PLACES = [*(f"--home={code}" for code in HOMES[:2]), *(f"--host={code}" for code in HOSTS[1:])]


@pytest.fixture(scope="module")
def cleared() -> ClearedStudy:
    return clear_study(study_inputs(read_study("china-provinces")))


@pytest.fixture(scope="module")
def pairs(cleared: ClearedStudy) -> PairSurvey:
    return survey_pairs(cleared, TERMS, "zibo", HOMES, HOSTS, (), (1, 2))


@pytest.fixture(scope="module")
def modes(cleared: ClearedStudy) -> ModeSurvey:
    return survey_modes(cleared, TERMS, "zibo", HOMES, HOSTS)


def test_tables_are_as_declared(pairs: PairSurvey, modes: ModeSurvey) -> None:
    assert undeclared(pairs) == undeclared(modes) == []


def test_no_home_or_host_has_more_partners_than_places(pairs: PairSurvey) -> None:
    assert pairs.pairs.height > 0
    assert pairs.pairs["home"].value_counts()["count"].to_list() == [1] * pairs.pairs.height
    assert max(pairs.pairs["host"].value_counts()["count"]) <= 2
    assert pairs.blocking <= 1e-9 * pairs.worth


def test_a_transfer_makes_what_each_side_has_of_a_pair(pairs: PairSurvey) -> None:
    before = pairs.gains.rename({"home_gain": "home_before", "host_gain": "host_before"})
    rows = pairs.pairs.join(before.drop("joint", "paired"), on=["home", "host"])
    assert rows.height == pairs.pairs.height
    for row in rows.iter_rows(named=True):
        assert row["home_gain"] == pytest.approx(row["home_before"] + row["transfer"])
        assert row["host_gain"] == pytest.approx(row["host_before"] - row["transfer"])
        assert min(row["home_gain"], row["host_gain"]) >= -1e-9


def test_no_place_pairs_with_itself(pairs: PairSurvey) -> None:
    assert pairs.gains.filter(pl.col("home") == pl.col("host")).is_empty()
    assert pairs.gains.height == len(HOMES) * len(HOSTS) - 1


def test_the_mix_of_modes_is_of_what_comes_under_the_contract(
    cleared: ClearedStudy, modes: ModeSurvey
) -> None:
    best = modes.modes.filter(mode=BOTH)
    assert not best.is_empty()
    assert (modes.modes["joint"] >= 0).all()
    assert (modes.modes["lead"] >= 0).all()
    # Management that adds nothing and costs nothing leaves nothing to choose it for.
    idle = ("management_productivity", "management_running_cost", "management_cost")
    free = cleared.inputs.with_values(dict.fromkeys(idle, 0.0))
    without = survey_modes(replace(cleared, inputs=free), TERMS, "zibo", HOMES[:1], HOSTS[1:])
    assert (without.modes.filter(mode=BOTH)["lead"] == 0).all()
    assert "trusteeship" not in without.modes["mode"].to_list()


def test_a_trusteeship_is_of_what_the_market_sends_anyway(cleared: ClearedStudy) -> None:
    managed = assumed_trusteeship(cleared.inputs.values, "assumption")
    found = survey_trusteeship(cleared, TERMS, "310000", "340000", (), managed)
    block = (cleared.formulation.blocks["origin"] == "310000").to_numpy()
    site = cleared.formulation.room.sites["site"].to_list().index("340000")
    mass = cleared.formulation.market.mass[block]
    assert found.output == pytest.approx(
        float(mass @ cleared.clearing.choice.probability[block, site])
    )
    assert found.interval is not None
    at_lowest = replace(managed, home_part=found.interval[0])
    least = survey_trusteeship(cleared, TERMS, "310000", "340000", (), at_lowest)
    assert least.home_gain == pytest.approx(0, abs=1e-9)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_findings_and_pages_are_in_both_languages(
    cleared: ClearedStudy, pairs: PairSurvey, modes: ModeSurvey, lang: Lang, tmp_path: Path
) -> None:
    managed = assumed_trusteeship(cleared.inputs.values, "assumption")
    trusted = survey_trusteeship(cleared, TERMS, "310000", "340000", (), managed)
    said = [
        *pair_findings(pairs, Reader(pairs.study, lang)),
        *mode_findings(modes, Reader(modes.study, lang)),
        *trusteeship_findings(trusted, Reader(trusted.study, lang)),
    ]
    assert all(bool(HAN.search(each)) == (lang == "zh") for each in said)
    write_report(modes_document(modes, Reader(modes.study, lang)), tmp_path, "modes")
    page = (tmp_path / "modes.html").read_text("utf-8")
    assert mode_findings(modes, Reader(modes.study, lang))[0] in page


@pytest.mark.parametrize(
    ("command", "written", "key"),
    [
        (["pair", *PLACES], "pairs", "pairs"),
        (["mode", *PLACES], "modes", "modes"),
        (["trust", "--home=上海", "--host=Anhui"], "trusteeship", "interval"),
    ],
)
def test_the_commands_print_json_alone_and_write_their_pages(
    command: list[str], written: str, key: str, tmp_path: Path
) -> None:
    name, *options = command
    arguments = ["contract", name, "china-provinces", *options, "--json", "--out", str(tmp_path)]
    done = CliRunner().invoke(app, arguments)
    assert done.exit_code == 0, done.stderr
    assert key in json.loads(done.stdout)
    assert (tmp_path / f"{written}.html").is_file()
    assert (tmp_path / f"{written}.xlsx").is_file()


def test_figures_of_ones_own_need_a_source() -> None:
    command = ["contract", "trust", "china-provinces", "--home=上海", "--host=安徽"]
    done = CliRunner().invoke(app, [*command, "--productivity=0.2", "--lang", "en"])
    assert done.exit_code == 2
    assert "--source" in done.stderr
