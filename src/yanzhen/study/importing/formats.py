"""Formats of files documented once for all: units, marks and years that no file repeats."""

import re
import tomllib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from yanzhen.study.problem import Words


@dataclass(frozen=True)
class Format:
    """A format of files, known by its headings.

    Attributes
    ----------
    name : in English and in Chinese
    headings : that every file of it has, in lower case
    units : of figures, by heading
    withheld : signs under which a zero is no figure, by the heading of their column
    year_in_name : what of a file's name is the year's two digits, empty where the name says none
    source : the documentation that says so
    """

    name: Words
    headings: frozenset[str]
    units: Mapping[str, str]
    withheld: Mapping[str, str]
    year_in_name: str
    source: str

    def year_of(self, file: str) -> int | None:
        """The year that the name of a file tells; those of two digits are from 1970 on."""
        found = re.match(self.year_in_name, file.casefold()) if self.year_in_name else None
        if found is None:
            return None
        digits = int(found.group(1))
        return digits + (1900 if digits >= 70 else 2000)


def format_of(headings: Collection[str]) -> Format | None:
    """The format of a file with these headings; None where none is known."""
    there = {heading.strip().casefold() for heading in headings}
    return next((known for known in formats() if known.headings <= there), None)


@cache
def formats() -> tuple[Format, ...]:
    """The formats that are known."""
    text = files("yanzhen.study.importing").joinpath("formats.toml").read_text(encoding="utf-8")
    return tuple(
        Format(
            (said["name"]["en"], said["name"]["zh"]),
            frozenset(said["headings"]),
            said["units"],
            said["withheld"],
            said.get("year_in_name", ""),
            said["source"],
        )
        for said in tomllib.loads(text).values()
    )
