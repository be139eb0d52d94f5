"""The agreements of a study as contracts."""

from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from types import MappingProxyType
from typing import Any

import polars as pl
import pytest

from yanzhen.modes.coconstruction.contract.terms import Period, Split, Terms, TopUp
from yanzhen.modes.coconstruction.contract.terms_toml import write_terms
from yanzhen.modes.coconstruction.settlement.agreements import agreements, check_agreements
from yanzhen.study import Study, read_study
from yanzhen.study.tables import TABLES

OWN = Terms("自拟", "own", ("value_added_tax",), periods=(Period(6, Split(1, 2)),))


def study_with(folder: Path, *rows: dict[str, Any]) -> Study:
    """The embedded study with agreements, its folder another."""
    columns = TABLES["agreements"].columns()
    schema = {name: column.dtype for name, column in columns.items()}
    filled = [{name: row.get(name) for name in schema} for row in rows]
    study = read_study("china-provinces")
    tables = {**study.tables, "agreements": pl.DataFrame(filled, schema=schema)}
    return replace(study, tables=MappingProxyType(tables), path=str(folder))


def row(**values: Any) -> dict[str, Any]:
    agreed = {"agreement": "A1", "home": "310000", "host": "340000", "from_year": 2018}
    return agreed | {"terms": "liaoning", "tax_kinds": "value_added_tax"} | values


def test_a_scheme_is_completed_with_what_the_row_gives(tmp_path: Path) -> None:
    given = row(
        terms="beijing_tianjin_hebei_2015",
        tax_kinds=None,
        top_up_share=0.25,
        industry="IO42-20",
        notice_year=None,
    )
    found = agreements(study_with(tmp_path, given))[0]
    assert found.contract.terms.top_up == TopUp(share_of_shortfall=Fraction(1, 4))
    assert (found.contract.home, found.contract.host, found.contract.start_year) == (
        "310000",
        "340000",
        2018,
    )
    assert found.industries == ("IO42-20",)


def test_terms_are_read_from_a_file_beside_the_study(tmp_path: Path) -> None:
    (tmp_path / "own.toml").write_text(write_terms(OWN), encoding="utf-8")
    found = agreements(study_with(tmp_path, row(terms="own.toml")))
    assert found[0].contract.terms == OWN


def test_a_study_without_agreements_has_no_contracts(tmp_path: Path) -> None:
    assert agreements(study_with(tmp_path)) == ()


@pytest.mark.parametrize(
    ("changed", "column", "expected"),
    [
        ({"terms": "liaonin"}, "terms", "'liaoning'"),
        ({"terms": "../own.toml"}, "terms", "a TOML file beside the study"),
        ({"tax_kinds": None}, "tax_kinds", "a value of the user's"),
        ({"tax_kinds": "income"}, "tax_kinds", "one of"),
        ({"host": "310000"}, "home,host", "two different regions"),
        ({"notice_year": 2020}, "notice_year", "no notice"),
        ({"agreement": "zibo"}, "agreement", "a code of its own"),
        ({"terms": "equity_venture"}, "equity_split", "TOML file"),
    ],
)
def test_what_is_wrong_is_told_with_its_column(
    tmp_path: Path, changed: dict[str, Any], column: str, expected: str
) -> None:
    (tmp_path.parent / "own.toml").write_text(write_terms(OWN), encoding="utf-8")
    problems = check_agreements(study_with(tmp_path, row(**changed)))
    assert any(expected in each.expected for each in problems if each.column == column), problems


def test_problems_of_all_agreements_are_told_at_once(tmp_path: Path) -> None:
    (tmp_path / "bad.toml").write_text('base = "none"\n', encoding="utf-8")
    wrong = study_with(tmp_path, row(terms="bad.toml"), row(agreement="A2", terms="unknown"))
    problems = check_agreements(wrong)
    assert {problem.file for problem in problems} == {"bad.toml", "agreements.csv"}
    assert {problem.row for problem in problems if problem.column == "terms"} == {2}


def test_too_many_parks_of_one_home_are_refused(tmp_path: Path) -> None:
    hosts = ["110000", "120000", "130000", "140000", "340000", "410000"]
    rows = [row(agreement=f"A{k}", host=host) for k, host in enumerate(hosts)]
    problems = check_agreements(study_with(tmp_path, *rows))
    assert [(each.file, each.row, each.column) for each in problems] == [
        ("agreements.csv", 6, "terms")
    ]
    assert problems[0].found.startswith("most_parks: 6 contracts")
