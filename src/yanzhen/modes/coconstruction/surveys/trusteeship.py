"""Trusteeship: the home's management runs the host's park.

Management raises what the park yields by ρ and changes what it costs by κ; the tax is net of
subsidies on production and counts with its sign:

    uplift_t = ρ · tax_t − κ · cost_t,
    home  NPV_home(φ · uplift − management),   host  NPV_host((1 − φ) · uplift),

φ the home's part of the uplift. ρ and κ are the user's own or from a source, which is named.
"""

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Trusteeship:
    """What management does to a park.

    Attributes
    ----------
    productivity : ρ, relative rise of the park's local tax
    running_cost : κ, relative change of its running cost, negative where it saves
    home_part : φ, the home's part of the uplift
    source : where ρ and κ are from, or `assumption`
    """

    productivity: float
    running_cost: float
    home_part: float
    source: str

    def __post_init__(self) -> None:
        """Refuse parameters out of range or without a source.

        Raises
        ------
        ValueError
            When a parameter is out of range or no source is named.
        """
        if not self.source.strip():
            raise ValueError("productivity and running_cost need a source, or 'assumption'")
        if not 0 <= self.home_part <= 1 or self.productivity < -1 or self.running_cost < -1:
            raise ValueError("home_part is between 0 and 1, the others are not below -1")


@dataclass(frozen=True)
class TrusteeshipGains:
    """Worth of a trusteeship to both.

    Attributes
    ----------
    home, host : discounted gains
    interval : lowest and highest part φ of the uplift for which neither party loses; None where
        there is none
    """

    home: float
    host: float
    interval: tuple[float, float] | None


def trusteeship_gains(
    trusteeship: Trusteeship,
    tax: Floats,
    cost: Floats,
    management: Floats,
    home_rate: float,
    host_rate: float,
) -> TrusteeshipGains:
    """Worth of a trusteeship to home and host.

    Parameters
    ----------
    tax, cost : (T,) the park's local tax and running cost without the trusteeship
    management : (T,) what management costs the home
    home_rate, host_rate : discount rates
    """
    t = np.arange(tax.size)
    uplift = trusteeship.productivity * tax - trusteeship.running_cost * cost
    to_home, to_host = (float(uplift @ (1 + rate) ** -t) for rate in (home_rate, host_rate))
    spent = float(management @ (1 + home_rate) ** -t)
    part = trusteeship.home_part
    return TrusteeshipGains(
        part * to_home - spent + 0.0,  # nothing is zero, not minus zero
        (1 - part) * to_host + 0.0,
        _interval(to_home, to_host, spent),
    )


def _interval(to_home: float, to_host: float, spent: float) -> tuple[float, float] | None:
    """Parts φ of 0 to 1 with φ · to_home ≥ spent and (1 − φ) · to_host ≥ 0; None for none."""
    if to_home > 0:
        lowest, highest = spent / to_home, 1.0
    else:
        lowest, highest = (0.0, 1.0 if to_home == 0 else 0.0) if spent <= 0 else (1.0, 0.0)
    if to_host < 0:
        lowest = max(lowest, 1.0)
    return (lowest, highest) if lowest <= highest else None


def trusteeship_parts(
    parks: pl.DataFrame,
    trusteeship: Trusteeship,
    profile: Floats,
    home_rate: float,
    host_rate: float,
) -> pl.DataFrame:
    """Parts of the gains by home, host and industry, for the choice among modes.

    Parameters
    ----------
    parks : home, host, industry, tax, cost, management: money a year
    profile : (T,) part of it in each year; ones where all years are alike

    Returns
    -------
    pl.DataFrame
        home, host, industry, party, part, amount; the parts are uplift and management
    """
    t = np.arange(profile.size)
    home, host = (float(profile @ (1 + rate) ** -t) for rate in (home_rate, host_rate))
    uplift = trusteeship.productivity * pl.col("tax") - trusteeship.running_cost * pl.col("cost")
    part = trusteeship.home_part
    keys = ["home", "host", "industry"]
    return pl.concat(
        [
            parks.select(
                *keys, party=pl.lit(party), part=pl.lit(name), amount=amount.cast(pl.Float64)
            )
            for party, name, amount in (
                ("home", "uplift", part * home * uplift),
                ("home", "management", -home * pl.col("management")),
                ("host", "uplift", (1 - part) * host * uplift),
            )
        ]
    )
