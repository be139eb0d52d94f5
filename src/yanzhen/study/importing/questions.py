"""What an import has to ask, each with what may be the answer: the choices of a form."""

from collections.abc import Iterator
from dataclasses import dataclass

from yanzhen.phrasebook import Words
from yanzhen.study.importing.axes import Axis
from yanzhen.study.importing.extraction import INDICATORS, is_measure, kind_of
from yanzhen.study.importing.mapping import Mapped
from yanzhen.study.importing.naming import LEFT_OUT
from yanzhen.study.importing.study_tables import Target, unit_for
from yanzhen.study.importing.understanding import Sheet, Understanding
from yanzhen.study.importing.units import into
from yanzhen.study.tables import meanings
from yanzhen.study.units import UNITS, units_of
from yanzhen.study.words import same, words

Answers = dict[str, dict[str, str]]
"""By section of the mapping and key; `year` and `column` have the key ""."""


@dataclass(frozen=True)
class Question:
    """A decision that the mapping has to hold.

    Attributes
    ----------
    section, key : of the mapping; year and column have no key
    asked : what is asked
    choices : value and what is shown of it; empty where any value may be
    """

    section: str
    key: str
    asked: Words
    choices: tuple[tuple[str, Words], ...]


def questions(understanding: Understanding) -> list[Question]:
    """Everything that an import asks and a list or a field can answer, each once."""
    found = [
        *_of_names(understanding.regions, "regions"),
        *_of_names(understanding.industries, "industries"),
        *(each for sheet in understanding.sheets for each in _of_sheet(sheet, understanding)),
    ]
    return list({(each.section, each.key): each for each in found}.values())


def answered(mapped: Mapped, answers: Answers) -> Mapped:
    """A mapping with answers put in; an answer to a section that asks nothing is passed over."""
    year = answers.get("year", {}).get("", "").strip()
    return Mapped(
        mapped.table,
        int(year) if year.isdigit() else mapped.year,
        answers.get("column", {}).get("") or mapped.column,
        mapped.parser,
        {**mapped.regions, **answers.get("regions", {})},
        {**mapped.industries, **answers.get("industries", {})},
        mapped.sectors,
        mapped.headings,
        {**mapped.units, **answers.get("units", {})},
        mapped.only,
    )


def _of_names(axis: Axis, section: str) -> Iterator[Question]:
    for found in axis.found:
        if found.entry is None and found.how != "left out":
            choices = [(entry.code, same(entry.shown())) for entry in found.choices]
            leave = (LEFT_OUT, words("import.question.leave_out"))
            asked = words(f"import.question.{section}", label=found.label)
            yield Question(section, found.label, asked, (*choices, leave))


def _of_sheet(sheet: Sheet, understanding: Understanding) -> Iterator[Question]:
    """Units, year and measure that a sheet does not say."""
    if sheet.cells is None or sheet.table is None:
        return
    target = Target(understanding.about.units, understanding.about.currency)
    name = " ".join(filter(None, (sheet.grid.file, sheet.grid.sheet)))
    if sheet.cells.has_no_measure:
        names = [each for each in meanings(sheet.table) if is_measure(sheet.table, each)]
        choices = tuple((each, same(each)) for each in names or INDICATORS)
        yield Question("column", "", words("import.question.column", name=name), choices)
    for value in sheet.cells.values:
        if value.year is None:
            yield Question("year", "", words("import.question.year", name=name), ())
        kind = kind_of(sheet.table, value.column)
        unit = unit_for(sheet.table, value, understanding.mapped, target)
        if kind not in vars(target.units) or (
            unit is not None and into(unit, kind, target.units, target.currency) is not None
        ):
            continue
        own = [
            each
            for each in units_of(kind)
            if UNITS[each].currency in ("", understanding.about.currency)
        ]
        asked = words("import.question.units", column=value.column)
        shown = tuple((each, (each, UNITS[each].zh)) for each in own)
        yield Question("units", value.column, asked, shown)
