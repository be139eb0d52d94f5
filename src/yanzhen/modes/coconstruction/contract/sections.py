"""Where each term of a contract stands: by its key in the file, such as `cap.amount`."""

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any

from yanzhen.modes.coconstruction.contract.terms import (
    Cap,
    Eligibility,
    Equity,
    Exit,
    Period,
    Recovery,
    Split,
    StatisticsSplit,
    Terms,
    TopUp,
)

EMPTY = Terms("", "")
"""Terms in which nothing is said."""
SECTIONS: Mapping[str, Any] = MappingProxyType(
    {
        "eligibility": Eligibility(),
        "extension": None,
        "periods": Period(None, Split(0, 0)),
        "recovery": Recovery(),
        "cap": Cap(),
        "top_up": TopUp(),
        "exit": Exit(),
        "statistics": StatisticsSplit(),
        "equity": Equity(Split(0, 0)),
    }
)
"""Each section as it stands where nothing is said in it, in the order of a file; None for a section
whose terms stand in `Terms` itself, as `extension.years` in `extension_years`."""
SEVERAL = tuple(name for name in SECTIONS if getattr(EMPTY, name, None) == ())
"""Sections of which a file may have several."""


def field_of(key: str) -> str:
    """Name under which the dataclass that holds a term has it."""
    section, _, name = key.rpartition(".")
    return f"{section}_{name}" if section and SECTIONS[section] is None else name


def holders(terms: Terms, section: str) -> dict[str, Any]:
    """What holds the terms of a section, by its path; nothing where terms don't have the section.

    Parameters
    ----------
    section : its name, empty for the terms outside of all sections
    """
    if not section:
        return {"": terms}
    if SECTIONS[section] is None:
        return {f"{section}.": terms}
    held = getattr(terms, section)
    if section in SEVERAL:
        return {f"{section}.{k}.": each for k, each in enumerate(held, 1)}
    return {} if held is None else {f"{section}.": held}


def with_value(terms: Terms, key: str, value: object) -> Terms:
    """Terms with another value of one term, in a section of its own where there was none."""
    section = key.rpartition(".")[0]
    changed = {field_of(key): value}
    empty = SECTIONS.get(section)
    if empty is None:
        return replace(terms, **changed)  # type: ignore[arg-type]
    held = getattr(terms, section)
    holder = replace(empty if held is None else held, **changed)
    return replace(terms, **{section: holder})
