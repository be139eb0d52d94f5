"""How far targets are that a published document sets, and the path that leads there."""

from collections.abc import Mapping, Sequence

import numpy as np
import polars as pl

from yanzhen.goals.figures import Figures
from yanzhen.goals.measuring import measure
from yanzhen.study import Study
from yanzhen.study.formulas import Formula
from yanzhen.study.goal_indicators import Indicator
from yanzhen.study.result_columns import columns

TARGETS = columns(
    "indicator region year target source now_year now distance path_needed path_so_far met",
    indicator="text", target="index", now_year="year", now="index", distance="index",
    path_needed="index", path_so_far="index", met="flag",
)  # fmt: skip
"""`distance` is what is still wanted, of `now`, the last figure up to the target's year;
`path_needed` that by year, null once the year is there; `path_so_far` the change by year from the
first figure to that one; `met` null where the indicator has no direction or no figure."""


def targets_of(
    study: Study,
    indicators: Sequence[Indicator],
    formulas: Mapping[str, Formula],
    figures: Figures,
) -> pl.DataFrame:
    """Set every target of a study beside its indicator, of its region where it names one."""
    known = {each.code: each for each in indicators}
    rows = []
    for target in study.tables["targets"].iter_rows(named=True):
        of = known.get(target["indicator"])
        if of is None or target["value"] is None:
            continue
        region = target["region"]
        within = {} if region is None else _inside(study, region)
        values = measure(of.formula, formulas, figures, within).values
        due = np.array(figures.years) <= target["year"]
        at = np.flatnonzero(np.isfinite(values) & due)
        head = (of.code, region, target["year"], target["value"], target["source"])
        if not at.size:
            rows.append((*head, *[None] * 6))
            continue
        first, last = int(at[0]), int(at[-1])
        now, wanted = float(values[last]), target["value"] - float(values[last])
        ahead = target["year"] - figures.years[last]
        behind = figures.years[last] - figures.years[first]
        rows.append(
            (
                *head,
                figures.years[last],
                now,
                wanted,
                wanted / ahead if ahead else None,
                (now - float(values[first])) / behind if behind else None,
                _met(wanted, of.direction),
            )
        )
    return TARGETS.frame(rows).sort("indicator", "year", "region")


def _met(distance: float, direction: str) -> bool | None:
    if not direction:
        return None
    return distance <= 0 if direction == "up" else distance >= 0


def _inside(study: Study, region: str) -> dict[str, tuple[str, ...]]:
    """The region of a target and all regions below it."""
    parents = dict(study.tables["regions"].select("region", "parent").iter_rows())
    found = [code for code in parents if region in _above(code, parents)]
    return {"region": (region, *found)}


def _above(code: str, parents: Mapping[str, str | None]) -> list[str]:
    above: list[str] = []
    parent = parents.get(code)
    while parent is not None and parent not in above:
        above.append(parent)
        parent = parents.get(parent)
    return above
