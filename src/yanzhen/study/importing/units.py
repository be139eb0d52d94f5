"""Units as headings, corners and columns of a file name them, into those of a study."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from yanzhen.study.about import Units
from yanzhen.study.columns import UnitKind
from yanzhen.study.rates import rate_of, unit_named
from yanzhen.study.units import factor

_COUNTS = frozenset(("个", "家", "户", "个数", "number", "no", "units", "count", "pieces"))
_BRACKETS = re.compile(r"[(（\[]([^()（）\[\]]*)[)）\]]")
_SAID = re.compile(
    r"(?:计量)?单位\s*[:：]\s*([^()（）]+)|\bunits?\s*(?::|：)\s*([^()]+)", re.IGNORECASE
)
_APART = re.compile(r"[\s_/／:：]+")
_CHINESE = re.compile(r"[\u4e00-\u9fff]")
_LISTED = re.compile(r"\s*[、;；]\s*|\s*[,，]\s*(?!\d{3}(?!\d))|\s+and\s+")
_SPELT = (
    (re.compile(r"\bthousands?\b|\bths\b"), "1000 "),
    (re.compile(r"\bmillions?\b|\bmio\b|\bmill?\b\.?|\bm\.(?=[a-z]{3}$)"), "million "),
    (re.compile(r"\beuros?\b"), "eur"),
    (re.compile(r"\bus dollars?\b|\bdollars?\b"), "usd"),
)
# Codes of Eurostat's code list UNIT: million euro (at current prices), thousand persons, persons.
_CODES = {
    **dict.fromkeys(("mio_eur", "cp_meur", "mio eur", "cp meur"), "million EUR"),
    **dict.fromkeys(("ths_per", "ths", "ths per"), "1,000 persons"),
    **dict.fromkeys(("per", "pers"), "persons"),
}


@dataclass(frozen=True)
class NamedUnit:
    """A unit that a file names.

    Attributes
    ----------
    text : as it is written
    kind : money, persons, energy, emissions, area, number, share, or rate
    factor : base units in one of it
    currency : of money
    """

    text: str
    kind: str
    factor: float
    currency: str = ""


def unit_of(text: str) -> NamedUnit | None:
    """Read the name of a unit; None where it is none.

    Examples
    --------
    >>> unit_of("万元").factor
    10000.0
    >>> unit_of("thousand persons").kind
    'persons'
    """
    plain = unicodedata.normalize("NFKC", text).strip().lower()
    if not plain:
        return None
    if plain in ("%", "per cent", "percent", "％"):
        return NamedUnit(text.strip(), "share", 0.01)
    if plain in _COUNTS:
        return NamedUnit(text.strip(), "number", 1.0)
    named = unit_named(_CODES.get(plain, plain)) or unit_named(_spelt(plain))
    if named is not None and named[0] != "time":
        return NamedUnit(text.strip(), *named)
    rate = rate_of(_spelt(plain)) if re.search(r"/|每| per ", plain) else None
    return None if rate is None else NamedUnit(text.strip(), "rate", rate.factor, rate.currency)


def units_in(text: str) -> tuple[list[NamedUnit], str]:
    """Return the units that a heading or title names, and what is left of it."""
    found: list[NamedUnit] = []

    def taken(words: str) -> bool:
        units = _listed(words)
        found.extend(units)
        return bool(units)

    said = _SAID.search(text)
    if said is not None and any(map(taken, _beginnings(said.group(1) or said.group(2)))):
        text = f"{text[: said.start()]} {text[said.end() :]}"
    text = _BRACKETS.sub(lambda each: "" if taken(each.group(1)) else each.group(), text)
    head, comma, tail = text.rpartition(",") if "," in text else text.rpartition("，")
    if comma and head.strip() and taken(tail):
        text = head
    elif not found and text.strip().lower() not in _COUNTS and taken(text):
        text = ""
    elif not found:
        text = next((head for head, tail in _apart(text) if taken(tail)), text)
    return found, text.strip()


def _apart(text: str) -> Iterator[tuple[str, str]]:
    """A Chinese heading and what may be its unit, without brackets: 工业产值 亿元, 地价/万元/亩."""
    for sign in _APART.finditer(text):
        head, tail = text[: sign.start()].strip(), text[sign.end() :].strip()
        if head and _CHINESE.search(tail) and tail not in _COUNTS:
            yield head, tail


def _beginnings(words: str) -> tuple[str, ...]:
    """What may be the unit of words that go on with something else, the longest first."""
    pieces = words.split()
    return tuple(" ".join(pieces[:end]) for end in range(len(pieces), 0, -1))


def into(unit: NamedUnit, kind: UnitKind, units: Units, currency: str) -> float | None:
    """Return what figures in a unit are multiplied with to be in the study's; None if they cannot.

    Parameters
    ----------
    kind : of the column that they go to
    units, currency : of the study
    """
    if kind in ("money", "persons", "energy", "emissions", "area"):
        if unit.kind != kind or unit.currency not in ("", currency):
            return None
        return unit.factor / factor(getattr(units, kind))
    if kind == "number":
        return 1.0 if unit.kind == "number" else None
    if kind == "share":
        return unit.factor if unit.kind == "share" else None
    return None


def _listed(words: str) -> list[NamedUnit]:
    """The units of a list of them; none where any of it is something else."""
    whole = unit_of(words)
    if whole is not None:
        return [whole]
    units = [unit_of(part) for part in _LISTED.split(words.strip())]
    return [] if None in units else [unit for unit in units if unit is not None]


def _spelt(plain: str) -> str:
    for pattern, name in _SPELT:
        plain = pattern.sub(name, plain.replace("_", " "))
    return plain
