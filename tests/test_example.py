"""The example is what its script makes, and its page tells its numbers."""

import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from yanzhen.accounts.panel import output_panel
from yanzhen.study import Study, read_study

REPOSITORY = Path(__file__).parents[1]
PAGE = (REPOSITORY / "docs" / "example.md").read_text(encoding="utf-8")


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
    divisions = study.tables["industries"].filter(sector="manufacturing")
    of_2017["C31"] = 0.0
    added = {}
    for industry, division in divisions.select("industry", "division").iter_rows():
        first, *_, last = (int(end) for end in re.findall(r"\d+", division) * 2)
        added[industry] = sum(of_2017[f"C{number - 12:02d}"] for number in range(first, last + 1))
    stated = study.tables["activity"].filter(region="100000", year=2017)
    assert added == dict(stated.select("industry", "employment").drop_nulls().iter_rows())
