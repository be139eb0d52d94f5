"""What a heading, a title or the name of a sheet says: year, unit, and which column is meant."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache, lru_cache
from importlib.resources import files

from yanzhen.study.importing.grids import tidy
from yanzhen.study.importing.units import NamedUnit, units_in
from yanzhen.study.tables import TABLES, meanings

LABELS = (
    *("region", "region_code", "region_code_head", "region_code_tail", "industry"),
    *("industry_code", "year", "measure", "unit", "value", "flag", "suppression", "number"),
)
"""What a column may say of a row's figures, beside the columns of a table themselves."""

RATES = "intensities"
"""Table of what a unit of output needs, each resource under a heading of its own."""
_YEAR = re.compile(r"(?<![\d.])((?:19[5-9]|20\d)\d)(?:\.0)?(?:\s*年度?)?(?![\d.]*\d)")
_PERIOD = re.compile(r"(?:19|20)\d\d\s*年?\s*[-–—~～至]\s*(?:19|20)?\d\d\s*年?")
_NO_LEVEL = re.compile(
    r"增长|增速|增幅|同比|环比|比上年|指数|比重|占比|构成|人均|亩均|growth|change|index|share of|"
    r"per capita|per worker|%",
    re.IGNORECASE,
)
_LOOSE = re.compile(r"[\s_\-·:：、,，.。/\\＼|'\"“”《》]+")
_CHINESE = re.compile(r"[\u4e00-\u9fff]")
_SHORTEST_END = 3


@dataclass(frozen=True)
class Heading:
    """What a heading says.

    Attributes
    ----------
    text : as it is written, tidy
    year : where it names exactly one
    units : that it names, several in the title of a table of several measures
    label : one of `LABELS`, where it heads such a column
    terms : column of each table that it may head
    words : what is left without year and unit, and of several lines without label and terms
    name : what is left without year and unit, by which a mapping knows the heading
    """

    text: str
    year: int | None = None
    units: tuple[NamedUnit, ...] = ()
    label: str | None = None
    terms: Mapping[str, str] = field(default_factory=dict)
    words: str = ""
    name: str = ""


@lru_cache(maxsize=65536)
def heading_of(text: str, is_title: bool = False) -> Heading:
    """Read a heading.

    Parameters
    ----------
    is_title : whether it is the title of a whole table, in which a term stands among other words
    """
    written = tidy(text)
    if not written:
        return Heading("")
    units, rest = units_in(_PERIOD.sub(" ", written) if is_title else written)
    if not units and not is_title:
        # A space between two Chinese words is none once the heading is tidy.
        units, spaced = units_in(" ".join(text.split()))
        rest = tidy(spaced) if units else rest
    years = {int(year) for year in _YEAR.findall(rest)}
    year = years.pop() if len(years) == 1 else None
    words = _YEAR.sub(" ", rest).strip(" :：,，-—–·_.") if year is not None else rest
    key = loose(words)
    terms = {} if _NO_LEVEL.search(words) else _terms_of(key, words, is_title)
    if key in _terms()[RATES] and any(unit.kind == "rate" for unit in units):
        terms = {RATES: _terms()[RATES][key]}
    if is_title:
        terms = {table: term for table, term in terms.items() if _is_measure(table, term)}
    label = None if is_title else _label_of(words)
    return Heading(written, year, tuple(units), label, terms, words, words)


def _label_of(words: str) -> str | None:
    """The label that a heading stands for; of a corner such as 地区＼行业 its first part counts."""
    labels = _labels()
    for part in (words, re.split(r"[\\＼/|]", words)[0]):
        if loose(part) in labels:
            return labels[loose(part)]
    return None


def _is_measure(table: str, term: str) -> bool:
    """Whether a column holds figures; those of `indicators` and `resources` stand in rows there."""
    column = meanings(table).get(term)
    return column is None or column.kind == "amount"


def _terms_of(key: str, words: str, is_title: bool) -> dict[str, str]:
    """Columns, by table, that words may head."""
    if not key:
        return {}
    exact = {table: terms[key] for table, terms in _terms().items() if key in terms}
    if exact and not is_title:
        return exact
    found = {}
    for table, terms in _terms().items():
        ends = [term for term in terms if _ends(key, words, term, is_title)]
        if ends:
            longest = max(map(len, ends))
            columns = {terms[term] for term in ends if len(term) == longest}
            if len(columns) == 1:
                found[table] = columns.pop()
    return found | exact


def _ends(key: str, words: str, term: str, is_title: bool) -> bool:
    """Whether a Chinese heading ends with a term, or a title has an English one among its words."""
    if _CHINESE.search(term):
        return len(term) >= _SHORTEST_END and (key.endswith(term) or (is_title and term in key))
    return is_title and term in _joined(words.casefold())


def _joined(words: str) -> set[str]:
    """Every run of up to four words of a text, as a term is written."""
    pieces = re.findall(r"[a-z0-9]+", words)
    return {
        "".join(pieces[start:end])
        for start in range(len(pieces))
        for end in range(start + 1, min(start + 4, len(pieces)) + 1)
    }


def loose(text: str) -> str:
    """A text without what does not matter in a name: case, spaces, punctuation."""
    return _LOOSE.sub("", text.casefold())


@cache
def _written() -> dict[str, dict[str, list[str]]]:
    text = files("yanzhen.study.importing").joinpath("headings.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


@cache
def _labels() -> dict[str, str]:
    return {
        loose(tidy(word)): label for label, words in _written()["roles"].items() for word in words
    }


@cache
def _terms() -> dict[str, dict[str, str]]:
    """Columns of each table by what may head them, their own names included."""
    terms: dict[str, dict[str, str]] = {table: {} for table in (*TABLES, "resources")}
    for table in TABLES:
        terms[table] |= {loose(column): column for column in meanings(table)}
    for table, columns in _written().items():
        if table != "roles":
            for column, words in columns.items():
                terms[table] |= {loose(tidy(word)): column for word in words}
    return terms
