"""The tables on what a fund should hold."""

from typing import TYPE_CHECKING

import polars as pl

from yanzhen.finance.words import FINANCE
from yanzhen.phrasebook import in_language
from yanzhen.report.tables.finance import product_names
from yanzhen.report.tables.table import Table, shown_table
from yanzhen.report.text.reader import Reader
from yanzhen.study.result_columns import Columns, Kind, columns_of

if TYPE_CHECKING:
    from yanzhen.finance.fund.study_fund import Fund

KEYS = (
    "decisions", "supports", "frontier", "limits", "together", "outlay", "refused", "choices",
)  # fmt: skip
"""In reading order."""
WORDED = {"why": "why", "measure": "measure", "limit": "limit"}
"""Columns of codes, and the group of `words.toml` that says them."""
OF_OBJECTIVE = ("benefit", "worst", "worth", "bound", "lacking")
"""Columns in the unit of what counts: output or jobs."""


def fund_columns() -> dict[str, Columns]:
    """Return the columns of every table."""
    from yanzhen.finance.fund.study_fund import Fund

    declared = columns_of(Fund)
    return {key: declared[key] for key in KEYS}


def reason_of(code: str, reader: Reader) -> str:
    """Return why a project cannot be supported, in words."""
    return in_language(FINANCE.words(f"reason.{code}"), reader.lang)


def fund_table(found: "Fund", key: str, reader: Reader, frame: pl.DataFrame) -> Table:
    """Return rows of one table as shown."""
    declared = fund_columns()[key]
    names, regions = product_names(reader), reader.names.regions
    counted: Kind = "size" if found.objective == "output" else "persons"

    def said(column: str, code: str) -> str:
        if column == "product":
            return names.get(code, code)
        if column == "reason":
            return reason_of(code, reader)
        kind, _, of = code.partition(":")
        text = reader.word_or(f"fund.{WORDED[column]}.{kind}", kind)
        place = regions.get(of) or reader.names.industries.get(of) or names.get(of) or of
        return reader.word("fund.of", what=text, of=place) if of else text

    coded = [name for name in (*WORDED, "reason", "product") if name in declared]
    shown = frame.with_columns(
        pl.col(name).replace({code: said(name, code) for code in frame[name].drop_nulls().unique()})
        for name in coded
    )
    per_job = reader.money.factor / reader.persons.factor
    per_person = f"{reader.money.name}/{reader.persons.name}"
    if "cost_per_job" in declared:
        shown = shown.with_columns(pl.col("cost_per_job") * per_job)
    if key == "limits":
        shown = shown.with_columns(
            pl.col("of").replace({of: regions.get(of, of) for of in frame["of"].drop_nulls()})
        )
    kinds: dict[str, Kind] = {
        name: "text" if name in coded else counted if name in OF_OBJECTIVE else kind
        for name, kind in declared.items()
    }
    return shown_table(
        reader,
        f"fund_{key}",
        shown,
        kinds,
        title=reader.word(f"fund.table.{key}.title"),
        note=reader.word(f"fund.table.{key}.note", counted=reader.word(f"fund.{found.objective}")),
        heads={
            name: reader.word("in_unit", what=head, unit=per_person) if "per_job" in name else head
            for name in declared
            if (head := reader.word_or(f"fund.head.{key}_{name}", ""))
            or (head := reader.word_or(f"fund.head.{name}", ""))
        },
    )
