"""The small SYNTHETIC study with taxes, limited jobs, an input-output table and achievements."""

from dataclasses import replace
from pathlib import Path

import polars as pl

from tests.study.small import INDUSTRIES, NATION, REGIONS, YEARS, complete, small
from yanzhen.study import Study, write_study

# Twelve hundredths of every industry's output go to each industry, the rest to consumption.
_COEFFICIENT = 0.12
# Jobs are scarce in one region alone.
_JOBS = (12.0, 12.0, 12.0, 1.0, 12.0)
_TECHNOLOGIES = {
    "technology": ["T1", "T2", "T3"],
    "title": ["SYNTHETIC lithium recovery", "合成污泥低温干化设备", "SYNTHETIC cloth"],
    "abstract": ["Leaching of spent batteries.", "适用于污泥脱水。", "A cloth that keeps warm."],
    "trl": [7, 8, 5],
    "region": [REGIONS[0], REGIONS[1], REGIONS[1]],
    "industry": ["20", "13", "06"],
}
_NEEDS = {
    "need": ["N1", "N2"],
    "title": ["合成锂电池中锂的回收", "SYNTHETIC drying of sludge"],
    "region": [REGIONS[3], REGIONS[4]],
}
_INCUBATORS = {
    "incubator": ["P1", "P2"],
    "title": ["合成电池回收中试基地", "SYNTHETIC pilot plant for sludge"],
    "region": [REGIONS[3], REGIONS[4]],
    "stage_low": [4, 4],
    "stage_high": [8, 9],
    "capacity": [1, 1],
}


def small_modes_study(folder: Path) -> Path:
    """Write the study to a folder of CSV files and return the folder."""
    write_study(small_modes(), folder)
    return folder


def small_modes() -> Study:
    """Return the study; all its figures and texts are made up."""
    study = small()
    added = {
        "activity": study.tables["activity"].with_columns(
            tax=(pl.col("output") * 0.04).round(2), tax_status=pl.lit("synthetic")
        ),
        "input_output": _input_output(study),
        "resources": _room(),
        "technologies": pl.DataFrame(_TECHNOLOGIES),
        "technology_needs": pl.DataFrame(_NEEDS),
        "incubators": pl.DataFrame(_INCUBATORS),
    }
    tables = {name: complete(name, frame) for name, frame in added.items()}
    return replace(study, tables={**study.tables, **tables})


def _room() -> pl.DataFrame:
    """Room for output and jobs in every region."""
    return pl.DataFrame(
        {
            "place": [region for region in REGIONS for _ in range(2)],
            "resource": ["output", "jobs"] * len(REGIONS),
            "capacity": [room for jobs in _JOBS for room in (1500.0, jobs)],
        }
    ).with_columns(status=pl.lit("synthetic"))


def _input_output(study: Study) -> pl.DataFrame:
    """A national table of the last year whose output is that of the activity."""
    output = dict(
        study.tables["activity"]
        .filter(region=NATION, year=YEARS[-1])
        .select("industry", "output")
        .iter_rows()
    )
    flows = {(i, j): _COEFFICIENT * output[j] for i in INDUSTRIES for j in INDUSTRIES}
    rows = [(i, j, "domestic", value) for (i, j), value in flows.items()]
    for i in INDUSTRIES:
        used = sum(flows[i, j] for j in INDUSTRIES)
        bought = sum(flows[j, i] for j in INDUSTRIES)
        rows.append((i, "consumption", "domestic", output[i] - used))
        rows.append(("compensation", i, "value_added", output[i] - bought))
    return pl.DataFrame(
        rows, schema=["supplier", "user", "origin", "value"], orient="row"
    ).with_columns(
        year=pl.lit(YEARS[-1], pl.Int64),
        supplier_region=pl.lit(NATION),
        user_region=pl.lit(NATION),
        status=pl.lit("synthetic"),
    )
