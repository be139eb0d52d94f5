"""What the reports on contracts of a study share."""

from collections.abc import Sequence
from dataclasses import replace

from yanzhen.report.document.document import Document, Section
from yanzhen.report.tables.basis import Parametrised, source_table
from yanzhen.report.tables.table import Table
from yanzhen.report.text.names import names
from yanzhen.report.text.words import Lang, word

LIMITS = ("origins", "taxes", "payoff", "eligible", "two")


def limits(lang: Lang, keys: Sequence[str] = LIMITS) -> tuple[str, ...]:
    """Return what bounds every figure of a page on contracts."""
    return tuple(
        word(lang, "limit.origins") if key == "origins" else word(lang, f"contract_limit.{key}")
        for key in keys
    )


def with_basis(document: Document, parameters: Table) -> Document:
    """Return a report on contracts with the parameters that it rests on.

    Its workbook holds the tables of its sections, and states the limits.
    """
    shown = [part for section in document.sections for part in section.parts]
    return replace(
        document,
        sections=[*document.sections, Section("basis", [parameters])],
        tables=[
            *(part for part in shown if isinstance(part, Table)),
            parameters,
            source_table(document.result, document.lang),
        ],
        notes=document.limits,
    )


def study_title(result: Parametrised, lang: Lang) -> str:
    """Return the title of the study."""
    about = result.study.about
    return about.title_zh if lang == "zh" else about.title_en


def listed_industries(result: Parametrised, industries: tuple[str, ...], lang: Lang) -> str:
    """Return the names of the industries that a contract covers."""
    if not industries:
        return word(lang, "contract.all_industries")
    known = names(result, lang).industries
    return word(lang, "comma").join(known.get(code, code) for code in industries)
