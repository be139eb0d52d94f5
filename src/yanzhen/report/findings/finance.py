"""What products are worth and cost, and whether parks pay, in sentences."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import polars as pl

from yanzhen.report.tables.finance import product_names
from yanzhen.report.text.quantities import amount, number, percent
from yanzhen.report.text.reader import Reader

if TYPE_CHECKING:
    from yanzhen.finance.study_finance import Finance

NAMED = 5
PRICES = {
    "loan": "rate",
    "guarantee": "guarantee_fee",
    "supply_chain": "rate",
    "lease": "rate",
    "equity": "rate",
    "reit": "first_yield",
}
"""Column of `products` that holds the price of a kind."""


def finance_findings(found: "Finance", reader: Reader) -> list[str]:
    """Return what was found: worth and cost, what doesn't cover, clawback, parks."""
    return [
        *_worth(found, reader),
        *_below_break_even(found, reader),
        *_without_return(found, reader),
        *_clawback(found, reader),
        *_parks(found, reader),
    ]


def _worth(found: "Finance", reader: Reader) -> Iterator[str]:
    offers = found.offers
    if offers.is_empty():
        return
    names = product_names(reader)
    best = offers.sort("support", descending=True).row(0, named=True)
    yield reader.word(
        "finance.finding.worth",
        projects=offers["project"].n_unique(),
        offers=offers.height,
        project=best["project"],
        product=names[best["product"]],
        support=amount(best["support"], reader.money),
        cost=amount(best["fund_cost"], reader.money),
    )
    paid = offers.filter(pl.col("fund_cost") > 0).with_columns(
        each=pl.col("support") / pl.col("fund_cost")
    )
    if not paid.is_empty():
        most = paid.sort("each", descending=True).row(0, named=True)
        yield reader.word(
            "finance.finding.leverage",
            project=most["project"],
            product=names[most["product"]],
            ratio=number(most["each"]),
        )


def _below_break_even(found: "Finance", reader: Reader) -> Iterator[str]:
    """Products whose price doesn't cover default at their provider's own rate."""
    names = product_names(reader)
    terms = {row["product"]: row for row in found.study.tables["products"].iter_rows(named=True)}
    said = []
    for row in found.offers.drop_nulls("break_even").iter_rows(named=True):
        price = terms[row["product"]][PRICES[row["kind"]]]
        if price is not None and price < row["break_even"]:
            said.append(
                reader.word(
                    "finance.finding.below_each",
                    project=row["project"],
                    product=names[row["product"]],
                    price=percent(price, 2),
                    even=percent(row["break_even"], 2),
                )
            )
    if said:
        listed = reader.word("comma").join(said[:NAMED])
        if len(said) > NAMED:
            more = len(said) - NAMED
            listed = reader.word("finance.finding.and_more", listed=listed, more=more)
        yield reader.word("finance.finding.below", count=len(said), listed=listed)


def _without_return(found: "Finance", reader: Reader) -> Iterator[str]:
    flows = found.values.filter(pl.col("irr_reason").ne_missing("no_payments"))
    none = flows.drop_nulls("irr_reason")
    if none.is_empty():
        return
    counts = none.group_by("irr_reason").len().sort("len", "irr_reason", descending=[True, False])
    each = (
        reader.word(
            "finance.finding.reason_each",
            reason=reader.word(f"finance.reason.{reason}"),
            count=count,
        )
        for reason, count in counts.iter_rows()
    )
    yield reader.word(
        "finance.finding.without_return",
        count=none.height,
        of=flows.height,
        listed=reader.word("comma").join(each),
    )


def _clawback(found: "Finance", reader: Reader) -> Iterator[str]:
    names = product_names(reader)
    for row in found.offers.filter(kind="performance").iter_rows(named=True):
        rows = found.repaid.filter(project=row["project"], product=row["product"])
        first = rows.filter(pl.col("repaid") > 0).sort("achieved", descending=True).head(1)
        if not first.is_empty():
            at = first.row(0, named=True)
            yield reader.word(
                "finance.finding.clawback",
                project=row["project"],
                product=names[row["product"]],
                measure=reader.word(f"finance.measure.{at['measure']}"),
                achieved=percent(at["achieved"]),
                repaid=amount(at["repaid"], reader.money),
                support=amount(row["amount"], reader.money),
            )


def _parks(found: "Finance", reader: Reader) -> Iterator[str]:
    for years in found.park_years.partition_by("site", maintain_order=True):
        site = years["site"][0]
        claims = found.park_claims.filter(site=site).unique("tranche").sort("rank")
        values = {"site": reader.names.places.get(site, site)}
        covered = years.filter(pl.col("income") > 0).drop_nulls("dscr").sort("dscr", "year")
        if not covered.is_empty():
            low = covered.row(0, named=True)
            yield reader.word(
                "finance.finding.cover",
                **values,
                order=reader.word("comma").join(claims["tranche"]),
                dscr=number(low["dscr"]),
                year=low["year"],
            )
        missed = years.filter(pl.col("short") > 0)
        key = "on_time" if missed.is_empty() else "missed"
        yield reader.word(
            f"finance.finding.{key}",
            **values,
            years=reader.word("comma").join(map(str, missed["year"])),
            most=amount(max(missed["short"], default=0.0), reader.money),
            reserve=amount(max(years["reserve"]), reader.money),
        )
        gap = float(years["gap"].sum())
        if gap > 0:
            yield reader.word("finance.finding.gap", **values, gap=amount(gap, reader.money))
