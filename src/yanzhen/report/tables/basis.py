"""Tables of what a plan rests on: parameters, the certificate's checks, sources."""

from typing import TYPE_CHECKING, Protocol

import polars as pl

from yanzhen.report.tables.table import Column, Table, shown_table
from yanzhen.report.text.protocols import Result
from yanzhen.report.text.quantities import small
from yanzhen.report.text.words import Lang, word, word_or
from yanzhen.study.result_columns import PARAMETERS, columns

if TYPE_CHECKING:
    from yanzhen.market.plan.plan import Plan

SHOWN = (PARAMETERS | columns("note")).only("parameter value low high unit source note")


class Parametrised(Result, Protocol):
    """A result that says which parameters it used."""

    @property
    def parameters(self) -> pl.DataFrame: ...


def parameter_table(plan: Parametrised, lang: Lang) -> Table:
    """Return the parameters with interval, source and note."""
    rows = plan.parameters.select(
        "parameter",
        "value",
        "low",
        "high",
        pl.col("unit").map_elements(
            lambda unit: word_or(lang, f"parameter_unit.{unit}", unit), pl.String
        ),
        pl.when(pl.col("source") == "assumption")
        .then(pl.lit(word(lang, "assumption")))
        .otherwise(pl.col("source"))
        .alias("source"),
        note=f"note_{lang}",
    )
    return shown_table(plan, lang, "parameters", rows, SHOWN)


def certificate_table(plan: "Plan", lang: Lang) -> Table:
    """Return every check of the certificate in plain words, what was measured, and the verdict."""
    certificate = plan.certificate
    return Table(
        "certificate",
        word(lang, "table.certificate.title"),
        word(lang, "table.certificate.note", tolerance=small(certificate.tolerance)),
        (
            Column("check", word(lang, "column.check"), "", "text"),
            Column("measured", word(lang, "column.measured"), "", "measure"),
            Column("result", word(lang, "column.result"), "", "text"),
        ),
        [
            (
                word_or(lang, f"certificate.{check}", check),
                value,
                # Not a number fails, so it must not pass here either.
                word(
                    lang, f"certificate.{'within' if value <= certificate.tolerance else 'beyond'}"
                ),
            )
            for check, value in certificate.checks.items()
        ],
        frozenset(),
    )


def source_table(result: Result, lang: Lang) -> Table:
    """Return where the study's figures come from and on what terms."""
    heads = ("title", "document", "used_for", "licence", "note")
    return Table(
        "sources",
        word(lang, "page.sources"),
        word(lang, "page.study_licence", licence=result.study.about.licence),
        tuple(Column(head, word(lang, f"source.{head}"), "", "text") for head in heads),
        [
            (
                source.title_in(lang),
                source.url_or_doc or None,
                ", ".join(f"{source.table}.{column}" for column in source.columns)
                or source.table
                or None,
                source.licence or None,
                source.note or None,
            )
            for source in result.study.about.sources
        ],
        frozenset(),
    )
