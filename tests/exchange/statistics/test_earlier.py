"""What was published before is read as it was, whatever has become of codes and tables since."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from yanzhen.exchange.statistics.audit import Audit
from yanzhen.exchange.statistics.cells import Table, cells_of
from yanzhen.exchange.statistics.differencing import Version, audit_versions
from yanzhen.exchange.statistics.earlier import read_version
from yanzhen.exchange.statistics.hierarchy import Hierarchy, flat
from yanzhen.exchange.statistics.publication import Publication
from yanzhen.exchange.statistics.published import published_tables
from yanzhen.exchange.statistics.rules import SafetyRule
from yanzhen.exchange.statistics.suppression import Suppression
from yanzhen.exchange.statistics.writing import write_publication
from yanzhen.study import StudyError

RULE = SafetyRule()
CROSSED = Table("by_region_and_year", {"region": None, "year": None})
MONEY = "100 million CNY"


def contributions(*years: str) -> pl.DataFrame:
    """Six enterprises in each cell of two regions and years, one alone in the first."""
    cells = [(region, year) for region in ("east", "west") for year in years]
    rows = [
        (f"{region}{year}{n}", region, year, 10.0)
        for region, year in cells
        for n in range(1 if (region, year) == ("east", "2024") else 6)
    ]
    return pl.DataFrame(rows, schema=["enterprise", "region", "year", "value"], orient="row")


def hierarchies(*years: str) -> dict[str, Hierarchy]:
    return {"region": flat(("east", "west"), "all"), "year": flat(years, "all")}


def hiding(
    given: pl.DataFrame,
    trees: Mapping[str, Hierarchy],
    tables: Sequence[Table],
    hidden: Sequence[tuple[str, str]],
) -> dict[str, pl.DataFrame]:
    """Tables of which cells (region, year) are hidden."""
    cells = cells_of(given, trees, tables)
    keys = cells.keys.select("region", "year").rows()
    flags = np.array([key in hidden for key in keys])
    return published_tables(cells, flags, trees, tables, 0.0)


def given_out(
    folder: Path,
    trees: Mapping[str, Hierarchy],
    tables: Sequence[Table],
    hidden: Sequence[tuple[str, str]],
) -> tuple[Path, Path]:
    """Write a publication of 2024 and 2025; return its folder and file of contributions."""
    given = contributions("2024", "2025")
    nothing = Suppression(np.zeros(0, bool), {}, 0.0, 0.0)
    shown = hiding(given, trees, tables, hidden)
    publication = Publication(shown, RULE, 0.0, nothing, Audit((), 0, 0, 0, None))
    write_publication(publication, trees, tables, {}, folder / "out", "en", MONEY)
    given.write_csv(folder / "given.csv")
    return folder / "out", folder / "given.csv"


SQUARE = [(region, year) for region in ("east", "west") for year in ("2024", "2025")]


@pytest.mark.parametrize("names", [("region", "year"), ("year", "region")])
def test_sums_that_held_then_are_read_although_there_is_a_year_more_now(
    tmp_path: Path, names: tuple[str, str]
) -> None:
    """It hid too little: all years less 2025 are 2024, in the east and in both regions."""
    then, now = hierarchies("2024", "2025"), hierarchies("2024", "2025", "2026")
    trees = {name: then[name] for name in names}
    leaking = [("east", "2024"), ("west", "2024"), ("all", "2024")]
    before = read_version(*given_out(tmp_path, trees, [CROSSED], leaking), now, MONEY)
    assert list(before.hierarchies) == ["region", "year"]
    assert "2026" not in before.hierarchies["year"].parents
    given = contributions("2024", "2025", "2026")
    tables = hiding(given, now, [CROSSED], SQUARE)
    after = Version("now", tables, given, now, [CROSSED], 0.0)
    found = audit_versions([before], after, RULE)
    told = {each.cell: each for each in found if each.measure == "value" and not each.since}
    assert told["east", "2024"].low == told["east", "2024"].high == pytest.approx(10.0)


def test_tables_that_are_declared_no_more_are_attacked(tmp_path: Path) -> None:
    """By year, beside a table by region alone: what it shows is of the same cells."""
    trees = hierarchies("2024", "2025")
    by_region = Table("by_region", {"region": 1})
    before = read_version(*given_out(tmp_path, trees, [by_region, CROSSED], ()), trees, MONEY)
    assert before.tables == (by_region, CROSSED)
    assert set(before.published) == {"by_region", "by_region_and_year"}
    given = contributions("2024", "2025")
    after = Version("now", hiding(given, trees, [by_region], ()), given, trees, [by_region], 0.0)
    assert ("east", "2024") in {each.cell for each in audit_versions([before], after, RULE)}


def test_values_in_another_unit_and_other_dimensions_are_refused_at_once(tmp_path: Path) -> None:
    trees = hierarchies("2024", "2025")
    paths = given_out(tmp_path, trees, [CROSSED], SQUARE)
    renamed = {**trees, "year": flat(("2024", "2025"), "every year")}
    with pytest.raises(StudyError) as refused:
        read_version(*paths, renamed, "10,000 CNY")
    dimensions, money = refused.value.problems
    assert "region=all, year=all" in dimensions.found
    assert MONEY in money.found and "10,000 CNY" in money.expected
    with pytest.raises(StudyError, match="not stated"):
        read_version(*paths, trees)


def test_what_an_earlier_run_wrote_and_this_one_does_not_is_removed(tmp_path: Path) -> None:
    trees = hierarchies("2024", "2025")
    by_region = Table("by_region", {"region": None})
    folder, _ = given_out(tmp_path, trees, [by_region, CROSSED], SQUARE)
    (folder / "by_region.txt").write_text("somebody's own", "utf-8")
    given_out(tmp_path, trees, [CROSSED], SQUARE)
    assert sorted(each.name for each in folder.iterdir()) == [
        *("by_region.txt", "by_region_and_year.csv", "manifest.json", "statistics.xlsx")
    ]
