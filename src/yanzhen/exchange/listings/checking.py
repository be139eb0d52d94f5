"""What is wrong with a listing, every field at once."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import fields

from yanzhen.exchange.listings.kinds import (
    UNIT_KINDS,
    Achievement,
    Content,
    Fund,
    Product,
    Project,
    Site,
)
from yanzhen.exchange.listings.wording import problem_at
from yanzhen.store.database.texts import UNFIT, is_day
from yanzhen.study import Problem
from yanzhen.study.units import UNITS

LONGEST = {"name": 300, "text": 20_000, "industry": 64, "region": 64, "origin": 64}
LONGEST_CODE = 64
MOST_ENTRIES = 100
LEAST, MOST = 1e-3, 1e18
"""Of an amount above zero in the base unit of its kind: yuan, persons, GJ, t of CO2, m2."""
MAY_BE_EMPTY = {"text", ("fund", "region"), ("product", "region")}


def wrong_with(content: Content, row: int | None = None, file: str = "") -> list[Problem]:
    """Return everything that is wrong with a listing.

    Parameters
    ----------
    row, file : where it was read from
    """
    return [
        problem_at(key, content.kind, row, column, file, **values)
        for key, column, values in _faults(content)
    ]


Fault = tuple[str, str, dict[str, object]]


def _faults(content: Content) -> Iterator[Fault]:
    yield from _texts(content)
    if not is_day(content.expires_on):
        yield "day", "expires_on", {"day": content.expires_on}
    match content:
        case Site():
            yield from _site(content)
        case Project():
            yield from _project(content)
        case Achievement():
            if content.readiness is not None and not 1 <= content.readiness <= 9:
                yield _number("readiness", content.readiness, 1, 9)
            yield from _codes("patent_classes", content.patent_classes)
        case Fund():
            yield from _money("size", content.size, "unit", content.unit)
            if content.most is not None:
                yield from _amount("most", content.most, content.unit)
            share = content.grant_equivalent
            if share is not None and not _fits(share, 1.0):
                yield _number("grant_equivalent", share, 0, 1)
            yield from _codes("industries", content.industries)
        case Product():
            if content.rate is not None and not _fits(content.rate, 1.0):
                yield _number("rate", content.rate, 0, 1)
            yield from _codes("industries", content.industries)


def _texts(content: Content) -> Iterator[Fault]:
    for name in [field.name for field in fields(content) if field.name in LONGEST]:
        said, longest = getattr(content, name), LONGEST[name]
        may_be_empty = name in MAY_BE_EMPTY or (content.kind, name) in MAY_BE_EMPTY
        if (not said.strip() and not may_be_empty) or len(said) > longest or UNFIT.search(said):
            yield "text", name, {"length": len(said), "longest": longest}


def _site(site: Site) -> Iterator[Fault]:
    yield from _once("room", [each.resource for each in site.room])
    if not site.room:
        yield "no_room", "room", {}
    for number, each in enumerate(site.room):
        at = f"room[{number}]"
        if each.amount is not None:
            yield from _amount(f"{at}.amount", each.amount, each.unit)
        yield from _unit(f"{at}.unit", each.unit, UNIT_KINDS[each.resource])
        if each.price is not None:
            yield from _money(f"{at}.price", each.price, f"{at}.price_unit", each.price_unit)
        elif each.price_unit:
            yield from _unit(f"{at}.price_unit", each.price_unit, "money")
    for name, most in (("longitude", 180.0), ("latitude", 90.0)):
        degrees = getattr(site, name)
        if degrees is not None and not (math.isfinite(degrees) and abs(degrees) <= most):
            yield _number(name, degrees, -most, most)
    if (site.longitude is None) != (site.latitude is None):
        yield "both", "latitude", {}
    yield from _codes("gates", site.gates)
    yield from _codes("industries", site.industries)


def _project(project: Project) -> Iterator[Fault]:
    named = [each.resource for each in project.needs]
    yield from _once("needs", named)
    if "output" not in named:
        yield "no_output", "needs", {}
    for number, each in enumerate(project.needs):
        at = f"needs[{number}]"
        if each.resource == "output" and each.amount <= 0:
            yield "above_zero", f"{at}.amount", _range(each.amount, 0, None)
        else:
            yield from _amount(f"{at}.amount", each.amount, each.unit)
        yield from _unit(f"{at}.unit", each.unit, UNIT_KINDS[each.resource])
    if project.starts_on and not is_day(project.starts_on):
        yield "day", "starts_on", {"day": project.starts_on}
    if project.investment is not None:
        yield from _money(
            "investment", project.investment, "investment_unit", project.investment_unit
        )
    elif project.investment_unit:
        yield from _unit("investment_unit", project.investment_unit, "money")


def _money(column: str, amount: float, unit_column: str, unit: str) -> Iterator[Fault]:
    yield from _amount(column, amount, unit)
    yield from _unit(unit_column, unit, "money")


def _amount(column: str, amount: float, unit: str) -> Iterator[Fault]:
    """An amount of at least zero, and of a size that something has."""
    if not _fits(amount):
        yield _number(column, amount, 0, None)
        return
    base = amount * UNITS[unit].factor if unit in UNITS else math.nan
    if base < LEAST * (amount > 0) or base > MOST:
        low, high = (f"{each / UNITS[unit].factor:g}" for each in (LEAST, MOST))
        yield "magnitude", column, {"amount": f"{amount:g}", "low": low, "high": high}


def _unit(column: str, unit: str, kind: str) -> Iterator[Fault]:
    known = UNITS.get(unit)
    if known is None or known.kind != kind or math.isnan(known.factor):
        of_kind = (each.en for each in UNITS.values() if each.kind == kind)
        listed = ", ".join(name for name in of_kind if not math.isnan(UNITS[name].factor))
        yield "unit", column, {"unit": unit, "listed": listed}


def _codes(column: str, codes: tuple[str, ...]) -> Iterator[Fault]:
    if len(codes) > MOST_ENTRIES:
        yield "too_many", column, {"count": len(codes), "most": MOST_ENTRIES}
    for code in codes:
        if not code.strip() or len(code) > LONGEST_CODE or UNFIT.search(code):
            yield "text", column, {"length": len(code), "longest": LONGEST_CODE}


def _once(column: str, resources: Sequence[str]) -> Iterator[Fault]:
    for twice in sorted({each for each in resources if resources.count(each) > 1}):
        yield "twice", column, {"resource": twice}


def _fits(amount: float, most: float = math.inf) -> bool:
    return math.isfinite(amount) and 0 <= amount <= most


def _number(column: str, found: float, low: float, high: float | None) -> Fault:
    return ("number" if high is None else "between"), column, _range(found, low, high)


def _range(found: float, low: float, high: float | None) -> dict[str, object]:
    said: dict[str, object] = {"amount": f"{found:g}"}
    return said if high is None else {**said, "low": f"{low:g}", "high": f"{high:g}"}
