"""The example is what its script makes, and its page tells its numbers."""

import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from yanzhen.accounts.panel import output_panel, whole_panel
from yanzhen.accounts.regional_tables import RegionalTables, regional_tables
from yanzhen.study import Study, read_study
from yanzhen.study.movable import movable_industries

REPOSITORY = Path(__file__).parents[1]
PAGE = (REPOSITORY / "docs/en/reference/example.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def study() -> Study:
    return read_study("china-provinces")


def test_the_numbers_of_listed_cells(study: Study) -> None:
    panel = output_panel(study)
    cells = panel.output.shape[0] * panel.output.shape[1]
    first, second, third = np.isfinite(panel.output).sum(axis=(0, 1))
    assert panel.years == (2012, 2015, 2017)
    assert (
        f"Of {cells} cells, {first} are listed in 2012, {second} in 2015 and {third} in 2017; "
        f"{panel.balanced.sum()} in all three years."
    ) in PAGE


@pytest.fixture(scope="module")
def tables_2007(study: Study) -> RegionalTables:
    found = regional_tables(study, 2007)
    assert found is not None and found.year == 2007
    return found


def test_provinces_of_2007_add_up_to_what_the_page_says(
    study: Study, tables_2007: RegionalTables
) -> None:
    """Each row of each table to its column, and manufacturing with scrap to the page's total."""
    np.testing.assert_allclose(tables_2007.sold, tables_2007.output, atol=2e-4)
    manufacturing = [f"IO42-{k:02d}" for k in (*range(6, 16), *range(18, 23))] + ["IO42-16-17"]
    at = [tables_2007.sectors.index(sector) for sector in manufacturing]
    total = tables_2007.output[:, at].sum()
    assert f"of manufacturing together is {total:,.0f}, 0.937 of the national table" in PAGE
    error = np.abs(tables_2007.error).sum(axis=1) / tables_2007.output.sum(axis=1)
    worst = {region: round(float(error[k]), 2) for k, region in enumerate(tables_2007.regions)}
    large = {region: share for region, share in worst.items() if share >= 0.015}
    assert large == {"620000": 0.59, "370000": 0.06, "500000": 0.02}


def test_activity_of_2007_is_that_of_the_tables_and_splits_nothing(
    study: Study, tables_2007: RegionalTables
) -> None:
    panel = whole_panel(study)
    assert panel.years == (2007, 2012, 2015, 2017)
    assert study.about.past_from == output_panel(study).years[0] == 2012
    of_2007 = panel.output[:, :, 0]
    assert not np.isfinite(of_2007[panel.regions.index("540000")]).any()
    known = [s for s in panel.industries if s not in ("IO42-16", "IO42-17")]
    for k, region in enumerate(panel.regions):
        for s, industry in enumerate(panel.industries):
            if industry not in known or region == "540000":
                assert np.isnan(of_2007[k, s])
            else:
                row, column = tables_2007.regions.index(region), tables_2007.sectors.index(industry)
                assert of_2007[k, s] == pytest.approx(tables_2007.output[row, column], abs=1e-4)
    assert f"{np.isfinite(of_2007).sum()} of 527 cells of 2007" in PAGE


def test_the_sums_of_2007_are_those_of_the_reference_figures(
    reference_data: Path, tables_2007: RegionalTables
) -> None:
    book = pl.read_parquet(reference_data / "china" / "provincial_input_output_2007.parquet")
    by_column = dict(book.group_by("column").agg(pl.col("value").sum() / 1e4).iter_rows())
    for name in ("exports", "imports", "outflow", "inflow"):
        assert getattr(tables_2007, name).sum() == pytest.approx(by_column[name], abs=1e-2)
    assert tables_2007.output.sum() == pytest.approx(by_column["output"], abs=1e-2)
    uses = ("rural_consumption", "urban_consumption", "government", "capital_formation")
    final = sum(by_column[name] for name in (*uses, "inventories"))
    assert tables_2007.final.sum() == pytest.approx(final, abs=1e-2)


def test_the_page_of_chains_says_how_wrong_quotients_are() -> None:
    script = REPOSITORY / "benchmarks" / "quotients.py"
    done = subprocess.run([sys.executable, str(script)], check=True, capture_output=True, text=True)
    rows = [line for line in done.stdout.splitlines() if line.startswith("| ")]
    page = (REPOSITORY / "docs/en/explanation/chain.md").read_text(encoding="utf-8").splitlines()
    assert len(rows) == 11 and set(rows) <= set(page)


def test_the_shares_of_macro_regions(study: Study) -> None:
    panel = output_panel(study)
    macro_region = dict(study.tables["regions"].select("region", "macro_region").iter_rows())
    output = panel.balanced_output.sum(axis=1)
    of_region = np.array([macro_region[region] for region in panel.regions])
    shares = {
        name: (100 * output[of_region == name].sum(axis=0) / output.sum(axis=0)).round(1).tolist()
        for name in set(of_region.tolist())
    }
    rows = re.findall(r"^\| (\w+) \| ([\d.]+) % \| ([\d.]+) % \| ([\d.]+) % \|$", PAGE, re.M)
    assert {name: [float(cell) for cell in cells] for name, *cells in rows} == shares


def test_the_script_makes_the_example_from_the_reference_figures(
    reference_data: Path, tmp_path: Path
) -> None:
    script = REPOSITORY / "scripts" / "make_china_provinces.py"
    command = [sys.executable, str(script), str(reference_data / "china"), str(tmp_path)]
    subprocess.run(command, check=True)
    embedded = REPOSITORY / "src" / "yanzhen" / "study" / "examples" / "china_provinces"
    made = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    assert made
    assert made == {name: (embedded / name).read_bytes() for name in made}


def test_later_years_of_the_nation_are_those_of_the_page(
    reference_data: Path, study: Study
) -> None:
    script = REPOSITORY / "scripts" / "compare_later_years.py"
    command = [sys.executable, str(script), str(reference_data / "china")]
    printed = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    assert len(printed.splitlines()) == 18
    assert printed in PAGE


def test_later_employment_is_counted_by_the_studys_divisions(
    reference_data: Path, study: Study
) -> None:
    """The divisions of 2017, added up by industry, are the study's own figures; without repair."""
    table = pl.read_csv(reference_data / "china" / "national_manufacturing_employment.csv")
    of_2017 = dict(table.filter(year=2017).select("code", "employment").iter_rows())
    divisions = movable_industries(study.tables["industries"])
    of_2017["C31"] = 0.0
    added = {}
    for industry, division in divisions.select("industry", "division").iter_rows():
        first, *_, last = (int(end) for end in re.findall(r"\d+", division) * 2)
        added[industry] = sum(of_2017[f"C{number - 12:02d}"] for number in range(first, last + 1))
    stated = study.tables["activity"].filter(region="100000", year=2017)
    assert added == dict(stated.select("industry", "employment").drop_nulls().iter_rows())
