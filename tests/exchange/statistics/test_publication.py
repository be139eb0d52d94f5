"""From files of contributions to files that may be given out, or to a refusal."""

import json
from pathlib import Path

import polars as pl
import pytest
from openpyxl import load_workbook
from typer.testing import CliRunner

from tests.exchange.statistics.drawn_tables import LINKED, drawn, drawn_case, tree
from tests.phrasebooks import not_in_both_languages, unfilled, unused
from yanzhen.cli.app import app
from yanzhen.exchange.statistics.differencing import Version
from yanzhen.exchange.statistics.hierarchy import Hierarchy
from yanzhen.exchange.statistics.publication import Refused, publish
from yanzhen.exchange.statistics.reading import (
    PHRASES,
    declared_tables,
    read_contributions,
    read_hierarchy,
)
from yanzhen.exchange.statistics.rules import SafetyRule
from yanzhen.study import StudyError

ROOM = Path(__file__).parents[3] / "src" / "yanzhen" / "exchange" / "statistics"
RULE = SafetyRule()


def test_the_words_are_in_both_languages_used_and_filled() -> None:
    assert not_in_both_languages(PHRASES) == []
    assert unused(PHRASES, ROOM) == []
    assert unfilled(PHRASES, ROOM, {"word", "words"}, {"_problem"}) == []


def written(folder: Path, rows: int = 80) -> list[str]:
    """SYNTHETIC files of the dimensions of the fixed set; return the command's arguments."""
    trees = {"region": tree("R", (2, 2)), "industry": tree("I", (2,))}
    trees |= {"state": tree("S", (2,)), "year": tree("Y", (2,))}
    drawn(5, trees, rows).write_csv(folder / "contributions.csv")
    arguments = ["exchange", "statistics", str(folder / "contributions.csv"), "--lang", "en"]
    for name, each in trees.items():
        path = folder / f"{name}.csv"
        schema = {"code": pl.String, "parent": pl.String}
        pl.DataFrame(list(each.parents.items()), schema=schema, orient="row").write_csv(path)
        arguments += ["--hierarchy", f"{name}={path}"]
    return [*arguments, "--seconds", "20"]


@pytest.fixture(scope="module")
def given_out(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[str], dict[str, int]]:
    folder = tmp_path_factory.mktemp("exchange")
    arguments = written(folder)
    done = CliRunner().invoke(app, [*arguments, "--out", str(folder / "out"), "--json"])
    assert done.exit_code == 0, done.output
    return folder, arguments, json.loads(done.stdout)


def test_every_table_of_the_fixed_set_is_written(
    given_out: tuple[Path, list[str], dict[str, int]],
) -> None:
    folder, _, said = given_out
    trees = {name: read_hierarchy(folder / f"{name}.csv") for name in DIMENSIONS}
    tables, titles = declared_tables(trees)
    assert said["hidden"] > 0
    for table in tables:
        shown = pl.read_csv(folder / "out" / f"{table.name}.csv")
        assert shown.columns == [*DIMENSIONS, "records", "value"]
    assert set(titles) == {table.name for table in tables}


DIMENSIONS = ["region", "industry", "state", "year"]


def test_the_workbook_says_what_is_hidden_and_why(
    given_out: tuple[Path, list[str], dict[str, int]],
) -> None:
    book = load_workbook(given_out[0] / "out" / "statistics.xlsx")
    assert "at least 5 enterprises" in book["Notes"]["A1"].value
    cells = [cell.value for sheet in book.worksheets[1:] for row in sheet for cell in row]
    assert "hidden" in cells
    assert len(book.sheetnames) == 5


def test_the_same_again_is_the_same_bytes_and_tells_nothing_new(
    given_out: tuple[Path, list[str], dict[str, int]],
) -> None:
    folder, arguments, _ = given_out
    before = f"{folder / 'out'}={folder / 'contributions.csv'}"
    again = [*arguments, "--out", str(folder / "again"), "--before", before]
    assert CliRunner().invoke(app, again).exit_code == 0
    for path in (folder / "out").iterdir():
        assert path.read_bytes() == (folder / "again" / path.name).read_bytes()


def test_a_difference_that_tells_of_one_enterprise_is_refused_and_nothing_written(
    given_out: tuple[Path, list[str], dict[str, int]], tmp_path: Path
) -> None:
    folder, arguments, _ = given_out
    rows = pl.read_csv(folder / "contributions.csv", infer_schema=False)
    newcomer = rows.head(1).with_columns(pl.lit("newcomer").alias("enterprise"))
    pl.concat([rows, newcomer]).write_csv(tmp_path / "more.csv")
    arguments = [*arguments[:2], str(tmp_path / "more.csv"), *arguments[3:]]
    before = f"{folder / 'out'}={folder / 'contributions.csv'}"
    out = tmp_path / "out"
    done = CliRunner().invoke(app, [*arguments, "--out", str(out), "--before", before, "--json"])
    assert done.exit_code == 1
    reasons = json.loads(done.stdout)["reasons"]
    assert any("region=R, industry=I" in each["en"] for each in reasons)
    assert not any("newcomer" in each["en"] for each in reasons)
    assert not out.exists()


def test_a_publication_that_was_altered_is_not_believed(tmp_path: Path) -> None:
    arguments = written(tmp_path, 30)
    out = tmp_path / "out"
    assert CliRunner().invoke(app, [*arguments, "--out", str(out)]).exit_code == 0
    table = out / "by_industry_and_year.csv"
    table.write_text(table.read_text("utf-8").replace("I,", "J,"), "utf-8")
    before = f"{out}={tmp_path / 'contributions.csv'}"
    done = CliRunner().invoke(
        app, [*arguments, "--out", str(tmp_path / "2"), "--before", before, "--json"]
    )
    assert done.exit_code == 2
    assert json.loads(done.stdout)["problems"][0]["file"] == table.name


