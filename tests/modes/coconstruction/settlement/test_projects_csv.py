"""Projects from a CSV file, every problem at once."""

from pathlib import Path

import pytest

from yanzhen.modes.coconstruction.contract.consistency import ContractError
from yanzhen.modes.coconstruction.settlement.projects_csv import read_projects
from yanzhen.modes.coconstruction.settlement.tax_split import tax_split_table

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


@pytest.mark.parametrize("encoding", ["gb18030", "utf-8-sig", "utf-16"])
def test_projects_saved_by_a_chinese_spreadsheet_are_the_same(
    tmp_path: Path, encoding: str
) -> None:
    """Rows of bare separators at the end, as a spreadsheet program leaves them, are none."""
    plain = read_projects(written(tmp_path, SOUND), 2020, TABLE)
    path = tmp_path / "saved.csv"
    path.write_bytes((SOUND + ",,,,,,,\n" * 2).encode(encoding))
    rows = read_projects(path, 2020, TABLE)
    assert rows.name == plain.name == ("甲", "乙")
    assert rows.local_tax.tolist() == plain.local_tax.tolist()


@pytest.mark.parametrize(
    ("old", "new", "row", "column"),
    [
        ("10,5.5,", "10,-5.5,", 3, "outlay"),
        ("甲,2020,200,", "甲,2020,1e15,", 3, "value_added_tax"),
        ("甲,2020,200,", "甲,2020,200.001,", 3, "value_added_tax"),
        ("甲,2020,200,", "甲,2020,two,", 3, "value_added_tax"),
        ("甲,2020,200,", "甲,2020,,", 3, "value_added_tax"),
        ("甲,2020,200,", "甲,2020,NaN,", 3, "value_added_tax"),
        ("甲,2020,200,", ",2020,200,", 3, "project"),
        ("甲,2020,200,", "甲,20,200,", 3, "year"),
        ("5.5,capital_linked,true", "5.5,capital_linked,perhaps", 3, "government_led"),
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


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("200.001,10,5.5", "two decimals"),
        ("200,10,-5.5", "zero or more"),
        ("1e15,10,5.5", "another unit"),
        ("two,10,5.5", "a number"),
    ],
)
def test_each_fault_of_an_amount_has_its_own_words(
    tmp_path: Path, cell: str, expected: str
) -> None:
    with pytest.raises(ContractError, match=expected):
        read_projects(written(tmp_path, SOUND.replace("200,10,5.5", cell)), 2020, TABLE)


def test_refunds_are_read_and_divided_with_the_centre(tmp_path: Path) -> None:
    rows = read_projects(written(tmp_path, SOUND.replace("200,10,5.5", "-200,10,5.5")), 2020, TABLE)
    assert rows.local_tax[0, 0].tolist() == [-10000, 15000]


DATED = """项目,年份,增值税,迁移,登记,投产,退出
甲,2019,10,2021-07-01,,2022,2022
甲,2020,20,2021-07-01,,2022,2022
甲,2021,30,2021-07-01,,2022,2022
甲,2022,40,2021-07-01,,2022,2022
乙,2019,1,,,,
乙,2020,2,,,,
乙,2021,3,,,,
乙,2022,4,,,,
丙,2019,5,2020,2022年3月,,
丙,2020,6,2020,2022年3月,,
丙,2021,7,2020,2022年3月,,
丙,2022,8,2020,2022年3月,,
"""


def test_each_project_has_its_own_years_before_its_move(tmp_path: Path) -> None:
    rows = read_projects(written(tmp_path, DATED), 2020, TABLE)
    # Half of the value-added tax, in fen; 丙 paid at neither place for the contract in 2020-2021.
    assert rows.tax_before[0].tolist() == [[500, 1000], [0, 50], [0, 250]]
    assert rows.local_tax[0].tolist() == [[0, 1500, 2000], [100, 150, 200], [0, 0, 400]]
    assert rows.arrival.tolist() == [2021, 2020, 2022]
    assert rows.production_year.tolist() == [2022, 2020, 2022]
    assert rows.exit[0] == 2022 < 10**5 < rows.exit[1]


def test_without_a_move_the_year_of_production_stands_for_it(tmp_path: Path) -> None:
    rows = read_projects(written(tmp_path, DATED.replace("2021-07-01", "")), 2020, TABLE)
    assert rows.arrival[0] == 2022
    assert rows.tax_before[0, 0].tolist() == [500, 1000, 1500]


def test_a_project_that_leaves_before_it_comes_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ContractError, match="before its move in 2021"):
        read_projects(written(tmp_path, DATED.replace(",2022,2022", ",,2020")), 2020, TABLE)


def test_a_table_that_begins_after_the_contract_and_its_projects_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ContractError, match="no row of 乙 for 2018"):
        read_projects(written(tmp_path, DATED), 2018, TABLE)
    late = DATED.replace(",,,,\n", ",2020,,,\n")
    rows = read_projects(written(tmp_path, late), 2018, TABLE)
    assert (rows.first_year, rows.local_tax[0, 1].tolist()) == (2019, [0, 100, 150, 200])


DAYS = """project,year,from,to,value_added_tax
A,2015,,,40
A,2016,2016-01-01,2016-04-30,40
A,2016,2016-05-01,2016-12-31,40
"""


def test_dated_rows_of_a_year_are_divided_each_by_its_own_share(tmp_path: Path) -> None:
    rows = read_projects(written(tmp_path, DAYS), 2015, TABLE)
    assert rows.local_tax[0].tolist() == [[1000, 1000 + 2000]]


@pytest.mark.parametrize(
    ("old", "new", "column"),
    [
        ("2016-05-01", "2016-06-01", "from"),
        ("2016-05-01", "2016-04-30", "year"),
        ("2016-05-01", "2015-05-01", "from"),
        ("2016-05-01", "2016-13-01", "from"),
        ("2016-05-01", "2016-05", "from"),
    ],
)
def test_dated_rows_cover_their_year_once(tmp_path: Path, old: str, new: str, column: str) -> None:
    with pytest.raises(ContractError) as caught:
        read_projects(written(tmp_path, DAYS.replace(old, new)), 2015, TABLE)
    assert column in [each.column for each in caught.value.problems]


def test_one_column_under_two_names_is_refused(tmp_path: Path) -> None:
    content = DAYS.replace("value_added_tax", "增值税").replace("to,增", "to,value_added_tax,增")
    with pytest.raises(ContractError, match="'value_added_tax' again"):
        read_projects(written(tmp_path, content.replace(",40", ",40,40")), 2015, TABLE)
