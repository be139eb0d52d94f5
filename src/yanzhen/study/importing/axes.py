"""The regions or the industries that files name: each label's code, the totals, what is unclear."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from yanzhen.study.gazetteer.changes import changes
from yanzhen.study.importing.extraction import Value
from yanzhen.study.importing.grids import Grid, tidy
from yanzhen.study.importing.headings import RATES
from yanzhen.study.importing.hierarchies import codes_above
from yanzhen.study.importing.known_names import below_division, known_places
from yanzhen.study.importing.lists import NAMED, Record
from yanzhen.study.importing.mapping import Mapped
from yanzhen.study.importing.naming import (
    BELOW,
    BESIDE,
    OWN,
    Entry,
    Found,
    Register,
    key_of,
    resolved,
)
from yanzhen.study.importing.total_checks import Overlap, TotalCheck, checked_total, overlaps
from yanzhen.study.importing.whole_study import Existing
from yanzhen.study.problem import Problem, Words
from yanzhen.study.totals import is_name_of_a_total, is_name_of_all
from yanzhen.study.words import message, words

_CHINESE_FIRST = "\u4e00"


@dataclass(frozen=True)
class Axis:
    """What the labels of regions, or of industries, stand for.

    Attributes
    ----------
    table : regions or industries
    found : each label, in the order in which they stand
    code_of : code of each label whose figures are taken
    entries : by code
    totals : labels of totals, held against their parts
    problems : labels that nothing knows, or that may stand for several
    """

    table: str
    found: tuple[Found, ...]
    code_of: Mapping[str, str]
    entries: Mapping[str, Entry]
    totals: tuple[TotalCheck, ...]
    problems: tuple[Problem, ...]


@dataclass(frozen=True)
class _Place:
    """Where a label stands for the first time."""

    grid: Grid
    row: int
    at: int | None


def axis_of(
    table: str,
    values: Sequence[Value],
    records: Sequence[Record],
    existing: Existing,
    mapped: Mapped,
) -> Axis:
    """Find the codes of all labels of an axis.

    Parameters
    ----------
    table : regions or industries
    """
    axis = "region" if table == "regions" else "industry"
    own, known = existing.place_names if axis == "region" else existing.industry_names
    chosen = mapped.regions if axis == "region" else mapped.industries
    first = _first_places(axis, values, records)
    if axis == "industry" and not _knows_divisions(existing, first):
        known = Register.of(())
    totals = [
        label for label in first if label not in chosen and _is_total(label, table, own, known)
    ]
    named = [label for label in first if label not in totals]
    if axis == "industry" and len(named) == 0:
        named, totals = totals, []
    is_new = existing.is_new or not own.entries
    below = _below_divisions(axis, named, own, known, chosen)
    rest = [label for label in named if label not in below]
    found = below | resolved(rest, own, known, chosen, may_be_new=is_new)
    if axis == "region":
        found = {label: _of_a_divided_place(each) for label, each in found.items()}
    code_of = {label: each.entry.code for label, each in found.items() if each.entry is not None}
    entries = {each.entry.code: each.entry for each in found.values() if each.entry is not None}
    if axis == "region":
        entries = _nested(entries, values, code_of)
    problems = [
        *_nameless(axis, values),
        *(
            _unclear(table, each, first[label])
            for label, each in found.items()
            if each.entry is None and each.how != "left out"
        ),
    ]
    above = {code: _above(code, entries, (own, known)) for code in entries}
    checks = [] if problems else _checks(axis, values, totals, code_of, above)
    if axis == "industry":
        for overlap in overlaps(values, code_of):
            if overlap.is_total:
                checks.append(overlap.check)
                code_of = {label: code for label, code in code_of.items() if code != overlap.whole}
                entries.pop(overlap.whole)
            elif not set(overlap.parts).isdisjoint(code_of.values()):
                problems.append(_overlapping(overlap, code_of))
    return Axis(table, tuple(found.values()), code_of, entries, tuple(checks), tuple(problems))


def _first_places(
    axis: str, values: Sequence[Value], records: Sequence[Record]
) -> dict[str, _Place]:
    first: dict[str, _Place] = {}
    for value in values:
        label = value.region if axis == "region" else value.industry
        if label and label not in first:
            first[label] = _Place(value.grid, value.row, _column_of(value, label))
    for record in records:
        column = "industry" if axis == "industry" else NAMED.get(record.table, ("", ""))[1]
        if record.table in (*NAMED, RATES) and column:
            named = record.cells.get(column)
            if named and str(named) not in first:
                first[str(named)] = _Place(record.grid, record.row, record.columns.get(column))
    return first


def _column_of(value: Value, label: str) -> int:
    """The column in which a label stands in the row of a figure, the figure's own otherwise."""
    cells = [tidy(cell) for cell in value.grid.cells[value.row]]
    parts = re.split(f"{BELOW}|{BESIDE}", label)[::-1]
    return next((cells.index(part) for part in parts if part in cells), value.at)


def _knows_divisions(existing: Existing, labels: Iterable[str]) -> bool:
    """Whether labels are of GB/T 4754: of a new study, where any is Chinese."""
    return not existing.is_new or any(sign >= _CHINESE_FIRST for label in labels for sign in label)


