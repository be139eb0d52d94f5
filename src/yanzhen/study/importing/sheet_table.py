"""Which table of a study a sheet is for, as its headings tell."""

from collections.abc import Iterable

from yanzhen.study.importing.extraction import CELL_TABLES, is_measure
from yanzhen.study.importing.headings import RATES, Heading
from yanzhen.study.importing.layout import INDUSTRY_LABELS, REGION_LABELS, Layout
from yanzhen.study.importing.lists import NAMED, declared_table
from yanzhen.study.importing.mapping import Mapped


def table_of(layout: Layout, mapped: Mapped) -> str | None:
    """Return the table that a sheet is for, None where nothing tells.

    The study's own headings go first, then lists by what they name, then figures by what they are
    of: of industries `activity`, of whole regions `indicators`.
    """
    declared = declared_table(layout)
    if declared is not None:
        return declared
    headings = [column.heading for column in layout.columns if column.label is None]
    for table, (code, _) in NAMED.items():
        naming = (code, "name_zh", "name_en")
        if any(heading.terms.get(table) in naming for heading in headings):
            return table
    for table in CELL_TABLES:
        if any(mapped.term(heading.name, table) for heading in headings):
            return table
    if layout.labelled(*INDUSTRY_LABELS) and any(RATES in each.terms for each in headings):
        return RATES
    has_industry = bool(
        layout.labelled(*INDUSTRY_LABELS)
        or layout.industry
        or any(column.industry for column in layout.columns)
    )
    has_region = bool(
        layout.labelled(*REGION_LABELS)
        or layout.region
        or any(column.region for column in layout.columns)
    )
    said = [*headings, layout.title]
    if has_region and not has_industry and not _is_of(said, "activity"):
        return "indicators" if _is_of(said, "indicators") or layout.labelled("measure") else None
    if has_industry or has_region:
        return "activity"
    return None


def _is_of(headings: Iterable[Heading], table: str) -> bool:
    return any(
        table in heading.terms and is_measure(table, heading.terms[table]) for heading in headings
    )
