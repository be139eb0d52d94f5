"""The settings of a study, checked one by one."""

from collections.abc import Callable, Mapping
from dataclasses import fields
from typing import Any

from yanzhen.study.about import MAY_BE_LEFT_OUT, About, Source, Units
from yanzhen.study.coverage import COVERED, HALF_TABLES, IN_FULL, PART, YEARS_OF_MOVES, Coverage
from yanzhen.study.problem import Problem, Words, nearest
from yanzhen.study.size import SIZES
from yanzhen.study.units import CURRENCIES, KINDS, UNITS, units_of
from yanzhen.study.words import same, words

LineOf = Callable[[str], int | None]

TABLE = "study"
_OTHER_TITLE = {"title_zh": "title_en", "title_en": "title_zh"}
"""A title in one language is enough: it stands for that in the other."""
_TEXTS = ("title_zh", "title_en", "currency", "licence")
_CLASSIFICATIONS = ("region_classification", "industry_classification")
_REASONS = ("flag_reason_zh", "flag_reason_en")
_NAMED = ("title_zh", "title_en", "currency", *_CLASSIFICATIONS)
"""Texts of which a message says what they are."""
_SOURCE_TEXTS = ("key", "title", "url_or_doc", "table", "licence", "note", *MAY_BE_LEFT_OUT)


def no_line(key: str) -> int | None:
    """Return where a setting stands that is in no file."""
    return None


def read_settings(
    said: Mapping[str, object], file: str, line_of: LineOf
) -> tuple[About | None, list[Problem]]:
    """Read the settings of a study from nested keys and values."""
    reader = _Settings(file, line_of)
    known = tuple(field.name for field in fields(About))
    reader.refuse_unknown(said, known, "")
    optional = ("licence", *(key for key, other in _OTHER_TITLE.items() if said.get(other)))
    texts = {key: reader.text(said, key, required=key not in optional) for key in _TEXTS}
    classifications = {key: reader.text(said, key, required=True) for key in _CLASSIFICATIONS}
    if texts["currency"] and texts["currency"] not in CURRENCIES:
        reader.refuse_choice("currency", texts["currency"], CURRENCIES)
    units = reader.units(said.get("units"), texts["currency"])
    base_year = reader.year(said, "base_year")
    synthetic = reader.truth(said, "synthetic")
    sources = reader.sources(said.get("sources", []))
    about = About(
        title_zh=texts["title_zh"] or texts["title_en"],
        title_en=texts["title_en"] or texts["title_zh"],
        currency=texts["currency"],
        licence=texts["licence"],
        units=units,
        base_year=base_year,
        region_classification=classifications["region_classification"],
        industry_classification=classifications["industry_classification"],
        synthetic=synthetic,
        sources=sources,
        flagged_regions=reader.texts(said, "flagged_regions"),
        missing_years=reader.years(said, "missing_years"),
        past_from=reader.year(said, "past_from") if "past_from" in said else None,
        coverage=reader.coverage(said.get("coverage", {})),
        size=reader.size(said.get("size", "output")),
        **{key: reader.text(said, key, required=False) for key in _REASONS},
    )
    return (None if reader.problems else about), reader.problems


