"""What an enterprise pays for labour, power, land and floor space, in the units that it chooses.

Prices are in the study's currency: of labour for a person and year, of power for a kilowatt-hour,
of land and floor space for a unit of area and year. Amounts of money of its own are in the unit of
`yanzhen.report.tables.enterprise.money_unit`.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from yanzhen.study.units import factor

KILOWATT_HOURS: Mapping[str, float] = {"kWh": 1.0, "MWh": 1e3, "10,000 kWh": 1e4}
AREAS = ("m2", "mu", "ha")
FACTORS = ("labour", "power", "land", "floor")
QUANTITY = {"labour": "workers", "power": "power", "land": "land", "floor": "floor"}
PRICE = {"labour": "wage", "power": "power_price", "land": "land_rent", "floor": "floor_rent"}
TERM = {
    "labour": "labour_cost",
    "power": "electricity_cost",
    "land": "land_cost",
    "floor": "land_cost",
}
"""Term of the payoff that a factor's cost stands in; floor space stands with land."""
THERE = "_there"
"""What a price quoted at another place is called after the price here."""


@dataclass(frozen=True)
class Units:
    """Units of quantities: of power, of land and of floor space."""

    power: str = "10,000 kWh"
    area: str = "mu"


@dataclass(frozen=True)
class OwnCosts:
    """Shares of output, for `yanzhen.market.plan.destinations.Enterprise`.

    Attributes
    ----------
    costs : term of a factor to its cost where the enterprise is
    quoted : term to what would be saved a year by the prices quoted at one place
    added : term to what is saved there beside it: floor space, of which the study has no prices
    """

    costs: dict[str, float]
    quoted: dict[str, float]
    added: dict[str, float]


def own_costs(
    given: Mapping[str, float | None],
    units: Units,
    money_of_one: float,
    pass_through: float,
) -> OwnCosts:
    """Return the costs that an enterprise's own figures come to.

    Parameters
    ----------
    given : output, quantities, prices here and, after `THERE`, at another place, by name; None
        where nothing is said
    units : of the quantities
    money_of_one : units of the currency in the unit that output is in
    pass_through : part of the difference of labour cost that reaches wages, as the plan has it
    """
    output = (given.get("output") or 0.0) * money_of_one
    own = OwnCosts({}, {}, {})
    if output <= 0:
        return own
    for name in FACTORS:
        amount, price = given.get(QUANTITY[name]), given.get(PRICE[name])
        if amount is None or price is None:
            continue
        used = amount * (KILOWATT_HOURS[units.power] if name == "power" else 1.0) / output
        if name != "floor":
            own.costs[TERM[name]] = used * price * (pass_through if name == "labour" else 1.0)
        there = given.get(PRICE[name] + THERE)
        if there is not None:
            saved = own.added if name == "floor" else own.quoted
            saved[TERM[name]] = used * (price - there)
    return own


def in_unit(given: Mapping[str, float | None], before: str, after: str) -> dict[str, float]:
    """Return quantities and prices of land and floor space in another unit of area."""
    times = factor(before) / factor(after)
    of_area = {"land": times, "floor": times, "land_rent": 1 / times, "floor_rent": 1 / times}
    every = {**of_area, **{f"{name}{THERE}": of_area[name] for name in ("land_rent", "floor_rent")}}
    return {
        name: amount * every[name]
        for name in every
        for amount in (given.get(name),)
        if amount is not None
    }
