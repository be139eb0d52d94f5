"""Which industry a place does not take, and by which rule.

Three gates: the catalogue's listings, the conditions of rules, and room. A listing or condition of
a region holds for every site in it and below. A condition refuses a pair when one of its
requirements fails on the latest figure of the site's region, or of the nearest region above that
has one. A requirement without any figure is `not_evaluated`: the pair is neither refused by it nor
said to satisfy it, but stays open and is listed, with the output that moves through it
(`admitted_unevaluated`). A rule counts when it is in force on some day of the plan.
"""

from collections.abc import Mapping

import numpy as np
import polars as pl

from yanzhen.market.problem.capacity import SiteCapacity
from yanzhen.study import Problem, Study, StudyError
from yanzhen.study.conditions import Condition, Requirement, read_condition
from yanzhen.study.coverage import regions_above
from yanzhen.study.governing import condition_fault
from yanzhen.study.result_columns import columns

REFUSING = ("restricted", "no_longer_undertaken")
GATES = columns("industry site listing rule requirement state found found_in found_year")
"""`listing` is priority, restricted, no_longer_undertaken, condition or no_room, `state` refused,
open or not_evaluated; `found` is the value of the indicator, `found_in` its region."""


def gates(
    study: Study, room: SiteCapacity, industries: tuple[str, ...], period: tuple[int, int]
) -> pl.DataFrame:
    """Every gate that a pair of industry and site meets, and whether it is open.

    Parameters
    ----------
    study : catalogue, rules, indicators, industries, regions
    room : sites and what they can take
    industries : that may move
    period : first and last year of the plan

    Raises
    ------
    StudyError
        When a condition cannot be read.
    """
    in_force = rules_in_force(study, period)
    return pl.concat(
        [
            _listed(study, room, industries, in_force),
            _conditioned(study, room, industries, in_force),
            _without_room(room, industries),
        ]
    )


def same_openings(room: SiteCapacity, other: SiteCapacity) -> bool:
    """Whether two rooms of the same sites close the same ones for want of any room."""
    return np.array_equal(room.capacity <= 0, other.capacity <= 0) and np.array_equal(
        room.group_capacity <= 0, other.group_capacity <= 0
    )


def refusals(found: pl.DataFrame) -> pl.DataFrame:
    """Pairs closed to arrivals, each with the first gate that closes it.

    Columns industry, site, listing, rule.
    """
    return (
        found.filter(pl.col("state") == "refused")
        .unique(["industry", "site"], keep="first", maintain_order=True)
        .select("industry", "site", "listing", "rule")
        .sort("industry", "site")
    )


def admitted_unevaluated(found: pl.DataFrame, moves: pl.DataFrame) -> pl.DataFrame:
    """Output that moves although a requirement could not be evaluated.

    Columns rule, requirement, industry, site, output; largest first.
    """
    flows = moves.group_by("industry", site="destination", maintain_order=True).agg(
        pl.col("output").sum()
    )
    return (
        found.filter(pl.col("state") == "not_evaluated")
        .join(flows, on=["industry", "site"])
        .select("rule", "requirement", "industry", "site", "output")
        .sort(["output", "rule", "industry", "site"], descending=[True, False, False, False])
    )


def rules_in_force(study: Study, period: tuple[int, int]) -> pl.DataFrame:
    """Rules that are in force on some day of a period; days are text, which sorts as they do."""
    first, last = f"{period[0]:04}-01-01", f"{period[1]:04}-12-31"
    return study.tables["rules"].filter(
        pl.col("valid_from").is_null() | (pl.col("valid_from") <= last),
        pl.col("valid_to").is_null() | (pl.col("valid_to") >= first),
    )


def _listed(
    study: Study, room: SiteCapacity, industries: tuple[str, ...], in_force: pl.DataFrame
) -> pl.DataFrame:
    expired = study.tables["rules"].filter(~pl.col("rule").is_in(in_force["rule"].implode()))
    listed = study.tables["catalogue"].filter(
        pl.col("industry").is_in(industries), ~pl.col("rule").is_in(expired["rule"].implode())
    )
    return _framed(
        listed.with_columns(pl.col("listing").cast(pl.String))
        .join(_places(study, room), on="place", maintain_order="left")
        .with_columns(
            state=pl.when(pl.col("listing").is_in(REFUSING))
            .then(pl.lit("refused"))
            .otherwise(pl.lit("open"))
        )
    )


