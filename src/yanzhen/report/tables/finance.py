"""The tables on financial products and parks' finance."""

import polars as pl

from yanzhen.report.tables.table import Table, shown_table
from yanzhen.report.text.reader import Reader
from yanzhen.study.names import name_in
from yanzhen.study.result_columns import Columns, columns_of

KEYS = (
    "offers", "values", "yearly", "defaults", "repaid", "park_years", "park_claims", "flows",
)  # fmt: skip
"""In reading order."""
ON_PAGE = {
    "offers": "project site product provider amount support fund_cost break_even duration",
    "park_years": "site year works drawn available due paid short distributed dscr llcr",
}
"""Columns of broad tables that a page shows; workbook and files have all."""
WORDED = {
    "kind": "kind", "provider": "party", "party": "party", "break_even_reason": "reason",
    "irr_reason": "reason", "measure": "measure", "part": "part", "item": "item",
}  # fmt: skip
"""Columns of codes, and the group of `words.toml` that says them."""


def finance_columns() -> dict[str, Columns]:
    """Return the columns of every table."""
    from yanzhen.finance.study_finance import Finance

    declared = columns_of(Finance)
    return {key: declared[key] for key in KEYS}


def product_names(reader: Reader) -> dict[str, str]:
    """Return the names of the products of a study; a product without one is its code."""
    rows = reader.study.tables["products"].select("product", name=name_in(reader.lang))
    return {code: name or code for code, name in rows.iter_rows()}


def finance_table(key: str, reader: Reader, frame: pl.DataFrame) -> Table:
    """Return rows of one table as shown."""
    declared = finance_columns()[key]
    names = product_names(reader)

    def said(column: str, code: str) -> str:
        if column == "product":
            return names.get(code, code)
        text = reader.word_or(f"finance.{WORDED[column]}.{code}", code)
        if column != "measure":
            return text
        unit = reader.persons if code == "jobs" else reader.money
        return reader.word("in_unit", what=text, unit=unit.name)

    coded = [name for name in (*WORDED, "product") if name in declared]
    shown = frame.with_columns(
        pl.col(name).replace({code: said(name, code) for code in frame[name].drop_nulls().unique()})
        for name in coded
    )
    if "target" in declared:
        factors = {"jobs": reader.persons.factor, "output": reader.money.factor}
        of_measure = frame["measure"].replace_strict(factors, return_dtype=pl.Float64)
        shown = shown.with_columns(pl.col("target") * of_measure)
    kinds = {name: ("text" if name in coded else kind) for name, kind in declared.items()}
    return shown_table(
        reader,
        f"finance_{key}",
        shown,
        kinds,
        title=reader.word(f"finance.table.{key}.title"),
        note=reader.word(f"finance.table.{key}.note"),
        heads={
            name: head
            for name in declared
            if (head := reader.word_or(f"finance.head.{key}_{name}", ""))
            or (head := reader.word_or(f"finance.head.{name}", ""))
        },
    )
