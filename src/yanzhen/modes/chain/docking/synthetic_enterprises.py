"""A SYNTHETIC list of enterprises: places and industries by real output, everything else drawn."""

import numpy as np
import polars as pl

from yanzhen.market.large.synth import Marginals

SIZE_SPREAD = 1.3
"""Standard deviation of the logarithm of an enterprise's output."""
LARGE, MEDIUM = 0.05, 0.25
"""Shares of enterprises, by output, called large, and large or medium."""
SPARE_LOW, SPARE_HIGH = 0.0, 0.4
PREFIX = "SYNTHETIC-"


def synthetic_enterprises(
    count: int,
    seed: int,
    marginals: Marginals,
    regions: tuple[str, ...],
    industries: tuple[str, ...],
) -> pl.DataFrame:
    """Draw a SYNTHETIC table `enterprises`; the same seed gives the same table.

    An enterprise's region and industry are drawn by the cell's share of output, its own output
    is log-normal with mean 1, and what it could add is a uniform share of it. Half of the rows
    leave what they could add empty, as lists do.

    Parameters
    ----------
    count : rows
    seed : of the draw
    marginals : output by region and industry
    regions, industries : codes of its rows and columns
    """
    random = np.random.Generator(np.random.Philox(seed))
    cells = marginals.output / marginals.output.sum()
    cell = np.sort(random.choice(cells.size, count, p=cells.ravel()))
    region, industry = np.divmod(cell, len(industries))
    output = np.exp(random.normal(-(SIZE_SPREAD**2) / 2, SIZE_SPREAD, count))
    spare = random.uniform(SPARE_LOW, SPARE_HIGH, count) * output
    known = random.random(count) < 0.5
    place = np.empty(count)
    place[np.argsort(-output, kind="stable")] = np.arange(count) / count
    size = np.select([place < LARGE, place < MEDIUM], ["large", "medium"], "small")
    number = pl.Series(np.arange(1, count + 1)).cast(pl.String).str.zfill(len(str(count)))
    return pl.DataFrame(
        {
            "enterprise": PREFIX + number,
            "industry": pl.Series(industries, dtype=pl.String).gather(industry),
            "origin": pl.Series(regions, dtype=pl.String).gather(region),
            "count": np.ones(count, np.int64),
            "size_class": size,
            "output": np.round(output, 4).clip(0.0001),
            "spare_output": pl.Series(np.round(spare, 4)).zip_with(
                pl.Series(known), pl.Series([None], dtype=pl.Float64).new_from_index(0, count)
            ),
            "name_zh": "SYNTHETIC 合成企业 " + number,
            "name_en": "SYNTHETIC enterprise " + number,
            "status": pl.Series(["synthetic"]).new_from_index(0, count),
        }
    )
