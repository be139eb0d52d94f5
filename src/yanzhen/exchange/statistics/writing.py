"""A publication as files: a CSV a table, and one workbook of all; the same bytes each time."""

import json
from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256
from io import BytesIO
from pathlib import Path

import polars as pl
from xlsxwriter import Workbook

from yanzhen.exchange.statistics.hierarchy import Hierarchy
from yanzhen.exchange.statistics.publication import Publication
from yanzhen.exchange.statistics.reading import PHRASES
from yanzhen.phrasebook import Language, Words, in_language
from yanzhen.study.units import UNITS

MANIFEST = "manifest.json"
MADE = datetime(2000, 1, 1)
"""The date inside every workbook: the same tables are the same bytes."""
LONGEST = 31
"""Characters of a sheet's name."""


def write_publication(
    publication: Publication,
    hierarchies: Mapping[str, Hierarchy],
    titles: Mapping[str, Words],
    folder: Path,
    language: Language,
    money: str = "",
) -> tuple[Path, ...]:
    """Write what may be given out into a folder; return the files.

    `manifest.json` holds the hash of each file, and to what values are rounded. Each is written
    beside and then renamed.

    Parameters
    ----------
    money : unit of the values, of `yanzhen.study.units.UNITS`; empty where it is not known
    """
    contents = {f"{name}.csv": _csv(table, language) for name, table in publication.tables.items()}
    contents["statistics.xlsx"] = workbook(publication, hierarchies, titles, language, money)
    hashes = {name: sha256(content).hexdigest() for name, content in contents.items()}
    said = {"unit": publication.unit, **({"money": money} if money else {}), "files": hashes}
    contents[MANIFEST] = json.dumps(said, indent=2).encode()
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for name, content in contents.items():
        beside = folder / f".{name}.part"
        beside.write_bytes(content)
        beside.replace(folder / name)
        written.append(folder / name)
    return tuple(written)


def workbook(
    publication: Publication,
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


def notes_on(publication: Publication, language: Language, money: str = "") -> list[str]:
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


def _csv(table: pl.DataFrame, language: Language) -> bytes:
    hidden = PHRASES.word(language, "hidden")
    said = table.with_columns(
        pl.col(each).cast(pl.String).fill_null(hidden) for each in ("records", "value")
    )
    return said.write_csv().encode()


def _sheet_name(title: str) -> str:
    kept = "".join("-" if each in "[]:*?/\\" else each for each in title)
    return kept.strip("'")[:LONGEST]
