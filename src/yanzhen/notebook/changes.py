"""A study with other parameters or more policies, and what such a change cannot do, in words."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any
from warnings import warn

import polars as pl

from yanzhen.market.equilibrium.cleared_study import ClearedStudy
from yanzhen.notebook.words import word
from yanzhen.phrasebook import Language
from yanzhen.study import Study, StudyError
from yanzhen.study.assumptions import used_parameters
from yanzhen.study.standard import (
    declared_parameters,
    meanings_of_parameters,
    parameter_problems,
)

ASSUMED = "assumption"
STACKLEVEL = 3
"""From here to the line of the notebook: the method of a plan stands between."""


def study_with_parameters(study: Study, values: Mapping[str, float]) -> Study:
    """Return a study with other values of some parameters, as assumptions.

    An interval that does not hold the new value is widened to it.

    Raises
    ------
    StudyError
        When a parameter is not known or its value has no meaning, with everything wrong.
    """
    problems = parameter_problems(values, meanings_of_parameters(), study.path)
    if problems:
        raise StudyError(problems)
    own = study.tables["parameters"]
    known = pl.concat([used_parameters(study), declared_parameters()])
    rows = []
    for name, value in values.items():
        row = known.filter(parameter=name).row(0, named=True)
        ends = [end for end in (row["low"], row["high"]) if end is not None]
        low, high = (min(*ends, value), max(*ends, value)) if ends else (None, None)
        rows.append({**row, "value": value, "low": low, "high": high, "source": ASSUMED})
    changed = pl.DataFrame(rows, schema=known.schema).select(own.columns)
    kept = own.filter(~pl.col("parameter").is_in(list(values)))
    return _with_table(study, "parameters", pl.concat([kept, changed.cast(own.schema)]))


def study_with_policies(study: Study, rows: Sequence[Mapping[str, Any]]) -> Study:
    """Return a study with more rows in its table of policies.

    Parameters
    ----------
    rows : by column of the table, without a code
    """
    own = study.tables["policies"]
    taken = set(own["policy"])
    codes = (code for n in range(1, 10**6) if (code := f"added-{n}") not in taken)
    added = [{**dict.fromkeys(own.columns), **row, "policy": next(codes)} for row in rows]
    new = pl.DataFrame(added, schema=dict(own.schema), strict=False)
    return _with_table(study, "policies", pl.concat([own, new]))


def warn_of_intervals(study: Study, values: Mapping[str, float], lang: Language) -> None:
    """Warn of values outside the intervals that a study states for its parameters."""
    used = used_parameters(study).filter(pl.col("parameter").is_in(list(values)))
    for name, low, high in used.select("parameter", "low", "high").iter_rows():
        value = values[name]
        if (low is not None and value < low) or (high is not None and value > high):
            said = word(lang, "warning.within", name=name, value=value, low=low, high=high)
            warn(said, UserWarning, stacklevel=STACKLEVEL)


def warn_of_calibration(
    before: ClearedStudy, after: ClearedStudy, names: Sequence[str], lang: Language
) -> None:
    """Warn where a change leaves everything, or only how much leaves, as it was.

    Departures are set before the market is cleared: prices, payoffs and tastes decide where to, and
    the constants of staying are calibrated so that as much stays as was observed.
    """
    listed = ("、" if lang == "zh" else ", ").join(names)
    old, new = before.formulation.departures, after.formulation.departures
    if not old.equals(new):
        return
    same = before.clearing.demand.shape == after.clearing.demand.shape and bool(
        (before.clearing.demand == after.clearing.demand).all()
    )
    key = "warning.nothing_changes" if same else "warning.same_departures"
    warn(word(lang, key, names=listed), UserWarning, stacklevel=STACKLEVEL)


def _with_table(study: Study, name: str, table: pl.DataFrame) -> Study:
    return replace(study, tables={**study.tables, name: table})
