"""Units of one thing per another, as people write them: CNY per kWh, 万元/亩, yuan per person-year.

A rate is a unit above a line and one or more below it. Names are those of `yanzhen.study.units` in
both languages and what else is usual; spaces, commas and capitals don't matter.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

from yanzhen.study.units import UNITS

_BETWEEN = re.compile(r"\s+per\s+|\s*/\s*|\s*每\s*")
_JOINED = re.compile(r"\s*(?:[·*×-]|\band\b)\s*")
_NOISE = re.compile(r"[\s,，()（）]")
_MORE: Mapping[str, tuple[str, float, str]] = MappingProxyType(
    {
        **dict.fromkeys(("person", "worker", "workers", "job", "jobs"), ("persons", 1.0, "")),
        **dict.fromkeys(("employee", "employees", "head", "capita"), ("persons", 1.0, "")),
        "kwh": ("energy", 3.6e-3, ""),
        "千瓦时": ("energy", 3.6e-3, ""),
        "千瓦小时": ("energy", 3.6e-3, ""),
        "度": ("energy", 3.6e-3, ""),
        "10000kwh": ("energy", 36.0, ""),
        "万千瓦时": ("energy", 36.0, ""),
        "万度": ("energy", 36.0, ""),
        "亿千瓦时": ("energy", 3.6e5, ""),
        **dict.fromkeys(("m²", "㎡", "sqm", "平米", "squaremetre"), ("area", 1.0, "")),
        **dict.fromkeys(("hectare", "hectares"), ("area", 1e4, "")),
        **dict.fromkeys(("km²", "平方公里"), ("area", 1e6, "")),
        **dict.fromkeys(("万亩", "10000mu"), ("area", 1e8 / 15, "")),
        **dict.fromkeys(("t", "tonne", "tonnes", "吨"), ("emissions", 1.0, "")),
        **dict.fromkeys(("year", "years", "yr", "annum", "年"), ("time", 1.0, "")),
        **dict.fromkeys(("month", "months", "月"), ("time", 1 / 12, "")),
    }
)
"""Kind, factor to the base unit (years for time), currency of names beside the declared ones."""
_YUAN = ("yuan", "rmb", "人民币", "元人民币")


@dataclass(frozen=True)
class Rate:
    """How many base units above the line there are per base unit below it.

    Attributes
    ----------
    above, below : kinds of the units, such as money, persons, energy, area, time; below sorted
    currency : of money on either side
    factor : base units above per base unit below
    """

    above: str
    below: tuple[str, ...]
    currency: str
    factor: float


def unit_named(name: str) -> tuple[str, float, str] | None:
    """Return kind, factor to the base unit and currency of a unit as people name it, if known."""
    return _known().get(_NOISE.sub("", name.lower()))


def rate_of(text: str) -> Rate | None:
    """Read a rate such as "10,000 CNY per person-year", None where it is none."""
    above, *below = [_parts(piece) for piece in _BETWEEN.split(text.strip().lower())]
    if above is None or len(above) != 1 or not below or None in below:
        return None
    parts = [part for piece in below for part in piece or ()]
    factor = above[0][1]
    for _, size, _ in parts:
        factor /= size
    currencies = {part[2] for part in (*above, *parts) if part[2]}
    if len(currencies) > 1:
        return None
    kinds = tuple(sorted(kind for kind, *_ in parts))
    return Rate(above[0][0], kinds, "".join(currencies), factor)


def _parts(text: str) -> list[tuple[str, float, str]] | None:
    """Units joined in one piece, such as person-year, None where one is not known."""
    whole = _known().get(_NOISE.sub("", text))
    if whole is not None:
        return [whole]
    bare = _NOISE.sub("", text)
    pieces = ["人", bare[1:]] if bare[:1] == "人" and bare[1:] in ("年", "月") else None
    pieces = pieces or [_NOISE.sub("", piece) for piece in _JOINED.split(text)]
    found = [_known().get(piece) for piece in pieces]
    if len(found) < 2 or None in found:
        return None
    return [part for part in found if part is not None]


@cache
def _known() -> dict[str, tuple[str, float, str]]:
    names: dict[str, tuple[str, float, str]] = {}
    for unit in UNITS.values():
        meaning = unit.kind, unit.factor, unit.currency
        for name in (unit.en, unit.zh):
            bare = _NOISE.sub("", name.lower())
            names.setdefault(bare, meaning)
            if unit.currency == "CNY":
                for yuan in _YUAN:
                    names.setdefault(bare.replace("cny", yuan).replace("元", yuan), meaning)
    return names | {name: meaning for name, meaning in _MORE.items() if name not in names}
