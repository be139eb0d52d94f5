"""A publication as files: a CSV a table, and one workbook of all; the same bytes each time."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import Protocol

import polars as pl
from xlsxwriter import Workbook

from yanzhen.exchange.statistics.cells import Table
from yanzhen.exchange.statistics.hierarchy import Hierarchy
from yanzhen.exchange.statistics.publication import Publication
from yanzhen.exchange.statistics.reading import ALL, PHRASES
from yanzhen.exchange.statistics.rules import SafetyRule
from yanzhen.phrasebook import Language, Words, in_language
from yanzhen.report.document.writing import beside
from yanzhen.study.units import UNITS


class Shown(Protocol):
    """What a reader gets: tables, the rule that they keep to, and to what values are rounded."""

    @property
    def tables(self) -> Mapping[str, pl.DataFrame]: ...
    @property
    def rule(self) -> SafetyRule: ...
    @property
    def unit(self) -> float: ...


MANIFEST = "manifest.json"
MADE = datetime(2000, 1, 1)
"""The date inside every workbook: the same tables are the same bytes."""
LONGEST = 31
"""Characters of a sheet's name."""


def write_publication(
    publication: Publication,
    hierarchies: Mapping[str, Hierarchy],
    tables: Sequence[Table],
    titles: Mapping[str, Words],
    folder: Path,
    language: Language,
    money: str = "",
) -> tuple[Path, ...]:
    """Write what may be given out into a folder; return the files.

    `manifest.json` holds the hash of each file, to what values are rounded, and the hierarchies and
    the levels of the tables: what a later publication is attacked with. Each is written beside and
    then renamed; what the manifest of an earlier run names and this one does not write is removed.

    Parameters
    ----------
    tables : as they were declared
    money : unit of the values, of `yanzhen.study.units.UNITS`; empty where it is not known
    """
    contents = {
        f"{name}.csv": csv_of(table, language) for name, table in publication.tables.items()
    }
    contents["statistics.xlsx"] = workbook(publication, hierarchies, titles, language, money)
    hashes = {name: sha256(content).hexdigest() for name, content in contents.items()}
    said = {
        **{"unit": publication.unit, **({"money": money} if money else {})},
        "hierarchies": {name: dict(each.parents) for name, each in hierarchies.items()},
        "tables": {each.name: levels_of(each) for each in tables},
        "files": hashes,
    }
    contents[MANIFEST] = json.dumps(said, indent=2, ensure_ascii=False).encode()
    before = _named_in(folder / MANIFEST)
    for name, content in contents.items():
        with beside(folder / name) as part:
            part.write_bytes(content)
    for name in before - set(contents):
        (folder / name).unlink(missing_ok=True)
    return tuple(folder / name for name in contents)


def levels_of(table: Table) -> dict[str, int | str]:
    """Return the levels of a table as they are declared."""
    return {name: ALL if depth is None else depth for name, depth in table.levels.items()}


def _named_in(manifest: Path) -> set[str]:
    """The files that lie beside an earlier run's manifest and are of it."""
    try:
        files = set(json.loads(manifest.read_text("utf-8"))["files"])
    except (OSError, ValueError, KeyError, TypeError):
        return set()
    # A name with a folder in it is none of ours.
    return {name for name in files if isinstance(name, str) and Path(name).name == name}


def workbook(
    publication: Shown,
    hierarchies: Mapping[str, Hierarchy],
    titles: Mapping[str, Words],
    language: Language,
    money: str = "",
) -> bytes:
    """Return the tables as an Excel workbook: a sheet a table, and one that says what is hidden."""
    stream = BytesIO()
    with Workbook(stream, {"in_memory": True}) as book:
        book.set_properties({"created": MADE})
        bold = book.add_format({"bold": True})
        notes = book.add_worksheet(PHRASES.word(language, "notes"))
        notes.set_column(0, 0, 110, book.add_format({"text_wrap": True}))
        for row, line in enumerate(notes_on(publication, language, money)):
            notes.write_string(row, 0, line)
        for name, table in publication.tables.items():
            title = in_language(titles[name], language) if name in titles else name
            sheet = book.add_worksheet(_sheet_name(title))
            dimensions = [each for each in hierarchies if each in table.columns]
            heads = [*dimensions, *(PHRASES.word(language, f"column_{each}") for each in MEASURES)]
            sheet.write_row(0, 0, heads, bold)
            sheet.set_column(0, len(heads) - 1, 18)
            for row, entry in enumerate(table.iter_rows(named=True), 1):
                for column, each in enumerate(dimensions):
                    code = entry[each]
                    sheet.write_string(row, column, hierarchies[each].name(code, language))
                for column, each in enumerate(MEASURES, len(dimensions)):
                    if entry[each] is None:
                        sheet.write_string(row, column, PHRASES.word(language, "hidden"))
                    else:
                        sheet.write_number(row, column, entry[each])
            sheet.freeze_panes(1, len(dimensions))
    return stream.getvalue()


MEASURES = ("records", "value")


def notes_on(publication: Shown, language: Language, money: str = "") -> list[str]:
    """Return what a reader of the tables has to know."""
    rule = publication.rule
    shares = {"largest": f"{rule.largest:.0%}", "two_largest": f"{rule.two_largest:.0%}"}
    notes = [PHRASES.word(language, "why_hidden", least=rule.least, **shares)]
    if money:
        named = UNITS[money]
        said = PHRASES.word(language, "money", unit=in_language((named.en, named.zh), language))
        notes.append(said)
    if publication.unit > 0:
        notes.append(PHRASES.word(language, "rounded", unit=f"{publication.unit:g}"))
    return notes


def csv_of(table: pl.DataFrame, language: Language) -> bytes:
    """Return a table as CSV, with the word for hidden cells."""
    hidden = PHRASES.word(language, "hidden")
    said = table.with_columns(
        pl.col(each).cast(pl.String).fill_null(hidden) for each in ("records", "value")
    )
    return said.write_csv().encode()


def _sheet_name(title: str) -> str:
    kept = "".join("-" if each in "[]:*?/\\" else each for each in title)
    return kept.strip("'")[:LONGEST]
