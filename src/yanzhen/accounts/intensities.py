"""What a unit of size needs of a resource, as the table `intensities` says it of output."""

import numpy as np
import polars as pl

from yanzhen.accounts.panel import Floats
from yanzhen.study import Study
from yanzhen.study.factor_units import intensity_of, resource_per_money
from yanzhen.study.tables.enterprises import ABROAD
from yanzhen.study.usual_intensities import standing_in


def stated_intensity(study: Study, resource: str, industries: tuple[str, ...], year: int) -> Floats:
    """(S,) base units of a resource per unit of the currency, NaN where the study states none.

    Base units are those of `yanzhen.study.units`: persons, m², GJ, t. Where the table says nothing
    of an industry and no other tells, the usual need of its divisions, if one is published for the
    year or an earlier one.
    """
    usual = standing_in(study.about, study.tables, resource, year)
    stated = usual | {
        row["industry"]: intensity_of(resource, row["amount"], row["unit"], study.about.currency)
        for row in study.tables["intensities"].iter_rows(named=True)
        if row["resource"] == resource and row["amount"] is not None
    }
    return np.array([stated.get(industry) for industry in industries], dtype=np.float64)


def per_money(study: Study, resource: str, industries: tuple[str, ...], year: int) -> Floats:
    """(S,) the same in the study's units, of the resource per unit of money."""
    unit = resource_per_money(resource, study.about.units)
    return stated_intensity(study, resource, industries, year) * unit


def per_size(study: Study, resource: str, industries: tuple[str, ...], year: int) -> Floats:
    """(S,) of a resource per unit of size, in the study's units, NaN where nothing tells.

    Where the size is no output, what output needs of the resource over what it needs of that
    size: land per output over jobs per output is land per job.
    """
    size = study.about.measured_by
    need = per_money(study, resource, industries, year)
    return need if size.is_money else need / per_money(study, size.resource, industries, year)


def land_per_output(study: Study, industries: tuple[str, ...], year: int) -> Floats:
    """(S,) land that an industry needs per unit of size, NaN where nothing tells.

    As `intensities` says, otherwise the mean of the enterprises in the country that state it.
    """
    size = pl.col(study.about.measured_by.resource)
    usual = (
        study.tables["enterprises"]
        .filter(pl.col("origin") != ABROAD, size > 0, pl.col("land").is_not_null())
        .group_by("industry", maintain_order=True)
        .agg(land=(pl.col("land") * pl.col("count")).sum() / (size * pl.col("count")).sum())
    )
    of_enterprises = dict(usual.iter_rows())
    mean = np.array([of_enterprises.get(code, np.nan) for code in industries], dtype=np.float64)
    stated = per_size(study, "land", industries, year)
    return np.where(np.isfinite(stated), stated, mean)
