"""What a relocation costs and brings an enterprise, year by year."""

from dataclasses import dataclass
from typing import Annotated

import numpy as np
import polars as pl

from yanzhen.study.result_columns import columns

YEARS = 10
IN_OWN_UNIT = columns("severance downtime removal new_plant gain net cumulated discounted").of_kind(
    "number"
)
CASH = columns("year", year="count") | IN_OWN_UNIT
"""Year 0 is that of the move; `discounted` is the cumulated net present value."""


@dataclass(frozen=True)
class Relocation:
    """What an enterprise knows of its own move; money in one unit throughout.

    Attributes
    ----------
    output : a year
    margin : profit as a share of output, lost while nothing is made
    workers_dismissed : number who do not move along
    severance : money for each of them
    downtime : months in which nothing is made
    removal : money, once
    new_plant : money, once, less what the old plant is sold for
    rate : discount rate a year
    """

    output: float
    margin: float
    workers_dismissed: float
    severance: float
    downtime: float
    removal: float
    new_plant: float
    rate: float


@dataclass(frozen=True)
class CashFlow:
    """A relocation over ten years.

    Attributes
    ----------
    net_present_value : of all years
    payback : years after which the cumulated net is no longer negative, within a year by
        proportion; None where it stays negative
    """

    yearly: Annotated[pl.DataFrame, CASH]
    net_present_value: float
    payback: float | None


def cash_flow(move: Relocation, gain: float, years: int = YEARS) -> CashFlow:
    """Lay a relocation out over years.

    Parameters
    ----------
    move : what the enterprise knows of it
    gain : yearly gain of the new place over the old one as a share of output, without what moving
        costs once
    years : after that of the move
    """
    year = np.arange(years + 1)
    first = year == 0
    columns = {
        "severance": np.where(first, -move.workers_dismissed * move.severance, 0.0),
        "downtime": np.where(first, -move.output * move.margin * move.downtime / 12, 0.0),
        "removal": np.where(first, -move.removal, 0.0),
        "new_plant": np.where(first, -move.new_plant, 0.0),
        "gain": np.where(first, 0.0, move.output * gain),
    }
    net = np.sum(list(columns.values()), axis=0)
    cumulated = np.cumsum(net)
    discounted = np.cumsum(net / (1 + move.rate) ** year)
    yearly = pl.DataFrame(
        {"year": year, **columns, "net": net, "cumulated": cumulated, "discounted": discounted}
    )
    return CashFlow(yearly, float(discounted[-1]), _payback(cumulated, net))


def _payback(cumulated: np.ndarray, net: np.ndarray) -> float | None:
    recovered = np.flatnonzero(cumulated >= 0)
    if recovered.size == 0 or (cumulated[recovered[0] :] < 0).any():
        return None
    year = int(recovered[0])
    return float(year - cumulated[year] / net[year]) if year else 0.0