def _places(study: Study, room: SiteCapacity) -> pl.DataFrame:
    """Each site with every place it lies in: itself, its region and the regions above."""
    above = regions_above(study.tables["regions"])
    rows = [
        (site, place)
        for site, region in room.sites.select("site", "region").iter_rows()
        for place in dict.fromkeys((site, region, *above.get(region, ())))
    ]
    return pl.DataFrame(rows, schema={"site": pl.String, "place": pl.String}, orient="row")


def _without_room(room: SiteCapacity, industries: tuple[str, ...]) -> pl.DataFrame:
    """Sites that can take nothing of some resource, alone or with the others of a group."""
    full = np.outer((room.capacity <= 0).any(axis=1), np.ones(len(industries), dtype=bool))
    for g in np.flatnonzero(room.group_capacity <= 0):
        _, _, industry = room.resources[room.group_resource[g]].partition(":")
        meant = np.array([industry in ("", one) for one in industries], dtype=bool)
        full |= np.outer(room.member[g], meant)
    j, s = np.nonzero(full)
    return _framed(
        pl.DataFrame(
            {
                "site": room.sites["site"].gather(j),
                "industry": pl.Series(industries, dtype=pl.String).gather(s),
            }
        ).with_columns(listing=pl.lit("no_room"), state=pl.lit("refused"))
    )


def _conditioned(
    study: Study, room: SiteCapacity, industries: tuple[str, ...], in_force: pl.DataFrame
) -> pl.DataFrame:
    conditions = _conditions(study, in_force)
    if not conditions:
        return GATES.frame()
    figures = _latest(study)
    above = regions_above(study.tables["regions"])
    macro = dict(study.tables["regions"].select("region", "macro_region").iter_rows())
    classes = dict(study.tables["industries"].select("industry", "class").iter_rows())
    rows = []
    for rule, condition in conditions.items():
        for site, region in room.sites.select("site", "region").iter_rows():
            line = (region, *above.get(region, ()))
            for industry in industries:
                labels = {
                    "class": classes[industry],
                    "industry": industry,
                    "macro_region": macro[region],
                    "region": region,
                    "site": site,
                }
                if condition.concerns(labels):
                    rows += [
                        (industry, site, "condition", rule, *_judged(requirement, line, figures))
                        for requirement in condition.requirements
                    ]
    return GATES.frame(rows)


def _judged(
    requirement: Requirement,
    line: tuple[str, ...],
    figures: Mapping[tuple[str, str], tuple[float, int]],
) -> tuple[str, str, float | None, str | None, int | None]:
    """Requirement, state and the figure it rests on, from the nearest region that has one."""
    for region in line:
        if (region, requirement.indicator) in figures:
            value, year = figures[region, requirement.indicator]
            state = "open" if requirement.holds(value) else "refused"
            return str(requirement), state, value, region, year
    return str(requirement), "not_evaluated", None, None, None


def _latest(study: Study) -> dict[tuple[str, str], tuple[float, int]]:
    """Latest figure of each region and indicator with its year."""
    return {
        (region, indicator): (value, year)
        for region, indicator, value, year in study.tables["indicators"]
        .drop_nulls("value")
        .sort("year")
        .select("region", "indicator", "value", "year")
        .iter_rows()
    }


def _conditions(study: Study, in_force: pl.DataFrame) -> dict[str, Condition]:
    found: dict[str, Condition] = {}
    problems = []
    known = set(in_force["rule"])
    for row, rule, text in study.numbered("rules").select("row", "rule", "condition").iter_rows():
        if text is None or rule not in known:
            continue
        fault = condition_fault(text)
        if fault is None:
            found[rule] = read_condition(text)
        else:
            problems.append(Problem.at(study.path, "rules", row, "condition", *fault))
    if problems:
        raise StudyError(problems)
    return found


def _framed(frame: pl.DataFrame) -> pl.DataFrame:
    """The columns of the gates, those that a gate has nothing to say on being null."""
    return frame.with_columns(
        pl.lit(None).alias(name) for name in GATES if name not in frame.columns
    ).select(pl.col(name).cast(dtype) for name, dtype in GATES.types.items())
