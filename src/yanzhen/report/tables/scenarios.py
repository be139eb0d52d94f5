"""The tables of a comparison of scenarios."""

from typing import TYPE_CHECKING

import polars as pl

from yanzhen.market.counterfactuals.comparison import SCENARIOS, Comparison
from yanzhen.market.counterfactuals.policy_effects import COMPARED
from yanzhen.report.tables.table import Table, frames_of, shown_columns, shown_table
from yanzhen.report.text.reader import Reader
from yanzhen.study.result_columns import Columns, columns

if TYPE_CHECKING:
    pass

MONEY = (
    "moving_output", "enterprise_surplus", "rents", "tax", "subsidy", "public_funds",
    "priced_emissions", "social_surplus",
)  # fmt: skip
JOBS = ("moving_jobs", "jobs_at_paying_places")
SHARES = ("capitalised", "capitalised_where_full")
SMALLEST = 1e-9
"""Changes smaller than this are rounding."""
CERTIFICATES = """scenario certified relative_excess_demand complementary_slackness duality_gap
    broken_gates"""
TABLES = shown_columns(
    Comparison,
    {
        "prices": "scenario place place_kind before after change",
        "regimes": "scenario regime highest outlay arrivals rents welfare converged",
    },
) | {
    "money": columns("scenario measure") | COMPARED.of_kind("money"),
    "jobs": columns("scenario measure") | COMPARED.of_kind("persons"),
    "incidence": columns("scenario cost_per_job capitalised capitalised_where_full"),
    "certificates": SCENARIOS.only(CERTIFICATES),
}
ORDER = """macro_regions regions money jobs incidence rents prices subsidies regimes races gates
    options certificates flows race_sites"""
COLUMNS = {key: TABLES[key] for key in ORDER.split()}
WORDED = {"measure": "measure", "regime": "regime"}


def titles(comparison: Comparison, reader: Reader) -> dict[str, str]:
    """Return the scenarios' titles by name."""
    return dict(comparison.scenarios.select("scenario", f"title_{reader.lang}").iter_rows())


def scenario_tables(comparison: Comparison, reader: Reader) -> list[Table]:
    """Return every table of a comparison, in reading order."""
    frames = _frames(comparison, reader)
    return [_table(comparison, key, frames[key], reader) for key in COLUMNS]


def regions_beside(comparison: Comparison, reader: Reader) -> Table:
    """Return the net arrivals of every region in the plan and in each scenario, side by side."""
    named = titles(comparison, reader)
    plan = comparison.regions.unique("region", keep="first", maintain_order=True)
    beside = plan.select("region", plan="before").join(
        comparison.regions.pivot("scenario", index="region", values="after"),
        on="region",
        how="left",
        maintain_order="left",
    )
    shown = columns("region plan", plan="size") | Columns(dict.fromkeys(named, "size"))
    return shown_table(
        reader,
        "regions_beside",
        beside.sort("plan", "region", descending=[True, False]),
        shown,
        title=reader.word("scenario_table.regions_beside.title"),
        note=reader.word("scenario_table.regions_beside.note"),
        heads={"plan": reader.word("scenario_column.before"), **named},
    )


def _frames(comparison: Comparison, reader: Reader) -> dict[str, pl.DataFrame]:
    totals = comparison.totals
    of = pl.col("measure")
    order = {name: place for place, name in enumerate(comparison.scenarios["scenario"])}
    changes = {
        key: getattr(comparison, key)
        .with_columns(
            size=pl.col("change").abs(),
            place=pl.col("scenario").replace_strict(order, return_dtype=pl.Int64),
        )
        .filter(pl.col("size") > SMALLEST)
        .sort("place", "size", descending=[False, True], maintain_order=True)
        for key in ("regions", "flows", "rents")
    }
    size = reader.study.about.measured_by.resource
    priced = comparison.prices.filter(pl.col("resource") == size, pl.col("change").abs() > SMALLEST)
    return frames_of(comparison) | {
        **changes,
        "money": totals.filter(of.is_in(MONEY), (pl.col("before") != 0) | (pl.col("after") != 0)),
        "jobs": totals.filter(of.is_in(JOBS)),
        "incidence": totals.filter(of.is_in([*SHARES, "cost_per_job"])).pivot(
            "measure", index="scenario", values="after"
        ),
        "prices": priced,
        "subsidies": comparison.subsidies.filter(pl.col("outlay") > 0),
        "certificates": comparison.scenarios,
    }


def _table(comparison: Comparison, key: str, frame: pl.DataFrame, reader: Reader) -> Table:
    named = titles(comparison, reader)
    said = frame.with_columns(pl.col("scenario").replace_strict(named, return_dtype=pl.String))
    worded = {"change": "gate_change"} if key == "gates" else WORDED
    for column, family in worded.items():
        if column in said.columns:
            codes = said[column].unique().to_list()
            words = {code: reader.word_or(f"{family}.{code}", code) for code in codes}
            said = said.with_columns(pl.col(column).replace_strict(words, return_dtype=pl.String))
    compared = [] if key == "gates" else COMPARED.keys() & COLUMNS[key].keys()
    heads = {name: reader.word(f"scenario_column.{name}") for name in compared}
    return shown_table(
        reader,
        key,
        said,
        COLUMNS[key],
        title=reader.word(f"scenario_table.{key}.title"),
        note=reader.word(f"scenario_table.{key}.note"),
        heads=heads,
    )
