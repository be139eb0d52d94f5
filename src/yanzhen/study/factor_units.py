"""What prices of factors and intensities of industries are in, and what is wrong with their units.

A price is taken into the study's currency per person and year, per gigajoule or per square metre;
an intensity into base units of the resource per unit of the currency. Offices know the inverse of
an intensity as well, such as output per mu: both ways round are read.
"""

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from yanzhen.study.about import About, Units
from yanzhen.study.cells import TypedTable
from yanzhen.study.faults import ROW
from yanzhen.study.problem import Problem
from yanzhen.study.rates import Rate, rate_of
from yanzhen.study.units import factor
from yanzhen.study.words import words

WAGE, ELECTRICITY, LAND = "wage", "electricity", "land"
FACTORS: Mapping[str, str] = MappingProxyType(
    {
        **dict.fromkeys(
            ("wage", "wages", "labour", "labor", "工资", "平均工资", "用工", "劳动力"), WAGE
        ),
        **dict.fromkeys(("electricity", "power", "电", "电价", "电力", "工业电价"), ELECTRICITY),
        **dict.fromkeys(("land", "土地", "地价", "工业地价", "工业用地"), LAND),
    }
)
"""Names of factors whose prices act in payoffs."""
PRICE_UNITS: Mapping[str, str] = MappingProxyType(
    {
        WAGE: "CNY per person-year, 10,000 CNY per person-year, 元/人·年, 元/人·月",
        ELECTRICITY: "CNY per kWh, CNY per MWh, 元/千瓦时",
        LAND: "CNY per m2, 10,000 CNY per mu (paid once), CNY per m2 per year (rent), 万元/亩",
    }
)
"""Examples of units of a price; any declared currency and scale will do."""
INTENSITY_KINDS: Mapping[str, str] = MappingProxyType(
    {
        "jobs": "persons",
        "land": "area",
        "energy": "energy",
        "electricity": "energy",
        "emissions": "emissions",
    }
)
"""Kind of unit of each resource of `intensities`."""
INTENSITY_UNITS: Mapping[str, str] = MappingProxyType(
    {
        "jobs": "persons per million CNY, 10,000 CNY per person, 人/亿元",
        "land": "mu per 100 million CNY, 10,000 CNY per mu, 万元/亩",
        "energy": "tce per 10,000 CNY, 吨标准煤/万元",
        "electricity": "kWh per 10,000 CNY, 千瓦时/万元",
        "emissions": "t CO2 per 10,000 CNY, 吨二氧化碳/万元",
    }
)


def factor_of(name: str) -> str | None:
    """Return the factor that a name stands for, None where its price acts on nothing."""
    return FACTORS.get(name.strip().lower())


def price_factor(factor: str, unit: str | None, currency: str) -> tuple[float, bool] | None:
    """Return what a price is multiplied with, and whether it is paid each year.

    Into the currency per person and year, per gigajoule, or per square metre (and year). None where
    the unit is none of the factor's.
    """
    rate = _in_currency(unit, currency)
    if rate is None or rate.above != "money":
        return None
    if factor == WAGE and rate.below in (("time",), ("persons", "time")):
        return rate.factor, True
    if factor == ELECTRICITY and rate.below == ("energy",):
        return rate.factor, True
    if factor == LAND and rate.below in (("area",), ("area", "time")):
        return rate.factor, "time" in rate.below
    return None


def intensity_of(resource: str, amount: float, unit: str | None, currency: str) -> float | None:
    """Return base units of a resource per unit of the currency, None where it cannot be one."""
    rate, kind = _in_currency(unit, currency), INTENSITY_KINDS[resource]
    if rate is None:
        return None
    if rate.above == kind and rate.below in (("money",), ("money", "time")):
        return amount * rate.factor
    if rate.above == "money" and rate.below in ((kind,), tuple(sorted((kind, "time")))):
        return 1 / (amount * rate.factor) if amount > 0 else None
    return None


def resource_per_money(resource: str, units: Units) -> float:
    """What base units of a resource per unit of the currency are in the units of a study.

    Parameters
    ----------
    resource : jobs, land, energy or emissions
    """
    size = {
        "jobs": units.persons,
        "land": units.area,
        "energy": units.energy,
        "emissions": units.emissions,
    }[resource]
    return factor(units.money) / factor(size)


def check_factor_units(about: About | None, tables: Mapping[str, TypedTable]) -> list[Problem]:
    """Report prices and intensities whose units say nothing of them."""
    if about is None:
        return []
    return [*_prices(about, tables), *_intensities(about, tables)]


def check_factors(tables: Mapping[str, TypedTable]) -> list[Problem]:
    """Point out prices of factors that act on nothing."""
    if "factor_prices" not in tables:
        return []
    table = tables["factor_prices"]
    sites = set(tables["sites"].frame["site"]) if "sites" in tables else set()
    problems: list[Problem] = []
    rows = table.numbered().drop_nulls("factor").select(ROW, "factor", "place").iter_rows()
    for row, name, place in rows:
        if factor_of(name) is None:
            key, column, values = "factor_without_use", "factor", {"factor": name}
        elif place in sites:
            key, column, values = "price_of_a_site", "place", {"site": place}
        else:
            continue
        problems.append(Problem.of(key, table.file, "factor_prices", row, column, **values))
    return problems


def _in_currency(unit: str | None, currency: str) -> Rate | None:
    rate = None if unit is None else rate_of(unit)
    return rate if rate is not None and rate.currency == currency else None


def _prices(about: About, tables: Mapping[str, TypedTable]) -> Iterable[Problem]:
    if "factor_prices" not in tables:
        return
    table = tables["factor_prices"]
    for row in table.numbered().drop_nulls(["factor", "price"]).iter_rows(named=True):
        factor = factor_of(row["factor"])
        if factor is None or price_factor(factor, row["unit"], about.currency) is not None:
            continue
        yield _wrong(table, "factor_prices", row[ROW], row["unit"], PRICE_UNITS[factor], about)


def _intensities(about: About, tables: Mapping[str, TypedTable]) -> Iterable[Problem]:
    if "intensities" not in tables:
        return
    table = tables["intensities"]
    for row in table.numbered().drop_nulls(["resource", "amount"]).iter_rows(named=True):
        resource = row["resource"]
        if intensity_of(resource, 1.0, row["unit"], about.currency) is None:
            units = INTENSITY_UNITS[resource]
            yield _wrong(table, "intensities", row[ROW], row["unit"], units, about)
        elif intensity_of(resource, row["amount"], row["unit"], about.currency) is None:
            at = table.file, "intensities", row[ROW], "amount"
            yield Problem.of("no_output_per_unit", *at, resource=resource)


def _wrong(
    table: TypedTable, name: str, row: int, unit: str | None, units: str, about: About
) -> Problem:
    found = words("no_unit") if unit is None else words("quoted", value=unit)
    if about.currency != "CNY":
        units = ", ".join(each for each in units.split(", ") if "元" not in each)
        units = units.replace("CNY", about.currency)
    return Problem.at(table.file, name, row, "unit", found, words("a_unit_such_as", units=units))
