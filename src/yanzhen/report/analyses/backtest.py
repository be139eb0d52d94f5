"""The report on a backtest."""

from dataclasses import fields
from typing import TYPE_CHECKING

import polars as pl

from yanzhen.history.backtest import BacktestReport
from yanzhen.history.market_backtest import NET_SHIFTS, MarketBacktest
from yanzhen.history.outlook import MISSES, Outlook
from yanzhen.report.document.document import Document, Drawing, Section, tables_of, with_rows
from yanzhen.report.figures.foresight_map import hits, share_misses
from yanzhen.report.figures.methods import methods
from yanzhen.report.figures.net_shifts import net_shifts
from yanzhen.report.figures.reliability import reliability
from yanzhen.report.findings.backtest import (
    backtest_findings,
    interval_text,
    largest_share_misses,
)
from yanzhen.report.tables.table import Column, Table, shown_table
from yanzhen.report.text.reader import Reader
from yanzhen.study.result_columns import Columns, columns, columns_of

if TYPE_CHECKING:
    from yanzhen.history.accuracy import Measured
    from yanzhen.report.text.protocols import Result

LARGEST = 20
CHANCE = 0.5
SHIFTS = "actual market market_without_prices trend persistence"


def backtest_document(
    report: BacktestReport, market: MarketBacktest | None, reader: Reader
) -> Document:
    """Return the report of a backtest."""
    about = report.study.about
    title = reader.word(
        "backtest.title",
        study=reader.study_title,
        first=report.test[0],
        last=report.test[1],
    )
    limits = [reader.word(f"backtest_limit.{key}") for key in ("intervals", "period", "measure")]
    if market is not None:
        limits.append(reader.word("backtest_limit.market"))
    if about.flagged_regions:
        limits.append(reader.flag_reason)
    sections = [
        _event(report, report.entry, "entry", reader),
        _event(report, report.exit, "exit", reader),
        _shares(report, reader),
        *([_market(market, reader)] if market is not None else []),
    ]
    limits = [limit for limit in limits if limit]
    tables = _files(report, market)
    return Document(
        reader=reader,
        title=title,
        lead=reader.word(
            "backtest.lead",
            train=f"{report.train[0]}–{report.train[1]}",
            test=f"{report.test[0]}–{report.test[1]}",
            regions=report.regions.height,
            industries=report.industries,
            folds=reader.word(f"backtest.folds_{report.folds}"),
        ),
        year=report.test[1],
        findings=backtest_findings(report, market, reader),
        sections=sections,
        limits=limits,
        tables=tables_of(sections),
        notes=limits,
        frames={name: frame for name, (frame, _) in tables.items()},
        kinds={name: kinds for name, (_, kinds) in tables.items()},
        named_in=("method", "foresight", "column"),
    )


def _files(
    report: BacktestReport, market: MarketBacktest | None
) -> dict[str, tuple[pl.DataFrame, Columns]]:
    """Return the frames by the names of their files, with their columns."""
    held: list[tuple[str, Outlook | BacktestReport | MarketBacktest]] = [
        ("entry_", report.entry),
        ("exit_", report.exit),
        ("", report),
        *([] if market is None else [("market_", market)]),
    ]
    return {
        f"{prefix}{name}": (getattr(result, name), kinds)
        for prefix, result in held
        for name, kinds in columns_of(type(result)).items()
        if name != "regions"
    }


def _event(report: BacktestReport, outlook: Outlook, event: str, reader: Reader) -> Section:
    key, figure = f"foretold_{event}", f"methods_{event}"
    if outlook.metrics["density"].auc_roc is None:
        return Section(key, [Drawing(figure, methods(reader, figure, {}, CHANCE))])
    areas = {name: each.auc_roc for name, each in outlook.metrics.items()}
    misses = [_misses(report, outlook, event, happened, reader) for happened in (True, False)]
    return Section(
        key,
        [
            Drawing(figure, methods(reader, figure, areas, CHANCE)),
            Drawing(f"reliability_{event}", reliability(reader, outlook, event)),
            Drawing(f"hits_{event}", hits(report, reader, outlook, event)),
            _metrics(outlook, event, reader),
            *with_rows(misses),
        ],
    )


