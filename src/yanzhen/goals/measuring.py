"""The value of an indicator in every year, over the same cells throughout."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from yanzhen.accounts.panel import Booleans, Floats
from yanzhen.advantage.concentration import theil, theil_decomposition
from yanzhen.goals.figures import Figures, Series
from yanzhen.study.formulas import (
    FIGURES,
    OPERATIONS,
    Call,
    Formula,
    Number,
    Operation,
    Other,
)
from yanzhen.study.statuses import STATUSES

Chosen = Mapping[str, tuple[str, ...]]
UNDEFINED = "undefined"
"""What an indicator lacks that has all its figures: a value of its formula, such as 0 / 0."""


@dataclass(frozen=True)
class Measured:
    """An indicator in every year.

    Attributes
    ----------
    values : (T,), NaN in years without data
    added : (P,) under output added to the base year, as asked for; empty where nothing was
    status : (T,) how the figures came about, empty in years without data
    cells : region-industry cells, or regions, that it is of
    lacking : columns, joined by a dot, that have no figure, or choices, joined by =, of no cell, or
        `UNDEFINED`
    """

    values: Floats
    added: Floats
    status: tuple[str, ...]
    cells: int
    lacking: tuple[str, ...]


@dataclass(frozen=True)
class Added:
    """Sizes added to those of a year, in what the study is measured by, several times over.

    Attributes
    ----------
    year : position of the year
    size : (cells, P) added to each cell of `activity`
    """

    year: int
    size: Floats


@dataclass(frozen=True)
class Moment:
    """One year over given cells.

    Attributes
    ----------
    year : position of the year
    cells : (cells,) those of `activity` that count where they are known
    """

    year: int
    cells: Booleans


def measure(
    formula: Formula,
    others: Mapping[str, Formula],
    figures: Figures,
    within: Chosen | None = None,
    added: Added | None = None,
    moment: Moment | None = None,
) -> Measured:
    """Measure an indicator in every year for which there are figures.

    A total over other cells each year would take new or lost cells for change. Cells are
    therefore those known in every year in which each column of the formula has any figure; other
    years have no value.

    Parameters
    ----------
    others : formulas of all indicators, which it may refer to
    within : what regions must have besides, such as `{"region": ("340000",)}`
    added : what is added to sizes, of a formula of these alone; other figures are not known then
    moment : only that year, over cells known in it and among those given
    """
    whole = _whole(formula, others)
    series = {
        each: figures.series(*each)
        for each in dict.fromkeys(pair for call in _calls(whole) for pair in call.series)
        if each[0] in FIGURES
    }
    years = np.ones(len(figures.years), dtype=np.bool_)
    for each in series.values():
        years &= np.isfinite(each.values).any(axis=0)
    if moment is not None:
        years &= np.arange(years.size) == moment.year
    known = {
        wide: _known(figures, series, wide, years)
        for wide in {FIGURES[table] for table, _ in series}
    }
    if moment is not None and True in known:
        known[True] &= moment.cells
    grows = "activity", figures.study.about.measured_by.measure
    laid = {pair: _extended(each, added, pair == grows) for pair, each in series.items()}
    columns = len(figures.years) + (0 if added is None else added.size.shape[1])
    asked = _Asked(figures, laid, known, within or {}, columns)
    with np.errstate(divide="ignore", over="ignore", invalid="ignore"):
        values = asked.value(whole)
    values = np.where(np.isfinite(values), values, np.nan)
    values[: years.size][~years] = np.nan
    now, later = values[: years.size], values[years.size :]
    used = np.isfinite(now)
    return Measured(
        now,
        later,
        _statuses(series, known, used),
        int(max((int(cells.sum()) for cells in known.values()), default=0)) if used.any() else 0,
        () if used.any() else _lacking(figures, whole, series, years, known, within or {}),
    )


def _whole(formula: Formula, others: Mapping[str, Formula]) -> Formula:
    """A formula with other indicators put in; none refers to itself."""
    if isinstance(formula, Other):
        return _whole(others[formula.indicator], others)
    if isinstance(formula, Operation):
        return Operation(formula.sign, _whole(formula.left, others), _whole(formula.right, others))
    return formula


def _calls(formula: Formula) -> Iterator[Call]:
    if isinstance(formula, Operation):
        yield from _calls(formula.left)
        yield from _calls(formula.right)
    elif isinstance(formula, Call):
        yield formula


def _known(
    figures: Figures, series: Mapping[tuple[str, str], Series], wide: bool, years: Booleans
) -> Booleans:
    """(cells,) known in all the years in every column of their kind."""
    count = len(figures.regions) * (len(figures.industries) if wide else 1)
    known = np.full(count, bool(years.any()))
    for (table, _), each in series.items():
        if FIGURES[table] == wide:
            known &= np.isfinite(each.values[:, years]).all(axis=1)
    return known


def _extended(series: Series, added: Added | None, grows: bool) -> Floats:
    """(cells, T + P) a column's figures, and what they come to with what is added to sizes."""
    if added is None:
        return series.values
    if grows:
        more = series.values[:, [added.year]] + added.size
    else:
        more = np.full((series.values.shape[0], added.size.shape[1]), np.nan)
    return np.concatenate([series.values, more], axis=1)


