"""The small SYNTHETIC study with a fund, its limits and projects that ask for support."""

from dataclasses import replace

import polars as pl

from tests.study.small import INDUSTRIES, REGIONS, complete
from tests.study.small_finance import PRODUCTS, RISK
from tests.study.small_modes import small_modes
from yanzhen.study import Study

SITE = {"site": "Z", "region": REGIONS[2], "name_zh": "合成园区", "name_en": "SYNTHETIC park"}
GRANT = {
    "product": "GR",
    "kind": "performance",
    "provider": "fund",
    "tenor_months": 36,
    "measure": "jobs",
    "achieved": 1.0,
    "tolerance": 0.1,
    "financed_share": 0.2,
    **RISK,
}


def _project(number: int) -> dict[str, object]:
    origin = REGIONS[(0, 1, 3, 4)[number % 4]]
    return {
        "project": f"p{number}",
        "origin": origin,
        "site": "Z" if number % 2 else REGIONS[3 if origin != REGIONS[3] else 4],
        "industry": INDUSTRIES[number % 3],
        "output": 4.0 + number,
        "investment": 3.0 + number % 3,
        "start": "2026-03-31",
        "products": "GR;L",
        "fund": "F",
    }


def small_fund(**limits: object) -> Study:
    """Return the study; all its figures are made up."""
    study = small_modes()
    added = {
        "sites": [SITE],
        "products": [*PRODUCTS, GRANT],
        "projects": [_project(number) for number in range(6)],
        "funds": [{"fund": "F", "name_en": "SYNTHETIC fund", "size": 4.0}],
        "fund_limits": [
            {"fund": "F", "kind": "region", "of": REGIONS[2], "most_share": 0.6},
            {"fund": "F", "kind": "year", "of": "2026", "most": 3.5},
            *([limits] if limits else []),
        ],
    }
    tables = {name: complete(name, _frame(study, name, rows)) for name, rows in added.items()}
    return replace(study, tables={**study.tables, **tables})


def _frame(study: Study, name: str, rows: list[dict[str, object]]) -> pl.DataFrame:
    names = dict.fromkeys(column for row in rows for column in row)
    schema = study.tables[name].schema
    frame = pl.DataFrame(
        {column: [row.get(column) for row in rows] for column in names},
        schema={column: schema[column] for column in names},
        strict=False,
    )
    return frame.with_columns(status=pl.lit("synthetic")) if "status" in schema else frame
