"""Regions or sites beside one another, with the interval of each figure, and which resemble one."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Literal

import polars as pl

from yanzhen.advantage.peers import peers
from yanzhen.report.tables.table import Table, shown_table
from yanzhen.report.text.quantities import UNKNOWN, amount, number, percent
from yanzhen.report.text.reader import Reader
from yanzhen.study.result_columns import Columns, columns

if TYPE_CHECKING:
    from yanzhen.market.plan.plan import Plan

Level = Literal["region", "site"]
MOST_PEERS = 5


def side_by_side(plan: "Plan", level: Level, places: Sequence[str], reader: Reader) -> Table:
    """Return a column for each place and a row for each figure, intervals behind them."""
    told = _region if level == "region" else _site
    found = [told(plan, place, reader) for place in places]
    frame = pl.DataFrame(
        {
            "measure": [
                reader.word(f"side_by_side.{name}") for name in (found[0] if found else {})
            ],
            **{place: list(each.values()) for place, each in zip(places, found, strict=True)},
        }
    )
    names = reader.names.regions if level == "region" else reader.names.places
    heads = {place: names.get(place, place) for place in places}
    shown = columns("measure", measure="text") | Columns(dict.fromkeys(heads, "text"))
    return shown_table(
        reader,
        "side_by_side",
        frame,
        shown,
        title=reader.word("side_by_side.title"),
        note=reader.word("side_by_side.note"),
        heads={"measure": reader.word("side_by_side.measure"), **heads},
    )


def resembling(plan: "Plan", level: Level, place: str) -> pl.DataFrame:
    """Return the places most alike: regions by what they make, sites by what arrives.

    Returns
    -------
    pl.DataFrame
        `yanzhen.advantage.peers.PEERS`
    """
    if level == "region":
        base = plan.activity.filter(pl.col("year") == plan.base_year)
        inside = base.filter(pl.col("region").is_in(plan.regions["region"].to_list()))
        return peers(inside, "output", place).head(MOST_PEERS)
    every = plan.sites.select(region="site").join(
        plan.arriving.select("industry").unique(), how="cross"
    )
    arriving = plan.arriving.select("industry", "output", region="destination")
    # Nothing that arrives is nothing, not unknown.
    whole = every.join(arriving, on=["region", "industry"], how="left")
    return peers(whole.with_columns(pl.col("output").fill_null(0.0)), "output", place).head(
        MOST_PEERS
    )


def _region(plan: "Plan", place: str, reader: Reader) -> dict[str, str]:
    row, size = plan.regions.filter(region=place).row(0, named=True), reader.size
    here = plan.arriving.filter(region=place)
    gone = plan.leaving.filter(origin=place)
    gaining = row["gaining_share"]
    return {
        "output": amount(row["output"], size),
        "arrivals": amount(row["arrivals"], size),
        "departures": amount(row["departures"], size),
        "net": reader.amount_within(row, "net"),
        "net_share": UNKNOWN if row["net_share"] is None else percent(row["net_share"]),
        "gaining_share": UNKNOWN if gaining is None else percent(gaining, 0),
        "jobs": amount(row["jobs_arriving"], reader.persons),
        "comes": _largest(here, reader),
        "goes": _largest(gone, reader),
    }


def _site(plan: "Plan", place: str, reader: Reader) -> dict[str, str]:
    row, size = plan.sites.filter(site=place).row(0, named=True), reader.size
    here = plan.arriving.filter(destination=place)
    ranks = ""
    if row["rank_low"] is not None and row["rank_high"] is not None:
        ranks = reader.word(
            "role.ranks", low=f"{row['rank_low']:.0f}", high=f"{row['rank_high']:.0f}"
        )
    capacity, premium = row["capacity"], row["premium"]
    used = UNKNOWN if not capacity else percent(row["arrivals"] / capacity)
    return {
        "lies_in": reader.names.regions.get(row["region"], row["region"]),
        "arrivals": reader.amount_within(row, "arrivals"),
        "rank": f"{number(row['rank'])}{ranks}",
        "capacity": amount(capacity, size),
        "used": used,
        "premium": UNKNOWN if premium is None else percent(premium, 2),
        "comes": _largest(here, reader),
    }


def _largest(flows: pl.DataFrame, reader: Reader) -> str:
    """The industry of most output in some flows, with that."""
    by_industry = flows.group_by("industry").agg(pl.col("output").sum())
    first = by_industry.sort("output", "industry", descending=[True, False]).head(1)
    said = [
        reader.word(
            "side_by_side.industry",
            industry=reader.names.industries.get(row["industry"], row["industry"]),
            output=amount(row["output"], reader.size),
        )
        for row in first.iter_rows(named=True)
    ]
    return said[0] if said else UNKNOWN
