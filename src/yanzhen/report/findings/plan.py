"""Findings: one sentence each, every number computed from the plan."""

from typing import TYPE_CHECKING

import polars as pl

from yanzhen.market.problem.tolerance import NOTHING
from yanzhen.report.findings.earlier_years import earlier_years
from yanzhen.report.text.limits import clipped
from yanzhen.report.text.quantities import (
    amount,
    number,
    percent,
    points,
    small,
)
from yanzhen.report.text.reader import Reader
from yanzhen.report.text.routes import ROUTE, routes
from yanzhen.study.coverage import without_site
from yanzhen.study.ratios import ratio, without_rounding

if TYPE_CHECKING:
    from yanzhen.market.plan.plan import Plan

NAMED = 3
MOST_NAMED = 40
"""Regions without a site that are named; of more the number is said."""
SURE = 0.95
"""Share of draws from which a sign counts as sure."""


def findings(plan: "Plan", reader: Reader) -> list[str]:
    """Return the findings of a plan, most important first; what is not known is left out."""
    if _nothing_moves(plan):
        return [
            *_past(plan, reader),
            reader.word("finding.nothing_moves"),
            *clipped(plan, reader),
        ]
    return [
        *_past(plan, reader),
        _moved(plan, reader),
        *_macro_regions(plan, reader),
        *_regions(plan, reader),
        *without_sites(plan, reader),
        *_largest(plan, reader),
        _scarcity(plan, reader),
        *_departure_from_the_past(plan, reader),
        *clipped(plan, reader),
        *flagged(plan, reader),
        *earlier_years(plan, reader),
        *sure(plan, reader),
        *observed(plan, reader),
        reader.word(
            "finding.certificate_passed"
            if plan.certificate.passed
            else "finding.certificate_failed",
            gap=small(abs(plan.certificate.duality_gap)),
        ),
    ]


def _nothing_moves(plan: "Plan") -> bool:
    moved = float(plan.leaving["output"].sum())
    return plan.moves.is_empty() or not without_rounding(
        moved, float(plan.industries["output"].sum())
    )


def _past(plan: "Plan", reader: Reader) -> list[str]:
    shares = plan.history.drop_nulls("share")
    if shares["year"].n_unique() < 2:
        return []
    first, last = shares["year"].min(), shares["year"].max()
    ends = (
        shares.filter(pl.col("year") == first)
        .join(shares.filter(pl.col("year") == last), on="macro_region", suffix="_last")
        .sort("share", "macro_region", descending=[True, False])
    )
    change = ends.with_columns(change=pl.col("share_last") - pl.col("share")).sort("change")
    each = [
        reader.word(
            "finding.past_each",
            name=reader.names.macro_region(row["macro_region"]),
            before=percent(row["share"]),
            after=percent(row["share_last"]),
        )
        for row in ends.iter_rows(named=True)
    ]
    lost, won = change.row(0, named=True), change.row(-1, named=True)
    return [
        reader.word(
            "finding.past",
            first=first,
            last=last,
            each=reader.word("comma").join(each),
            up=reader.names.macro_region(won["macro_region"]),
            up_points=points(won["change"]),
            down=reader.names.macro_region(lost["macro_region"]),
            down_points=points(lost["change"]),
        )
    ]


def _moved(plan: "Plan", reader: Reader) -> str:
    moved = float(plan.leaving["output"].sum())
    jobs = plan.leaving["jobs"]
    key = "finding.moved" if jobs.null_count() == 0 else "finding.moved_without_jobs"
    if plan.study.about.measured_by.is_said_by("jobs"):
        key = "finding.moved_alone"
    return reader.word(
        key,
        first=plan.period[0],
        last=plan.period[1],
        output=amount(moved, reader.size),
        share=reader.share_of(moved, float(plan.industries["output"].sum())),
        base=plan.base_year,
        jobs=amount(float(jobs.sum()), reader.persons),
        industries=plan.leaving["industry"].n_unique(),
    )


def _macro_regions(plan: "Plan", reader: Reader) -> list[str]:
    ranked = plan.macro_regions.sort("net", "macro_region")
    if ranked.height < 2 or not (ranked["net"] != 0).any():
        return []
    across = plan.macro_flows.filter(
        pl.col("origin_macro_region").ne_missing(pl.col("destination_macro_region"))
    )
    lost, won = ranked.row(0, named=True), ranked.row(-1, named=True)
    return [
        reader.word(
            "finding.macro_regions",
            across=reader.share_of(
                float(across["output"].sum()), float(plan.macro_flows["output"].sum()), 0
            ),
            up=reader.names.macro_region(won["macro_region"]),
            up_net=amount(won["net"], reader.size),
            up_within=reader.within(won["net_low"], won["net_high"], reader.size),
            up_before=percent(won["share_before"]),
            up_after=percent(won["share_after"]),
            down=reader.names.macro_region(lost["macro_region"]),
            down_net=amount(-lost["net"], reader.size),
            down_within=_reversed(lost["net_low"], lost["net_high"], reader),
            down_before=percent(lost["share_before"]),
            down_after=percent(lost["share_after"]),
        )
    ]


