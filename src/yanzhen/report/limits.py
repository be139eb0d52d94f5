"""What a reader must not take the plan for."""

from typing import TYPE_CHECKING

import polars as pl

from yanzhen.report.names import names
from yanzhen.report.words import Lang, word

if TYPE_CHECKING:
    from yanzhen.market.plan import Plan


def limits(plan: "Plan", lang: Lang) -> list[str]:
    """Return the limits of a plan, each a sentence or two."""
    about = plan.study.about
    said = [origins(plan, lang), *carried_forward(plan, lang)]
    if about.flagged_regions:
        name = names(plan, lang)
        listed = (name.regions.get(code, code) for code in about.flagged_regions)
        reason = about.flag_reason_zh if lang == "zh" else about.flag_reason_en
        said.append(
            word(
                lang,
                "limit.flagged" if reason else "limit.flagged_without_reason",
                regions=word(lang, "comma").join(listed),
                reason=reason,
            )
        )
    said += estimated(plan, lang)
    if "labour_cost" in plan.reasons["term"]:
        said.append(word(lang, "limit.labour_cost"))
    return [*said, word(lang, "limit.all_else"), word(lang, "limit.absence")]


def origins(plan: "Plan", lang: Lang) -> str:
    """Return who says from where to where: the model, whatever the study holds."""
    return word(lang, "limit.origins_with_moves" if _moves_observed(plan) else "limit.origins")


def carried_forward(plan: "Plan", lang: Lang) -> list[str]:
    """Return where room and departures come from: the past, the study, or an assumption."""
    years = plan.history["year"]
    span = {"first": years.min(), "last": years.max()}
    from_study = not plan.study.tables["resources"].is_empty()
    room = "limit.room_of_the_study" if from_study else "limit.room_of_the_past"
    if _moves_observed(plan):
        leaving = "limit.departures_observed"
    elif years.n_unique() > 1:
        leaving = "limit.departures_of_the_past"
    else:
        leaving = "limit.departures_assumed"
    return [word(lang, room, **span), word(lang, leaving, **span)]


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


def _moves_observed(plan: "Plan") -> bool:
    return plan.study.tables["moves"].filter(pl.col("output").is_not_null()).height > 0
