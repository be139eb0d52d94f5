"""Output of leaf regions by industry and year as arrays, with the national totals beside."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import polars as pl
from numpy.typing import NDArray

from yanzhen.study import Study
from yanzhen.study.statuses import MISSING, WIDTH, Statuses, given_status

Floats = NDArray[np.float64]
Booleans = NDArray[np.bool_]


@dataclass(frozen=True)
class Panel:
    """Output as the study gives it, NaN where missing.

    Attributes
    ----------
    regions, industries, years : labels of the three axes, each sorted
    output : (N, S, T) in the study's money unit
    totals : (S, T) national output, NaN where the study has none
    status : (N, S, T) observed, estimated (by who made the study), synthetic or missing
    """

    regions: tuple[str, ...]
    industries: tuple[str, ...]
    years: tuple[int, ...]
    output: Floats
    totals: Floats
    status: Statuses

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
        )


def leaf_regions(regions: pl.DataFrame) -> tuple[str, ...]:
    """Codes of the regions that are nobody's parent and have one, sorted.

    Without any hierarchy every region is a leaf.
    """
    parents = regions["parent"].drop_nulls().unique().to_list()
    leaves = regions.filter(~pl.col("region").is_in(parents))
    return tuple(leaves["region"].sort().to_list())


def output_panel(study: Study) -> Panel:
    """Observed output of manufacturing industries in the leaf regions of a study.

    A region that is a parent gives national totals when it has no parent itself.
    """
    tables = study.tables
    industries = tuple(
        tables["industries"].filter(pl.col("sector") == "manufacturing")["industry"].sort()
    )
    leaves = leaf_regions(tables["regions"])
    activity = tables["activity"].filter(
        pl.col("industry").is_in(industries), pl.col("output").is_not_null()
    )
    cells = activity.filter(pl.col("region").is_in(leaves))
    years = tuple(cells["year"].unique().sort())
    roots = tables["regions"].filter(pl.col("parent").is_null(), ~pl.col("region").is_in(leaves))[
        "region"
    ]
    totals = activity.filter(pl.col("region").is_in(roots.implode()), pl.col("year").is_in(years))
    output = np.full((len(leaves), len(industries), len(years)), np.nan)
    status = np.full(output.shape, MISSING, dtype=WIDTH)
    at = (
        positions(cells["region"], leaves),
        positions(cells["industry"], industries),
        positions(cells["year"], years),
    )
    output[at] = cells["output"].to_numpy()
    status[at] = cells.select(given_status("output_status", study.about.synthetic)).to_series()
    total = np.full((len(industries), len(years)), np.nan)
    total[positions(totals["industry"], industries), positions(totals["year"], years)] = totals[
        "output"
    ].to_numpy()
    return Panel(leaves, industries, years, output, total, status)


def positions(values: pl.Series, labels: tuple[str, ...] | tuple[int, ...]) -> NDArray[np.int64]:
    """Place of each value among the labels."""
    place = {label: k for k, label in enumerate(labels)}
    return np.array([place[value] for value in values], dtype=np.int64)


def without_regions(panel: Panel, left_out: tuple[str, ...]) -> Panel:
    """The panel without some regions; national totals are dropped, for they include them."""
    keep = [k for k, region in enumerate(panel.regions) if region not in left_out]
    return Panel(
        tuple(panel.regions[k] for k in keep),
        panel.industries,
        panel.years,
        panel.output[keep],
        np.full_like(panel.totals, np.nan),
        panel.status[keep],
    )