def _regions(plan: "Plan", reader: Reader) -> list[str]:
    ranked = plan.regions.filter(pl.col("net") != 0).sort("net", "region")
    if ranked.is_empty():
        return []
    unit = reader.size

    def listed(rows: pl.DataFrame) -> str:
        return reader.word("comma").join(
            reader.word(
                "finding.region_each",
                name=reader.names.regions.get(row["region"], row["region"]),
                net=amount(abs(row["net"]), unit),
                within=reader.within(row["net_low"], row["net_high"], unit)
                if row["net"] > 0
                else _reversed(row["net_low"], row["net_high"], reader),
            )
            for row in rows.iter_rows(named=True)
        )

    return [
        reader.word(
            "finding.regions",
            up=listed(ranked.filter(pl.col("net") > 0).tail(NAMED).reverse()),
            down=listed(ranked.filter(pl.col("net") < 0).head(NAMED)),
        )
    ]


def without_sites(plan: "Plan", reader: Reader) -> list[str]:
    """Return which regions have no site, where the study lists sites of others."""
    study, sites = plan.study, set(plan.sites["site"])
    regions = plan.regions["region"].to_list()
    without = without_site(study.about.coverage, study.tables, regions)
    whole = [code for code in without if code in sites]
    closed = [code for code in without if code not in sites]
    return [
        reader.word(f"finding.{key}", regions=_listed(codes, reader))
        for key, codes in (("whole_regions", whole), ("closed_regions", closed))
        if codes
    ]


def _listed(codes: list[str], reader: Reader) -> str:
    """Return the names of regions, the first so many where they are more."""
    names = [reader.names.regions.get(code, code) for code in codes[:MOST_NAMED]]
    listed, more = reader.word("comma").join(names), len(codes) - len(names)
    if not more:
        return listed
    return reader.word("finding.and_more_regions", listed=listed, more=more)


def _largest(plan: "Plan", reader: Reader) -> list[str]:
    eligible = routes(plan).filter(pl.col("in_findings"))
    if eligible.is_empty():
        return []
    move = eligible.head(1)
    row = move.row(0, named=True)
    terms = plan.reasons.join(move, on=ROUTE, how="semi")
    best = terms.sort("size", descending=True).row(0, named=True)
    return [
        reader.word(
            "finding.largest" if row["status"] != "estimated" else "finding.largest_estimated",
            **reader.named(row, "industry origin destination"),
            output=amount(row["output"], reader.size),
            within=reader.within(row["output_low"], row["output_high"], reader.size),
            term=reader.names.term(best["term"]),
            size=points(best["size"]),
        )
    ]


def _scarcity(plan: "Plan", reader: Reader) -> str:
    scarce = plan.prices.filter(pl.col("scarce"))
    if scarce.is_empty():
        return reader.word("finding.nothing_scarce", places=plan.prices["place"].n_unique())
    of_size = plan.study.about.measured_by.resource
    on_output = scarce.filter(pl.col("resource") == of_size).sort(
        "premium", "place", descending=[True, False]
    )
    rents = _rents(plan, scarce, reader)
    full, places = scarce["place"].n_unique(), plan.prices["place"].n_unique()
    if on_output.is_empty():
        return reader.word("finding.scarce", full=full, places=places, rents=rents)
    dearest = on_output.row(0, named=True)
    return reader.word(
        "finding.scarce_output",
        full=full,
        places=places,
        rents=rents,
        place=reader.names.places.get(dearest["place"], dearest["place"]),
        premium=percent(dearest["premium"], 2),
    )


def _rents(plan: "Plan", scarce: pl.DataFrame, reader: Reader) -> str:
    """Return what all premiums come to; nothing where sizes are no money."""
    if scarce["rent"].null_count():
        return ""
    moved = float(plan.leaving["output"].sum())
    rents = without_rounding(float(scarce["rent"].sum()), moved)
    return reader.word("finding.scarce_rents", rents=amount(rents, reader.money))