def _below_divisions(
    axis: str,
    labels: Iterable[str],
    own: Register,
    known: Register,
    chosen: Mapping[str, str],
) -> dict[str, Found]:
    """Groups and classes of GB/T 4754 by their codes, where its divisions are known of."""
    if axis == "region" or not known.entries:
        return {}
    free = (label for label in labels if label not in chosen and not own.candidates(label))
    entries = {label: entry for label in free if (entry := below_division(label)) is not None}
    return {label: Found(label, entry, "part of it") for label, entry in entries.items()}


def _is_total(label: str, table: str, own: Register, known: Register) -> bool:
    if own.by_name.get(key_of(label)):
        return False
    if is_name_of_a_total(label):
        return True
    is_place = table == "regions" and bool(known.by_name.get(key_of(label)))
    return is_name_of_all(label, table) and not is_place


def _of_a_divided_place(found: Found) -> Found:
    """A prefecture that was divided among others, which must be chosen from, or kept by itself."""
    if found.entry is None or found.how == "mapping":
        return found
    for code, change, into in changes().select("code", "change", "into").iter_rows():
        if change == "divided" and code == found.entry.code:
            parts = [known_places().by_name[key_of(part)][0] for part in into.split(";")]
            return Found(found.label, None, choices=(*parts, found.entry))
    return found


def _nameless(axis: str, values: Sequence[Value]) -> Iterator[Problem]:
    """Figures of which nothing says the region or the industry, once a sheet."""
    told: set[tuple[str, str]] = set()
    named = words(f"import.{axis}")
    for value in values:
        place = (value.grid.file, value.grid.sheet)
        label = value.region if axis == "region" else value.industry
        if not label and place not in told and _has_axis(axis, value):
            told.add(place)
            yield value.problem(*message("import.nameless", axis=named))


def _has_axis(axis: str, value: Value) -> bool:
    return axis == "region" or value.column not in ("gdp", "population")


def _unclear(table: str, found: Found, place: _Place) -> Problem:
    """A label that nothing knows, with what it may be and how to say so."""
    said = f'[{table}] "{found.label}"'
    if not found.choices:
        kind = words("import.place" if table == "regions" else "import.industry")
        unknown = message("import.unknown_name", label=found.label, kind=kind, said=said)
        return place.grid.problem(place.row, place.at, *unknown)
    shown = [entry.shown() for entry in found.choices]
    names: Words = shown[0], shown[0]
    for name in shown[1:]:
        names = words("import.or", one=names, other=name)
    values = {"label": found.label, "names": names, "said": said, "code": found.choices[0].code}
    return place.grid.problem(place.row, place.at, *message("import.unclear_name", **values))


def _checks(
    axis: str,
    values: Sequence[Value],
    totals: Sequence[str],
    code_of: Mapping[str, str],
    above: Mapping[str, set[str]],
) -> list[TotalCheck]:
    """Totals by name, and places that others of the file lie in, held against what they total."""

    def label(value: Value) -> str:
        return value.region if axis == "region" else value.industry

    taken = [value for value in values if label(value) in code_of]
    codes = {code_of[label(value)] for value in taken}
    wholes = {each for code in codes for each in above[code]}
    parts = [value for value in taken if code_of[label(value)] not in wholes]
    checks = []
    for code in sorted(wholes & codes):
        below = [value for value in parts if code in above[code_of[label(value)]]]
        of_whole = [value for value in taken if code_of[label(value)] == code]
        name = label(of_whole[0]) if of_whole else code
        if of_whole and below:
            checks.append(replace(checked_total(axis, name, of_whole, below), is_kept=True))
    for total in totals:
        of_total = [value for value in values if label(value) == total]
        if of_total:
            checks.append(checked_total(axis, total, of_total, parts))
    return checks


def _nested(
    entries: Mapping[str, Entry], values: Sequence[Value], code_of: Mapping[str, str]
) -> dict[str, Entry]:
    """Entries with what holds them, where codes that no register knows tell it themselves."""
    own = [code for code, entry in entries.items() if entry.level in ("", OWN) and not entry.parent]
    above = codes_above(own, values, code_of)
    return {
        code: replace(entry, parent=above.get(code, entry.parent))
        for code, entry in entries.items()
    }


def _above(
    code: str, entries: Mapping[str, Entry], registers: tuple[Register, Register]
) -> set[str]:
    """Codes of what a code is a part of, by the file's codes, the study's tables or beyond them."""
    line: set[str] = set()
    while code in entries and entries[code].parent and entries[code].parent not in line:
        code = entries[code].parent
        line.add(code)
    for register in registers:
        known = register.by_name.get(key_of(code), ())
        if known:
            return line | set(register.above(known[0]))
    return line


def _overlapping(overlap: Overlap, code_of: Mapping[str, str]) -> Problem:
    """An industry beside some that it contains, which are no whole sum of it."""
    parts = ", ".join(overlap.parts[:6]) + (" …" if len(overlap.parts) > 6 else "")
    label = {code: label for label, code in code_of.items()}
    whole, part = label[overlap.whole], label[overlap.parts[0]]
    check = overlap.check
    gap: Words = ("", "")
    if check.largest is not None:
        gap = words("import.no_sum", total=check.total, parts=check.parts)
    values = {"whole": overlap.whole, "parts": parts, "gap": gap, "label": whole, "part": part}
    return check.where.problem(*message("import.overlap", **values))
