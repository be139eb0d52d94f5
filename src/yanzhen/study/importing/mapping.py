"""What was decided of files of a kind, kept in TOML so that next year's go in as they are."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from yanzhen.study.encoding import text_of, toml_of
from yanzhen.study.importing.units import unit_of
from yanzhen.study.problem import Problem, StudyError, Words, nearest
from yanzhen.study.study_toml import line_of
from yanzhen.study.tables import TABLES
from yanzhen.study.tables.economy import SECTORS
from yanzhen.study.words import words

_SECTIONS = ("regions", "industries", "sectors", "headings", "units", "only")
PARSERS = ("eora26", "exiobase1", "exiobase2", "exiobase3", "gloria", "oecd", "wiod")
"""Databases that pymrio parses from the files of their makers."""
_SINGLE = ("table", "year", "column", "parser")


@dataclass(frozen=True)
class Mapped:
    """Decisions of a mapping file.

    Attributes
    ----------
    table : that the files are for, None where their headings tell
    year, column : of figures of which the file says neither
    parser : of pymrio, for files of an input-output database as its maker gives them out
    regions, industries : code by label; an empty code leaves the row out
    sectors : sector by industry, of industries whose codes do not tell it
    headings : column by heading, by table; empty leaves the column out
    units : unit by column, where the file names none
    only : values that are taken, by heading; rows with others are left out
    """

    table: str | None = None
    year: int | None = None
    column: str | None = None
    parser: str | None = None
    regions: Mapping[str, str] = field(default_factory=dict)
    industries: Mapping[str, str] = field(default_factory=dict)
    sectors: Mapping[str, str] = field(default_factory=dict)
    headings: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    units: Mapping[str, str] = field(default_factory=dict)
    only: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def term(self, heading: str, table: str) -> str | None:
        """The column of a table that a heading stands for; None where nothing says."""
        return self.headings.get(table, {}).get(heading)


# Kept whole: one check of the file after another, and what it says put together.
def read_mapping(path: Path) -> Mapped:
    """Read a mapping file.

    Raises
    ------
    StudyError
        With everything that is wrong with it.
    """
    text = text_of(path)
    said = toml_of(text, path.name, "", '"莱芜" = "371200"')
    problems: list[Problem] = []

    def refuse(key: str, found: object, expected: Words) -> None:
        at = path.name, "", line_of(text, key), key
        said = {"key": key, "value": found, "expected": expected}
        problems.append(Problem.of("import.mapping", *at, **said))

    for key in said:
        if key not in (*_SECTIONS, *_SINGLE):
            close = nearest(key, (*_SECTIONS, *_SINGLE))
            listed = ", ".join((*_SINGLE, *(f"[{name}]" for name in _SECTIONS)))
            refuse(key, said[key], (close or listed, close or listed))
    year = said.get("year")
    if year is not None and (not isinstance(year, int) or not 1900 <= year <= 2200):
        refuse("year", year, words("import.mapping_year"))
    for key, known in (("table", TABLES), ("parser", PARSERS)):
        if key in said and said[key] not in known:
            refuse(key, said[key], words("import.mapping_one_of", listed=", ".join(known)))
    for section in _SECTIONS:
        if not isinstance(said.get(section, {}), dict):
            refuse(section, said[section], words("import.mapping_section", section=section))
            said[section] = {}
    for table, columns in said.get("headings", {}).items():
        if table not in TABLES or not isinstance(columns, dict):
            listed = ", ".join(f"[headings.{name}]" for name in TABLES)
            refuse(f"headings.{table}", columns, words("import.mapping_one_of", listed=listed))
    for column, unit in said.get("units", {}).items():
        if unit_of(str(unit)) is None:
            refuse(f"units.{column}", unit, words("import.mapping_unit", unit="万元"))
    for industry, sector in said.get("sectors", {}).items():
        if sector not in SECTORS:
            sectors = words("import.mapping_one_of", listed=", ".join(SECTORS))
            refuse(f"sectors.{industry}", sector, sectors)
    if problems:
        raise StudyError(problems)
    texts = {
        section: {str(label): str(value) for label, value in said.get(section, {}).items()}
        for section in ("regions", "industries", "sectors", "units")
    }
    headings = {
        table: {str(heading): str(column) for heading, column in columns.items()}
        for table, columns in said.get("headings", {}).items()
    }
    only = {
        str(heading): tuple(map(str, values if isinstance(values, list) else [values]))
        for heading, values in said.get("only", {}).items()
    }
    return Mapped(
        said.get("table"),
        year,
        said.get("column"),
        said.get("parser"),
        **texts,
        headings=headings,
        only=only,
    )
