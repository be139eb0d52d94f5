"""Checking a study of 100,000 rows of activity with 100 damaged ones: seconds and problems found.

Usage: python benchmarks/study.py
"""

import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import polars as pl

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from study.small import complete, small

from yanzhen.study import Study, check_study, write_study

DAMAGES = (
    ("region", "999999"),
    ("industry", "7"),
    ("year", "2013-01-01"),
    ("output", "about 50"),
    ("output", "-5"),
    ("output", "1,234.5"),
    ("employment", "12%"),
    ("energy", "nan"),
    ("emissions", "１２"),
    ("output_status", "observd"),
)
RUNS = 5


def large() -> Study:
    """Return a SYNTHETIC study: 200 regions, 50 industries, 10 years, all measures."""
    regions = pl.DataFrame({"region": [str(110000 + n) for n in range(200)]})
    industries = pl.DataFrame({"industry": [f"{n:02d}" for n in range(50)]})
    activity = regions.join(industries, how="cross").join(
        pl.DataFrame({"year": range(2008, 2018)}), how="cross"
    )
    output = np.round(np.random.default_rng(2022).uniform(10, 100, activity.height), 3)
    activity = activity.with_columns(
        pl.Series("output", output),
        pl.Series("value_added", output * 0.25),
        pl.Series("employment", output * 0.01),
        pl.Series("tax", output * 0.02),
        pl.Series("energy", output * 0.1),
        pl.Series("emissions", output * 0.002),
        pl.Series("enterprises", np.ceil(output)),
        pl.lit("synthetic").alias("output_status"),
    )
    names = [pl.first().alias("name_zh"), pl.first().alias("name_en")]
    sector = pl.lit("manufacturing").alias("sector")
    tables = {
        "regions": regions.with_columns(names),
        "industries": industries.with_columns(*names, sector),
        "activity": activity,
    }
    completed = {name: complete(name, frame) for name, frame in tables.items()}
    return replace(small(), tables={**small().tables, **completed})


def damage(path: Path) -> None:
    """Overwrite one cell in each of a hundred rows."""
    cells = pl.read_csv(path, infer_schema=False)
    rows = np.random.default_rng(1).choice(cells.height, 100, replace=False)
    columns = {name: cells[name].to_list() for name in cells.columns}
    for number, row in enumerate(rows):
        column, cell = DAMAGES[number % len(DAMAGES)]
        columns[column][row] = cell
    pl.DataFrame(columns).write_csv(path)


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        study = Path(folder) / "study"
        write_study(large(), study)
        damage(study / "activity.csv")
        seconds = []
        for _ in range(RUNS):
            began = time.perf_counter()
            problems = check_study(study)
            seconds.append(time.perf_counter() - began)
    rows = len({problem.row for problem in problems})
    print(f"{len(problems)} problems in {rows} of 100,000 rows")
    print(f"first {seconds[0]:.2f} s, median of {RUNS} {sorted(seconds)[RUNS // 2]:.2f} s")


if __name__ == "__main__":
    main()
