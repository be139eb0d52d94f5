"""What a backtest found, in sentences that name its figures and its misses."""

from typing import TYPE_CHECKING

import polars as pl

from yanzhen.report.text.quantities import percent
from yanzhen.report.text.reader import Reader
from yanzhen.study.ratios import ratio

if TYPE_CHECKING:
    from yanzhen.history.accuracy import Measured
    from yanzhen.history.backtest import BacktestReport
    from yanzhen.history.market_backtest import MarketBacktest
    from yanzhen.history.outlook import Outlook

NAMED = 3
TELLING = 0.03
"""Part of persistence's error below which a difference is called none."""
WITHOUT_PRIOR = "model_without_prior"
SINGLE = ("ubiquity", "density", "initial_lq", "gravity")


def backtest_findings(
    report: "BacktestReport", market: "MarketBacktest | None", reader: Reader
) -> list[str]:
    """Return what was foreseen and what was not, most general first."""
    said = [
        *_event(report, "entry", reader),
        *_event(report, "exit", reader),
        "" if report.prior is not None else reader.word("backtest_finding.prior_source"),
        _shares(report.share_error, "model", ("persistence", "gravity"), reader),
    ]
    if market is not None:
        others = ("persistence", "trend", "market_without_prices")
        said.append(_shares(market.share_error, "market", others, reader))
    frame, own = (report.shares, "model") if market is None else (market.shares, "market")
    said += [
        _share_misses(frame, own, reader),
        _left_out((report if market is None else market).left_out, reader),
        _missing(report, reader),
    ]
    return [sentence for sentence in said if sentence]


def _left_out(rows: pl.DataFrame, reader: Reader) -> str:
    """Which industries the comparison of shares leaves out, by reason; empty where none is."""
    if rows.is_empty():
        return ""
    each = [
        reader.word(
            f"backtest_finding.left_out_{reason}",
            industries=reader.word("comma").join(
                reader.names.industries.get(code, code) for code in group["industry"]
            ),
        )
        for (reason,), group in rows.group_by("reason", maintain_order=True)
    ]
    return reader.word(
        "backtest_finding.left_out",
        count=rows.height,
        cells=f"{rows['cells'].sum():,}",
        each=reader.word("semicolon").join(each),
    )


def _missing(report: "BacktestReport", reader: Reader) -> str:
    """What has no figure and is not counted as nothing; empty where all is there."""
    if not report.missing:
        return ""
    cells = report.regions.height * report.industries
    return reader.word(
        "backtest_finding.missing",
        missing=f"{report.missing:,}",
        cells=f"{cells:,}",
        part=reader.share_of(report.missing, cells, 0),
        first=report.test[0],
        last=report.test[1],
    )


def interval_text(measured: "Measured | None") -> str:
    """Return a figure with its interval, or a dash where it is not defined."""
    if measured is None:
        return "–"
    return f"{_minus(measured.value)} ({_minus(measured.low)}–{_minus(measured.high)})"


def _minus(value: float) -> str:
    return f"{value:.3f}".replace("-", "−")


def largest_share_misses(shares: pl.DataFrame, foreseen: str, most: int) -> pl.DataFrame:
    """Return the cells whose share was missed by most, weighted by their industry's size."""
    return (
        shares.with_columns(missed=pl.col(foreseen) - pl.col("actual"))
        .sort((pl.col("missed") * pl.col("size")).abs(), "region", "industry", descending=True)
        .head(most)
    )


def _event(report: "BacktestReport", event: str, reader: Reader) -> list[str]:
    outlook = report.entry if event == "entry" else report.exit
    counts = {"candidates": f"{outlook.candidates:,}", "happened": f"{outlook.happened:,}"}
    own = outlook.metrics["model"]
    if own.auc_roc is None or own.top_k is None:
        return [reader.word(f"backtest_finding.{event}_undefined", **counts)]
    singles = {key: outlook.metrics[key].auc_roc for key in SINGLE}
    known = {key: each for key, each in singles.items() if each is not None}
    best = max(known, key=lambda key: known[key].value)
    trees = outlook.auc_difference["boosting"]
    boosting = ""
    if trees is not None:
        boosting = reader.word("backtest_finding.boosting", difference=interval_text(trees))
    sentences = [
        reader.word(
            f"backtest_finding.{event}",
            **counts,
            auc=interval_text(own.auc_roc),
            single=reader.word(f"method.{best}"),
            single_auc=interval_text(known[best]),
            top=percent(own.top_k.value, 0),
            base=reader.share_of(outlook.happened, outlook.candidates, 0),
        )
        + _prior(report, outlook, best, reader)
        + boosting
    ]
    unexpected = outlook.largest_misses.filter("happened").head(NAMED)
    expected = outlook.largest_misses.filter(~pl.col("happened")).head(NAMED)
    sentences.append(
        reader.word(
            f"backtest_finding.{event}_misses",
            unexpected=_named(unexpected, reader),
            expected=_named(expected, reader),
        )
    )
    return sentences


def _prior(report: "BacktestReport", outlook: "Outlook", best: str, reader: Reader) -> str:
    """What the model's prior is, and what it does beside the best single indicator."""
    difference = outlook.auc_difference[best]
    if report.prior is None or outlook.spread is None or difference is None:
        return ""
    verdict = "better" if difference.low > 0 else "worse" if difference.high < 0 else "even"
    return reader.word(
        "backtest_finding.prior_used",
        source=report.prior.source_zh if reader.lang == "zh" else report.prior.source_en,
        spread=f"{outlook.spread:.2f}",
        without=interval_text(outlook.metrics[WITHOUT_PRIOR].auc_roc),
        difference=interval_text(difference),
        verdict=reader.word(f"backtest_finding.prior_{verdict}"),
    )


def _named(misses: pl.DataFrame, reader: Reader) -> str:
    return reader.word("semicolon").join(
        reader.word(
            "backtest_finding.case",
            **reader.named(row, "region industry"),
            probability=percent(row["probability"], 1),
        )
        for row in misses.iter_rows(named=True)
    )


def _shares(
    errors: "dict[str, Measured | None]", own: str, others: tuple[str, ...], reader: Reader
) -> str:
    found, held = errors[own], errors["persistence"]
    if found is None or held is None:
        return ""
    times = ratio(found.value, held.value)
    if times is None:
        return ""
    verdict = "better" if times < 1 - TELLING else "worse" if times > 1 + TELLING else "even"
    rest = reader.word("semicolon").join(
        f"{reader.word(f'method.{other}')} {interval_text(errors[other])}" for other in others
    )
    return reader.word(
        f"backtest_finding.shares_{verdict}",
        method=reader.word(f"method.{own}"),
        error=interval_text(found),
        ratio=f"{times:.2f}",
        others=rest,
    )


def _share_misses(shares: pl.DataFrame, own: str, reader: Reader) -> str:
    largest = largest_share_misses(shares, own, NAMED)
    if largest.is_empty():
        return ""
    cases = reader.word("semicolon").join(
        reader.word(
            "backtest_finding.share_case",
            **reader.named(row, "region industry"),
            foreseen=percent(row[own]),
            actual=percent(row["actual"]),
        )
        for row in largest.iter_rows(named=True)
    )
    return reader.word("backtest_finding.share_misses", cases=cases)
