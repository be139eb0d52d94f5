"""The small SYNTHETIC study with products, projects that are offered them, and a park's finance."""

from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import polars as pl

from tests.study.small import REGIONS, complete, small
from yanzhen.study import Study, write_study

RISK = {"default_rate": 0.02, "recovery": 0.4, "recovery_lag_months": 12}
NAMES = {
    "L": ("合成转移贷款", "SYNTHETIC transfer loan"),
    "G": ("合成担保", "SYNTHETIC guarantee"),
    "S": ("合成应收账款融资", "SYNTHETIC receivables"),
    "E": ("合成设备租赁", "SYNTHETIC lease"),
    "Q": ("合成股权", "SYNTHETIC stake"),
    "R": ("合成不动产信托", "SYNTHETIC REIT"),
    "P": ("合成绩效扶持", "SYNTHETIC support"),
}
PRODUCTS: list[dict[str, Any]] = [
    {"product": "L", "kind": "loan", "provider": "fund", "rate": 0.03, "tenor_months": 60,
     "payments_per_year": 4, "grace_months": 12, "financed_share": 0.5, **RISK},
    {"product": "G", "kind": "guarantee", "rate": 0.045, "tenor_months": 36,
     "payments_per_year": 1, "guarantee_fee": 0.01, "cover": 0.8, "fee_subsidy": 0.5,
     "reguarantor": "fund", "reguarantee_share": 0.4, "reguarantee_fee": 0.3,
     "financed_share": 0.4, **RISK},
    {"product": "S", "kind": "supply_chain", "rate": 0.05, "tenor_months": 6, "turns": 4,
     "fee": 0.002, "financed_share": 0.1, "day_count": "ACT/360", "convention": "following",
     "holidays": "2026-10-01;2026-10-02", **RISK},
    {"product": "E", "kind": "lease", "rate": 0.055, "tenor_months": 48, "payments_per_year": 4,
     "rent_in_advance": True, "down_payment": 0.2, "deposit": 0.05, "residual": 0.01,
     "financed_share": 0.3, **RISK},
    {"product": "Q", "kind": "equity", "tenor_months": 60, "exit": "buyback", "rate": 0.04,
     "concession": 0.2, "dividend_rate": 0.01, "financed_share": 0.2, **RISK},
    {"product": "R", "kind": "reit", "tenor_months": 120, "first_yield": 0.05, "growth": 0.02,
     "management_fee": 0.1, "retained": 0.2, "exit_yield": 0.055},
    {"product": "P", "kind": "performance", "tenor_months": 36, "measure": "jobs",
     "achieved": 0.8, "tolerance": 0.1, "financed_share": 0.1, **RISK},
]  # fmt: skip
PROJECTS = [
    {"project": "A", "origin": REGIONS[0], "site": "Z", "industry": "13", "output": 20.0,
     "jobs": 0.2, "investment": 6.0, "start": "2026-03-31", "products": "L;G;S;E;Q;P"},
    {"project": "B", "origin": "abroad", "site": "Z", "industry": "20", "output": 5.0,
     "jobs": 0.05, "investment": 2.0, "start": "2027-01-15", "products": "L;P"},
    {"project": "Z-park", "site": "Z", "investment": 10.0, "start": "2031-06-30",
     "products": "R"},
]  # fmt: skip
PARK = [
    {"item": "land", "kind": "land", "amount": 3.0, "from_year": 2026},
    {"item": "level", "kind": "levelling", "amount": 2.0, "from_year": 2026, "to_year": 2027},
    {"item": "halls", "kind": "factories", "amount": 5.0, "from_year": 2027, "to_year": 2028},
    {"item": "rents", "kind": "rent", "amount": 1.2, "from_year": 2028, "to_year": 2045,
     "lease_up_years": 4},
    {"item": "plots", "kind": "land_sales", "amount": 1.0, "from_year": 2028, "to_year": 2031},
    {"item": "running", "kind": "operating", "amount": 0.2, "from_year": 2028, "to_year": 2045},
    {"item": "bond", "kind": "special_bond", "amount": 6.0, "from_year": 2026, "to_year": 2027,
     "rate": 0.03, "tenor_years": 15, "grace_years": 3, "rank": 1},
    {"item": "bank", "kind": "loan", "amount": 2.0, "from_year": 2028, "rate": 0.045,
     "tenor_years": 8, "grace_years": 1, "rank": 2},
    {"item": "capital", "kind": "equity", "amount": 3.6, "from_year": 2026, "to_year": 2028},
    {"item": "kept", "kind": "reserve", "reserve_share": 0.5},
]  # fmt: skip


def small_finance_study(folder: Path) -> Path:
    """Write the study to a folder of CSV files and return the folder."""
    write_study(small_finance(), folder)
    return folder


@cache
def small_finance() -> Study:
    """Return the study; all its figures are made up."""
    study = small()
    site = {"site": "Z", "region": REGIONS[2], "name_zh": "合成园区", "name_en": "SYNTHETIC park"}
    added = {
        "sites": [site],
        "products": [
            {**row, **dict(zip(("name_zh", "name_en"), NAMES[row["product"]], strict=True))}
            for row in PRODUCTS
        ],
        "projects": PROJECTS,
        "park_finance": [{"site": "Z", **row} for row in PARK],
    }
    tables = {
        name: complete(name, _frame(study.tables[name].schema, rows))
        for name, rows in added.items()
    }
    return replace(study, tables={**study.tables, **tables})


def _frame(schema: Mapping[str, pl.DataType], rows: list[dict[str, Any]]) -> pl.DataFrame:
    columns = dict.fromkeys(column for row in rows for column in row)
    frame = pl.DataFrame(
        {column: [row.get(column) for row in rows] for column in columns},
        schema={column: schema[column] for column in columns},
        strict=False,
    )
    return frame.with_columns(status=pl.lit("synthetic"))
