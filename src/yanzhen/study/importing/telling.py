"""What was understood of files, in sentences and small tables of either language."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass

from yanzhen.phrasebook import Language, in_language
from yanzhen.study.importing.extraction import columns_of_figures, counted, kind_of
from yanzhen.study.importing.grids import says_synthetic
from yanzhen.study.importing.lists import columns_of
from yanzhen.study.importing.naming import Found
from yanzhen.study.importing.study_tables import Target, unit_for
from yanzhen.study.importing.total_checks import TotalCheck
from yanzhen.study.importing.understanding import Sheet, Understanding
from yanzhen.study.units import UNITS
from yanzhen.study.words import size_words, word

_MOST_ROWS = 12
_EQUAL = 5e-4
_HOW = {
    "name": "import.how.name",
    "other name": "import.how.other_name",
    "part of it": "import.how.part_of_it",
    "mapping": "import.how.mapping",
    "own": "import.how.own",
    "left out": "import.how.left_out",
}


@dataclass(frozen=True)
class SheetTold:
    """What is said of a sheet.

    Attributes
    ----------
    headline : file, sheet, table and how much of it
    columns : letters, heading, column of the table, and unit of each column that is taken
    left_out : sentences
    """

    headline: str
    columns: tuple[tuple[str, str, str, str], ...]
    left_out: tuple[str, ...]


def told(understanding: Understanding, language: Language) -> dict[str, object]:
    """Everything that was understood, as plain values."""
    return {
        "sheets": [asdict(sheet) for sheet in sheets_told(understanding, language)],
        "regions": names_told(understanding.regions.found, language),
        "industries": names_told(understanding.industries.found, language),
        "totals": totals_told(understanding.totals, language),
        "changes": changes_told(understanding, language),
        "problems": [
            asdict(problem) for problem in (*understanding.problems, *understanding.notes)
        ],
    }


def sheets_told(understanding: Understanding, language: Language) -> Iterator[SheetTold]:
    """What is said of each sheet, in order."""
    target = Target(understanding.about.units, understanding.about.currency)
    for sheet in understanding.sheets:
        name = " · ".join(filter(None, (sheet.grid.file, sheet.grid.sheet)))
        if sheet.why_not is not None:
            why = in_language(sheet.why_not, language)
            said = word(language, "import.told.sheet_left_out", name=name, why=why)
            yield SheetTold(said, (), ())
            continue
        extent = _extent(sheet, language)
        yield SheetTold(
            word(language, "import.told.sheet", name=name, table=sheet.table, extent=extent),
            tuple(_columns(sheet, understanding, target, language)),
            tuple(_left_out(sheet, language)),
        )


def names_told(found: Sequence[Found], language: Language) -> list[tuple[str, str, str]]:
    """Label, code with name, and how it was found, of all labels that are no codes themselves."""
    return [
        (
            each.label,
            each.entry.shown() if each.entry is not None else "",
            word(language, _HOW[each.how]),
        )
        for each in found
        if each.how in _HOW
        and not (each.how == "own" and each.entry and each.entry.code == each.label)
    ]


def totals_told(totals: Sequence[TotalCheck], language: Language) -> list[str]:
    """A sentence for each total that was held against its parts."""
    return [_total(each, language) for each in totals]


def changes_told(understanding: Understanding, language: Language) -> list[str]:
    """How many rows each table of the study gains, and how many figures change."""
    said = []
    for table, rows in understanding.new_rows.items():
        changed = understanding.changed[table]
        over = word(language, "import.told.changed", changed=changed) if changed else ""
        said.append(word(language, "import.told.new_rows", table=table, rows=rows, changed=over))
    if any(says_synthetic(sheet.grid) for sheet in understanding.sheets):
        said.append(word(language, "import.told.synthetic"))
    before, now = understanding.base_year_before, understanding.about.base_year
    if before != now:
        was = word(language, "import.told.before", year=before) if before else ""
        said.append(word(language, "import.told.base_year", now=now, before=was))
    size = understanding.about.measured_by
    if understanding.is_new and not size.is_money:
        name = in_language(size_words(size), language)
        said.append(word(language, "import.told.size", measure=name, size=size.measure))
    return said


def _extent(sheet: Sheet, language: Language) -> str:
    if sheet.records is not None:
        count = sum(record.table == sheet.table for record in sheet.records.records)
        return word(language, "import.told.rows", count=count)
    values = sheet.cells.values if sheet.cells is not None else ()
    years = sorted({value.year for value in values if value.year is not None})
    listed = ", ".join(map(str, years[:_MOST_ROWS])) + (" …" if len(years) > _MOST_ROWS else "")
    flags = Counter(flag for value in values for flag in value.figure.flags)
    flagged = ", ".join(f"{flag}: {count}" for flag, count in sorted(flags.items()))
    suppressed = sum(value.figure.is_suppressed for value in values)
    footnotes = sum(value.figure.footnote for value in values)
    known = sum(value.figure.value is not None for value in values)
    rest = [
        word(language, "import.told.years", listed=listed) if listed else "",
        word(language, "import.told.flags", listed=flagged) if flagged else "",
        word(language, "import.told.suppressed", count=suppressed) if suppressed else "",
        word(language, "import.told.footnotes", count=footnotes) if footnotes else "",
    ]
    return word(
        language,
        "import.told.extent",
        known=known,
        missing=len(values) - known,
        regions=len({value.region for value in values}),
        industries=len({value.industry for value in values if value.industry}),
        rest="".join(rest),
    )


def _columns(
    sheet: Sheet, understanding: Understanding, target: Target, language: Language
) -> Iterator[tuple[str, str, str, str]]:
    layout, mapped = sheet.layout, understanding.mapped
    assert layout is not None and sheet.table is not None
    if sheet.cells is None:
        for at, (table, name) in columns_of(layout, sheet.table, mapped).items():
            heading = layout.columns[at].heading
            goes_to = name if table == sheet.table else f"{table}.{name}"
            units = ", ".join(unit.text for unit in heading.units)
            yield sheet.grid.letters(at), heading.text, goes_to, units
        return
    for column in layout.columns:
        if column.label is not None and column.heading.text:
            yield sheet.grid.letters(column.at), column.heading.text, column.label, ""
    first = {value.at: value for value in reversed(sheet.cells.values)}
    for column in columns_of_figures(layout, sheet.table, mapped):
        value = first.get(column.at)
        if value is None:
            continue
        unit = unit_for(sheet.table, value, mapped, target)
        kind = kind_of(sheet.table, value.column)
        own = getattr(target.units, kind, "")
        shown = "" if unit is None else unit.text
        if shown and own and shown not in (own, UNITS[own].zh):
            shown = f"{shown} → {in_language((own, UNITS[own].zh), language)}"
        parts = (value.column, str(value.year or ""), column.region, column.industry)
        yield (
            sheet.grid.letters(column.at),
            column.heading.text,
            " · ".join(filter(None, parts)),
            shown,
        )


def _left_out(sheet: Sheet, language: Language) -> Iterator[str]:
    read = sheet.cells or sheet.records
    left_out = () if read is None else read.left_out
    for why, each in counted(left_out).items():
        rows = [(one.row, one.label) for one in each if one.row is not None]
        columns = [(one.at, one.label) for one in each if one.row is None and one.at is not None]
        reason = in_language(why, language)
        if rows:
            listed = ", ".join(f"{row + 1} {label[:24]}" for row, label in rows[:_MOST_ROWS])
            if len(rows) > _MOST_ROWS:
                more = {"listed": listed, "all": len(rows), "more": len(rows) - _MOST_ROWS}
                listed = word(language, "import.told.and_more", **more)
            yield word(language, "import.told.rows_left_out", why=reason, listed=listed)
        if columns:
            listed = ", ".join(f"{sheet.grid.letters(at)} {label}" for at, label in columns)
            yield word(language, "import.told.columns_left_out", why=reason, listed=listed)


def _total(check: TotalCheck, language: Language) -> str:
    place = f"{check.where.grid.file} {check.where.grid.sheet}".strip()
    said = {
        "label": check.label,
        "place": place,
        "kept": word(language, f"import.told.{'kept' if check.is_kept else 'not_kept'}"),
    }
    if check.largest is None:
        return word(language, "import.told.total_alone", **said)
    if check.largest <= _EQUAL:
        return word(language, "import.told.total_equal", cells=check.cells, **said)
    return word(
        language,
        "import.told.total_apart",
        gap=check.largest,
        row=check.where.row + 1,
        at=check.where.grid.letters(check.where.at),
        total=check.total,
        parts=check.parts,
        **said,
    )
