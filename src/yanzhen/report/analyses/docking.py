"""The report on docking lists."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import polars as pl

from yanzhen.accounts.panel import base_year
from yanzhen.modes.chain.docking.docking_lists import INPUTS, SUPPLIERS, Docking, dock
from yanzhen.modes.chain.docking.parties import BLOCKS
from yanzhen.modes.chain.docking.weights import docking_parameters, with_values
from yanzhen.report.analyses.registry import Asked, NotThere, Tell, Work
from yanzhen.report.document.document import Document, Drawing, Section
from yanzhen.report.figures.docking import docking as docking_figure
from yanzhen.report.tables.basis import parameter_table, source_table
from yanzhen.report.tables.table import Column, Kind, Table, shown_table
from yanzhen.report.text.names import names
from yanzhen.report.text.quantities import money, number, percent, share_of, small
from yanzhen.report.text.unknown_distances import unknown_distances
from yanzhen.report.text.words import Lang, word
from yanzhen.study import Study
from yanzhen.study.distances import assumed_regions

CERTIFICATE, PICTURE = "certificate", "docking"
EXPECTED_ROUNDS = 8
MOST_VALUES = 10_000
PAGE_ROWS = 60
SHEET_ROWS = 20_000
TERMS: Mapping[str, Kind] = dict.fromkeys(
    ("present", "input_share", "coverage", "size", "distance", "price", "net"), "share"
)
KINDS: Mapping[str, Mapping[str, Kind]] = {
    "industries": {
        "input": "industry",
        "need": "money",
        "same_region": "money",
        "other_regions": "money",
        "present": "money",
        "no_supplier": "money",
        "not_sought": "money",
        "spare": "money",
        "price": "share",
        "kilometres": "kilometres",
    },
    "pairs": {
        "buyer": "text",
        "buyer_region": "region",
        "input": "industry",
        "rank": "count",
        "supplier": "text",
        "supplier_region": "region",
        "amount": "money",
        "share_of_need": "share",
        "share_of_spare": "share",
        "kilometres": "kilometres",
        **TERMS,
    },
    "needs": {
        "buyer": "text",
        "industry": "industry",
        "region": "region",
        "input": "industry",
        "state": "text",
        "need": "money",
        "docked": "money",
        "present": "money",
        "other": "money",
        "met": "share",
        "price": "share",
    },
    "suppliers": {
        "supplier": "text",
        "industry": "industry",
        "region": "region",
        "spare": "money",
        "sold": "money",
        "used": "share",
        "price": "share",
        "buyers": "count",
    },
}
HEADS = {"needs": {"present": "stays", "price": "worth"}, "industries": {"present": "stays"}}
STATES = ("docked", "no_supplier")
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


def docking_document(found: Docking, lang: Lang) -> Document:
    """Return the report on docking lists: their first rows, and all of them in the files."""
    said = _limits(found, lang)
    certificate, parameters = docking_certificate_table(found, lang), parameter_table(found, lang)

    def listed(key: str) -> Table:
        return docking_table(found, lang, key, PAGE_ROWS)

    return Document(
        result=found,
        lang=lang,
        title=_title(found, lang),
        lead=docking_lead(found, lang),
        year=base_year(found.study),
        findings=docking_findings(found, lang),
        sections=[
            Section(
                "docking_inputs",
                [Drawing("docking", docking_figure(found, lang)), listed("industries")],
            ),
            Section("docking_pairs", [listed("pairs"), listed("suppliers")]),
            Section("certificate", [certificate]),
            Section("basis", [parameters]),
        ],
        limits=said,
        tables=[
            *(docking_table(found, lang, key, SHEET_ROWS) for key in KINDS),
            certificate,
            parameters,
            source_table(found, lang),
        ],
        notes=said,
        frames={key: getattr(found, key) for key in (*KINDS, "parameters", "left_aside")},
        kinds=KINDS,
    )


def docking_lead(found: Docking, lang: Lang) -> str:
    """Return what is listed for whom, in a sentence."""
    return word(lang, f"docking.lead_{found.basis}", inputs=found.inputs, listed=found.listed)


# Kept whole: a sentence each, in the order in which they are read.
def docking_findings(found: Docking, lang: Lang) -> list[str]:
    """Return what the lists come to, in sentences; of the whole study, then of what is shown."""
    unit, industry = money(found, lang), names(found, lang).industries
    total = (
        found.industries.select("need", "same_region", "other_regions", "no_supplier", "not_sought")
        .sum()
        .row(0, named=True)
    )
    docked = total["same_region"] + total["other_regions"]

    def amount(value: float) -> str:
        return unit.text.format(number(value * unit.factor))

    said = [
        word(
            lang,
            "docking.finding.total",
            need=amount(total["need"]),
            docked=amount(docked),
            share=share_of(docked, total["need"], lang),
            across=share_of(total["other_regions"], docked, lang, scale=total["need"]),
        )
    ]
    lacking = found.industries.filter(pl.col("no_supplier") > 0).sort(
        "no_supplier", "input", descending=[True, False]
    )
    if lacking.height:
        listed = word(lang, "comma").join(
            word(lang, "docking.finding.each", name=industry.get(code, code), figure=amount(value))
            for code, value in lacking.select("input", "no_supplier").head(3).iter_rows()
        )
        said.append(
            word(
                lang,
                "docking.finding.no_supplier",
                amount=amount(total["no_supplier"]),
                share=share_of(total["no_supplier"], total["need"], lang),
                listed=listed,
            )
        )
    if total["not_sought"] > 0:
        said.append(
            word(
                lang,
                "docking.finding.not_sought",
                amount=amount(total["not_sought"]),
                share=share_of(total["not_sought"], total["need"], lang),
                inputs=number(found.inputs),
            )
        )
    scarce = found.industries.filter(pl.col("price") > 0).sort(
        "price", "input", descending=[True, False]
    )
    if scarce.height:
        listed = word(lang, "comma").join(
            word(
                lang,
                "docking.finding.each",
                name=industry.get(code, code),
                figure=percent(price, 2),
            )
            for code, price in scarce.select("input", "price").head(3).iter_rows()
        )
        said.append(word(lang, "docking.finding.scarce", listed=listed))
    if found.pairs.height:
        priced = found.suppliers.filter(pl.col("price") > 0).height
        said.append(
            word(
                lang,
                "docking.finding.shown",
                pairs=number(found.pairs.height),
                buyers=number(found.pairs["buyer"].n_unique()),
                suppliers=number(found.pairs["supplier"].n_unique()),
                priced=number(priced),
            )
        )
    else:
        said.append(word(lang, "docking.finding.nothing"))
    checked = found.certificate
    said.append(
        word(
            lang,
            f"docking.finding.{'passed' if checked.passed else 'failed'}",
            regret=percent(max(checked.regret, checked.sampled_regret), 2),
            needs=number(checked.sampled_needs),
        )
    )
    return said


def _title(found: Docking, lang: Lang) -> str:
    about = found.study.about
    study = about.title_zh if lang == "zh" else about.title_en
    return word(lang, "docking.title", study=study)


def _limits(found: Docking, lang: Lang) -> list[str]:
    said = [word(lang, f"docking.limit.{key}") for key in LIMITS]
    said += unknown_distances(found, lang)
    left = {reason: rows for reason, rows in found.left_aside.iter_rows() if rows}
    said += [
        word(lang, f"docking.left.{reason}", rows=number(rows)) for reason, rows in left.items()
    ]
    if found.certificate.indifference > 0:
        said.append(
            word(
                lang,
                "docking.limit.indifference",
                figure=percent(found.certificate.indifference, 2),
                left=percent(found.certificate.left_out_share, 2),
            )
        )
    return said


def docking_table(found: Docking, lang: Lang, key: str, most: int) -> Table:
    """Return the first rows of a list as shown."""
    frame = _first_rows(found, key, most)
    name = _party_names(found, lang)
    frame = frame.with_columns(
        pl.col(side).replace(name) for side in ("buyer", "supplier") if side in frame.columns
    )
    if key == "needs":
        states = {state: word(lang, f"docking.state.{state}") for state in STATES}
        frame = frame.with_columns(pl.col("state").replace(states))
    count = getattr(found, key).height
    note = word(lang, f"docking.table.{key}.note")
    if frame.height < count:
        note += word(lang, "docking.first_rows", shown=number(frame.height), count=number(count))
    renamed = HEADS.get(key, {})
    return shown_table(
        found,
        lang,
        f"docking_{key}",
        frame,
        KINDS[key],
        title=word(lang, f"docking.table.{key}.title"),
        note=note,
        heads={
            column: word(lang, f"docking.column.{renamed.get(column, column)}")
            for column in KINDS[key]
        },
    )


def _first_rows(found: Docking, key: str, most: int) -> pl.DataFrame:
    """Rows of a table to show: suppliers by price; of too many pairs or needs, the largest."""
    if key == "suppliers":
        return found.suppliers.sort("price", "supplier", descending=[True, False]).head(most)
    frame: pl.DataFrame = getattr(found, key)
    if key == "needs" and frame.height > most:
        return frame.sort("need", "buyer", "input", descending=[True, False, False]).head(most)
    if key != "pairs":
        return frame.head(most)
    if frame.height > most:
        order = ("amount", "buyer", "input", "rank")
        frame = frame.sort(*order, descending=[True, False, False, False]).head(most)
    buyers = found.needs.select("buyer", buyer_region="region").unique("buyer")
    suppliers = found.suppliers.select("supplier", supplier_region="region")
    return frame.join(buyers, on="buyer", how="left", maintain_order="left").join(
        suppliers, on="supplier", how="left", maintain_order="left"
    )


def _party_names(found: Docking, lang: Lang) -> dict[str, str]:
    """Names of enterprises, or of blocks of a region's industry, where they have one."""
    rows = found.study.tables["enterprises"].select("enterprise", f"name_{lang}").drop_nulls()
    named = dict(rows.iter_rows())
    if found.basis == "blocks":
        name = names(found, lang)
        blocks = found.needs.select("buyer", "region", "industry").unique()
        sellers = found.suppliers.select("supplier", "region", "industry")
        for code, region, industry in [*blocks.iter_rows(), *sellers.iter_rows()]:
            named[code] = word(
                lang,
                "figure.opportunities.pair",
                region=name.regions.get(region, region),
                industry=name.industries.get(industry, industry),
            )
    return named


