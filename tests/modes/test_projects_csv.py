"""Projects from a CSV file, every problem at once."""

from pathlib import Path

import pytest

from yanzhen.modes.coconstruction.contradictions import ContractError
from yanzhen.modes.coconstruction.projects_csv import read_projects
from yanzhen.modes.coconstruction.tax_split import tax_split_table

TABLE = tax_split_table()
SOUND = """project,year,value_added_tax,enterprise_income_tax,outlay,type,government_led,stock_host
甲,2019,100.01,0,0,capital_linked,true,
甲,2020,200,10,5.5,capital_linked,true,1.25
甲,2021,300,10.05,0,capital_linked,true,1.25
乙,2019,1,1,0,,false,0
乙,2020,2,2,0,,false,0
乙,2021,3,3,0,,false,0
"""


def written(folder: Path, content: str) -> Path:
    path = folder / "projects.csv"
    path.write_text(content, encoding="utf-8")
    return path


def problems(folder: Path, content: str) -> list[tuple[int | None, str]]:
    with pytest.raises(ContractError) as caught:
        read_projects(written(folder, content), 2020, TABLE)
    return [(problem.row, problem.column) for problem in caught.value.problems]


def test_taxes_are_split_with_the_centre_and_years_at_the_contracts_start(tmp_path: Path) -> None:
    rows = read_projects(written(tmp_path, SOUND), 2020, TABLE)
    assert rows.name == ("甲", "乙")
    assert rows.years == (2020, 2021)
    # Half of the value-added tax, 40 % of the income tax.
    assert rows.local_tax[0].tolist() == [[10000, 15000], [100, 150]]
    assert rows.local_tax[1].tolist() == [[400, 402], [80, 120]]
    assert rows.tax_before[0].tolist() == [[5001], [50]]
    assert rows.outlay.tolist() == [[550, 0], [0, 0]]
    assert rows.type == ("capital_linked", "")
    assert rows.stock_host.tolist() == [125, 0]
    assert rows.conditions[0].tolist() == [True, False]


@pytest.mark.parametrize(
    ("old", "new", "row", "column"),
    [
        ("甲,2020,200,", "甲,2020,-200,", 3, "value_added_tax"),
        ("甲,2020,200,", "甲,2020,200.001,", 3, "value_added_tax"),
        ("甲,2020,200,", "甲,2020,two,", 3, "value_added_tax"),
        ("甲,2020,200,", "甲,2020,,", 3, "value_added_tax"),
        ("甲,2020,200,", "甲,2020,NaN,", 3, "value_added_tax"),
        ("甲,2020,200,", ",2020,200,", 3, "project"),
        ("甲,2020,200,", "甲,20,200,", 3, "year"),
        ("5.5,capital_linked,true", "5.5,capital_linked,yes", 3, "government_led"),
        ("5.5,capital_linked,true", "5.5,resource,true", 3, "type"),
        (",type,", ",kind,", 1, "kind"),
        ("project,", "name,", 1, "project"),
        ("甲,2020,", "甲,2019,", 3, "year"),
        ("乙,2021,3,3,0,,false,0\n", "", None, "year"),
    ],
)
def test_a_damage_is_told_with_its_row_and_column(
    tmp_path: Path, old: str, new: str, row: int | None, column: str
) -> None:
    assert old in SOUND
    assert (row, column) in problems(tmp_path, SOUND.replace(old, new, 1))


def test_several_damages_are_told_at_once(tmp_path: Path) -> None:
    content = SOUND.replace("甲,2020,200,", "甲,2020,x,").replace("乙,2020,2,", "乙,2020,y,")
    assert problems(tmp_path, content) == [(3, "value_added_tax"), (6, "value_added_tax")]


def test_a_file_without_a_year_of_the_contract_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ContractError, match="no year of the contract"):
        read_projects(written(tmp_path, SOUND), 2022, TABLE)


def test_a_file_without_tax_or_profit_is_refused(tmp_path: Path) -> None:
    assert problems(tmp_path, "project,year\n甲,2020\n") == [(1, "")]
