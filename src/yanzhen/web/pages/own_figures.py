"""The part of the page for enterprises that takes their own costs, quotes and weights."""

from collections.abc import Mapping
from functools import partial

import polars as pl
from nicegui import ui

from yanzhen.api.own_figures import (
    AREAS,
    FACTORS,
    KILOWATT_HOURS,
    PRICE,
    QUANTITY,
    THERE,
    OwnCosts,
    Units,
    in_unit,
    own_costs,
)
from yanzhen.market.plan.moves import NOT_CASH
from yanzhen.market.plan.plan import Plan
from yanzhen.report.tables.enterprise import money_unit, own_money, used_terms
from yanzhen.report.text.quantities import percent
from yanzhen.study.assumptions import parameter_values
from yanzhen.study.units import UNITS
from yanzhen.web.form import go, number_fields, number_said, sound_numbers
from yanzhen.web.text import expansion, notice, text
from yanzhen.web.view import View

HERE = tuple(name for each in FACTORS for name in (QUANTITY[each], PRICE[each]))
QUOTED = tuple(PRICE[each] + THERE for each in FACTORS)
MOST_WEIGHT = 1000.0


def own_figures(
    view: View, plan: Plan, usual: pl.DataFrame, there: str
) -> tuple[OwnCosts, dict[str, float]] | None:
    """Offer output, costs, quotes at one place and weights; return what they come to.

    Parameters
    ----------
    usual : sites ranked by the industry's mean, whose terms can be weighted
    there : name of the place whose prices can be given

    Returns
    -------
    Costs and weights; None where a number cannot be reckoned with.
    """
    reader, units = view.reader(plan), _units(view)
    labels = _labels(view, plan, units, there)
    weighted = [term for term in used_terms(usual) if term not in NOT_CASH]
    weights = {f"w_{term}": reader.names.term(term) for term in weighted}
    with ui.element("section").classes("card screen-only own-figures"):
        text("h2", view.word("own.title"))
        text("p", view.word("own.note"), "reading")
        with ui.element("div").classes("choices"):
            number_fields(view, {"output": labels["output"]})
            _unit_choices(view, units)
        for key, names in (("costs", HERE), ("quotes", QUOTED)):
            with expansion(view.word(f"own.{key}", place=there)) as part:
                text("p", view.word(f"own.{key}_note", place=there), "reading")
                with ui.element("div").classes("choices"):
                    number_fields(view, {name: labels[name] for name in names})
            part.value = any(view.chosen(name) for name in names)
        with expansion(view.word("own.weights")) as part:
            text("p", view.word("own.weights_note"), "reading")
            with ui.element("div").classes("choices"):
                number_fields(view, weights, dict.fromkeys(weights, "100"))
        part.value = any(view.chosen(name) for name in weights)
        sound = sound_numbers(view, {**labels, **weights}, dict.fromkeys(weights, MOST_WEIGHT))
    if not sound:
        return None
    _on_paper(view, labels, weights)
    given = {name: number_said(view, name) for name in labels}
    passed = parameter_values(plan.parameters)["labour_cost_pass_through"]
    money = UNITS.get(reader.study.about.units.money)
    of_one = 1.0 if money is None else money.factor / own_money(reader)
    own_weights = {
        term: weight / 100
        for term in weighted
        for weight in (number_said(view, f"w_{term}"),)
        if weight is not None
    }
    own = own_costs(given, units, of_one, passed)
    for term, cost in own.costs.items():
        if cost > 1:
            said = view.word("own.more_than_output", what=reader.names.term(term))
            notice(f"{said} ({percent(cost, 0)})", "bad")
    return own, own_weights


def _on_paper(view: View, labels: Mapping[str, str], weights: Mapping[str, str]) -> None:
    """Say on paper, where the form is not, what was given."""
    said = [
        f"{label} {view.chosen(name)}{'%' if name in weights else ''}"
        for name, label in {**labels, **weights}.items()
        if view.chosen(name)
    ]
    if said:
        text("p", view.word("own.given", given="; ".join(said)), "reading paper-only")


def _units(view: View) -> Units:
    usual = Units()
    return Units(
        view.one_of(KILOWATT_HOURS, "unit_power", "own.unit_power", usual.power),
        view.one_of(AREAS, "unit_area", "own.unit_area", usual.area),
    )


def _labels(view: View, plan: Plan, units: Units, there: str) -> dict[str, str]:
    reader = view.reader(plan)
    currency = plan.study.about.currency
    declared = UNITS.get(currency)
    one = currency if declared is None else reader.unit(currency).name or currency
    area = reader.unit(units.area).name
    power = view.word(f"own.power_unit.{_key(units.power)}")
    labels = {name: view.word(f"own.{name}", power=power, area=area, money=one) for name in HERE}
    labels |= {
        PRICE[each] + THERE: view.word("own.there", what=labels[PRICE[each]], place=there)
        for each in FACTORS
    }
    what = view.word("enterprise.output")
    return {"output": reader.word("in_unit", what=what, unit=money_unit(reader)), **labels}


def _key(unit: str) -> str:
    return {"kWh": "kwh", "MWh": "mwh"}.get(unit, "wan_kwh")


def _unit_choices(view: View, units: Units) -> None:
    named: Mapping[str, Mapping[str, str]] = {
        "unit_power": {each: view.word(f"own.power_unit.{_key(each)}") for each in KILOWATT_HOURS},
        "unit_area": {each: getattr(UNITS[each], view.lang) for each in AREAS},
    }
    for name, options in named.items():
        value = units.power if name == "unit_power" else units.area
        ui.select(
            dict(options),
            value=value,
            label=view.word(f"own.{name}"),
            on_change=partial(_change_unit, view, units, name),
        ).props("outlined dense options-dense")


def _change_unit(view: View, units: Units, name: str, event: object) -> None:
    """Go to the same amounts in another unit."""
    unit = str(event.value)  # type: ignore[attr-defined]
    chosen: dict[str, object] = {name: unit}
    if name == "unit_area":
        given = {key: number_said(view, key) for key in (*HERE, *QUOTED)}
        chosen |= in_unit(given, units.area, unit)
    else:
        power = number_said(view, "power")
        if power is not None:
            chosen["power"] = power * KILOWATT_HOURS[units.power] / KILOWATT_HOURS[unit]
    go(view, chosen)
