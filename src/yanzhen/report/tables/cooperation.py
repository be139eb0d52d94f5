"""Tables of a contract of two places: both ledgers, and the schemes side by side on the pair."""

from typing import TYPE_CHECKING

import polars as pl

from yanzhen.report.tables.table import Kind, Table, shown_table
from yanzhen.report.text.words import Lang, word

if TYPE_CHECKING:
    from yanzhen.modes.coconstruction.gains.appraisal import Appraisal
    from yanzhen.modes.coconstruction.gains.pair_ledger import PairLedger

PAID = (
    "tax_paid", "tax_home", "recovered", "tax_host", "tax_third", "top_up", "exit_payment",
    "dividend_home", "dividend_host", "dividend_third",
)  # fmt: skip
COUNTED = ("output_home", "output_host")
ALWAYS = ("tax_paid", "tax_home", "tax_host")
SCHEMES: dict[str, Kind] = {
    "scheme": "text",
    "home": "money",
    "host": "money",
    "third": "money",
    "joint": "money",
    "received_home": "money",
    "received_host": "money",
    "last_year_home": "year",
    "output_home": "share",
    "missing": "text",
}


def ledger_table(appraisal: "Appraisal", ledger: "PairLedger", lang: Lang) -> Table:
    """What each party receives in each year; what nobody receives is left out."""
    paid = [name for name in PAID if name in ALWAYS or float(ledger.yearly[name].abs().sum()) > 0]
    kinds: dict[str, Kind] = {"year": "year", **dict.fromkeys(paid, "money")}
    return _shown(appraisal, lang, "pair_ledger", ledger.yearly, kinds)


def statistics_table(appraisal: "Appraisal", ledger: "PairLedger", lang: Lang) -> Table:
    """Who counts the output of what has moved in each year."""
    kinds: dict[str, Kind] = {"year": "year", **dict.fromkeys(COUNTED, "money")}
    return _shown(appraisal, lang, "pair_statistics", ledger.yearly, kinds)


def industry_table(appraisal: "Appraisal", ledger: "PairLedger", lang: Lang) -> Table:
    """What each party receives of each industry over all years."""
    frame = ledger.by_industry
    paid = [
        name
        for name in PAID
        if name in frame.columns and (name in ALWAYS or float(frame[name].abs().sum()) > 0)
    ]
    kinds: dict[str, Kind] = {
        "industry": "industry",
        "eligible": "flag",
        **dict.fromkeys((*paid, *COUNTED), "money"),
    }
    return _shown(appraisal, lang, "pair_industries", frame, kinds)


def scheme_table(appraisal: "Appraisal", schemes: pl.DataFrame, lang: Lang) -> Table:
    """What every scheme is worth on the same pair, and why one cannot be put to it."""
    titles = [scheme_title(row, lang) for row in schemes.iter_rows(named=True)]
    frame = schemes.with_columns(
        pl.Series("scheme", titles, dtype=pl.String),
        missing=pl.col("missing_zh" if lang == "zh" else "missing"),
    )
    kinds = dict(SCHEMES)
    if not (schemes["missing"] != "").any():
        del kinds["missing"]
    return _shown(appraisal, lang, "pair_schemes", frame, kinds)


def _shown(
    appraisal: "Appraisal", lang: Lang, key: str, frame: pl.DataFrame, kinds: dict[str, Kind]
) -> Table:
    heads = {
        name: word(lang, f"pair_column.{name}")
        for name in kinds
        if name not in ("year", "industry", "eligible")
    }
    return shown_table(appraisal, lang, key, frame, kinds, heads=heads)


def scheme_title(row: dict[str, object], lang: Lang) -> str:
    """Return what a scheme is called; the terms at hand are called so."""
    if row["scheme"] == "own":
        return word(lang, "contract.these_terms")
    return str(row["title_zh" if lang == "zh" else "title_en"])
