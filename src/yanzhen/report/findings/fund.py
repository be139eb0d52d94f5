"""What a fund should hold, in sentences."""

from dataclasses import replace
from typing import TYPE_CHECKING

import polars as pl

from yanzhen.report.tables.finance import product_names
from yanzhen.report.tables.fund import reason_of
from yanzhen.report.text.quantities import amount, number, percent, small
from yanzhen.report.text.reader import Reader

if TYPE_CHECKING:
    from yanzhen.finance.fund.study_fund import Fund

NAMED = 3


def fund_findings(found: "Fund", reader: Reader, region: str | None = None) -> list[str]:
    """Return the portfolio, what it adds and costs, gifts, what turns decisions, the proof.

    Parameters
    ----------
    region : whose projects are named; budget and proof are of the fund whatever it is
    """
    if region is not None:
        here = pl.col("region") == region
        found = replace(
            found, decisions=found.decisions.filter(here), supports=found.supports.filter(here)
        )
        portfolio = _portfolio_in(found, reader, region)
    else:
        portfolio = _portfolio(found, reader)
    return [
        *portfolio,
        *_cost(found, reader),
        *_gifts(found, reader),
        *_next(found, reader),
        *_budget(found, reader),
        *_together(found, reader),
        *_refused(found, reader),
        reader.word(
            "fund.finding.proof",
            gap=percent(found.gap, 2),
            draws=found.draws,
            excess=small(found.excess),
        ),
    ]


def counted(found: "Fund", reader: Reader, value: float) -> str:
    """Return an amount of what counts: output or jobs."""
    return amount(value, reader.size if found.objective == "output" else reader.persons)


def _portfolio_in(found: "Fund", reader: Reader, region: str) -> list[str]:
    """What the fund holds in a region."""
    held = found.decisions.filter("held")
    return [
        reader.word(
            "fund.finding.in_region" if held.height else "fund.finding.nothing_in_region",
            region=reader.names.regions.get(region, region),
            held=held.height,
            of=found.decisions.height,
            first=_first(held, reader),
        )
    ]


def _first(held: pl.DataFrame, reader: Reader) -> str:
    names = product_names(reader)
    return reader.word("comma").join(
        reader.word("fund.finding.each", project=project, product=names.get(product, product))
        for project, product in held.head(NAMED).select("project", "product").iter_rows()
    )


def _portfolio(found: "Fund", reader: Reader) -> list[str]:
    held = found.decisions.filter("held")
    if held.is_empty():
        return [reader.word("fund.finding.nothing", of=found.decisions.height)]
    return [
        reader.word(
            "fund.finding.portfolio",
            budget=amount(found.budget, reader.money),
            used=amount(float(found.outlay["outlay"].sum()), reader.money),
            held=held.height,
            of=found.decisions.height,
            benefit=counted(found, reader, found.benefit),
            worst=counted(found, reader, found.worst),
            what=reader.word(f"fund.{found.objective}"),
            first=_first(held, reader),
        )
    ]


def _cost(found: "Fund", reader: Reader) -> list[str]:
    held = found.decisions.filter("held").select("project", "product")
    rows = found.supports.join(held, on=["project", "product"])
    cost, region = float(rows["cost"].sum()), float(rows["region_change"].sum())
    if rows["cost_per_output"].drop_nulls().is_empty() or cost <= 0 or region <= 0:
        return []
    jobs = rows["region_jobs"].sum() if rows["region_jobs"].null_count() == 0 else None
    per_job = ""
    if jobs and jobs > 0 and rows["cost_per_job"].drop_nulls().len():
        one = 1 / reader.persons.factor
        per_job = reader.word(
            "fund.finding.cost_per_job",
            people=reader.persons.name,
            per=amount(cost / float(jobs) * one, reader.money),
        )
    return [
        reader.word(
            "fund.finding.cost",
            cost=amount(cost, reader.money),
            per=number(cost / region),
            jobs=per_job,
        )
    ]


def _gifts(found: "Fund", reader: Reader) -> list[str]:
    gifts = found.supports.filter("gift")["project"].unique().sort().to_list()
    if not gifts:
        return []
    return [
        reader.word(
            "fund.finding.gifts",
            count=len(gifts),
            projects=reader.word("comma").join(gifts[:NAMED]),
        )
    ]


def _next(found: "Fund", reader: Reader) -> list[str]:
    """The projects nearest to a turn, on either side."""
    rows = found.decisions.drop_nulls("lacking")
    said = []
    for held, key in ((False, "nearest_out"), (True, "nearest_in")):
        near = rows.filter(pl.col("held") == held, pl.col("why") != "adds_nothing").sort(
            pl.col("lacking").abs(), "project"
        )
        if near.is_empty():
            continue
        row = near.row(0, named=True)
        less = row["lacking_amount"]
        said.append(
            reader.word(
                f"fund.finding.{key}",
                project=row["project"],
                lacking=counted(found, reader, abs(row["lacking"])),
                less=""
                if held or less is None
                else reader.word("fund.finding.or_less", amount=amount(less, reader.money)),
            )
        )
    return said


def _budget(found: "Fund", reader: Reader) -> list[str]:
    price = found.limits.filter(limit="budget")["price"].item()
    if price is None or price <= 0:
        return [reader.word("fund.finding.budget_slack")]
    return [
        reader.word(
            "fund.finding.budget_price",
            unit=amount(0.01 * found.budget, reader.money),
            worth=counted(found, reader, 0.01 * found.budget * price),
        )
    ]


def _together(found: "Fund", reader: Reader) -> list[str]:
    rows = {row["measure"]: row for row in found.together.iter_rows(named=True)}
    row = rows.get("region_change" if found.objective == "output" else "region_jobs")
    if row is None or abs(row["one_by_one"]) < 1e-12:
        return []
    return [
        reader.word(
            "fund.finding.together",
            apart=counted(found, reader, row["one_by_one"]),
            whole=counted(found, reader, row["at_once"]),
            share=percent(abs(row["interaction"] / row["one_by_one"]), 2),
        )
    ]


def _refused(found: "Fund", reader: Reader) -> list[str]:
    if found.refused.is_empty():
        return []
    reasons = found.refused.group_by("reason").len().sort("len", "reason", descending=[True, False])
    listed = reader.word("comma").join(
        reader.word("fund.finding.reason", reason=reason_of(reason, reader), count=count)
        for reason, count in reasons.iter_rows()
    )
    return [reader.word("fund.finding.refused", count=found.refused.height, reasons=listed)]
