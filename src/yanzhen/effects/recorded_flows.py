"""What a study records of flows out of its regions and into them, industry by industry."""

import numpy as np
import polars as pl

from yanzhen.accounts.panel import Booleans, Floats, positions
from yanzhen.accounts.years import nearest_year
from yanzhen.market.problem.study_inputs import StudyInputs

SUMS = ("outflow", "inflow")


def recorded_sums(inputs: StudyInputs) -> tuple[Floats, Booleans]:
    """(2, N, S) outflows and inflows of the panel's last year, and (S,) which are told for every
    region."""
    rows = _rows(inputs)
    sums = _laid_out(inputs, rows.filter(year=inputs.panel.base_year), SUMS)
    return sums, np.asarray(np.isfinite(sums).all(axis=(0, 1)))


def recorded_own_shares(inputs: StudyInputs) -> Floats:
    """(N, S) part of what a region uses of a product that it makes itself, by the sums of the year
    nearest to the panel's last and by what it made then; NaN where either is not known."""
    rows = _rows(inputs)
    panel = inputs.panel
    if rows.is_empty():
        return np.full((len(panel.regions), len(panel.industries)), np.nan)
    rows = rows.filter(year=nearest_year(rows["year"], panel.base_year))
    made = inputs.study.tables["activity"].select("region", "industry", "year", "output")
    rows = rows.with_columns(pl.col("exports", "imports").fill_null(0.0)).join(
        made, on=["region", "industry", "year"], how="left", maintain_order="left"
    )
    own = (pl.col("output") - pl.col("exports") - pl.col("outflow")).clip(0.0)
    used = own + pl.col("imports").clip(0.0) + pl.col("inflow").clip(0.0)
    told = rows.with_columns(own_share=pl.when(used > 0).then(own / used))
    share: Floats = _laid_out(inputs, told, ("own_share",))[0]
    return share


def _rows(inputs: StudyInputs) -> pl.DataFrame:
    """What `trade` tells of the panel's industries in its regions."""
    panel = inputs.panel
    return (
        inputs.study.tables["trade"]
        .drop_nulls(SUMS)
        .filter(pl.col("region").is_in(panel.regions), pl.col("industry").is_in(panel.industries))
    )


def _laid_out(inputs: StudyInputs, rows: pl.DataFrame, names: tuple[str, ...]) -> Floats:
    """(K, N, S) columns by region and industry, NaN where not told."""
    panel = inputs.panel
    found = np.full((len(names), len(panel.regions), len(panel.industries)), np.nan)
    at = positions(rows["region"], panel.regions), positions(rows["industry"], panel.industries)
    for k, name in enumerate(names):
        found[k][at] = rows[name].cast(pl.Float64).fill_null(np.nan).to_numpy()
    return found
