"""What was understood of files, in sentences and small tables of either language."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from yanzhen.phrasebook import Language
from yanzhen.study.importing.extraction import columns_of_figures, counted
from yanzhen.study.importing.lists import columns_of
from yanzhen.study.importing.naming import Found
from yanzhen.study.importing.study_tables import Target, kind_of, unit_for
from yanzhen.study.importing.total_checks import TotalCheck
from yanzhen.study.importing.understanding import Sheet, Understanding
from yanzhen.study.problem import Words
from yanzhen.study.units import UNITS

_MOST_ROWS = 12
_HOW: dict[str, Words] = {
    "name": ("its name", "名称"),
    "other name": ("another name of it", "简称或曾用名"),
    "part of it": ("the code, or the finest place, in it", "其中的代码或最小的地名"),
    "mapping": ("the mapping says so", "对应文件写明"),
    "own": ("a code of its own", "自成代码"),
    "left out": ("left out by the mapping", "按对应文件不取"),
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


def sheets_told(understanding: Understanding, language: Language) -> Iterator[SheetTold]:
    """What is said of each sheet, in order."""
    target = Target(understanding.about.units, understanding.about.currency)
    for sheet in understanding.sheets:
        name = " · ".join(filter(None, (sheet.grid.file, sheet.grid.sheet)))
        if sheet.why_not is not None:
            why = sheet.why_not[language == "zh"]
            yield SheetTold(
                _said(language, f"{name}: left out, {why}.", f"{name}：未取，{why}。"), (), ()
            )
            continue
        yield SheetTold(
            f"{name} → {sheet.table}{_said(language, ': ', '：')}{_extent(sheet, language)}",
            tuple(_columns(sheet, understanding, target, language)),
            tuple(_left_out(sheet, language)),
        )


def names_told(found: Sequence[Found], language: Language) -> list[tuple[str, str, str]]:
    """Label, code with name, and how it was found, of all labels that are no codes themselves."""
    return [
        (
            each.label,
            each.entry.shown() if each.entry is not None else "",
            _HOW[each.how][language == "zh"],
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
    told = []
    for table, rows in understanding.new_rows.items():
        changed = understanding.changed[table]
        rest: Words = ("", "")
        if changed:
            rest = (
                f", {changed} figure(s) differ from those there and go over them",
                f"，{changed} 个数据与原有不同，以新数据为准",
            )
        told.append(
            _said(
                language,
                f"{table}: {rows} new row(s){rest[0]}.",
                f"{table}：新增 {rows} 行{rest[1]}。",
            )
        )
    before, now = understanding.base_year_before, understanding.about.base_year
    if before != now:
        told.append(
            _said(
                language,
                f"base_year: {now}, the last year with output that may move"
                + (f" ({before} before)." if before else "."),
                f"base_year：{now}，有可转移产值的最后一年"
                + (f"（原为 {before}）。" if before else "。"),
            )
        )
    return told


def _extent(sheet: Sheet, language: Language) -> str:
    if sheet.records is not None:
        count = sum(record.table == sheet.table for record in sheet.records.records)
        return _said(language, f"{count} row(s).", f"{count} 行。")
    values = sheet.cells.values if sheet.cells is not None else ()
    known = sum(value.figure.value is not None for value in values)
    years = sorted({value.year for value in values if value.year is not None})
    regions = len({value.region for value in values})
    industries = len({value.industry for value in values if value.industry})
    listed = ", ".join(map(str, years[:_MOST_ROWS])) + (" …" if len(years) > _MOST_ROWS else "")
    missing = len(values) - known
    flagged: dict[str, int] = {}
    for value in values:
        for flag in value.figure.flags:
            flagged[flag] = flagged.get(flag, 0) + 1
    notes = sum(value.figure.footnote for value in values)
    en = f"{known} figures, {missing} missing; {regions} regions, {industries} industries"
    zh = f"{known} 个数据，{missing} 个缺失；{regions} 个地区，{industries} 个行业"
    if listed:
        en, zh = f"{en}; years {listed}", f"{zh}；年份 {listed}"
    if flagged:
        flags = ", ".join(f"{flag}: {count}" for flag, count in sorted(flagged.items()))
        en, zh = f"{en}; flags {flags}", f"{zh}；标记 {flags}"
    if notes:
        en, zh = f"{en}; footnote signs on {notes}", f"{zh}；{notes} 个带脚注符号"
    return _said(language, f"{en}.", f"{zh}。")


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
            shown = f"{shown} → {_said(language, own, UNITS[own].zh)}"
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
        rows = [one for one in each if one.row is not None]
        columns = [one for one in each if one.row is None and one.at is not None]
        if rows:
            shown = ", ".join(
                f"{one.row + 1} {one.label[:24]}"
                for one in rows[:_MOST_ROWS]
                if one.row is not None
            )
            more = len(rows) - min(len(rows), _MOST_ROWS)
            rest = _said(language, f" and {more} more", f" 等 {len(rows)} 行") if more else ""
            yield _said(
                language,
                f"Rows left out ({why[0]}): {shown}{rest}",
                f"未取的行（{why[1]}）：{shown}{rest}",
            )
        if columns:
            shown = ", ".join(
                f"{sheet.grid.letters(one.at)} {one.label}" for one in columns if one.at is not None
            )
            yield _said(
                language, f"Columns left out ({why[0]}): {shown}", f"未取的列（{why[1]}）：{shown}"
            )


def _total(check: TotalCheck, language: Language) -> str:
    place = f"{check.where.grid.file} {check.where.grid.sheet}".strip()
    kept: Words = (
        ("kept above its parts", "保留为其上级") if check.is_kept else ("left out", "不取")
    )
    if check.largest is None:
        return _said(
            language,
            f"{check.label} ({place}): a total, {kept[0]}; no cell of it has all its parts.",
            f"{check.label}（{place}）：合计，{kept[1]}；没有一个数据的组成部分齐全。",
        )
    if check.largest <= 5e-4:
        return _said(
            language,
            f"{check.label} ({place}): a total, {kept[0]}; equal to the sum of its parts in "
            f"{check.cells} figure(s).",
            f"{check.label}（{place}）：合计，{kept[1]}；{check.cells} 个数据均等于各部分之和。",
        )
    row, at = check.where.row + 1, check.where.grid.letters(check.where.at)
    return _said(
        language,
        f"{check.label} ({place}): a total, {kept[0]}; differs from the sum of its parts by up to "
        f"{check.largest:.1%} (row {row}, column {at}: {check.total:.12g} against "
        f"{check.parts:.12g}).",
        f"{check.label}（{place}）：合计，{kept[1]}；与各部分之和最多相差 {check.largest:.1%}"
        f"（第 {row} 行 {at} 列：{check.total:.12g} 与 {check.parts:.12g}）。",
    )


def _said(language: Language, en: str, zh: str) -> str:
    return zh if language == "zh" else en
