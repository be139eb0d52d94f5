"""The report on docking lists."""

from dataclasses import replace
from typing import Any

import polars as pl

from yanzhen.accounts.panel import base_year
from yanzhen.modes.chain.docking.docking_lists import INPUTS, SUPPLIERS, Docking, dock
from yanzhen.modes.chain.docking.parties import BLOCKS
from yanzhen.modes.chain.docking.weights import docking_parameters, with_values
from yanzhen.report.analyses.analysis import Asked, NotThere, Tell, Work, unasked
from yanzhen.report.document.document import Document, Drawing, Section
from yanzhen.report.figures.docking import docking as docking_figure
from yanzhen.report.findings.docking import docking_findings, docking_lead
from yanzhen.report.tables.basis import parameter_table, source_table
from yanzhen.report.tables.docking import COLUMNS, docking_certificate_table, docking_table
from yanzhen.report.tables.table import Table
from yanzhen.report.text.quantities import number, percent
from yanzhen.report.text.reader import Reader
from yanzhen.report.text.unknown_distances import unknown_distances
from yanzhen.study import Study
from yanzhen.study.distances import assumed_regions

CERTIFICATE, PICTURE = "certificate", "docking"
NAMED_IN = ("docking.column", "column")
EXPECTED_ROUNDS = 8
MOST_VALUES = 10_000
PAGE_ROWS = 60
SHEET_ROWS = 20_000
LIMITS = ("needs", "weights", "price", "distance", "industry")


def narrowed(
    found: Docking,
    enterprise: str | None = None,
    region: str | None = None,
    industry: str | None = None,
) -> Docking:
    """Docking of which lists are shown of some buyers only; all of it was cleared together.

    Parameters
    ----------
    enterprise : one buyer, or the buyers of one supplier
    region, industry : of the buyers
    """
    needs = found.needs
    if region is not None:
        needs = needs.filter(pl.col("region") == region)
    if industry is not None:
        needs = needs.filter(pl.col("industry") == industry)
    pairs = found.pairs.join(needs.select("buyer").unique(), on="buyer", how="semi")
    if enterprise is not None:
        pairs = pairs.filter((pl.col("buyer") == enterprise) | (pl.col("supplier") == enterprise))
        served = pairs["buyer"].unique().implode()
        needs = needs.filter((pl.col("buyer") == enterprise) | pl.col("buyer").is_in(served))
    suppliers = found.suppliers
    if (enterprise, region, industry) != (None, None, None):
        suppliers = suppliers.join(pairs.select("supplier").unique(), on="supplier", how="semi")
    return replace(found, pairs=pairs, needs=needs, suppliers=suppliers)


def docking_document(found: Docking, reader: Reader) -> Document:
    """Return the report on docking lists: their first rows, and all of them in the files."""
    said = _limits(found, reader)
    certificate, parameters = (
        docking_certificate_table(found, reader),
        parameter_table(found, reader),
    )

    def listed(key: str) -> Table:
        return docking_table(found, reader, key, PAGE_ROWS)

    return Document(
        reader=reader,
        title=_title(reader),
        lead=docking_lead(found, reader),
        year=base_year(found.study),
        findings=docking_findings(found, reader),
        sections=[
            Section(
                "docking_inputs",
                [Drawing("docking", docking_figure(found, reader)), listed("industries")],
            ),
            Section("docking_pairs", [listed("pairs"), listed("suppliers")]),
            Section("certificate", [certificate]),
            Section("basis", [parameters]),
        ],
        limits=said,
        tables=[
            *(docking_table(found, reader, key, SHEET_ROWS) for key in COLUMNS),
            certificate,
            parameters,
            source_table(reader),
        ],
        notes=said,
        frames={key: getattr(found, key) for key in (*COLUMNS, "parameters", "left_aside")},
        kinds=COLUMNS,
        named_in=NAMED_IN,
    )


def _title(reader: Reader) -> str:
    return reader.word("docking.title", study=reader.study_title)


