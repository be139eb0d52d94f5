"""Rules and policies that cannot be acted on: conditions nobody can read, policies incomplete."""

from collections.abc import Iterator, Mapping
from typing import Any

from yanzhen.study.cells import TypedTable
from yanzhen.study.conditions import NotACondition, read_condition
from yanzhen.study.faults import ROW, shown
from yanzhen.study.problem import Problem, Words, nearest
from yanzhen.study.tables.economy import CLASSES
from yanzhen.study.tables.enterprises import RESOURCES
from yanzhen.study.words import message, same, words

SHARES = ("subsidy_per_output", "tax", "relocation_aid")
"""Instruments whose value is a share of output."""
RECKONED_IN: Mapping[str, tuple[tuple[str, str], ...]] = {
    "subsidy_per_land": (("enterprises", "land"), ("intensities", "land")),
    "subsidy_per_job": (
        ("enterprises", "jobs"),
        ("activity", "employment"),
        ("intensities", "jobs"),
    ),
    "subsidy_per_energy": (
        ("enterprises", "energy"),
        ("activity", "energy"),
        ("intensities", "energy"),
    ),
    "tax_per_emission": (
        ("enterprises", "emissions"),
        ("activity", "emissions"),
        ("intensities", "emissions"),
    ),
}
"""Columns, or resources of `intensities`, that say how much of what an instrument is reckoned in
is used."""
EXAMPLE = "class = energy: clean_energy_share >= 0.4"
SCOPED = {
    "industry": (("industries", "industry"),),
    "macro_region": (("regions", "macro_region"),),
    "region": (("regions", "region"),),
    "site": (("sites", "site"), ("regions", "region")),
}
"""Columns that hold the values which the scope of a condition may name."""

Fault = tuple[str, Words, Words]
"""Column, found and expected."""


def condition_fault(text: str) -> tuple[Words, Words] | None:
    """What was found and expected where a condition cannot be read, otherwise None."""
    try:
        read_condition(text)
    except NotACondition as unread:
        return message("no_condition", part=str(unread), example=EXAMPLE)
    return None


def policy_fault(
    instrument: str | None, value: float | None, unit: str | None, industry: str | None
) -> Fault | None:
    """What keeps a policy from acting, the first of it; None where it can act."""
    nothing = words("nothing")
    if instrument is None:
        return "instrument", nothing, words("an_instrument")
    if value is None or (instrument == "cap" and value <= 0):
        found = nothing if value is None else same(shown(value))
        return "value", found, words("value_for_policy")
    if instrument in SHARES and value > 1:
        return "value", same(shown(value)), words("share_of_output")
    if instrument in SHARES and unit not in (None, "share"):
        return "unit", _quoted(unit), words("unit_of_share")
    if instrument in ("cap", "price_floor") and (unit or "output") not in RESOURCES:
        return "unit", _quoted(unit), words("resource_held", names=", ".join(RESOURCES))
    if instrument == "price_floor" and industry is not None:
        return "industry", _quoted(industry), words("no_industry_for_floor")
    return None


def check_conditions(tables: Mapping[str, TypedTable]) -> list[Problem]:
    """Report conditions of rules that cannot be read, or whose scope names what is not there."""
    if "rules" not in tables:
        return []
    table = tables["rules"]
    known = _scopes(tables)
    problems = []
    for row, text in table.numbered().select(ROW, "condition").drop_nulls().iter_rows():
        unread = condition_fault(text)
        found = [unread] if unread else _strangers(text, known)
        problems += [Problem.at(table.file, "rules", row, "condition", *words) for words in found]
    return problems


def check_policies(tables: Mapping[str, TypedTable]) -> list[Problem]:
    """Report policies that lack what their instrument needs; of the study, where it is there."""
    if "policies" not in tables:
        return []
    table = tables["policies"]
    problems = []
    for cells in table.numbered().drop_nulls("policy").iter_rows(named=True):
        fault = policy_fault(cells["instrument"], cells["value"], cells["unit"], cells["industry"])
        if fault is None and "activity" in tables:
            fault = _without_needs(cells, tables)
        if fault is not None:
            column, found, expected = fault
            problems.append(Problem.at(table.file, "policies", cells[ROW], column, found, expected))
    return problems


def _quoted(text: object) -> Words:
    return words("quoted", value=text)


def _without_needs(cells: Mapping[str, Any], tables: Mapping[str, TypedTable]) -> Fault | None:
    """A payment per unit of what no figure of the study says how much is used."""
    instrument = cells["instrument"]
    columns = RECKONED_IN.get(instrument, ())
    if not columns or any(_any_figure(tables, *column) for column in columns):
        return None
    return "instrument", _quoted(instrument), words(f"reckoned.{instrument}")


def _any_figure(tables: Mapping[str, TypedTable], name: str, column: str) -> bool:
    if name not in tables:
        return False
    frame = tables[name].frame
    if name == "intensities":
        return frame.filter(resource=column)["amount"].is_not_null().any()
    return frame[column].is_not_null().any()


def _scopes(tables: Mapping[str, TypedTable]) -> dict[str, list[str]]:
    """Values that each field of a scope may have; a field that nothing tells of is left out."""
    found: dict[str, list[str]] = {"class": list(CLASSES)}
    for field, columns in SCOPED.items():
        found[field] = [
            value
            for name, column in columns
            if name in tables
            for value in tables[name].frame[column].drop_nulls().unique(maintain_order=True)
        ]
    return {field: values for field, values in found.items() if values}


def _strangers(text: str, known: Mapping[str, list[str]]) -> Iterator[tuple[Words, Words]]:
    """Values of a condition's scope that the study does not have."""
    for field, values in read_condition(text).scope.items():
        for value in sorted(values):
            if field not in known or value in known[field]:
                continue
            close = nearest(value, known[field])
            some = words("one_of", listed=", ".join(known[field][:12]))
            yield _quoted(f"{field} = {value}"), same(f"{field} = {close}") if close else some
