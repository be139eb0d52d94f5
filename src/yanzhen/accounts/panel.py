"""Output of leaf regions by industry and year as arrays, with the national totals beside.

In a study that measures size by employment or another column, that stands in the place of output
here and wherever a panel is used.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import polars as pl
from numpy.typing import NDArray

from yanzhen.accounts.words import message
from yanzhen.study import Problem, Study, WantOfData, coverage
from yanzhen.study.movable import movable_industries
from yanzhen.study.statuses import MISSING, WIDTH, Statuses, given_status
from yanzhen.study.words import size_words
from yanzhen.study.years import last_movable

Floats = NDArray[np.float64]
Booleans = NDArray[np.bool_]


@dataclass(frozen=True)
class Panel:
    """Output, or another measure of size, as the study gives it, NaN where missing.

    Attributes
    ----------
    regions, industries, years : labels of the three axes, each sorted
    output : (N, S, T) in the unit of the study's measure of size
    totals : (S, T) national output, NaN where the study has none
    status : (N, S, T) observed, estimated (by who made the study), synthetic or missing
    member : (G, N) leaves below each region that has some, the smallest groups first
    group_totals : (G, S, T) output of those regions, NaN where the study has none
    """

    regions: tuple[str, ...]
    industries: tuple[str, ...]
    years: tuple[int, ...]
    output: Floats
    totals: Floats
    status: Statuses
    member: Booleans
    group_totals: Floats

    @property
    def base_year(self) -> int:
        """Its last year; of the panel of a whole study that of `base_year`."""
        return self.years[-1]

    @property
    def balanced(self) -> Booleans:
        """(N, S) cells known in every year."""
        return np.asarray(np.isfinite(self.output).all(axis=2))

    @property
    def balanced_output(self) -> Floats:
        """(N, S, T) output of the balanced cells, zero elsewhere."""
        return np.where(self.balanced[:, :, None], self.output, 0.0)

    def of_years(self, chosen: Sequence[int]) -> "Panel":
        """The panel of some of its years, by their positions."""
        at = list(chosen)
        return replace(
            self,
            years=tuple(self.years[t] for t in at),
            output=self.output[:, :, at],
            totals=self.totals[:, at],
            status=self.status[:, :, at],
            group_totals=self.group_totals[:, :, at],
        )


def leaf_regions(regions: pl.DataFrame) -> tuple[str, ...]:
    """Codes of the regions that are nobody's parent and have one, sorted.

    Without any hierarchy every region is a leaf.
    """
    return tuple(coverage.leaves(regions))


def base_year(study: Study) -> int:
    """The year that plans, contracts and docking of a study start from.

    The last with output that may move, which is the last of its panel; the year that the study
    declares where nothing may move.
    """
    last = last_movable(study.about.measured_by, study.tables)
    return study.about.base_year if last is None else last


def require_output(study: Study, panel: Panel) -> None:
    """Refuse a study without output of manufacturing in its regions.

    Raises
    ------
    WantOfData
        When the panel has no year.
    """
    if not panel.years:
        raise WantOfData([no_output(study)])


def no_output(study: Study) -> Problem:
    """Return the want of any output of manufacturing."""
    said = message("no_output", measure=size_words(study.about.measured_by))
    return Problem.at(study.path, "activity", None, study.about.size, *said)


def require_money(study: Study) -> None:
    """Refuse a study whose sizes are no money for what is reckoned in money.

    Raises
    ------
    WantOfData
        When it measures size by another column than output.
    """
    if not study.about.measured_by.is_money:
        said = message("no_money", measure=size_words(study.about.measured_by))
        raise WantOfData([Problem.at(study.path, "activity", None, "output", *said)])


def output_panel(study: Study) -> Panel:
    """Size of manufacturing in the leaf regions of a study, of the past that it names.

    That is from the year `past_from` of the study on, or of every year (`whole_panel`).
    """
    whole = whole_panel(study)
    first = study.about.past_from or 0
    kept = [t for t, year in enumerate(whole.years) if year >= first]
    return whole if len(kept) == len(whole.years) else whole.of_years(kept)


def whole_panel(study: Study) -> Panel:
    """Output, or another measure of size, of manufacturing in the leaf regions, of every year.

    Every region with leaves below it gives their total; those without a parent add up to the
    nation's (`national`).
    """
    tables = study.tables
    industries = tuple(movable_industries(tables["industries"])["industry"].sort())
    leaves = leaf_regions(tables["regions"])
    size = study.about.measured_by
    activity = tables["activity"].filter(
        pl.col("industry").is_in(industries), pl.col(size.measure).is_not_null()
    )
    cells = activity.filter(pl.col("region").is_in(leaves))
    years = tuple(cells["year"].unique().sort())
    output = np.full((len(leaves), len(industries), len(years)), np.nan)
    status = np.full(output.shape, MISSING, dtype=WIDTH)
    at = (
        positions(cells["region"], leaves),
        positions(cells["industry"], industries),
        positions(cells["year"], years),
    )
    output[at] = cells[size.measure].to_numpy()
    status[at] = cells.select(given_status(size.status, study.about.synthetic)).to_series()
    groups, member = groups_of(tables["regions"], leaves)
    above = activity.filter(pl.col("region").is_in(groups), pl.col("year").is_in(years))
    group_totals = np.full((len(groups), len(industries), len(years)), np.nan)
    group_totals[
        positions(above["region"], groups),
        positions(above["industry"], industries),
        positions(above["year"], years),
    ] = above[size.measure].to_numpy()
    tops = top_groups(tables["regions"], groups)
    return Panel(
        leaves,
        industries,
        years,
        output,
        national(output, member, group_totals, tops),
        status,
        member,
        group_totals,
    )


def groups_of(regions: pl.DataFrame, leaves: tuple[str, ...]) -> tuple[tuple[str, ...], Booleans]:
    """Regions with leaves below them, the smallest first, and (G, N) which leaves these are."""
    parent = dict(regions.select("region", "parent").iter_rows())
    below: dict[str, set[str]] = {}
    for leaf in leaves:
        above, seen = parent.get(leaf), {leaf}
        while above is not None and above not in seen:
            below.setdefault(above, set()).add(leaf)
            seen.add(above)
            above = parent.get(above)
    groups = tuple(sorted(below, key=lambda code: (len(below[code]), code)))
    member = np.array([[leaf in below[code] for leaf in leaves] for code in groups], dtype=bool)
    return groups, member.reshape(len(groups), len(leaves))


def top_groups(regions: pl.DataFrame, groups: tuple[str, ...]) -> Booleans:
    """(G,) groups that are part of no other."""
    parent = dict(regions.select("region", "parent").iter_rows())
    return np.array([parent.get(code) not in groups for code in groups], dtype=bool)


def national(local: Floats, member: Booleans, totals: Floats, tops: Booleans) -> Floats:
    """Sum over the groups that are part of no other, and the leaves that are in none.

    NaN where one of them is not known, and everywhere without any group.

    Parameters
    ----------
    local : (N, …) figures of the leaves
    member : (G, N)
    totals : (G, …) figures of the groups
    tops : (G,)
    """
    if not tops.any():
        return np.full(local.shape[1:], np.nan)
    alone = ~member[tops].any(axis=0)
    whole: Floats = totals[tops].sum(axis=0) + local[alone].sum(axis=0)
    return whole


def positions(values: pl.Series, labels: tuple[str, ...] | tuple[int, ...]) -> NDArray[np.int64]:
    """Place of each value among the labels."""
    place = {label: k for k, label in enumerate(labels)}
    return np.array([place[value] for value in values], dtype=np.int64)


def without_regions(panel: Panel, left_out: tuple[str, ...]) -> Panel:
    """The panel without some regions; totals that include one of them are dropped."""
    keep = [k for k, region in enumerate(panel.regions) if region not in left_out]
    gone = [k for k in range(len(panel.regions)) if k not in keep]
    whole = ~panel.member[:, gone].any(axis=1)
    return replace(
        panel,
        regions=tuple(panel.regions[k] for k in keep),
        output=panel.output[keep],
        totals=np.full_like(panel.totals, np.nan),
        status=panel.status[keep],
        member=panel.member[whole][:, keep],
        group_totals=panel.group_totals[whole],
    )
