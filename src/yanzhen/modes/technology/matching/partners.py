"""Who can take up an achievement: enterprises with a need, incubators, or regions as a whole."""

from typing import Literal

import polars as pl

from yanzhen.accounts.panel import leaf_regions
from yanzhen.study import Problem, Study, WantOfData
from yanzhen.study.names import name_in
from yanzhen.study.result_columns import columns

Kind = Literal["needs", "incubators", "regions"]
KINDS: tuple[Kind, ...] = ("needs", "incubators", "regions")
TABLE_OF = {"needs": "technology_needs", "incubators": "incubators", "regions": "regions"}
EXCLUSIVE = 1
"""Licences of an achievement whose table does not say how many."""

ACHIEVEMENTS = columns(
    "achievement title text ipc trl owner region industry licences", industry="text"
)
"""`industry` may hold several codes; `licences` is one where the study does not say."""
PARTNERS = columns(
    """partner title text ipc industry region home_region stage_low stage_high capacity contract""",
    industry="text",
    capacity="number",
)
"""`home_region` receives what comes of the match: for a reverse enclave the
region that owns it, not the one where it stands."""


def achievements(study: Study) -> pl.DataFrame:
    """Achievements on offer, in the columns `ACHIEVEMENTS`.

    Raises
    ------
    WantOfData
        When the study has none.
    """
    table = study.tables["technologies"]
    _require_rows(study, table, "technologies")
    return table.select(
        pl.col("technology").alias("achievement"),
        "title",
        pl.col("abstract").alias("text"),
        "ipc",
        "trl",
        "owner",
        "region",
        "industry",
        pl.col("licences").fill_null(EXCLUSIVE),
    )


def partners(study: Study, kind: Kind) -> pl.DataFrame:
    """Who can take up achievements, in the columns `PARTNERS`.

    Parameters
    ----------
    study : tables
    kind : `needs` of enterprises, one achievement each; `incubators` with their capacity; `regions`
        without limit

    Raises
    ------
    WantOfData
        When the study has none of the kind.
    """
    table = study.tables[TABLE_OF[kind]]
    _require_rows(study, table, TABLE_OF[kind])
    made = {"needs": _needs, "incubators": _incubators, "regions": _regions}[kind](table)
    missing = [
        pl.lit(None, dtype=dtype).alias(name)
        for name, dtype in PARTNERS.types.items()
        if name not in made.columns
    ]
    return made.with_columns(missing).select(
        pl.col(name).cast(dtype) for name, dtype in PARTNERS.types.items()
    )


def _needs(table: pl.DataFrame) -> pl.DataFrame:
    return table.select(
        pl.col("need").alias("partner"),
        "title",
        "text",
        "ipc",
        "industry",
        "region",
        pl.col("region").alias("home_region"),
        pl.col("trl_low").alias("stage_low"),
        pl.lit(1.0).alias("capacity"),
    )


def _incubators(table: pl.DataFrame) -> pl.DataFrame:
    return table.select(
        pl.col("incubator").alias("partner"),
        "title",
        "text",
        pl.col("industries").alias("industry"),
        "region",
        pl.col("home_region").fill_null(pl.col("region")),
        "stage_low",
        "stage_high",
        "capacity",
        "contract",
    )


def _regions(table: pl.DataFrame) -> pl.DataFrame:
    leaves = table.filter(pl.col("region").is_in(leaf_regions(table)))
    return leaves.select(
        pl.col("region").alias("partner"),
        name_in("zh").alias("title"),
        "region",
        pl.col("region").alias("home_region"),
    )


def _require_rows(study: Study, table: pl.DataFrame, name: str) -> None:
    if table.is_empty():
        raise WantOfData(
            [
                Problem.at(
                    study.path,
                    name,
                    None,
                    "",
                    ("no rows", "没有任何行"),
                    (f"table {name} with at least one row", f"表 {name} 至少有一行"),
                )
            ]
        )
