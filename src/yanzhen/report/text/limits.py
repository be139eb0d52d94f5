"""What a reader must not take the plan for."""

from typing import TYPE_CHECKING

import polars as pl

from yanzhen.accounts.panel import output_panel
from yanzhen.advantage.factor_costs import TERM_OF, has_prices, regions_by_price
from yanzhen.market.problem.departures import MOST_LEAVING
from yanzhen.report.text.names import names
from yanzhen.report.text.quantities import percent
from yanzhen.report.text.unknown_distances import unknown_distances
from yanzhen.report.text.words import Lang, word
from yanzhen.study.coverage import years_of_moves
from yanzhen.study.covered import covered
from yanzhen.study.factor_units import WAGE
from yanzhen.study.ratios import ratio

if TYPE_CHECKING:
    from yanzhen.market.plan.plan import Plan

SUMMED = 1e-9
"""Share that rounding may leave out of a sum."""

MOST_NAMED = 10
"""Regions without a price that are named; of all the number is said."""
MOST_WARNINGS = 5
"""Warnings of the check that are quoted; of more the number is said."""


def limits(plan: "Plan", lang: Lang) -> list[str]:
    """Return the limits of a plan, each a sentence or two."""
    about = plan.study.about
    said = [
        origins(plan, lang),
        *largest_alone(plan, lang),
        *carried_forward(plan, lang),
        *half_tables(plan, lang),
    ]
    if about.flagged_regions:
        name = names(plan, lang)
        listed = (name.regions.get(code, code) for code in about.flagged_regions)
        reason = about.flag_reason_zh if lang == "zh" else about.flag_reason_en
        told = not plan.without_flagged.is_empty()
        said.append(
            word(
                lang,
                "limit.flagged" if reason else "limit.flagged_without_reason",
                regions=word(lang, "comma").join(listed),
                reason=reason,
                without=word(lang, "limit.flagged_below" if told else "limit.flagged_not_known"),
            )
        )
    said += [*unknown_distances(plan, lang), *estimated(plan, lang)]
    said += unpriced(plan, lang)
    if "labour_cost" in plan.reasons["term"]:
        by_wages = has_prices(plan.study, WAGE)
        said.append(word(lang, "limit.wages" if by_wages else "limit.labour_cost"))
    said += pointed_out(plan, lang)
    return [*said, word(lang, "limit.all_else"), word(lang, "limit.absence")]


def unpriced(plan: "Plan", lang: Lang) -> list[str]:
    """Return the regions where a factor has no price though it has one elsewhere, by factor."""
    if plan.study.tables["factor_prices"].is_empty():
        return []
    named = names(plan, lang)
    without = regions_by_price(plan.study, output_panel(plan.study)).filter(
        pl.col("year").is_null()
    )
    said = []
    for (factor,), rows in without.group_by("factor", maintain_order=True):
        regions = [named.regions.get(code, code) for code in rows["region"]]
        said.append(
            word(
                lang,
                "limit.unpriced",
                term=named.term(TERM_OF[str(factor)]),
                count=len(regions),
                regions=word(lang, "comma").join(regions[:MOST_NAMED]),
            )
        )
    return said


def pointed_out(plan: "Plan", lang: Lang) -> list[str]:
    """Return what `check` warns of in the study, the first few of it with how many there are."""
    warnings = plan.study.warnings
    if not warnings:
        return []
    shown = [warning.text(lang) for warning in warnings[:MOST_WARNINGS]]
    return [word(lang, "limit.warnings", count=len(warnings), first=" ".join(shown))]


def origins(plan: "Plan", lang: Lang) -> str:
    """Return who says from where to where: the model, whatever the study holds."""
    observed = years_of_moves(plan.study.about.coverage, plan.study.tables) is not None
    return word(lang, "limit.origins_with_moves" if observed else "limit.origins")


def carried_forward(plan: "Plan", lang: Lang) -> list[str]:
    """Return where room and departures come from: the past, the study, or an assumption."""
    years = plan.history["year"]
    span = {"first": years.min(), "last": years.max()}
    moved = years_of_moves(plan.study.about.coverage, plan.study.tables)
    room = [
        word(lang, f"limit.room_{basis}", **span)
        for basis in ("stated", "past", "not_limited")
        if basis in plan.sites["room_from"]
    ]
    if moved is not None:
        leaving = word(
            lang,
            "limit.departures_observed",
            first=moved[0],
            last=moved[1],
            years=moved[1] - moved[0] + 1,
        )
    elif years.n_unique() > 1:
        leaving = word(lang, "limit.departures_of_the_past", **span)
    else:
        leaving = word(lang, "limit.departures_assumed")
    return [*room, leaving, *clipped(plan, lang)]


def half_tables(plan: "Plan", lang: Lang) -> list[str]:
    """Return what the tables that hold a part of the country mean for the rest of it."""
    study = plan.study
    language = 1 if lang == "zh" else 0
    return [
        word(lang, "limit.coverage", table=one.table, meaning=one.meaning[language])
        for one in covered(study.about.coverage, study.tables)
        if one.table != "moves"
    ]


def largest_alone(plan: "Plan", lang: Lang) -> list[str]:
    """Return how much of what moves is in flows that are listed one by one, where not all is."""
    share = ratio(float(plan.leaving["listed"].sum()), float(plan.leaving["output"].sum()))
    if share is None or share > 1 - SUMMED:
        return []
    return [word(lang, "limit.listed", count=f"{plan.moves.height:,}", share=percent(share))]


def clipped(plan: "Plan", lang: Lang) -> list[str]:
    """Return which industries would lose more than can leave."""
    held = plan.industries.filter(pl.col("departures_clipped"))["industry"].to_list()
    if not held:
        return []
    name = names(plan, lang).industries
    listed = word(lang, "comma").join(name.get(code, code) for code in held)
    most = f"{MOST_LEAVING:.0%}"
    return [word(lang, "limit.departures_clipped", industries=listed, most=most)]


def estimated(plan: "Plan", lang: Lang) -> list[str]:
    """Return which parameters are assumed whatever the data, and which were estimated."""
    covariance = plan.study.tables["parameter_covariance"]
    drawn = {*covariance["parameter_a"], *covariance["parameter_b"]}
    used = [name for name in plan.parameters["parameter"] if name in drawn]
    said = [word(lang, "limit.moving_cost" if "distance_cost" in used else "limit.distance")]
    if used:
        listed = word(lang, "comma").join(used)
        said.append(word(lang, "limit.estimated", names=listed))
    return said
