"""Writing what was understood: the study's tables, its settings, and the mapping."""

import json
import re
from collections.abc import Container, Iterable, Iterator, Mapping
from itertools import chain
from pathlib import Path

import polars as pl

from yanzhen.study.encoding import text_of
from yanzhen.study.importing.extraction import columns_of_figures, is_measure
from yanzhen.study.importing.lists import columns_of
from yanzhen.study.importing.mapping import Mapped, read_mapping
from yanzhen.study.importing.naming import LEFT_OUT, Found
from yanzhen.study.importing.understanding import Sheet, Understanding
from yanzhen.study.problem import Problem, StudyError
from yanzhen.study.replacing import replacing
from yanzhen.study.sources import SETTINGS_FILE
from yanzhen.study.study_toml import line_of, write_toml
from yanzhen.study.table_file import TABLE_FORMS
from yanzhen.study.tables import meanings

MAPPING_FILE = "mapping.toml"
_SOURCES = "\n[[sources]]"
_HEAD = """\
# How files of this kind were read, for the next ones: yanzhen import FILE --into THIS_FOLDER
# --mapping mapping.toml --write. An empty code leaves a row out.
# 此类文件的读法，供以后的文件使用；代码为空（""）表示不取该行。
"""


def write_import(understanding: Understanding) -> tuple[Path, ...]:
    """Write the tables that change, the settings and the mapping to the study's folder.

    Returns
    -------
    The files that were written, put in place all together.

    Raises
    ------
    StudyError
        Something is wrong with what was understood, or a table lies there as a workbook.
    """
    folder = understanding.into
    problems = [*understanding.problems, *_tables_elsewhere(understanding)]
    if problems:
        raise StudyError(problems)
    written = []
    with replacing(folder) as beside:
        for name in understanding.new_rows:
            parquet = folder / f"{name}.parquet"
            frame = understanding.tables[name]
            target = parquet if parquet.exists() else folder / f"{name}.csv"
            if target == parquet:
                frame.write_parquet(beside / target.name)
            else:
                # With a byte order mark, Excel opens and saves the file as UTF-8.
                _filled(name, frame).write_csv(beside / target.name, include_bom=True)
            written.append(target)
        for target, text in (
            (folder / SETTINGS_FILE, _settings(understanding)),
            (folder / MAPPING_FILE, mapping_text(kept(understanding))),
        ):
            (beside / target.name).write_text(text, encoding="utf-8")
            written.append(target)
    return tuple(written)


def kept(understanding: Understanding) -> Mapped:
    """What the next files need to be told: names, headings and units as they were understood."""
    before = understanding.into / MAPPING_FILE
    old = read_mapping(before) if before.exists() else Mapped()
    given = understanding.mapped
    cells = [sheet.cells.values for sheet in understanding.sheets if sheet.cells is not None]
    labels = {label for each in chain(*cells) for label in (each.region, each.industry)}
    headings = {table: dict(columns) for table, columns in old.headings.items()}
    units: dict[str, str] = {}
    for sheet in understanding.sheets:
        for name, goes_to in _headings_of(sheet, given):
            headings.setdefault(sheet.table or "", {})[name] = goes_to
        units |= dict(_units_of(sheet))
    return Mapped(
        table=given.table,
        column=given.column,
        parser=given.parser,
        regions={**old.regions, **given.regions, **_codes(understanding.regions.found, labels)},
        industries={
            **old.industries,
            **given.industries,
            **_codes(understanding.industries.found, labels),
        },
        sectors={**old.sectors, **given.sectors},
        headings={
            table: {**headings.get(table, {}), **given.headings.get(table, {})}
            for table in (*headings, *given.headings)
        },
        units={**old.units, **units, **given.units},
        only={**old.only, **given.only},
    )


