"""Where an enterprise could go, as a reader sees it: sites, what would change the answer, cash."""

from collections.abc import Mapping

import polars as pl

from yanzhen.market.plan.moves import NOT_CASH, TERMS
from yanzhen.market.plan.relocation import CASH, CashFlow
from yanzhen.report.tables.table import Table, shown_table
from yanzhen.report.text.reader import Reader
from yanzhen.study.result_columns import Columns, columns
from yanzhen.study.units import UNITS

BEST_SITES = columns(
    "enterprise industry origin output site gain probability second refused lacking", output="money"
)
"""`site` is the best and `second` the next, with gain and probability at the first; `refused` are
sites closed to it, `lacking` is why there is no answer, null where there is."""


def ranking_table(ranked: pl.DataFrame, industry: str, reader: Reader) -> Table:
    """Every site ranked, with the terms of its gain.

    Where the study says what leads a site's industry, beside it and whether that names the
    enterprise's own.

    Parameters
    ----------
    ranked : rank, site, region, gain, the terms, probability, listing, rule
    industry : of the enterprise
    """
    sites = reader.study.tables["sites"].select(
        "site",
        "leading_industries",
        among=pl.col("industries").str.split(";").list.contains(industry),
    )
    said = Columns({})
    if sites["leading_industries"].null_count() < sites.height:
        said = columns("region leading_industries among", leading_industries="text", among="flag")
        ranked = ranked.join(sites, on="site", how="left", maintain_order="left")
    terms = Columns(dict.fromkeys(used_terms(ranked), "share"))
    shown = columns("rank site") | said | columns("gain probability") | terms
    heads = {**_heads(reader), **{key: reader.word(f"site_fact.{key}") for key in said}}
    shown = shown | columns("listing rule")
    return _shown(reader, "destinations", ranked, shown, "ranking", heads)


def comparison_table(ranked: pl.DataFrame, sites: list[str], reader: Reader) -> Table:
    """Some sites beside each other, a row for each term."""
    name = reader.names
    rows = ranked.filter(pl.col("site").is_in(sites)).to_dicts()
    in_cash = [term for term in used_terms(ranked) if term not in NOT_CASH]
    apart = [term for term in used_terms(ranked) if term in NOT_CASH]
    terms = [*in_cash, "cash", *apart, "gain", "probability"]
    rows = [{**row, "cash": cash_gain(row)} for row in rows]
    heads = {**_heads(reader), "cash": reader.word("shortlist.cash")}
    frame = pl.DataFrame(
        {
            "term": [heads[term] for term in terms],
            **{row["site"]: [float(row[term]) for term in terms] for row in rows},
        }
    )
    named = {row["site"]: name.places[row["site"]] for row in rows}
    shown = columns("term", term="text") | Columns(dict.fromkeys(named, "share"))
    return _shown(reader, "compared_sites", frame, shown, "compared", named)


def _shown(
    reader: Reader,
    key: str,
    frame: pl.DataFrame,
    shown: Columns,
    named: str,
    heads: Mapping[str, str],
) -> Table:
    """Return a frame as shown, under the title and note of a name."""
    title, note = reader.word(f"enterprise.{named}"), reader.word(f"enterprise.{named}_note")
    return shown_table(reader, key, frame, shown, title=title, note=note, heads=heads)


def money_unit(reader: Reader) -> str:
    """The unit in which an enterprise counts: ten thousands in Chinese, thousands in English."""
    declared = UNITS.get(reader.study.about.units.money)
    if declared is None:
        return reader.study.about.units.money
    return reader.unit(f"{'10,000' if reader.lang == 'zh' else '1,000'} {declared.currency}").name


def own_money(reader: Reader) -> float:
    """What turns money of the study into the unit of `money_unit`."""
    declared = UNITS.get(reader.study.about.units.money)
    if declared is None:
        return 1.0
    return declared.factor / (1e4 if reader.lang == "zh" else 1e3)


def best_sites_table(found: pl.DataFrame, reader: Reader) -> Table:
    """Where each enterprise of a list would best go.

    Parameters
    ----------
    found : of `yanzhen.api.enterprise_lists.best_sites`
    """
    shown = BEST_SITES
    if found["lacking"].null_count() == found.height:
        shown = shown.only(" ".join(name for name in shown if name != "lacking"))
    heads = {
        key: reader.word("column.gain" if key == "gain" else f"enterprise.column.{key}")
        for key in shown
    }
    return _shown(reader, "best_sites", found, shown, "best_sites", heads)


def cash_table(flow: CashFlow, reader: Reader) -> Table:
    """The cash flow of a move in the unit of `money_unit`, a row for each year."""
    heads = {column: reader.word(f"enterprise.column.{column}") for column in flow.yearly.columns}
    return shown_table(
        reader,
        "relocation",
        flow.yearly,
        CASH,
        title=reader.word("enterprise.cash"),
        note=reader.word("enterprise.cash_note", unit=money_unit(reader)),
        heads=heads,
    )


def cash_gain(row: dict[str, float]) -> float:
    """Yearly gain in cash at a site, a share of output."""
    return sum(row[term] for term in TERMS if term not in NOT_CASH)


def used_terms(ranked: pl.DataFrame) -> list[str]:
    """Terms that are not zero everywhere."""
    return [term for term in TERMS if float(ranked[term].abs().max() or 0.0) > 0]  # type: ignore[arg-type]


def _heads(reader: Reader) -> dict[str, str]:
    name = reader.names
    return {
        **{term: name.term(term) for term in TERMS},
        "rank": reader.word("column.rank"),
        "gain": reader.word("column.gain"),
        "probability": reader.word("enterprise.probability"),
    }