def _limits(found: Docking, reader: Reader) -> list[str]:
    said = [reader.word(f"docking.limit.{key}") for key in LIMITS]
    said += unknown_distances(reader)
    left = {reason: rows for reason, rows in found.left_aside.iter_rows() if rows}
    said += [
        reader.word(f"docking.left.{reason}", rows=number(rows)) for reason, rows in left.items()
    ]
    if found.certificate.indifference > 0:
        said.append(
            reader.word(
                "docking.limit.indifference",
                figure=percent(found.certificate.indifference, 2),
                left=percent(found.certificate.left_out_share, 2),
            )
        )
    return said


def docking_values(found: Docking, asked: Asked) -> dict[str, Any]:
    """Return the lists as JSON-able values, of too many pairs and needs the first."""
    shown, certificate = _asked_for(found, asked), found.certificate
    return {
        "synthetic": found.study.about.synthetic,
        "basis": found.basis,
        "unit": found.study.about.units.money,
        "distances_assumed": assumed_regions(found.study.tables),
        "certificate": {
            "passed": certificate.passed,
            "left_out_share": certificate.left_out_share,
            "indifference": certificate.indifference,
            **{name: value for name, (value, _) in certificate.checks.items()},
        },
        "parameters": found.parameters.select("parameter", "value", "unit", "source").to_dicts(),
        "industries": found.industries.to_dicts(),
        "pairs_in_all": shown.pairs.height,
        "pairs": shown.pairs.head(MOST_VALUES).to_dicts(),
        "needs_in_all": shown.needs.height,
        "needs": shown.needs.head(MOST_VALUES).to_dicts(),
    }


def _run(study: Study, asked: Asked, tell: Tell) -> Docking:
    enterprises, one = study.tables["enterprises"]["enterprise"], asked.get("enterprise")
    if one is not None and len(enterprises) and one not in enterprises:
        raise NotThere("not_there.party", code=one)
    parameters = with_values(docking_parameters(), asked.get("value") or {})
    inputs, listed = asked.get("inputs", INPUTS), asked.get("suppliers", SUPPLIERS)

    def told(needs: int, rounds: int, changed: int) -> None:
        # How many rounds there will be is not known; each brings the end nearer.
        tell(
            rounds / (rounds + EXPECTED_ROUNDS),
            (
                f"Round {rounds}: the lists of {changed:,} of {needs:,} needs change",
                f"第{rounds}轮：{needs:,}项需求中，{changed:,}项的名单有变动",
            ),
        )

    return dock(study, inputs, listed, parameters, progress=told)


def _asked_for(found: Docking, asked: Asked) -> Docking:
    """The lists of the buyers, or of the one party, that are asked for."""
    one = asked.get("enterprise")
    if (
        one is not None
        and one not in found.needs["buyer"]
        and one not in found.suppliers["supplier"]
    ):
        raise NotThere("not_there.party", code=one)
    return narrowed(found, one, asked.get("region"), asked.get("industry"))


def _table(found: Docking, key: str, asked: Asked, reader: Reader) -> Table:
    if key == CERTIFICATE:
        return docking_certificate_table(found, reader)
    shown = _asked_for(found, asked)
    return docking_table(shown, reader, key, max(1, getattr(shown, key).height))


def _told(found: Docking, asked: Asked, reader: Reader) -> list[str]:
    said = docking_findings(_asked_for(found, asked), reader)
    return [docking_lead(found, reader), *said] if found.basis == BLOCKS else said


WORK = Work(
    Docking,
    _run,
    findings=lambda found, asked, reader: docking_findings(_asked_for(found, asked), reader),
    document=lambda found, asked, reader: docking_document(_asked_for(found, asked), reader),
    year=lambda found: base_year(found.study),
    tables=(*COLUMNS, CERTIFICATE),
    table=_table,
    figures={PICTURE: unasked(docking_figure)},
    table_of={PICTURE: "industries"},
    values=docking_values,
    told=_told,
    refused=lambda found, reader: (
        None if found.certificate.passed else reader.word("docking.not_to_be_used")
    ),
)
