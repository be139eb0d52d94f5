"""What is known of names beyond a study: places of China, manufacturing in GB/T 4754-2017."""

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

import polars as pl

from yanzhen.study.about import Source
from yanzhen.study.gazetteer import places
from yanzhen.study.gazetteer.changes import changes
from yanzhen.study.gazetteer.short_names import short_names
from yanzhen.study.importing.headings import loose
from yanzhen.study.importing.naming import Entry, Register, code_and_name

NATION = Entry("100000", "中国", "nation", ("全国", "China", "中华人民共和国"))
MANUFACTURING = "manufacturing"
PLACES = Source(
    "gazetteer",
    "GB/T 2260 codes and names; points of prefectures and counties: centres computed from "
    "simplified boundaries of the China Urban Research Entity Crosswalk",
    table="regions",
    licence="official classification; points CC BY 4.0",
    title_zh="GB/T 2260 代码与名称；地市、区县的点为简化边界的中心"
    "（China Urban Research Entity Crosswalk）",
)
DIVISIONS = Source(
    "gbt4754",
    "GB/T 4754-2017: names of manufacturing divisions, National Bureau of Statistics; of groups "
    "and classes, public transcriptions of the standard that agree",
    table="industries",
    licence="official classification",
    title_zh="GB/T 4754-2017 制造业大类名称（国家统计局），中类、小类名称（相互一致的公开转录）",
)
_BELOW_DIVISION = re.compile(r"C?(\d{3,4})")
_EMBEDDED = "examples/china_provinces/regions.csv"
# Sections that GB/T 4754, ISIC and NACE have in common.
_SECTIONS = {"A": "agriculture", "B": "mining", "C": MANUFACTURING}


@cache
def known_places() -> Register:
    """Places of China by code, full and short name, English name and the names they had."""
    english = {code: row["name_en"] for code, row in provinces().items()}
    listed = [NATION]
    for code, level, name, name_en, parent in (
        places().select("code", "level", "name_zh", "name_en", "parent").iter_rows()
    ):
        further = (*short_names(name)[1:], english.get(code) or name_en or "")
        listed.append(Entry(code, name, level, further, parent or NATION.code))
    by_code = {entry.code: entry for entry in listed}
    for change in changes().iter_rows(named=True):
        into = by_code.get(change["into"])
        if change["change"] in ("renamed", "recoded") and into is not None:
            former = (*short_names(change["name_zh"]), change["code"])
            names = (*into.names, *(name for name in former if name != into.code))
            by_code[into.code] = Entry(into.code, into.name, into.level, names, into.parent)
        elif change["code"] not in by_code:
            names = short_names(change["name_zh"])
            by_code[change["code"]] = Entry(
                change["code"],
                change["name_zh"],
                "prefecture",
                names[1:],
                f"{change['code'][:2]}0000",
            )
    return Register.of(by_code.values())


@cache
def known_industries() -> Register:
    """Section C of GB/T 4754-2017 with its divisions, groups and classes, by name and by code with
    and without the letter."""
    listed = (
        Entry(code, zh, "", (en, *((code[1:],) if len(code) > 1 else ())))
        for code, zh, en in divisions().select("code", "name_zh", "name_en").iter_rows()
    )
    below = (Entry(code, zh, "", (code[1:],)) for code, zh in groups().iter_rows())
    return Register.of((*listed, *below))


def below_division(label: str) -> Entry | None:
    """A group or class of GB/T 4754-2017 by its code, such as 1351 or C135.

    Its name is the file's where that gives one. A class that is its whole group has its name.

    None where a label is no such code below a division that is known.
    """
    code, name = code_and_name(label) or (label, "")
    written = _BELOW_DIVISION.fullmatch(code)
    if written is None or f"C{written[1][:2]}" not in set(divisions()["code"]):
        return None
    own = f"C{written[1]}"
    return Entry(own, name or _names_below().get(own, own))


@cache
def _names_below() -> Mapping[str, str]:
    names = dict(groups().iter_rows())
    whole = {f"{code}0": name for code, name in names.items() if len(code) == len("C131")}
    return whole | names


@cache
def groups() -> pl.DataFrame:
    """Groups and classes of manufacturing in GB/T 4754-2017: code, name_zh.

    A class that is its whole group, such as C1340, is not listed beside it.
    """
    table = files("yanzhen.study.classifications").joinpath("gbt4754_2017_groups.csv")
    return pl.read_csv(table.read_bytes(), infer_schema=False)


@cache
def divisions() -> pl.DataFrame:
    """Divisions of manufacturing in GB/T 4754-2017: code, name_zh, name_en, sector."""
    table = files("yanzhen.study.classifications").joinpath("gbt4754_2017.csv")
    return pl.read_csv(table.read_bytes(), infer_schema=False)


@cache
def provinces() -> Mapping[str, Mapping[str, str | None]]:
    """Rows of the embedded study's provinces, with English names and macro-regions, by code."""
    table = files("yanzhen.study").joinpath(_EMBEDDED)
    rows = pl.read_csv(table.read_bytes(), infer_schema=False).iter_rows(named=True)
    return {row["region"]: row for row in rows}


def sector_of(code: str, name: str = "") -> str | None:
    """The sector that a code's section or an industry's name tells; NAICS 31 to 33 manufactures."""
    if code[:1] in _SECTIONS and (len(code) == 1 or code[1:2].isdigit()):
        return _SECTIONS[code[0]]
    if code[:2] in ("31", "32", "33"):
        return MANUFACTURING
    return _sectors_by_name().get(loose(name))


@cache
def _sectors_by_name() -> Mapping[str, str]:
    text = files("yanzhen.study.importing").joinpath("sectors.toml").read_text(encoding="utf-8")
    return {loose(name): sector for sector, names in tomllib.loads(text).items() for name in names}