def _departure_from_the_past(plan: "Plan", reader: Reader) -> list[str]:
    allocation = plan.allocation.drop_nulls("past")
    apart = float((allocation["market"] - allocation["past"]).abs().sum()) / 2
    elsewhere = ratio(
        apart, float(allocation["market"].sum()), float(plan.industries["output"].sum())
    )
    if elsewhere is None:
        return []
    by_region = (
        allocation.group_by("region", maintain_order=True)
        .agg((pl.col("market") - pl.col("past")).sum().alias("more"))
        .sort("more", "region")
    )
    less, more = by_region.row(0, named=True), by_region.row(-1, named=True)
    unit = reader.size
    return [
        reader.word(
            "finding.departure_from_the_past",
            share=percent(elsewhere, 0),
            more=reader.names.regions.get(more["region"], more["region"]),
            more_by=amount(more["more"], unit),
            less=reader.names.regions.get(less["region"], less["region"]),
            less_by=amount(-less["more"], unit),
        )
    ]


def flagged(plan: "Plan", reader: Reader) -> list[str]:
    """Return what the run without the regions of doubtful data says of the macro-regions."""
    flagged = plan.study.about.flagged_regions
    both = plan.without_flagged.drop_nulls(["net", "net_without"])
    if not flagged or both.is_empty():
        return []
    nothing = NOTHING * float(plan.leaving["output"].sum())
    told = both.filter(
        pl.min_horizontal(pl.col("net").abs(), pl.col("net_without").abs()) > nothing
    )
    turned = told.filter(pl.col("net").sign() != pl.col("net_without").sign())
    listed = reader.word("comma").join(reader.names.regions.get(code, code) for code in flagged)
    if turned.is_empty():
        return [reader.word("finding.flagged_same", regions=listed)]
    others = reader.word("comma").join(reader.names.macro_region(m) for m in turned["macro_region"])
    return [reader.word("finding.flagged_turned", regions=listed, turned=others)]


def sure(plan: "Plan", reader: Reader) -> list[str]:
    """What the draws leave standing: signs of net change, the first by arrivals, scarcity."""
    cleared = plan.uncertainty.cleared
    if not cleared:
        return []
    of_macro = plan.macro_regions.drop_nulls("gaining_share")
    certain = (pl.col("gaining_share") >= SURE) | (pl.col("gaining_share") <= 1 - SURE)
    unsure = of_macro.filter(~certain)
    regions = plan.regions.drop_nulls("gaining_share")
    said = reader.word(
        "finding.sure",
        draws=cleared,
        regions=regions.filter(certain).height,
        of=regions.height,
        unsure=reader.word("comma").join(
            reader.word(
                "finding.unsure_each",
                name=reader.names.macro_region(row["macro_region"]),
                share=percent(row["gaining_share"], 0),
            )
            for row in unsure.iter_rows(named=True)
        )
        or reader.word("finding.unsure_none"),
    )
    ranked = plan.sites.drop_nulls("rank_low").sort("rank", "site").head(NAMED)
    firsts = reader.word("comma").join(
        reader.word(
            "finding.rank_each",
            name=reader.names.places.get(row["site"], row["site"]),
            low=f"{row['rank_low']:.0f}",
            high=f"{row['rank_high']:.0f}",
        )
        for row in ranked.iter_rows(named=True)
    )
    ranks = [reader.word("finding.ranks", each=firsts)] if firsts else []
    scarce = plan.prices.filter(pl.col("scarce")).drop_nulls("binding_share")
    if scarce.is_empty():
        return [said, *ranks]
    dearest = reader.word("comma").join(
        reader.word(
            "finding.scarce_each",
            name=reader.names.places.get(row["place"], row["place"]),
            share=percent(row["binding_share"], 0),
        )
        for row in scarce.head(NAMED).iter_rows(named=True)
    )
    return [said, *ranks, reader.word("finding.scarce_in_draws", each=dearest)]


def _reversed(low: float | None, high: float | None, reader: Reader) -> str:
    """Return the interval of a loss, told as an amount that is lost."""
    if low is None or high is None:
        return ""
    return reader.within(-high, -low, reader.size)


def observed(plan: "Plan", reader: Reader) -> list[str]:
    """Return how much of the base year's output is estimated, and how well that is done."""
    base = plan.activity.filter(pl.col("year") == plan.base_year).drop_nulls("output")
    total = float(base["output"].sum())
    if total <= 0:
        return []
    estimated = base.filter(pl.col("output_status") == "estimated")
    share = percent(float(estimated["output"].sum()) / total)
    tested = plan.hold_out.filter(pl.col("industry").is_null() & (pl.col("year") == plan.base_year))
    errors = tested["median_absolute_percentage_error"].drop_nulls()
    if errors.is_empty():
        return [reader.word("finding.observed", base=plan.base_year, share=share)]
    return [
        reader.word(
            "finding.observed_tested",
            base=plan.base_year,
            share=share,
            cells=number(float(tested["cells"].sum())),
            error=percent(errors[0] / 100),
        )
    ]
