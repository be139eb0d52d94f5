"""The embedded set of undertaking-capacity indicators, from what most studies hold."""

from collections.abc import Sequence

import numpy as np
import polars as pl

from yanzhen.accounts.indicators import gdp_per_head, indicator_of
from yanzhen.advantage.access import decayed
from yanzhen.advantage.capacity import Indicator
from yanzhen.advantage.complexity import complexity, diversity, outlook_index
from yanzhen.advantage.cross_table import Floats, cross_table
from yanzhen.advantage.relatedness import proximity, relatedness_density
from yanzhen.advantage.shift_share import shift_share
from yanzhen.advantage.specialisation import location_quotient, presence

EMBEDDED = (
    Indicator("market", "pull", "more", "市场规模", "Size of its market"),
    Indicator("market_potential", "pull", "more", "市场潜力", "Markets within reach"),
    Indicator("growth", "pull", "more", "经济增长", "Growth of its economy"),
    Indicator("industrial_base", "support", "more", "产业基础", "Industrial base"),
    Indicator("diversity", "support", "more", "优势产业比例", "Industries it is strong in"),
    Indicator("outlook", "potential", "more", "复杂度前景", "Complex industries nearby"),
    Indicator(
        "competitive_shift", "potential", "more", "竞争力增量", "Gains beyond its industries"
    ),
    Indicator("cost", "resistance", "less", "成本水平", "Level of costs"),
    Indicator("emission_intensity", "resistance", "less", "排放强度", "Emissions per output"),
)


def embedded_values(
    activity: pl.DataFrame,
    indicators: pl.DataFrame,
    regions: Sequence[str],
    distance: Floats,
    first: int,
    last: int,
    reach_km: float,
) -> pl.DataFrame:
    """Values of the embedded indicators in the year `last`, null where the data are not there.

    - market: GDP; market_potential: Σ_k GDP_k exp(−d_rk / reach) (Harris 1954);
      growth: GDP over that of `first`, less one
    - industrial_base: output of its industries; diversity: share of the industries there in
      which its location quotient reaches 1
    - outlook: complexity outlook index; competitive_shift: competitive part of the shift-share
      since `first` over output then, cells there in both years
    - cost: GDP per head; emission_intensity: emissions over output, cells with both

    Parameters
    ----------
    activity : region, industry, year, output, emissions; the industries that may move only
    indicators : region, year, indicator (gdp, population), value
    regions : N regions to be valued
    distance : (N, N) km between them, NaN where no distance is known
    reach_km : distance at which a market counts 1 / e
    """
    own = activity.filter(pl.col("region").is_in(regions))
    industries = own["industry"].unique().sort().to_list()

    def figures(value: str, year: int) -> Floats:
        return cross_table(own.filter(pl.col("year") == year), value, regions, industries).values

    output, earlier = (figures("output", year) for year in (last, first))
    emissions = figures("emissions", last)
    gdp, gdp_then = (indicator_of(indicators, "gdp", regions, year) for year in (last, first))
    m = presence(location_quotient(output))
    outlook = outlook_index(m, relatedness_density(m, proximity(m)), complexity(m).pci)
    both = ~np.isnan(output) & ~np.isnan(emissions)
    columns = {
        "market": gdp,
        "market_potential": _potential(gdp, distance, reach_km),
        "growth": _ratio(gdp, gdp_then) - 1,
        "industrial_base": _sum_there(output),
        "diversity": _ratio(diversity(m), (~np.isnan(m)).sum(axis=1).astype(np.float64)),
        "outlook": outlook,
        "competitive_shift": _competitive(earlier, output),
        "cost": gdp_per_head(indicators, regions, last),
        "emission_intensity": _ratio(
            _sum_there(np.where(both, emissions, np.nan)),
            _sum_there(np.where(both, output, np.nan)),
        ),
    }
    return pl.concat(
        pl.DataFrame({"region": regions}, schema={"region": pl.String}).with_columns(
            pl.lit(name).alias("indicator"), pl.Series("value", values, nan_to_null=True)
        )
        for name, values in columns.items()
    )


def _potential(gdp: Floats, distance: Floats, reach_km: float) -> Floats:
    there = ~np.isnan(gdp)
    if not there.any():
        return np.full(gdp.shape, np.nan)
    return decayed(distance, reach_km)[:, there] @ gdp[there]


def _competitive(before: Floats, after: Floats) -> Floats:
    both = ~np.isnan(before) & ~np.isnan(after)
    gained = _sum_there(shift_share(before, after).competitive)
    return _ratio(gained, _sum_there(np.where(both, before, np.nan)))


def _sum_there(x: Floats) -> Floats:
    return np.where(np.isnan(x).all(axis=1), np.nan, np.nansum(x, axis=1))


def _ratio(a: Floats, b: Floats) -> Floats:
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(b > 0, a / b, np.nan)
