"""What was declared is read by quarter and year, and every fault is told."""

from pathlib import Path

import numpy as np
import polars as pl
import pytest

from yanzhen.exchange.settlement.agreement import Agreement
from yanzhen.exchange.settlement.declared import (
    DeclaredTable,
    declarations_from,
    declared_periods,
    read_declarations,
)
from yanzhen.exchange.settlement.period import Period
from yanzhen.modes.coconstruction import ContractError

QUARTERLY = """project,year,quarter,value_added_tax,other_local_tax,gdp
钢构,2024,1,100,5.01,7
钢构,2024,2,200,0,8
钢构,2024,3,300,0,9
钢构,2024,4,400,0,10
钢构,2025,1,50,0,1
封测,2024,3,10.01,0,0
封测,2024,4,10,0,0
封测,2025,1,20,0,2
"""
SHARED = """tax_kinds = ["value_added_tax"]
[[periods]]
years = 5
split = "1:1"
"""


def agreed(terms: str = SHARED, start_year: int = 2024) -> Agreement:
    return Agreement("SYNTHETIC", "上海", "合肥", start_year, terms, synthetic=True)


def table(text: str, start_year: int = 2024) -> DeclaredTable:
    rows = [line.split(",") for line in text.strip().splitlines()]
    columns = {name: [row[k] or None for row in rows[1:]] for k, name in enumerate(rows[0])}
    frame = pl.DataFrame(columns, schema=dict.fromkeys(columns, pl.String))
    return declarations_from(frame, "payments.csv", agreed(start_year=start_year))


def test_quarters_add_up_and_later_ones_are_nothing() -> None:
    declared = table(QUARTERLY)
    half = declared.until(Period(2024, 2))
    assert half.projects.name == ("钢构",)
    assert half.paid[0].tolist() == [[30000]]
    assert half.projects.local_tax[0].tolist() == [[15000]]
    whole = declared.until(Period(2024))
    assert whole.paid[0].tolist() == [[100000], [2001]]
    # 10.01 yuan are halved to the nearest fen, each amount by itself.
    assert whole.projects.local_tax[0].tolist() == [[50000], [501 + 500]]
    assert whole.projects.statistics[0].tolist() == [[34], [0]]
    np.testing.assert_array_equal(declared.until(Period(2025, 1)).paid[0, :, 1], [5000, 2000])


def test_periods_that_can_be_settled_follow_from_the_rows() -> None:
    declared = table(QUARTERLY)
    by_quarter = [str(each) for each in declared_periods(declared, quarterly=True)]
    assert by_quarter == ["2024Q1", "2024Q2", "2024Q3", "2024Q4", "2024", "2025Q1"]
    assert [str(each) for each in declared_periods(declared, quarterly=False)] == ["2024"]


def test_a_project_that_comes_later_paid_nothing_before() -> None:
    declared = table("project,year,value_added_tax\na,2024,1\na,2025,1\nb,2025,3")
    assert declared.until(Period(2025)).paid[0].tolist() == [[100, 100], [0, 300]]


def test_a_file_in_chinese_is_read(tmp_path: Path) -> None:
    path = tmp_path / "缴税.csv"
    path.write_text("项目,年份,季度,增值税\n钢构,2025,1,12.34\n", encoding="gb18030")
    assert read_declarations(path, agreed(start_year=2025)).until(Period(2025, 1)).paid[
        0
    ].tolist() == [[1234]]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "project,year,quarter,value_added_tax\na,2024,5,1\na,2024,x,1.234",
            ["row 2, column quarter", "row 3, column quarter", "row 3, column value_added_tax"],
        ),
        ("project,year,quarter,tax\na,2024,1,1", ["column tax"]),
        (
            "project,year,quarter,value_added_tax\na,2024,1,1\na,2024,3,1\na,2024,4,1",
            ["days of 2024"],
        ),
        (
            "project,year,quarter,value_added_tax\na,2024,1,1\na,2024,1,1",
            ["row 2 again"],
        ),
        ("project,year,quarter,value_added_tax\na,2023,1,1", ["no year of the contract"]),
    ],
)
def test_every_fault_is_told_by_row_and_column(text: str, said: list[str]) -> None:
    with pytest.raises(ContractError) as refused:
        table(text)
    for each in said:
        assert each in str(refused.value)


def test_what_a_period_lacks_is_told() -> None:
    whole_years = table("project,year,value_added_tax\na,2024,1")
    for period in (Period(2025), Period(2024, 1)):
        with pytest.raises(ContractError, match=r"2025|without a quarter"):
            whole_years.until(period)
    with pytest.raises(ContractError, match="no row for 2025Q2"):
        table(QUARTERLY).until(Period(2025, 2))
    with pytest.raises(ContractError, match=r"days of 2025"):
        table(QUARTERLY).until(Period(2025))


@pytest.mark.parametrize("written", ["-", "25", "2025Q5", "1800", "2025Q", "2025年"])
def test_what_is_no_period_is_refused(written: str) -> None:
    with pytest.raises(ValueError, match=written):
        Period.of(written)


def test_periods_are_read_as_people_write_them() -> None:
    assert [str(Period.of(said)) for said in ("2025", " 2025q3 ", "2025-Q1")] == [
        "2025",
        "2025Q3",
        "2025Q1",
    ]


@pytest.mark.parametrize(
    ("terms", "lacking"),
    [
        (
            SHARED.replace('tax"]', 'tax", "business_tax", "other_local_tax"]'),
            "business_tax, other_local_tax",
        ),
        (SHARED + '[recovery]\nshare = "50%"\n', "outlay"),
        ('[equity]\nsplit = "1:1"\npayout = "50%"\n', "profit"),
        (SHARED + "[eligibility]\nleast_investment = 5\n", "investment"),
    ],
)
def test_a_column_that_the_terms_settle_by_is_not_read_as_zero(terms: str, lacking: str) -> None:
    frame = pl.DataFrame({"project": ["a"], "year": ["2024"], "value_added_tax": ["1"]})
    with pytest.raises(ContractError) as refused:
        declarations_from(frame, "payments.csv", agreed(terms))
    (problem,) = refused.value.problems
    place = (problem.file, problem.table, problem.row, problem.column)
    assert place == ("payments.csv", "payments", 1, lacking)
    assert f"no columns {lacking}" in problem.text("en") and lacking in problem.text("zh")


def test_what_else_is_wrong_is_told_beside_a_missing_column() -> None:
    with pytest.raises(ContractError) as refused:
        table("project,year,quarter,business_tax\na,2024,1,1.234\na,2024,5,1")
    places = [(each.row, each.column) for each in refused.value.problems]
    assert places == [(1, "value_added_tax"), (3, "quarter"), (2, "business_tax")]
    with pytest.raises(ContractError, match="nothing"):
        table("project,year,value_added_tax\na,2024,")
