"""`yanzhen backtest`: what would have been foreseen of a period that is over."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from yanzhen.cli.language import Language, help_of, language_of, usual_of, word
from yanzhen.cli.naming import refuse_nation
from yanzhen.cli.options import AsJson, Folder, Spoken
from yanzhen.cli.outcome import WRONG_INPUT, honest_exit
from yanzhen.cli.screen import (
    point_to,
    print_json,
    print_list,
    progress,
    refuse,
    stderr,
    stdout,
    warn,
    working,
)

if TYPE_CHECKING:
    from rich.table import Table

    from yanzhen.history.backtest import BacktestReport
    from yanzhen.history.market_backtest import MarketBacktest
    from yanzhen.history.outlook import Outlook

FIGURES = ("auc_roc", "auc_pr", "brier", "top_k")


def backtest(
    panel: Annotated[
        str, typer.Argument(metavar="PANEL", show_default=False, help=help_of("panel"))
    ],
    train: Annotated[str, typer.Option(metavar="Y0:Y1", show_default=False, help=help_of("train"))],
    test: Annotated[
        str | None,
        typer.Option(metavar="Y2:Y3", show_default=usual_of("folds"), help=help_of("test")),
    ] = None,
    folds: Annotated[
        Literal["none", "regions", "double"], typer.Option(help=help_of("folds"))
    ] = "none",
    market: Annotated[bool, typer.Option("--market", help=help_of("market"))] = False,
    out: Folder = None,
    lang: Spoken = None,
    as_json: AsJson = False,
) -> None:
    """Foretell a period that is over from what came before, and compare with simple baselines.
    用过去预测已发生的时期，并与简单基准比较。

    With [bold]--out[/] the folder gets a page with the reliability diagram, hits and misses on the
    map and the largest misses, and the tables.

    加 [bold]--out[/] 则写出网页（可靠性图、命中与落空的地图、偏差最大者）与各表。
    """
    language = lang or language_of()
    refuse_nation(panel, language)
    learnt = _period(train, "--train", language)
    tested = learnt if test is None else _period(test, "--test", language)
    with honest_exit(language, as_json):
        with progress(language, not as_json) as update:
            equilibrium = _market(panel, learnt, tested, update) if market else None
            report = _tested(panel, learnt, tested, folds, update)
        if out is not None:
            from yanzhen.report.analyses.backtest import backtest_document
            from yanzhen.report.document.folder import write_report
            from yanzhen.report.text.reader import Reader

            with working(word(language, "writing_report")):
                reader = Reader(report.study, language)
                write_report(backtest_document(report, equilibrium, reader), out, "backtest")
    if report.entry.metrics["boosting"].auc_roc is None:
        _say_without_trees(language)
    if as_json:
        print_json(_plain(report, equilibrium))
    else:
        _print(report, equilibrium, out, language)


def _tested(
    panel: str,
    train: tuple[int, int],
    test: tuple[int, int],
    folds: Literal["none", "regions", "double"],
    update: Callable[[str, float], None],
) -> "BacktestReport":
    from yanzhen.history.backtest import backtest as compare
    from yanzhen.history.record import read_record

    update("study", 0.0)
    return compare(read_record(panel), train, test, folds, progress=update)


def _market(
    panel: str,
    train: tuple[int, int],
    test: tuple[int, int],
    update: Callable[[str, float], None],
) -> "MarketBacktest":
    from yanzhen.history.market_backtest import market_backtest
    from yanzhen.study import read_study

    study = read_study(panel)
    update("market", 0.0)
    return market_backtest(study, train, test)


def _say_without_trees(language: Language) -> None:
    """Say what is missing for the baseline of boosted trees."""
    from importlib.util import find_spec

    if find_spec("sklearn") is None:
        said = word(language, "without_trees")
        stderr().print(said, markup=False, soft_wrap=True)


def _plain(report: "BacktestReport", market: "MarketBacktest | None") -> dict[str, object]:
    """The market's figures at the top where it was asked for, the panel's under `panel`."""
    from yanzhen.history.backtest import as_json
    from yanzhen.history.market_backtest import market_as_json

    if market is None:
        return as_json(report)
    return {**market_as_json(market), "panel": as_json(report)}


def _print(
    report: "BacktestReport", market: "MarketBacktest | None", out: Path | None, language: Language
) -> None:
    from yanzhen.report.findings.backtest import backtest_findings
    from yanzhen.report.text.reader import Reader

    if report.study.about.synthetic:
        warn(word(language, "synthetic_panel"))
    print_list(backtest_findings(report, market, Reader(report.study, language)))
    for heading, outlook in (
        (word(language, "heading.entries"), report.entry),
        (word(language, "heading.exits"), report.exit),
    ):
        if outlook.metrics["density"].auc_roc is not None:
            stdout().print(_figures(heading, outlook, language))
    if out is not None:
        point_to(out / "backtest.html", language)


def _figures(heading: str, outlook: "Outlook", language: Language) -> "Table":
    from rich.table import Table

    from yanzhen.report.findings.backtest import interval_text
    from yanzhen.report.text.words import word as said

    table = Table(title=heading, title_justify="left", header_style="bold")
    table.add_column(said(language, "foresight.method"))
    for name in FIGURES:
        table.add_column(said(language, f"foresight.{name}"), justify="right")
    for name, metrics in outlook.metrics.items():
        cells = (interval_text(getattr(metrics, figure)) for figure in FIGURES)
        table.add_row(said(language, f"method.{name}"), *cells)
    return table


def _period(text: str, option: str, language: Language) -> tuple[int, int]:
    first, _, last = text.partition(":")
    if not (first.isdigit() and last.isdigit()):
        refuse(word(language, "not_a_period", option=option, text=text))
        raise typer.Exit(WRONG_INPUT)
    return int(first), int(last)