def mapping_text(mapped: Mapped) -> str:
    """A mapping as TOML."""
    lines = [_HEAD]
    for key in ("table", "year", "column", "parser"):
        value = getattr(mapped, key)
        if value is not None:
            lines.append(f"{key} = {_toml(value)}")
    sections: dict[str, Mapping[str, object]] = {
        f"headings.{table}": columns for table, columns in mapped.headings.items()
    }
    for section in ("units", "only", "regions", "industries", "sectors"):
        sections[section] = getattr(mapped, section)
    for section, entries in sections.items():
        if entries:
            lines += ["", f"[{section}]"]
            lines += [f"{_toml(key)} = {_toml(value)}" for key, value in entries.items()]
    return "\n".join(lines) + "\n"


def _codes(found: Iterable[Found], labels: Container[str]) -> dict[str, str]:
    """The code of each of the labels that figures stand under, empty where they are left out."""
    return {
        each.label: LEFT_OUT if each.entry is None else each.entry.code
        for each in found
        if each.label in labels and (each.entry is not None or each.how == "left out")
    }


def _headings_of(sheet: Sheet, mapped: Mapped) -> Iterator[tuple[str, str]]:
    """The table's column that each heading of a sheet stands for."""
    if sheet.layout is None or sheet.table is None:
        return
    if sheet.cells is not None:
        for column in columns_of_figures(sheet.layout, sheet.table, mapped):
            words = column.heading.name
            term = column.heading.terms.get(sheet.table)
            if words and term and is_measure(sheet.table, term):
                yield words, term
    else:
        for at, (table, column_name) in columns_of(sheet.layout, sheet.table, mapped).items():
            words = sheet.layout.columns[at].heading.name
            if words:
                yield words, column_name if table == sheet.table else f"{table}.{column_name}"


def _units_of(sheet: Sheet) -> Iterator[tuple[str, str]]:
    """The unit that the figures of each column are in, where a file names one alone."""
    if sheet.cells is None:
        return
    named: dict[str, set[str]] = {}
    for value in sheet.cells.values:
        kind = meanings(sheet.table or "").get(value.column)
        of_kind = [unit for unit in value.units if kind is None or unit.kind == kind.unit]
        named.setdefault(value.column, set()).add(of_kind[0].text if of_kind else "")
    for column, units in named.items():
        if len(units) == 1 and (unit := units.pop()):
            yield column, unit


def _tables_elsewhere(understanding: Understanding) -> Iterator[Problem]:
    """Tables that lie in the folder in a form that is not written here."""
    for name in understanding.new_rows:
        for suffix in TABLE_FORMS:
            path = understanding.into / f"{name}{suffix}"
            if suffix not in (".csv", ".parquet") and path.exists():
                yield Problem.of("import.table_as_workbook", path.name, name, None, "", name=name)


def _filled(table: str, frame: pl.DataFrame) -> pl.DataFrame:
    """A table without the columns that no row needs and no row fills."""
    said = meanings(table)
    return frame.select(
        name
        for name in frame.columns
        if said[name].required or frame[name].null_count() < frame.height
    )


def _settings(understanding: Understanding) -> str:
    """The text of the settings: of a study that is there its own, with what is added to it."""
    path = understanding.into / SETTINGS_FILE
    whole = write_toml(understanding.about)
    if not path.exists():
        return whole
    about = understanding.about
    before = _with(text_of(path), "base_year", str(about.base_year))
    if about.synthetic:
        before = _with(before, "synthetic", "true")
    there = before.count(_SOURCES) + before.startswith(_SOURCES.strip())
    added = whole.split(_SOURCES)[1 + there :]
    return before.rstrip("\n") + "\n" + "".join(f"{_SOURCES}{source}" for source in added)


def _with(text: str, key: str, value: str) -> str:
    """Settings with another value of a key, everything else as it stands."""
    row = line_of(text, key)
    if row is None:
        return text
    lines = text.split("\n")
    lines[row - 1] = re.sub(r"=\s*\w+", f"= {value}", lines[row - 1], count=1)
    return "\n".join(lines)


def _toml(value: object) -> str:
    if isinstance(value, tuple):
        return f"[{', '.join(map(_toml, value))}]"
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