def _shares(report: BacktestReport, reader: Reader) -> Section:
    errors = report.share_error
    drawn = share_misses(report, reader, report.shares, "model", "share_misses")
    return Section(
        "foretold_shares",
        [
            Drawing("methods_shares", methods(reader, "methods_shares", errors, None)),
            Drawing("share_misses", drawn),
            _errors(errors, report.share_error_unweighted, "share_errors", reader),
            _share_misses(report, report.shares, "model", "share_misses", reader),
        ],
    )


def _market(market: MarketBacktest, reader: Reader) -> Section:
    errors, drawn = (
        market.share_error,
        methods(reader, "methods_market", market.share_error, None),
    )
    misses = share_misses(market, reader, market.shares, "market", "market_misses")
    shifts = shown_table(
        reader,
        "net_shifts",
        market.net_shifts,
        NET_SHIFTS.only(f"macro_region {SHIFTS}"),
        heads={key: reader.word(f"method.{key}") for key in SHIFTS.split()},
    )
    return Section(
        "foretold_market",
        [
            Drawing("methods_market", drawn),
            Drawing("net_shifts", net_shifts(market, reader)),
            Drawing("market_misses", misses),
            _errors(errors, market.share_error_unweighted, "market_errors", reader),
            shifts,
            _share_misses(market, market.shares, "market", "market_misses", reader),
        ],
    )


def _metrics(outlook: Outlook, event: str, reader: Reader) -> Table:
    """Every figure of every way of foreseeing, with its interval."""
    kinds = [field.name for field in fields(outlook.metrics["model"])]
    rows = [
        (
            reader.word(f"method.{name}"),
            *(interval_text(getattr(metrics, kind)) for kind in kinds),
            interval_text(outlook.auc_difference.get(name)),
        )
        for name, metrics in outlook.metrics.items()
    ]
    heads = ("method", *kinds, "auc_difference")
    return Table(
        f"metrics_{event}",
        reader.word(f"table.metrics_{event}.title"),
        reader.word("foresight.metrics_note"),
        tuple(Column(head, reader.word(f"foresight.{head}"), "", "text") for head in heads),
        list(rows),
        frozenset(),
    )


def _errors(
    by_size: "dict[str, Measured | None]",
    alike: "dict[str, Measured | None]",
    key: str,
    reader: Reader,
) -> Table:
    heads = ("method", "share_error", "share_error_unweighted")
    return Table(
        key,
        reader.word(f"table.{key}.title"),
        reader.word(f"table.{key}.note"),
        tuple(Column(head, reader.word(f"foresight.{head}"), "", "text") for head in heads),
        [
            (reader.word(f"method.{name}"), interval_text(each), interval_text(alike[name]))
            for name, each in by_size.items()
            if each is not None
        ],
        frozenset(),
    )


def _misses(
    report: BacktestReport, outlook: Outlook, event: str, happened: bool, reader: Reader
) -> Table:
    key = f"{event}_unexpected" if happened else f"{event}_expected"
    return shown_table(
        reader,
        key,
        outlook.largest_misses.filter(pl.col("happened") == happened),
        MISSES.only("region industry probability"),
        note=reader.word("foresight.misses_note"),
        heads={"probability": reader.word("foresight.probability")},
    )


def _share_misses(
    result: "Result", shares: pl.DataFrame, foreseen: str, key: str, reader: Reader
) -> Table:
    shown = columns("region industry") | columns(f"{foreseen} actual missed").of_kind("share")
    heads = {name: reader.word(f"foresight.{name}") for name in (foreseen, "actual", "missed")}
    largest = largest_share_misses(shares, foreseen, LARGEST)
    return shown_table(reader, key, largest, shown, heads=heads)
