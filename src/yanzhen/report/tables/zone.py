"""One site's prospects as a reader sees them: leads, rivals, and the response to an offer."""

import polars as pl

from yanzhen.market.plan.expected_entrants import LEADS
from yanzhen.market.plan.offers import RESPONSE
from yanzhen.market.plan.plan import Plan
from yanzhen.report.tables.table import Table, shown_table
from yanzhen.report.text.quantities import amount
from yanzhen.report.text.reader import Reader
from yanzhen.study.gazetteer import places
from yanzhen.study.result_columns import columns

SHOWN = (LEADS | columns("why against")).only(
    "industry origin edge rival expected probability offer why against"
)


def site_facts(plan: Plan, site: str, reader: Reader) -> list[tuple[str, str]]:
    """Return what the study says of a site itself, each under its name.

    What it does not say is left out; a region as a whole has nothing.
    """
    found = reader.study.tables["sites"].filter(site=site)
    if found.is_empty():
        return []
    row, name = found.row(0, named=True), reader.names
    units = dict(places().select("code", "name_zh").iter_rows())
    area = reader.unit(reader.study.about.units.area)
    said = {
        "region": name.regions.get(row["region"], row["region"]),
        "prefecture": units.get(row["prefecture"], row["prefecture"]),
        "county": units.get(row["county"], row["county"]),
        "level": row["level"] and reader.word(f"site_level.{row['level']}"),
        "kind": row["kind"] and reader.word_or(f"site_kind.{row['kind']}", row["kind"]),
        "approved": row["approved"],
        "area": None if row["area"] is None else amount(row["area"], area),
        "leading_industries": row["leading_industries"],
        "industries": row["industries"] and _industries(plan, row["industries"], reader),
        "point": row["point"] and reader.word(f"site_point.{row['point']}"),
    }
    return [(reader.word(f"site_fact.{key}"), text) for key, text in said.items() if text]


def _industries(plan: Plan, listed: str, reader: Reader) -> str:
    codes = listed.split(";")
    if set(codes) >= set(plan.industries["industry"]):
        return reader.word("site_fact.every_industry")
    named = reader.names.industries
    return reader.word("comma").join(named.get(code, code) for code in codes)


def leads_table(plan: Plan, found: pl.DataFrame, site: str, reader: Reader) -> Table:
    """What a site can win, with the reason that speaks most for it and the one most against it."""
    staying = pl.col("rival").fill_null(reader.word("zone.no_rival"))
    reasons = _reasons(plan, site, reader)
    return shown_table(
        reader,
        "leads",
        found.with_columns(staying).join(reasons, on=["industry", "origin"], how="left"),
        SHOWN,
        title=reader.word("zone.leads"),
        note=reader.word("zone.leads_note"),
        heads={
            **{key: reader.word(f"zone.column.{key}") for key in SHOWN},
            "offer": reader.word("zone.column.persuading"),
        },
    )


def _reasons(plan: Plan, site: str, reader: Reader) -> pl.DataFrame:
    name = reader.names
    terms = (
        plan.reasons.filter(pl.col("destination") == site, pl.col("term") != "inertia")
        .sort("size", descending=True)
        .group_by("industry", "origin", maintain_order=True)
        .agg(
            best=pl.col("term").first(),
            most=pl.col("size").first(),
            worst=pl.col("term").last(),
            least=pl.col("size").last(),
        )
    )
    said = {"why": ("best", "most"), "against": ("worst", "least")}
    return terms.with_columns(
        pl.Series(
            column,
            [
                f"{name.term(row[term])} {100 * row[size]:+.1f}%".replace("-", "−")
                for row in terms.iter_rows(named=True)
            ],
            dtype=pl.String,
        )
        for column, (term, size) in said.items()
    ).select("industry", "origin", "why", "against")


def rivals_table(found: pl.DataFrame, reader: Reader) -> Table:
    """Where those who would come would go otherwise."""
    name = reader.names
    staying = reader.word("zone.staying")
    frame = found.select(
        pl.col("site").replace_strict(name.places, default=staying).fill_null(staying),
        "diversion",
    )
    return shown_table(
        reader,
        "rivals",
        frame,
        columns("site diversion", site="text"),
        title=reader.word("zone.rivals"),
        note=reader.word("zone.rivals_note"),
        heads={key: reader.word(f"zone.column.{key}") for key in ("site", "diversion")},
    )


def response_table(found: pl.DataFrame, reader: Reader) -> Table:
    """What comes at each offer, and what it costs."""
    return shown_table(
        reader,
        "response",
        found,
        RESPONSE.only("offer arrivals gained outlay cost_of_gained used price"),
        title=reader.word("zone.response"),
        note=reader.word("zone.response_note"),
        heads={column: reader.word(f"zone.column.{column}") for column in found.columns},
    )