class _Settings:
    """Reads settings one by one and keeps what is wrong with them."""

    def __init__(self, file: str, line_of: LineOf) -> None:
        self.file = file
        self.line_of = line_of
        self.problems: list[Problem] = []

    def refuse(self, key: str, found: Words, expected: Words) -> None:
        place = self.file, TABLE, self.line_of(key), key
        self.problems.append(Problem.at(*place, found, expected))

    def refuse_value(self, key: str, value: object, expected: str) -> None:
        found = words("nothing") if value is None else same(repr(value))
        self.refuse(key, found, words(f"setting.{expected}"))

    def refuse_choice(self, key: str, value: object, choices: tuple[str, ...]) -> None:
        close = nearest(str(value), choices)
        expected = "setting.like" if close else "setting.one_of"
        listed = ", ".join(choices)
        found = words("setting.value", value=value)
        self.refuse(key, found, words(expected, close=close, listed=listed))

    def refuse_unknown(
        self, said: Mapping[str, object], known: tuple[str, ...], before: str
    ) -> None:
        for key in said:
            if key not in known:
                self.refuse_choice(before + key, before + key, tuple(before + k for k in known))

    def text(
        self, said: Mapping[str, object], key: str, *, required: bool, before: str = ""
    ) -> str:
        value = said.get(key, "")
        if not isinstance(value, str):
            self.refuse_value(before + key, value, "quoted_text")
            return ""
        if required and not value.strip():
            self.refuse_value(before + key, None, key if key in _NAMED else "text")
        return value.strip()

    def texts(self, said: Mapping[str, object], key: str, before: str = "") -> tuple[str, ...]:
        return self._list(
            said.get(key, []), before + key, "list", lambda item: isinstance(item, str)
        )

    def years(self, said: Mapping[str, object], key: str) -> tuple[int, ...]:
        return self._list(said.get(key, []), key, "years", _is_year)

    def _list(
        self, value: object, key: str, expected: str, is_one: Callable[[object], bool]
    ) -> tuple[Any, ...]:
        if isinstance(value, list) and all(map(is_one, value)):
            return tuple(value)
        self.refuse_value(key, value, expected)
        return ()

    def year(self, said: Mapping[str, object], key: str, before: str = "") -> int:
        value = said.get(key)
        if _is_year(value):
            assert isinstance(value, int)
            return value
        self.refuse_value(before + key, None if value == "" else value, "year")
        return 0

    def truth(self, said: Mapping[str, object], key: str) -> bool:
        value = said.get(key)
        if isinstance(value, bool):
            return value
        self.refuse_value(key, None if value == "" else value, "truth")
        return False

    def units(self, said: object, currency: str) -> Units:
        if not isinstance(said, dict):
            self.refuse_value("units", said, "units")
            return Units()
        self.refuse_unknown(said, KINDS, "units.")
        chosen: dict[str, str] = {}
        for kind in KINDS:
            if kind not in said:
                continue
            unit = _in_english(said[kind])
            if unit not in units_of(kind):
                self.refuse_choice(f"units.{kind}", said[kind], units_of(kind))
                continue
            chosen[kind] = unit
            if kind == "money" and currency in CURRENCIES and UNITS[unit].currency != currency:
                own = words("setting.unit_of_currency", currency=currency)
                self.refuse("units.money", words("setting.value", value=unit), own)
        return Units(**chosen)

    def size(self, said: object) -> str:
        if said not in SIZES:
            self.refuse_choice("size", said, tuple(SIZES))
            return "output"
        return str(said)

    def coverage(self, said: object) -> Coverage:
        if not isinstance(said, dict):
            self.refuse_value("coverage", said, "coverage")
            return Coverage()
        self.refuse_unknown(said, (*HALF_TABLES, *YEARS_OF_MOVES, IN_FULL), "coverage.")
        held = [str(said.get(table, PART)) for table in HALF_TABLES]
        for table, covered in zip(HALF_TABLES, held, strict=True):
            if covered not in COVERED:
                self.refuse_choice(f"coverage.{table}", covered, COVERED)
        first, last = (
            self.year(said, key, "coverage.") if key in said else None for key in YEARS_OF_MOVES
        )
        if first and last and first > last:
            later = words("setting.moves_to", first=first)
            self.refuse("coverage.moves_to", same(str(last)), later)
        in_full = self.texts(said, IN_FULL, "coverage.")
        return Coverage(held[0], held[1], held[2], first, last, in_full)

    def sources(self, said: object) -> tuple[Source, ...]:
        found = []
        sections = self._list(said, "sources", "sources", lambda item: isinstance(item, dict))
        for number, item in enumerate(sections, start=1):
            before = f"sources.{number}."
            self.refuse_unknown(item, tuple(field.name for field in fields(Source)), before)
            year = item.get("year", "")
            item = {**item, "year": str(year) if _is_year(year) else year}
            texts = {
                key: self.text(item, key, required=key in ("key", "title"), before=before)
                for key in _SOURCE_TEXTS
            }
            found.append(Source(columns=self.texts(item, "columns", before), **texts))
        return tuple(found)


def _is_year(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 1900 <= value <= 2200


def _in_english(unit: object) -> object:
    for declared in UNITS.values():
        if unit in (declared.zh, declared.en):
            return declared.en
    return unit