def test_a_refusal_names_the_cell_and_no_enterprise() -> None:
    contributions, hierarchies = drawn_case(0)
    before = publish(contributions, hierarchies, LINKED, RULE, seconds=10).tables
    changed = contributions.with_columns(
        pl.when(pl.int_range(pl.len()) == 0).then(999.0).otherwise("value").alias("value")
    )
    earlier = Version("2025", before, contributions, hierarchies, LINKED, 0.0)
    with pytest.raises(Refused) as refused:
        publish(changed, hierarchies, LINKED, RULE, seconds=10, earlier=[earlier])
    changed_by_one = [each for each in refused.value.reasons if "2025" in each[0]]
    english, chinese = changed_by_one[0]
    assert english.startswith("Cell region=")
    assert chinese.startswith("单元格 region=")
    assert not any(name in str(refused.value) for name in contributions["enterprise"])


def test_publications_that_contradict_each_other_are_refused_with_a_sentence() -> None:
    """One beside contributions that it was not made of."""
    contributions, hierarchies = drawn_case(0)
    doubled = contributions.with_columns(pl.col("value") * 2)
    before = publish(doubled, hierarchies, LINKED, RULE, seconds=0).tables
    earlier = Version("2025", before, contributions, hierarchies, LINKED, 0.0)
    with pytest.raises(Refused) as refused:
        publish(contributions, hierarchies, LINKED, RULE, seconds=0, earlier=[earlier])
    assert refused.value.reasons == (PHRASES.words("told.contradiction"),)


def test_values_of_a_nation_in_cents_are_published() -> None:
    contributions, hierarchies = drawn_case(0)
    contributions = contributions.with_columns((pl.col("value") * 1e8 / 3).round(2))
    assert publish(contributions, hierarchies, LINKED, RULE, seconds=0).audit.sensitive > 0


def test_no_contribution_at_all_gives_tables_of_zeros() -> None:
    contributions, hierarchies = drawn_case(0)
    found = publish(contributions.clear(), hierarchies, LINKED, RULE)
    assert all(table["records"].sum() == 0 for table in found.tables.values())


def test_everything_wrong_with_contributions_is_told_at_once(tmp_path: Path) -> None:
    path = tmp_path / "c.csv"
    path.write_text("enterprise,value,region\nx,-1,R0\n ,2,R0\ny,3,R\nz,nan,R1\n", "utf-8")
    with pytest.raises(StudyError) as refused:
        read_contributions(path, {"region": tree("R", (2,))})
    places = [(each.row, each.column) for each in refused.value.problems]
    assert places == [(2, "value"), (3, "enterprise"), (4, "region"), (5, "value")]


@pytest.mark.parametrize("encoding", ["gb18030", "utf-8-sig", "utf-16"])
def test_files_are_read_in_any_encoding(tmp_path: Path, encoding: str) -> None:
    """As spreadsheet programs save them, rows of bare separators included."""
    tree_text = "code,parent,zh,en\n全国,,全国,Nation\n甲省,全国,甲省,A\n乙省,全国,乙省,B\n"
    (tmp_path / "region.csv").write_bytes(tree_text.encode(encoding))
    hierarchy = read_hierarchy(tmp_path / "region.csv")
    assert set(hierarchy.leaves) == {"甲省", "乙省"}
    rows = "enterprise,value,region\n合成厂,1.5,甲省\n合成厂二,2,乙省\n,,\n,,\n"
    (tmp_path / "rows.csv").write_bytes(rows.encode(encoding))
    read = read_contributions(tmp_path / "rows.csv", {"region": hierarchy})
    assert read.rows() == [("合成厂", "甲省", 1.5), ("合成厂二", "乙省", 2.0)]
    said = '# 合成\n[one]\nlevels = { region = 1 }\nzh = "按地区"\nen = "By region"\n'
    (tmp_path / "tables.toml").write_bytes(said.encode(encoding))
    tables, titles = declared_tables({"region": hierarchy}, tmp_path / "tables.toml")
    assert titles == {"one": ("By region", "按地区")} and len(tables) == 1


def test_contributions_may_be_a_workbook(tmp_path: Path) -> None:
    rows = pl.DataFrame({"enterprise": ["x", "y"], "value": [1.5, 2.0], "region": ["R0", "R1"]})
    rows.write_excel(tmp_path / "c.xlsx")
    read = read_contributions(tmp_path / "c.xlsx", {"region": tree("R", (2,))})
    assert read.rows() == [("x", "R0", 1.5), ("y", "R1", 2.0)]


@pytest.mark.parametrize(
    ("text", "column"),
    [
        ("code\na\n", "parent"),
        ("code,parent\na,\nb,\n", "parent"),
        ("code,parent\na,b\n", "parent"),
    ],
)
def test_a_hierarchy_that_is_none_is_refused(tmp_path: Path, text: str, column: str) -> None:
    path = tmp_path / "h.csv"
    path.write_text(text, "utf-8")
    with pytest.raises(StudyError) as refused:
        read_hierarchy(path)
    assert [each.column for each in refused.value.problems] == [column]


@pytest.mark.parametrize("levels", ["{ region = 0 }", "{ region = true }", "{ other = 1 }", "3"])
def test_a_table_declared_wrongly_is_refused(tmp_path: Path, levels: str) -> None:
    path = tmp_path / "tables.toml"
    path.write_text(f"[t]\nlevels = {levels}\n", "utf-8")
    hierarchies: dict[str, Hierarchy] = {"region": tree("R", (2,))}
    with pytest.raises(StudyError) as refused:
        declared_tables(hierarchies, path)
    assert refused.value.problems[0].column == "t.levels"
