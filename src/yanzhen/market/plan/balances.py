"""What leaves each origin and reaches each site in all, however many flows make it up."""

import numpy as np
import polars as pl

from yanzhen.accounts.panel import Floats
from yanzhen.market.equilibrium.newton_dense import Clearing
from yanzhen.market.problem.formulation import Formulation
from yanzhen.study.result_columns import columns

CARRIED = ("jobs", "emissions")
"""Measures that move with output by the intensity of the origin's industry."""
LEAVING = columns("industry origin output jobs emissions")
"""A measure is null where it is not known of some block that moves."""
ARRIVING = columns("industry destination region output jobs emissions")
"""A measure is null where it is not known of some block that comes."""


def leaving(formulation: Formulation, clearing: Clearing) -> pl.DataFrame:
    """Output, jobs and emissions that leave, by industry and origin."""
    blocks, market = formulation.blocks, formulation.market
    output = market.mass * clearing.choice.moving
    frame = blocks.select(
        "industry",
        "origin",
        pl.Series("output", output),
        *((pl.col(f"{name}_per_output") * output).alias(name) for name in CARRIED),
    ).filter(pl.col("output") > 0)
    return (
        frame.group_by("industry", "origin", maintain_order=True)
        .agg(
            pl.col("output").sum(),
            *(pl.when(pl.col(name).null_count() == 0).then(pl.col(name).sum()) for name in CARRIED),
        )
        .sort("industry", "origin")
    )


def arriving(formulation: Formulation, clearing: Clearing) -> pl.DataFrame:
    """Output, jobs and emissions that arrive, by industry and destination."""
    blocks, market = formulation.blocks, formulation.market
    per_output = {
        name: blocks[f"{name}_per_output"].cast(pl.Float64).fill_null(np.nan).to_numpy()
        for name in CARRIED
    }
    sites = formulation.room.sites.select("region", destination="site")
    frames = [ARRIVING.frame()]
    industries = blocks["industry"]
    for industry in industries.unique().sort():
        own = np.flatnonzero((industries == industry).to_numpy())
        moving = market.mass[own, None] * clearing.choice.probability[own]
        frame = sites.with_columns(
            pl.Series("output", moving.sum(axis=0)),
            *(
                pl.Series(name, _known(moving, values[own])).fill_nan(None)
                for name, values in per_output.items()
            ),
            industry=pl.lit(industry),
        ).filter(pl.col("output") > 0)
        frames.append(frame.select(*ARRIVING))
    return pl.concat(frames)


def _known(moving: Floats, per_output: Floats) -> Floats:
    """(J,) sum of a measure over blocks, NaN where some of what comes does not say."""
    known = np.isfinite(per_output)
    total: Floats = per_output[known] @ moving[known]
    total[(moving[~known] > 0).any(axis=0)] = np.nan
    return total
