"""The tables of docking lists."""

import polars as pl

from yanzhen.modes.chain.docking.docking_lists import (
    INDUSTRIES,
    NEEDS,
    OFFERS,
    PAIRS,
    Docking,
)
from yanzhen.modes.chain.docking.weights import TERMS
from yanzhen.report.tables.table import Column, Table, shown_table
from yanzhen.report.text.quantities import number, small
from yanzhen.report.text.reader import Reader
from yanzhen.study.names import name_in
from yanzhen.study.result_columns import columns

COLUMNS = {
    "industries": INDUSTRIES,
    "pairs": (PAIRS | columns("buyer_region supplier_region")).only(
        f"""buyer buyer_region input rank supplier supplier_region amount share_of_need
        share_of_spare kilometres {" ".join(TERMS)} price net"""
    ),
    "needs": NEEDS,
    "suppliers": OFFERS,
}
HEADS = {"needs": {"present": "stays", "price": "worth"}, "industries": {"present": "stays"}}
STATES = ("docked", "no_supplier")


def docking_table(found: Docking, reader: Reader, key: str, most: int) -> Table:
    """Return the first rows of a list as shown."""
    frame = _first_rows(found, key, most)
    name = _party_names(found, reader)
    frame = frame.with_columns(
        pl.col(side).replace(name) for side in ("buyer", "supplier") if side in frame.columns
    )
    if key == "needs":
        states = {state: reader.word(f"docking.state.{state}") for state in STATES}
        frame = frame.with_columns(pl.col("state").replace(states))
    count = getattr(found, key).height
    note = reader.word(f"docking.table.{key}.note")
    if frame.height < count:
        note += reader.word("docking.first_rows", shown=number(frame.height), count=number(count))
    renamed = HEADS.get(key, {})
    return shown_table(
        reader,
        f"docking_{key}",
        frame,
        COLUMNS[key],
        title=reader.word(f"docking.table.{key}.title"),
        note=note,
        heads={
            column: reader.word(f"docking.column.{renamed.get(column, column)}")
            for column in COLUMNS[key]
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


def _party_names(found: Docking, reader: Reader) -> dict[str, str]:
    """Names of enterprises, or of blocks of a region's industry, where they have one."""
    table = found.study.tables["enterprises"]
    rows = table.select("enterprise", name_in(reader.lang)).drop_nulls()
    named = dict(rows.iter_rows())
    if found.basis == "blocks":
        name = reader.names
        blocks = found.needs.select("buyer", "region", "industry").unique()
        sellers = found.suppliers.select("supplier", "region", "industry")
        for code, region, industry in [*blocks.iter_rows(), *sellers.iter_rows()]:
            named[code] = reader.word(
                "figure.opportunities.pair",
                region=name.regions.get(region, region),
                industry=name.industries.get(industry, industry),
            )
    return named


def docking_certificate_table(found: Docking, reader: Reader) -> Table:
    """Return how far the lists are from clearing, and the bounds."""
    certificate = found.certificate
    return Table(
        "docking_certificate",
        reader.word("table.certificate.title"),
        reader.word("docking.table.certificate.note", needs=number(certificate.sampled_needs)),
        (
            Column("check", reader.word("column.check"), "", "text"),
            Column("measured", reader.word("column.measured"), "", "measure"),
            Column("bound", reader.word("docking.column.bound"), "", "text"),
            Column("result", reader.word("column.result"), "", "text"),
        ),
        [
            (
                reader.word(f"docking.check.{check}"),
                value,
                small(bound),
                reader.word(f"certificate.{'within' if value <= bound else 'beyond'}"),
            )
            for check, (value, bound) in certificate.checks.items()
        ],
        frozenset(),
    )
