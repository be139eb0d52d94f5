"""Which regions and industries an analysis may be asked about: one rule for every door."""

import polars as pl

from yanzhen.accounts.panel import leaf_regions
from yanzhen.report.analyses.analysis import Kind
from yanzhen.study import Study
from yanzhen.study.movable import movable_industries


def what_is_asked(kind: Kind) -> str | None:
    """Return `region` or `industry`, None for what is neither."""
    return next((each for each in ("region", "industry") if kind.endswith(each)), None)


def askable(study: Study, kind: Kind) -> pl.DataFrame:
    """Return the rows of `regions` or `industries` that a kind of asking may name."""
    regions, industries = study.tables["regions"], study.tables["industries"]
    if kind == "leaf_region":
        return regions.filter(pl.col("region").is_in(leaf_regions(regions)))
    if kind == "movable_industry":
        return movable_industries(industries)
    return regions if kind == "region" else industries
