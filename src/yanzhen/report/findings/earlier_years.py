"""What a plan owes to figures of years before those that it looks back to."""

from typing import TYPE_CHECKING

import polars as pl

from yanzhen.market.problem.tolerance import NOTHING
from yanzhen.report.text.quantities import amount
from yanzhen.report.text.reader import Reader

if TYPE_CHECKING:
    from yanzhen.market.plan.plan import Plan


def earlier_years(plan: "Plan", reader: Reader) -> list[str]:
    """What changes without figures of years before those that the plan looks back to."""
    by_region = plan.without_earlier.drop_nulls(["net", "net_without_earlier"])
    if by_region.is_empty():
        return []
    both = (
        by_region.join(plan.regions.select("region", "macro_region"), on="region")
        .group_by("macro_region", maintain_order=True)
        .agg(pl.col("net", "net_without_earlier").sum())
    )
    nothing = NOTHING * float(plan.leaving["output"].sum())
    told = both.filter(
        pl.min_horizontal(pl.col("net").abs(), pl.col("net_without_earlier").abs()) > nothing
    )
    turned = told.filter(pl.col("net").sign() != pl.col("net_without_earlier").sign())
    first, name = plan.study.about.past_from, reader.names.macro_region
    firsts = _other_firsts(by_region, first, reader)
    if not turned.is_empty():
        listed = reader.word("comma").join(name(macro) for macro in turned["macro_region"])
        return [reader.word("finding.earlier_turned", first=first, turned=listed), *firsts]
    change = pl.col("net_without_earlier") - pl.col("net")
    most = both.sort(change.abs(), descending=True).row(0, named=True)
    return [
        reader.word(
            "finding.earlier_same",
            first=first,
            most=name(most["macro_region"]),
            before=amount(most["net_without_earlier"], reader.size),
            after=amount(most["net"], reader.size),
        ),
        *firsts,
    ]


def _other_firsts(by_region: pl.DataFrame, first: int | None, reader: Reader) -> list[str]:
    """Return which other region gains or loses most with the figures of earlier years."""
    said = []
    for key, descending in (("earlier_gains", True), ("earlier_loses", False)):
        before, after = (
            by_region.sort(column, "region", descending=[descending, False])["region"][0]
            for column in ("net_without_earlier", "net")
        )
        if before != after:
            named = {"before": before, "after": after}
            names = {at: reader.names.regions.get(code, code) for at, code in named.items()}
            said.append(reader.word(f"finding.{key}", first=first, **names))
    return said
