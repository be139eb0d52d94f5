"""The tables of docking lists."""

from collections.abc import Mapping

import polars as pl

from yanzhen.modes.chain.docking.docking_lists import Docking
from yanzhen.report.tables.table import Column, Kind, Table, shown_table
from yanzhen.report.text.names import names
from yanzhen.report.text.quantities import number, small
from yanzhen.report.text.words import Lang, word

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
