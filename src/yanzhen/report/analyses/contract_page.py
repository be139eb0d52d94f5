"""What the reports on contracts of a study share."""

from collections.abc import Sequence
from typing import Protocol

from yanzhen.report.document.document import Document, Section, tables_of
from yanzhen.report.tables.basis import Parametrised, parameter_table, source_table
from yanzhen.report.tables.table import frames_of
from yanzhen.report.text.reader import Reader
from yanzhen.study.result_columns import columns_of

LIMITS = ("origins", "taxes", "payoff", "eligible", "two")


def limits(reader: Reader, keys: Sequence[str] = LIMITS) -> tuple[str, ...]:
    """Return what bounds every figure of a page on contracts."""
    return tuple(
        reader.word("limit.origins") if key == "origins" else reader.word(f"contract_limit.{key}")
        for key in keys
    )


class Contracted(Parametrised, Protocol):
    """A result on contracts of a study, with its horizon."""

    @property
    def start_year(self) -> int: ...

    @property
    def years(self) -> int: ...


def contract_document(
    result: Contracted,
    reader: Reader,
    title: str,
    lead: str,
    findings: Sequence[str],
    sections: Sequence[Section],
    limits: Sequence[str],
) -> Document:
    """Return a report on contracts with the parameters that it rests on.

    Its workbook holds the tables of its sections, and states the limits.
    """
    parameters = parameter_table(result, reader)
    return Document(
        reader=reader,
        title=title,
        lead=lead,
        year=result.start_year,
        findings=findings,
        sections=[*sections, Section("basis", [parameters])],
        limits=limits,
        tables=[*tables_of(sections), parameters, source_table(reader)],
        notes=limits,
        frames=frames_of(result),  # type: ignore[arg-type]
        kinds=columns_of(type(result)),  # type: ignore[arg-type]
    )


def covered(result: Contracted, industries: tuple[str, ...], reader: Reader) -> dict[str, object]:
    """Return what a lead says of study, industries and horizon."""
    return {
        "study": reader.study_title,
        "industries": listed_industries(industries, reader),
        "first": result.start_year,
        "last": result.start_year + result.years - 1,
    }


def listed_industries(industries: tuple[str, ...], reader: Reader) -> str:
    """Return the names of the industries that a contract covers."""
    if not industries:
        return reader.word("contract.all_industries")
    known = reader.names.industries
    return reader.word("comma").join(known.get(code, code) for code in industries)
