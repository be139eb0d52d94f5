"""Findings: one sentence each, every number computed from the plan."""

from typing import TYPE_CHECKING

import polars as pl

from yanzhen.market.problem.tolerance import NOTHING
from yanzhen.report.text.limits import clipped
from yanzhen.report.text.names import Names, names
from yanzhen.report.text.quantities import (
    amount,
    money,
    number,
    percent,
    persons,
    points,
    share_of,
    small,
    within,
)
from yanzhen.report.text.routes import ROUTE, routes
from yanzhen.report.text.words import Lang, word
from yanzhen.study.ratios import ratio, without_rounding

if TYPE_CHECKING:
    from yanzhen.market.plan.plan import Plan

NAMED = 3
SURE = 0.95
"""Share of draws from which a sign counts as sure."""


def findings(plan: "Plan", lang: Lang) -> list[str]:
    """Return the findings of a plan, most important first; what is not known is left out."""
    name = names(plan, lang)
    if _nothing_moves(plan):
        return [*_past(plan, lang, name), word(lang, "finding.nothing_moves"), *clipped(plan, lang)]
    return [
        *_past(plan, lang, name),
        _moved(plan, lang),
        *_macro_regions(plan, lang, name),
        *_regions(plan, lang, name),
        *_largest(plan, lang, name),
        _scarcity(plan, lang, name),
        *_departure_from_the_past(plan, lang, name),
        *clipped(plan, lang),
        *_flagged(plan, lang, name),
        *_sure(plan, lang, name),
        *_observed(plan, lang),
        word(
            lang,
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


def _past(plan: "Plan", lang: Lang, name: Names) -> list[str]:
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
        word(
            lang,
            "finding.past_each",
            name=name.macro_region(row["macro_region"]),
            before=percent(row["share"]),
            after=percent(row["share_last"]),
        )
        for row in ends.iter_rows(named=True)
    ]
    lost, won = change.row(0, named=True), change.row(-1, named=True)
    return [
        word(
            lang,
            "finding.past",
            first=first,
            last=last,
            each=word(lang, "comma").join(each),
            up=name.macro_region(won["macro_region"]),
            up_points=points(won["change"]),
            down=name.macro_region(lost["macro_region"]),
            down_points=points(lost["change"]),
        )
    ]


def _moved(plan: "Plan", lang: Lang) -> str:
    moved = float(plan.leaving["output"].sum())
    jobs = plan.leaving["jobs"]
    return word(
        lang,
        "finding.moved" if jobs.null_count() == 0 else "finding.moved_without_jobs",
        first=plan.period[0],
        last=plan.period[1],
        output=amount(moved, money(plan, lang)),
        share=share_of(moved, float(plan.industries["output"].sum()), lang),
        base=plan.base_year,
        jobs=amount(float(jobs.sum()), persons(plan, lang)),
        industries=plan.leaving["industry"].n_unique(),
    )


def _macro_regions(plan: "Plan", lang: Lang, name: Names) -> list[str]:
    ranked = plan.macro_regions.sort("net", "macro_region")
    if ranked.height < 2 or not (ranked["net"] != 0).any():
        return []
    across = plan.macro_flows.filter(
        pl.col("origin_macro_region").ne_missing(pl.col("destination_macro_region"))
    )
    lost, won = ranked.row(0, named=True), ranked.row(-1, named=True)
    return [
        word(
            lang,
            "finding.macro_regions",
            across=share_of(
                float(across["output"].sum()), float(plan.macro_flows["output"].sum()), lang, 0
            ),
            up=name.macro_region(won["macro_region"]),
            up_net=amount(won["net"], money(plan, lang)),
            up_within=within(won["net_low"], won["net_high"], money(plan, lang), lang),
            up_before=percent(won["share_before"]),
            up_after=percent(won["share_after"]),
            down=name.macro_region(lost["macro_region"]),
            down_net=amount(-lost["net"], money(plan, lang)),
            down_within=_reversed(lost["net_low"], lost["net_high"], plan, lang),
            down_before=percent(lost["share_before"]),
            down_after=percent(lost["share_after"]),
        )
    ]


def _regions(plan: "Plan", lang: Lang, name: Names) -> list[str]:
    ranked = plan.regions.filter(pl.col("net") != 0).sort("net", "region")
    if ranked.is_empty():
        return []
    unit = money(plan, lang)

    def listed(rows: pl.DataFrame) -> str:
        return word(lang, "comma").join(
            word(
                lang,
                "finding.region_each",
                name=name.regions.get(row["region"], row["region"]),
                net=amount(abs(row["net"]), unit),
                within=within(row["net_low"], row["net_high"], unit, lang)
                if row["net"] > 0
                else _reversed(row["net_low"], row["net_high"], plan, lang),
            )
            for row in rows.iter_rows(named=True)
        )

    return [
        word(
            lang,
            "finding.regions",
            up=listed(ranked.filter(pl.col("net") > 0).tail(NAMED).reverse()),
            down=listed(ranked.filter(pl.col("net") < 0).head(NAMED)),
        )
    ]


def _largest(plan: "Plan", lang: Lang, name: Names) -> list[str]:
    eligible = routes(plan).filter(pl.col("in_findings"))
    if eligible.is_empty():
        return []
    move = eligible.head(1)
    row = move.row(0, named=True)
    terms = plan.reasons.join(move, on=ROUTE, how="semi")
    best = terms.sort("size", descending=True).row(0, named=True)
    return [
        word(
            lang,
            "finding.largest" if row["status"] != "estimated" else "finding.largest_estimated",
            industry=name.industries.get(row["industry"], row["industry"]),
            origin=name.regions.get(row["origin"], row["origin"]),
            destination=name.places.get(row["destination"], row["destination"]),
            output=amount(row["output"], money(plan, lang)),
            within=within(row["output_low"], row["output_high"], money(plan, lang), lang),
            term=name.term(best["term"]),
            size=points(best["size"]),
        )
    ]


def _scarcity(plan: "Plan", lang: Lang, name: Names) -> str:
    scarce = plan.prices.filter(pl.col("scarce"))
    if scarce.is_empty():
        return word(lang, "finding.nothing_scarce", places=plan.prices["place"].n_unique())
    on_output = scarce.filter(pl.col("resource") == "output").sort(
        "premium", "place", descending=[True, False]
    )
    moved = float(plan.leaving["output"].sum())
    rents = amount(without_rounding(float(scarce["rent"].sum()), moved), money(plan, lang))
    full, places = scarce["place"].n_unique(), plan.prices["place"].n_unique()
    if on_output.is_empty():
        return word(lang, "finding.scarce", full=full, places=places, rents=rents)
    dearest = on_output.row(0, named=True)
    return word(
        lang,
        "finding.scarce_output",
        full=full,
        places=places,
        rents=rents,
        place=name.places.get(dearest["place"], dearest["place"]),
        premium=percent(dearest["premium"], 2),
    )


def _departure_from_the_past(plan: "Plan", lang: Lang, name: Names) -> list[str]:
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
    unit = money(plan, lang)
    return [
        word(
            lang,
            "finding.departure_from_the_past",
            share=percent(elsewhere, 0),
            more=name.regions.get(more["region"], more["region"]),
            more_by=amount(more["more"], unit),
            less=name.regions.get(less["region"], less["region"]),
            less_by=amount(-less["more"], unit),
        )
    ]


def _flagged(plan: "Plan", lang: Lang, name: Names) -> list[str]:
    flagged = plan.study.about.flagged_regions
    both = plan.without_flagged.drop_nulls(["net", "net_without"])
    if not flagged or both.is_empty():
        return []
    nothing = NOTHING * float(plan.leaving["output"].sum())
    told = both.filter(
        pl.min_horizontal(pl.col("net").abs(), pl.col("net_without").abs()) > nothing
    )
    turned = told.filter(pl.col("net").sign() != pl.col("net_without").sign())
    listed = word(lang, "comma").join(name.regions.get(code, code) for code in flagged)
    if turned.is_empty():
        return [word(lang, "finding.flagged_same", regions=listed)]
    others = word(lang, "comma").join(name.macro_region(m) for m in turned["macro_region"])
    return [word(lang, "finding.flagged_turned", regions=listed, turned=others)]


def _sure(plan: "Plan", lang: Lang, name: Names) -> list[str]:
    """What the draws leave standing: signs of net change, the first by arrivals, scarcity."""
    cleared = plan.uncertainty.cleared
    if not cleared:
        return []
    of_macro = plan.macro_regions.drop_nulls("gaining_share")
    certain = (pl.col("gaining_share") >= SURE) | (pl.col("gaining_share") <= 1 - SURE)
    unsure = of_macro.filter(~certain)
    regions = plan.regions.drop_nulls("gaining_share")
    said = word(
        lang,
        "finding.sure",
        draws=cleared,
        regions=regions.filter(certain).height,
        of=regions.height,
        unsure=word(lang, "comma").join(
            word(
                lang,
                "finding.unsure_each",
                name=name.macro_region(row["macro_region"]),
                share=percent(row["gaining_share"], 0),
            )
            for row in unsure.iter_rows(named=True)
        )
        or word(lang, "finding.unsure_none"),
    )
    ranked = plan.sites.drop_nulls("rank_low").sort("rank", "site").head(NAMED)
    firsts = word(lang, "comma").join(
        word(
            lang,
            "finding.rank_each",
            name=name.places.get(row["site"], row["site"]),
            low=f"{row['rank_low']:.0f}",
            high=f"{row['rank_high']:.0f}",
        )
        for row in ranked.iter_rows(named=True)
    )
    ranks = [word(lang, "finding.ranks", each=firsts)] if firsts else []
    scarce = plan.prices.filter(pl.col("scarce")).drop_nulls("binding_share")
    if scarce.is_empty():
        return [said, *ranks]
    dearest = word(lang, "comma").join(
        word(
            lang,
            "finding.scarce_each",
            name=name.places.get(row["place"], row["place"]),
            share=percent(row["binding_share"], 0),
        )
        for row in scarce.head(NAMED).iter_rows(named=True)
    )
    return [said, *ranks, word(lang, "finding.scarce_in_draws", each=dearest)]


def _reversed(low: float | None, high: float | None, plan: "Plan", lang: Lang) -> str:
    """Return the interval of a loss, told as an amount that is lost."""
    if low is None or high is None:
        return ""
    return within(-high, -low, money(plan, lang), lang)


def _observed(plan: "Plan", lang: Lang) -> list[str]:
    base = plan.activity.filter(pl.col("year") == plan.base_year).drop_nulls("output")
    total = float(base["output"].sum())
    if total <= 0:
        return []
    estimated = base.filter(pl.col("output_status") == "estimated")
    share = percent(float(estimated["output"].sum()) / total)
    tested = plan.hold_out.filter(pl.col("industry").is_null() & (pl.col("year") == plan.base_year))
    errors = tested["median_absolute_percentage_error"].drop_nulls()
    if errors.is_empty():
        return [word(lang, "finding.observed", base=plan.base_year, share=share)]
    return [
        word(
            lang,
            "finding.observed_tested",
            base=plan.base_year,
            share=share,
            cells=number(float(tested["cells"].sum())),
            error=percent(errors[0] / 100),
        )
    ]
