"""Tables of what a plan rests on: parameters, the certificate's checks, sources."""

from typing import TYPE_CHECKING, Protocol

import polars as pl

from yanzhen.report.tables.table import Column, Table, shown_table
from yanzhen.report.text.protocols import Result
from yanzhen.report.text.quantities import small
from yanzhen.report.text.reader import Reader
from yanzhen.study.result_columns import PARAMETERS, columns

if TYPE_CHECKING:
    from yanzhen.market.equilibrium.certificate import Certificate

SHOWN = (PARAMETERS | columns("note")).only("parameter value low high unit source note")


class Parametrised(Result, Protocol):
    """A result that says which parameters it used."""

    @property
    def parameters(self) -> pl.DataFrame: ...


def parameter_table(plan: Parametrised, reader: Reader) -> Table:
    """Return the parameters with interval, source and note."""
    rows = plan.parameters.select(
        "parameter",
        "value",
        "low",
        "high",
        pl.col("unit").map_elements(
            lambda unit: reader.word_or(f"parameter_unit.{unit}", unit), pl.String
        ),
        pl.when(pl.col("source") == "assumption")
        .then(pl.lit(reader.word("assumption")))
        .otherwise(pl.col("source"))
        .alias("source"),
        note=f"note_{reader.lang}",
    )
    return shown_table(reader, "parameters", rows, SHOWN)


class Certified(Protocol):
    """What carries the certificate of a market: a plan, prices that clear."""

    @property
    def certificate(self) -> "Certificate": ...


def certificate_table(market: Certified, reader: Reader) -> Table:
    """Return every check of the certificate in plain words, what was measured, and the verdict."""
    certificate = market.certificate
    return Table(
        "certificate",
        reader.word("table.certificate.title"),
        reader.word("table.certificate.note", tolerance=small(certificate.tolerance)),
        (
            Column("check", reader.word("column.check"), "", "text"),
            Column("measured", reader.word("column.measured"), "", "measure"),
            Column("result", reader.word("column.result"), "", "text"),
        ),
        [
            (
                reader.word_or(f"certificate.{check}", check),
                value,
                # Not a number fails, so it must not pass here either.
                reader.word(
                    f"certificate.{'within' if value <= certificate.tolerance else 'beyond'}"
                ),
            )
            for check, value in certificate.checks.items()
        ],
        frozenset(),
    )


def source_table(reader: Reader) -> Table:
    """Return where the study's figures come from and on what terms."""
    heads = ("title", "document", "used_for", "licence", "note")
    return Table(
        "sources",
        reader.word("page.sources"),
        reader.word("page.study_licence", licence=reader.study.about.licence),
        tuple(Column(head, reader.word(f"source.{head}"), "", "text") for head in heads),
        [
            (
                source.title_in(reader.lang),
                source.url_or_doc or None,
                ", ".join(f"{source.table}.{column}" for column in source.columns)
                or source.table
                or None,
                source.licence or None,
                source.note or None,
            )
            for source in reader.study.about.sources
        ],
        frozenset(),
    )
