"""NACE Rev. 2 and NAICS: which of them the industries of files are of, and what it calls them.

A file says so in the heading of its codes (nace_r2, NAICS) or by its format (QCEW, County Business
Patterns); codes alone, which may number anything, do not.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files

import polars as pl

from yanzhen.study.about import Source
from yanzhen.study.importing.axes import Axis
from yanzhen.study.importing.layout import INDUSTRY_LABELS, Layout
from yanzhen.study.importing.naming import Entry

# What is a producer service is ours: what enterprises buy more than households do.
_NACE_SECTORS = {
    **dict(A="agriculture", B="mining", C="manufacturing", D="utilities", E="utilities"),
    **dict(F="construction"),
    **dict.fromkeys("HJKMN", "producer_services"),
    **dict.fromkeys("GILOPQRSTU", "other_services"),
}
_NAICS_SECTORS = {
    **{"11": "agriculture", "21": "mining", "22": "utilities", "23": "construction"},
    **dict.fromkeys(("31", "32", "33"), "manufacturing"),
    **dict.fromkeys(("48", "49", "51", "52", "54", "55", "56"), "producer_services"),
    **dict.fromkeys(("42", "44", "45", "53", "61", "62", "71", "72", "81", "92"), "other_services"),
}


@dataclass(frozen=True)
class Published:
    """A published classification of industries.

    Attributes
    ----------
    name : as a study states it
    source : of its names
    names : in English, by code
    sectors : sector by what codes begin with
    """

    name: str
    source: Source
    names: Mapping[str, str]
    sectors: Mapping[str, str]

    def sector_of(self, code: str) -> str | None:
        """The sector that the beginning of a code tells; None where the code is no such code."""
        length = len(next(iter(self.sectors)))
        is_code = len(code) == length or code[length : length + 1] in "-0123456789"
        return self.sectors.get(code[:length]) if is_code else None

    def named(self, industries: Axis) -> Axis:
        """The industries of files, each that the files do not name under its published name."""

        def with_name(entry: Entry) -> Entry:
            plain = entry.code.replace(".", "")
            known = self.names.get(plain) if entry.name == entry.code else None
            return entry if known is None else replace(entry, name=known)

        return replace(
            industries,
            entries={code: with_name(entry) for code, entry in industries.entries.items()},
            found=tuple(
                each if each.entry is None else replace(each, entry=with_name(each.entry))
                for each in industries.found
            ),
        )


def published_for(layouts: Iterable[Layout | None]) -> Published | None:
    """The classification that all files with industries say that they use; None where none does."""
    said = set()
    for layout in layouts:
        columns = [] if layout is None else layout.labelled(*INDUSTRY_LABELS)
        headings = [column.heading.text.casefold() for column in columns]
        if any(heading.startswith("nace") for heading in headings):
            said.add("nace")
        elif any(heading.startswith("naics") for heading in headings) or (
            headings and layout is not None and layout.format is not None
        ):
            said.add("naics")
        elif headings:
            return None
    if len(said) != 1:
        return None
    return nace() if said == {"nace"} else naics()


@cache
def nace() -> Published:
    """NACE Rev. 2, every level."""
    title = "NACE Rev. 2 (Regulation (EC) No 1893/2006, Annex I), Eurostat: names of all levels"
    source = Source("nace", title, table="industries", licence="official classification")
    return Published("NACE Rev. 2", source, _names("nace_rev2.csv"), _NACE_SECTORS)


@cache
def naics() -> Published:
    """NAICS 2022, and codes of 2017 that it no longer has."""
    title = "North American Industry Classification System 2022 and 2017, U.S. Census Bureau: names"
    source = Source("naics", title, table="industries", licence="public domain")
    return Published("NAICS", source, _names("naics.csv"), _NAICS_SECTORS)


def _names(file: str) -> dict[str, str]:
    table = files("yanzhen.study.classifications").joinpath(file).read_bytes()
    return dict(pl.read_csv(table, infer_schema=False).select("code", "name_en").iter_rows())
