"""The settings of a study, checked one by one."""

from collections.abc import Callable, Mapping
from dataclasses import fields

from yanzhen.study.about import About, Source, Units
from yanzhen.study.coverage import COVERED, HALF_TABLES, PART, YEARS_OF_MOVES, Coverage
from yanzhen.study.problem import Problem, Words, nearest
from yanzhen.study.units import CURRENCIES, KINDS, UNITS, units_of

LineOf = Callable[[str], int | None]

TABLE = "study"
_TEXTS = ("title_zh", "title_en", "currency", "licence")
_CLASSIFICATIONS = ("region_classification", "industry_classification")
_REASONS = ("flag_reason_zh", "flag_reason_en")
_EXPECTED: dict[str, Words] = {
    "title_zh": ("the title in Chinese", "中文标题"),
    "title_en": ("the title in English", "英文标题"),
    "currency": ("a currency such as CNY", "币种，如 CNY"),
    "region_classification": (
        "the classification of the regions, such as GB/T 2260",
        "区域分类，如 GB/T 2260",
    ),
    "industry_classification": (
        "the classification of the industries, such as GB/T 4754-2017",
        "行业分类，如 GB/T 4754-2017",
    ),
}
_SOURCE_TEXTS = ("key", "title", "title_zh", "url_or_doc", "table", "licence", "note")


def read_settings(
    said: Mapping[str, object], file: str, line_of: LineOf
) -> tuple[About | None, list[Problem]]:
    """Read the settings of a study from nested keys and values."""
    reader = _Settings(file, line_of)
    known = tuple(field.name for field in fields(About))
    reader.refuse_unknown(said, known, "")
    texts = {key: reader.text(said, key, required=key != "licence") for key in _TEXTS}
    classifications = {key: reader.text(said, key, required=True) for key in _CLASSIFICATIONS}
    if texts["currency"] and texts["currency"] not in CURRENCIES:
        reader.refuse_choice("currency", texts["currency"], CURRENCIES)
    units = reader.units(said.get("units"), texts["currency"])
    base_year = reader.year(said, "base_year")
    synthetic = reader.truth(said, "synthetic")
    sources = reader.sources(said.get("sources", []))
    about = About(
        title_zh=texts["title_zh"],
        title_en=texts["title_en"],
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
        coverage=reader.coverage(said.get("coverage", {})),
        **{key: reader.text(said, key, required=False) for key in _REASONS},
    )
    return (None if reader.problems else about), reader.problems


class _Settings:
    """Reads settings one by one and keeps what is wrong with them."""

    def __init__(self, file: str, line_of: LineOf) -> None:
        self.file = file
        self.line_of = line_of
        self.problems: list[Problem] = []

    def refuse(self, key: str, found: tuple[str, str], expected: tuple[str, str]) -> None:
        self.problems.append(
            Problem.at(
                self.file,
                TABLE,
                self.line_of(key),
                key,
                (found[0], found[1]),
                (expected[0], expected[1]),
            )
        )

    def refuse_choice(self, key: str, value: object, choices: tuple[str, ...]) -> None:
        close = nearest(str(value), choices)
        listed = ", ".join(choices)
        self.refuse(
            key,
            (repr(value), f"“{value}”"),
            (
                f"{close!r} or another of: {listed}" if close else f"one of: {listed}",
                f"“{close}”，或下列之一：{listed}" if close else f"下列之一：{listed}",
            ),
        )

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
            self.refuse(
                before + key,
                (f"{value!r}", f"{value!r}"),
                ("text in double quotes", "英文双引号括起的文字"),
            )
            return ""
        if required and not value.strip():
            self.refuse(before + key, ("nothing", "空白"), _EXPECTED.get(key, ("a text", "文字")))
        return value.strip()

    def texts(self, said: Mapping[str, object], key: str, before: str = "") -> tuple[str, ...]:
        value = said.get(key, [])
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            self.refuse(
                before + key,
                (f"{value!r}", f"{value!r}"),
                ('a list of texts such as ["210000"]', '文字列表，如 ["210000"]'),
            )
            return ()
        return tuple(value)

    def year(self, said: Mapping[str, object], key: str, before: str = "") -> int:
        value = said.get(key)
        if not _is_year(value):
            shown = ("nothing", "空白") if value in (None, "") else (f"{value!r}", f"{value!r}")
            self.refuse(before + key, shown, ("a year such as 2017", "年份，如 2017"))
            return 0
        assert isinstance(value, int)
        return value

    def years(self, said: Mapping[str, object], key: str) -> tuple[int, ...]:
        value = said.get(key, [])
        if not isinstance(value, list) or not all(_is_year(item) for item in value):
            self.refuse(
                key, (f"{value!r}", f"{value!r}"), ("years such as [2013]", "年份，如 [2013]")
            )
            return ()
        return tuple(value)

    def truth(self, said: Mapping[str, object], key: str) -> bool:
        value = said.get(key)
        if not isinstance(value, bool):
            shown = ("nothing", "空白") if value in (None, "") else (f"{value!r}", f"{value!r}")
            self.refuse(
                key,
                shown,
                ("true (figures made up) or false", "true（数据为合成）或 false"),
            )
            return False
        return value

    def units(self, said: object, currency: str) -> Units:
        if not isinstance(said, dict):
            self.refuse(
                "units",
                ("nothing", "空白") if said is None else (f"{said!r}", f"{said!r}"),
                ("a section [units]", "[units] 一节"),
            )
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
                self.refuse(
                    "units.money",
                    (repr(unit), f"“{unit}”"),
                    (f"a unit of the currency {currency}", f"币种 {currency} 的单位"),
                )
        return Units(**chosen)

    def coverage(self, said: object) -> Coverage:
        if not isinstance(said, dict):
            self.refuse(
                "coverage", (f"{said!r}", f"{said!r}"), ("a section [coverage]", "[coverage] 一节")
            )
            return Coverage()
        self.refuse_unknown(said, (*HALF_TABLES, *YEARS_OF_MOVES), "coverage.")
        held = [str(said.get(table, PART)) for table in HALF_TABLES]
        for table, covered in zip(HALF_TABLES, held, strict=True):
            if covered not in COVERED:
                self.refuse_choice(f"coverage.{table}", covered, COVERED)
        first, last = (
            self.year(said, key, "coverage.") if key in said else None for key in YEARS_OF_MOVES
        )
        if first and last and first > last:
            self.refuse(
                "coverage.moves_to",
                (str(last), str(last)),
                (f"{first} (moves_from) or later", f"不早于 {first} 年（moves_from）"),
            )
        return Coverage(held[0], held[1], held[2], first, last)

    def sources(self, said: object) -> tuple[Source, ...]:
        if not isinstance(said, list) or not all(isinstance(item, dict) for item in said):
            self.refuse(
                "sources", (f"{said!r}", f"{said!r}"), ("sections [[sources]]", "[[sources]] 各节")
            )
            return ()
        found = []
        for number, item in enumerate(said, start=1):
            before = f"sources.{number}."
            self.refuse_unknown(item, tuple(field.name for field in fields(Source)), before)
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
