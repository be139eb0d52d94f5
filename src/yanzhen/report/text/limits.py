"""What a reader must not take the plan for."""

from typing import TYPE_CHECKING

import polars as pl

from yanzhen.accounts.panel import output_panel
from yanzhen.advantage.factor_costs import TERM_OF, has_prices, regions_by_price
from yanzhen.market.problem.departures import MOST_LEAVING
from yanzhen.report.text.quantities import percent
from yanzhen.report.text.reader import Reader
from yanzhen.report.text.unknown_distances import unknown_distances
from yanzhen.study import Study
from yanzhen.study.coverage import years_of_moves
from yanzhen.study.covered import Covered, covered
from yanzhen.study.factor_units import WAGE
from yanzhen.study.ratios import ratio
from yanzhen.study.usual_intensities import standing_in, usual_table

if TYPE_CHECKING:
    from yanzhen.market.plan.plan import Plan

SUMMED = 1e-9
"""Share that rounding may leave out of a sum."""

MOST_NAMED = 10
"""Regions without a price that are named; of all the number is said."""
MOST_WARNINGS = 5
"""Warnings of the check that are quoted; of more the number is said."""


def limits(plan: "Plan", reader: Reader) -> list[str]:
    """Return the limits of a plan, each a sentence or two."""
    about = plan.study.about
    said = [
        origins(reader),
        *largest_alone(plan, reader),
        *carried_forward(plan, reader),
        *half_tables(reader),
    ]
    if about.flagged_regions:
        name = reader.names
        listed = (name.regions.get(code, code) for code in about.flagged_regions)
        reason = reader.flag_reason
        told = not plan.without_flagged.is_empty()
        said.append(
            reader.word(
                "limit.flagged" if reason else "limit.flagged_without_reason",
                regions=reader.word("comma").join(listed),
                reason=reason,
                without=reader.word("limit.flagged_below" if told else "limit.flagged_not_known"),
            )
        )
    said += [*unknown_distances(reader), *estimated(plan, reader)]
    said += unpriced(reader)
    if "labour_cost" in plan.reasons["term"]:
        by_wages = has_prices(plan.study, WAGE)
        said.append(reader.word("limit.wages" if by_wages else "limit.labour_cost"))
    if not about.measured_by.is_money:
        said.append(reader.word("limit.no_money"))
    said += [*usual_jobs(plan, reader), *pointed_out(reader)]
    return [*said, reader.word("limit.all_else"), reader.word("limit.absence")]


def unpriced(reader: Reader) -> list[str]:
    """Return the regions where a factor has no price though it has one elsewhere, by factor."""
    if reader.study.tables["factor_prices"].is_empty():
        return []
    named = reader.names
    without = regions_by_price(reader.study, output_panel(reader.study)).filter(
        pl.col("year").is_null()
    )
    said = []
    for (factor,), rows in without.group_by("factor", maintain_order=True):
        regions = [named.regions.get(code, code) for code in rows["region"]]
        said.append(
            reader.word(
                "limit.unpriced",
                term=named.term(TERM_OF[str(factor)]),
                count=len(regions),
                regions=reader.word("comma").join(regions[:MOST_NAMED]),
            )
        )
    return said


def usual_jobs(plan: "Plan", reader: Reader) -> list[str]:
    """Return the industries whose jobs per output are the nation's, for nothing else tells them."""
    study = reader.study
    instead = list(standing_in(study.about, study.tables, "jobs", plan.base_year))
    if not instead:
        return []
    names = [reader.names.industries.get(code, code) for code in instead[:MOST_NAMED]]
    source, source_zh = usual_table().filter(resource="jobs").row(0)[-2:]
    return [
        reader.word(
            "limit.usual_jobs",
            count=len(instead),
            industries=reader.word("comma").join(names),
            source=source_zh if reader.lang == "zh" else source,
        )
    ]


def pointed_out(reader: Reader) -> list[str]:
    """Return what `check` warns of in the study, the first few of it with how many there are.

    What half a table means for the rest of the country is a limit of its own.
    """
    said = {(one.table, one.meaning[0]) for one in _halves(reader.study)}
    warnings = [each for each in reader.study.warnings if (each.table, each.found) not in said]
    if not warnings:
        return []
    shown = [warning.text(reader.lang) for warning in warnings[:MOST_WARNINGS]]
    return [reader.word("limit.warnings", count=len(warnings), first=" ".join(shown))]


def origins(reader: Reader) -> str:
    """Return who says from where to where: the model, whatever the study holds."""
    observed = _moves_of(reader.study) is not None
    return reader.word("limit.origins_with_moves" if observed else "limit.origins")


def carried_forward(plan: "Plan", reader: Reader) -> list[str]:
    """Return where room and departures come from: the past, the study, or an assumption."""
    years = plan.history["year"]
    span = {"first": years.min(), "last": years.max()}
    moved = _moves_of(plan.study)
    room = [
        reader.word(f"limit.room_{basis}", **span)
        for basis in ("stated", "past", "not_limited")
        if basis in plan.sites["room_from"]
    ]
    if moved is not None:
        leaving = reader.word(
            "limit.departures_observed",
            first=moved[0],
            last=moved[1],
            years=moved[1] - moved[0] + 1,
        )
    elif years.n_unique() > 1:
        leaving = reader.word("limit.departures_of_the_past", **span)
    else:
        leaving = reader.word("limit.departures_assumed")
    return [*room, leaving, *clipped(plan, reader)]


def _moves_of(study: Study) -> tuple[int, int] | None:
    """Return the first and last year of the observed moves."""
    about = study.about
    return years_of_moves(about.coverage, about.measured_by, study.tables)


def half_tables(reader: Reader) -> list[str]:
    """Return what the tables that hold a part of the country mean for the rest of it."""
    language = 1 if reader.lang == "zh" else 0
    return [
        reader.word("limit.coverage", table=one.table, meaning=one.meaning[language])
        for one in _halves(reader.study)
    ]


def _halves(study: Study) -> list[Covered]:
    return [one for one in covered(study.about, study.tables) if one.table != "moves"]


def largest_alone(plan: "Plan", reader: Reader) -> list[str]:
    """Return how much of what moves is in flows that are listed one by one, where not all is."""
    share = ratio(float(plan.leaving["listed"].sum()), float(plan.leaving["output"].sum()))
    if share is None or share > 1 - SUMMED:
        return []
    return [reader.word("limit.listed", count=f"{plan.moves.height:,}", share=percent(share))]


def clipped(plan: "Plan", reader: Reader) -> list[str]:
    """Return which industries would lose more than can leave."""
    held = plan.industries.filter(pl.col("departures_clipped"))["industry"].to_list()
    if not held:
        return []
    name = reader.names.industries
    listed = reader.word("comma").join(name.get(code, code) for code in held)
    most = f"{MOST_LEAVING:.0%}"
    return [reader.word("limit.departures_clipped", industries=listed, most=most)]


def estimated(plan: "Plan", reader: Reader) -> list[str]:
    """Return which parameters are assumed whatever the data, and which were estimated."""
    covariance = plan.study.tables["parameter_covariance"]
    drawn = {*covariance["parameter_a"], *covariance["parameter_b"]}
    used = [name for name in plan.parameters["parameter"] if name in drawn]
    said = [reader.word("limit.moving_cost" if "distance_cost" in used else "limit.distance")]
    if used:
        listed = reader.word("comma").join(used)
        said.append(reader.word("limit.estimated", names=listed))
    return said