def docking_certificate_table(found: Docking, lang: Lang) -> Table:
    """Return how far the lists are from clearing, and the bounds."""
    certificate = found.certificate
    return Table(
        "docking_certificate",
        word(lang, "table.certificate.title"),
        word(lang, "docking.table.certificate.note", needs=number(certificate.sampled_needs)),
        (
            Column("check", word(lang, "column.check"), "", "text"),
            Column("measured", word(lang, "column.measured"), "", "measure"),
            Column("bound", word(lang, "docking.column.bound"), "", "text"),
            Column("result", word(lang, "column.result"), "", "text"),
        ),
        [
            (
                word(lang, f"docking.check.{check}"),
                value,
                small(bound),
                word(lang, f"certificate.{'within' if value <= bound else 'beyond'}"),
            )
            for check, (value, bound) in certificate.checks.items()
        ],
        frozenset(),
    )


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
        raise _no_party(one)
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
        raise _no_party(one)
    return narrowed(found, one, asked.get("region"), asked.get("industry"))


def _no_party(code: str) -> NotThere:
    return NotThere(
        f"名单中没有可对接的企业 {code}。",
        f"There is no enterprise {code} on the list that could dock.",
    )


def _table(found: Docking, key: str, asked: Asked, lang: Lang) -> Table:
    if key == CERTIFICATE:
        return docking_certificate_table(found, lang)
    shown = _asked_for(found, asked)
    return docking_table(shown, lang, key, max(1, getattr(shown, key).height))


def _told(found: Docking, asked: Asked, lang: Lang) -> list[str]:
    said = docking_findings(_asked_for(found, asked), lang)
    return [docking_lead(found, lang), *said] if found.basis == BLOCKS else said


WORK = Work(
    Docking,
    _run,
    findings=lambda found, asked, lang: docking_findings(_asked_for(found, asked), lang),
    document=lambda found, asked, lang: docking_document(_asked_for(found, asked), lang),
    year=lambda found: base_year(found.study),
    tables=(*KINDS, CERTIFICATE),
    table=_table,
    figures={PICTURE: lambda found, asked, lang: docking_figure(found, lang)},
    table_of={PICTURE: "industries"},
    values=docking_values,
    told=_told,
    refused=lambda found, lang: (
        None if found.certificate.passed else word(lang, "docking.not_to_be_used")
    ),
)
