"""Where an enterprise could go, as a reader sees it: sites, what would change the answer, cash."""

from collections.abc import Mapping

import polars as pl

from yanzhen.market.plan.moves import TERMS
from yanzhen.market.plan.plan import Plan
from yanzhen.market.plan.relocation import CashFlow
from yanzhen.report.tables.table import Table, shown_table
from yanzhen.report.text.names import names
from yanzhen.report.text.quantities import percent, unit
from yanzhen.report.text.words import Lang, word
from yanzhen.study.result_columns import Columns, columns
from yanzhen.study.units import UNITS

NOT_CASH = ("moving_cost", "inertia", "site_size")
"""Terms that are no yearly cash: moving is paid once, the others are worth without a payment."""
RIVALS = 5
BEST_SITES = columns(
    "enterprise industry origin output site gain probability second refused lacking"
)


def ranking_table(plan: Plan, ranked: pl.DataFrame, lang: Lang) -> Table:
    """Every site ranked, with the terms of its gain.

    Parameters
    ----------
    ranked : rank, site, region, gain, the terms, probability, listing, rule
    """
    terms = Columns(dict.fromkeys(used_terms(ranked), "share"))
    shown = columns("rank site gain probability") | terms | columns("listing rule")
    return _shown(plan, lang, "destinations", ranked, shown, "ranking", _heads(plan, lang))


def comparison_table(plan: Plan, ranked: pl.DataFrame, sites: list[str], lang: Lang) -> Table:
    """Some sites beside each other, a row for each term."""
    name = names(plan, lang)
    rows = ranked.filter(pl.col("site").is_in(sites)).to_dicts()
    terms = [*used_terms(ranked), "gain", "probability"]
    heads = _heads(plan, lang)
    frame = pl.DataFrame(
        {
            "term": [heads[term] for term in terms],
            **{row["site"]: [float(row[term]) for term in terms] for row in rows},
        }
    )
    named = {row["site"]: name.places[row["site"]] for row in rows}
    shown = columns("term", term="text") | Columns(dict.fromkeys(named, "share"))
    return _shown(plan, lang, "compared_sites", frame, shown, "compared", named)


def _shown(
    plan: Plan,
    lang: Lang,
    key: str,
    frame: pl.DataFrame,
    shown: Columns,
    named: str,
    heads: Mapping[str, str],
) -> Table:
    """Return a frame as shown, under the title and note of a name."""
    title, note = word(lang, f"enterprise.{named}"), word(lang, f"enterprise.{named}_note")
    return shown_table(plan, lang, key, frame, shown, title=title, note=note, heads=heads)


def what_would_change(plan: Plan, ranked: pl.DataFrame, lang: Lang) -> list[str]:
    """What each rival of the best site lacks to it, and in which term most."""
    name = names(plan, lang)
    admitted = ranked.filter(pl.col("rank").is_not_null()).head(RIVALS + 1).to_dicts()
    said = []
    if admitted and admitted[0]["gain"] <= 0:
        said.append(
            word(
                lang,
                "enterprise.staying",
                place=name.places[admitted[0]["site"]],
                lacking=percent(-admitted[0]["gain"], 2),
            )
        )
    for row in admitted[1:]:
        best = admitted[0]
        term = min(TERMS, key=lambda term, row=row: row[term] - best[term])  # type: ignore[misc]
        said.append(
            word(
                lang,
                "enterprise.rival",
                place=name.places[row["site"]],
                best=name.places[best["site"]],
                lacking=percent(best["gain"] - row["gain"], 2),
                term=name.term(term),
                most=percent(best[term] - row[term], 2),
            )
        )
    return said


def money_unit(plan: Plan, lang: Lang) -> str:
    """The unit in which an enterprise counts: ten thousands in Chinese, thousands in English."""
    declared = UNITS.get(plan.study.about.units.money)
    if declared is None:
        return plan.study.about.units.money
    return unit(f"{'10,000' if lang == 'zh' else '1,000'} {declared.currency}", lang).name


def own_money(plan: Plan, lang: Lang) -> float:
    """What turns money of the study into the unit of `money_unit`."""
    declared = UNITS.get(plan.study.about.units.money)
    if declared is None:
        return 1.0
    return declared.factor / (1e4 if lang == "zh" else 1e3)


def best_sites_table(plan: Plan, found: pl.DataFrame, lang: Lang) -> Table:
    """Where each enterprise of a list would best go.

    Parameters
    ----------
    found : of `yanzhen.api.enterprise_lists.best_sites`
    """
    shown = BEST_SITES
    if found["lacking"].null_count() == found.height:
        shown = shown.only(" ".join(name for name in shown if name != "lacking"))
    heads = {
        key: word(lang, "column.gain" if key == "gain" else f"enterprise.column.{key}")
        for key in shown
    }
    return _shown(plan, lang, "best_sites", found, shown, "best_sites", heads)


def cash_table(plan: Plan, flow: CashFlow, lang: Lang) -> Table:
    """The cash flow of a move in the unit of `money_unit`, a row for each year."""
    heads = {column: word(lang, f"enterprise.column.{column}") for column in flow.yearly.columns}
    return shown_table(
        plan,
        lang,
        "relocation",
        flow.yearly,
        {**dict.fromkeys(flow.yearly.columns, "number"), "year": "count"},
        title=word(lang, "enterprise.cash"),
        note=word(lang, "enterprise.cash_note", unit=money_unit(plan, lang)),
        heads=heads,
    )


def cash_gain(row: dict[str, float]) -> float:
    """Yearly gain in cash at a site, a share of output."""
    return sum(row[term] for term in TERMS if term not in NOT_CASH)


def used_terms(ranked: pl.DataFrame) -> list[str]:
    """Terms that are not zero everywhere."""
    return [term for term in TERMS if float(ranked[term].abs().max() or 0.0) > 0]  # type: ignore[arg-type]


def _heads(plan: Plan, lang: Lang) -> dict[str, str]:
    name = names(plan, lang)
    return {
        **{term: name.term(term) for term in TERMS},
        "rank": word(lang, "column.rank"),
        "gain": word(lang, "column.gain"),
        "probability": word(lang, "enterprise.probability"),
    }
