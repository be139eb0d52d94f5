"""Producer services that move with the manufacturing that buys them."""

import numpy as np
import polars as pl

from yanzhen.accounts.input_output import technical_coefficients
from yanzhen.accounts.study_table import has_table, national_table_of
from yanzhen.study import Study
from yanzhen.study.result_columns import columns

SERVICES = columns("service region gained lost net")
"""Demand for producer services that moves bring and take in the first round, in money a year."""


def induced_services(
    study: Study, leaving: pl.DataFrame, arriving: pl.DataFrame, year: int
) -> pl.DataFrame:
    """Demand for producer services that moves gain and lose a region, first round.

    gained_kr = Σ_s a_ks arrivals_sr and lost_kr = Σ_s a_ks departures_sr, a_ks what industry s buys
    of domestic service k per unit of output in the national table nearest to `year`: the services
    follow their buyers in full.

    Parameters
    ----------
    leaving : industry, origin, output
    arriving : industry, region, output

    Returns
    -------
    pl.DataFrame
        `SERVICES`, empty without an input-output table, and where the study's sizes are no money
    """
    services = study.tables["industries"].filter(
        pl.col("sector").cast(pl.String) == "producer_services"
    )["industry"]
    if not has_table(study) or services.is_empty() or not study.about.measured_by.is_money:
        return SERVICES.frame()
    national = national_table_of(study, year)
    a = technical_coefficients(national.domestic, national.output)
    sold = [k for k, sector in enumerate(national.sectors) if sector in set(services)]
    rows, columns = np.meshgrid(sold, np.arange(len(national.sectors)), indexing="ij")
    labels = pl.Series(national.sectors, dtype=pl.String)
    bought = pl.DataFrame(
        {
            "service": labels.gather(rows.ravel()),
            "industry": labels.gather(columns.ravel()),
            "per_output": a[sold].ravel(),
        }
    )
    gained = arriving.select("industry", "region", gained="output", lost=pl.lit(0.0))
    lost = leaving.select("industry", region="origin", gained=pl.lit(0.0), lost="output")
    return (
        pl.concat([gained, lost])
        .join(bought, on="industry")
        .group_by("service", "region", maintain_order=True)
        .agg((pl.col("gained", "lost") * pl.col("per_output")).sum())
        .with_columns(net=pl.col("gained") - pl.col("lost"))
        .sort("service", "region")
        .select(*SERVICES)
    )