@dataclass(frozen=True)
class _Asked:
    """What a formula is evaluated on: every value is an array of years and of what is added."""

    figures: Figures
    laid: Mapping[tuple[str, str], Floats]
    known: Mapping[bool, Booleans]
    within: Chosen
    columns: int

    def value(self, formula: Formula) -> Floats:
        if isinstance(formula, Number):
            return np.full(self.columns, formula.value)
        if isinstance(formula, Operation):
            sign = OPERATIONS[formula.sign]
            joined: Floats = np.asarray(sign(self.value(formula.left), self.value(formula.right)))
            return joined
        assert isinstance(formula, Call)
        chosen = {**dict(formula.chosen), **self.within}
        if formula.function == "number":
            rows = self.figures.in_force(formula.series[0][0], chosen)
            more = np.full(self.columns - rows.size, np.nan)
            return np.concatenate([rows, more])
        cells = [self._of(pair, chosen) for pair in formula.series]
        if formula.function == "total":
            figures, inside = cells[0]
            return figures[inside].sum(axis=0) if inside.any() else np.full(self.columns, np.nan)
        if formula.function == "herfindahl":
            return self._herfindahl(formula, *cells[0])
        return self._theil(formula, chosen)

    def _of(self, pair: tuple[str, str], chosen: Chosen) -> tuple[Floats, Booleans]:
        table = pair[0]
        return self.laid[pair], self.known[FIGURES[table]] & self.figures.chosen(table, chosen)

    def _herfindahl(self, call: Call, figures: Floats, inside: Booleans) -> Floats:
        cells = self.figures.cells(call.series[0][0])
        group = cells.region if call.over == "region" else cells.industry
        sums = np.zeros((int(group.max(initial=0)) + 1, self.columns))
        np.add.at(sums, group[inside], figures[inside])
        shares = sums / sums.sum(axis=0)
        concentration: Floats = np.square(shares).sum(axis=0)
        return concentration

    def _theil(self, call: Call, chosen: Chosen) -> Floats:
        amount, people = (self._by_region(pair, chosen) for pair in call.series)
        groups = self.figures.groups()
        values = np.full(self.columns, np.nan)
        for at in range(self.columns):
            of = np.isfinite(amount[:, at]) & np.isfinite(people[:, at])
            if not of.any() or (people[of, at] <= 0).any() or (amount[of, at] < 0).any():
                continue
            named = [groups[place] for place in np.flatnonzero(of)]
            if call.function == "theil":
                values[at] = theil(amount[of, at], people[of, at])
            elif None not in named:
                parts = theil_decomposition(
                    amount[of, at], people[of, at], [name or "" for name in named]
                )
                values[at] = parts.between
        return values

    def _by_region(self, pair: tuple[str, str], chosen: Chosen) -> Floats:
        """(N, T + P) sums of each region, NaN where none of its cells counts."""
        figures, inside = self._of(pair, chosen)
        region = self.figures.cells(pair[0]).region
        sums = np.zeros((len(self.figures.regions), self.columns))
        np.add.at(sums, region[inside], figures[inside])
        held = np.zeros(len(self.figures.regions), dtype=np.bool_)
        held[region[inside]] = True
        return np.where(held[:, None], sums, np.nan)


def _statuses(
    series: Mapping[tuple[str, str], Series], known: Mapping[bool, Booleans], used: Booleans
) -> tuple[str, ...]:
    """(T,) the least sure status of the figures of each year, empty where there is no value."""
    worst = np.zeros(used.size, dtype=np.int64)
    for (table, _), each in series.items():
        of = known[FIGURES[table]]
        if of.any():
            worst = np.maximum(worst, each.status[of].max(axis=0))
    return tuple(STATUSES[at] if there else "" for at, there in zip(worst, used, strict=True))


def _lacking(
    figures: Figures,
    formula: Formula,
    series: Mapping[tuple[str, str], Series],
    years: Booleans,
    known: Mapping[bool, Booleans],
    within: Chosen,
) -> tuple[str, ...]:
    """What an indicator without a value wants: columns without figures, rules, cells chosen.

    `UNDEFINED` where all figures are there and the formula has no value of them.
    """
    empty = [
        f"{table}.{column}"
        for (table, column), each in series.items()
        if not np.isfinite(each.values).any()
    ]
    for call in _calls(formula):
        table = call.series[0][0]
        if call.function == "number" and figures.study.tables[table].is_empty():
            empty.append(table)
    if empty:
        return tuple(dict.fromkeys(empty))
    if not years.any():
        return tuple(f"{table}.{column}" for table, column in series)
    for call in _calls(formula):
        for name, values in {**dict(call.chosen), **within}.items():
            table = call.series[0][0]
            if table in FIGURES and not figures.chosen(table, {name: values}).any():
                empty.append(f"{name}={','.join(values)}")
    if empty:
        return tuple(dict.fromkeys(empty))
    counted = [
        figures.chosen(call.series[0][0], {**dict(call.chosen), **within})
        & known[FIGURES[call.series[0][0]]]
        for call in _calls(formula)
        if call.series[0][0] in FIGURES
    ]
    if all(cells.any() for cells in counted):
        return (UNDEFINED,)
    return tuple(f"{table}.{column}" for table, column in series)
