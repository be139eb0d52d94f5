"""`yanzhen backtest`: what would have been foreseen of a period that is over."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from yanzhen.cli.language import Language, choose, language_of
from yanzhen.cli.outcome import FAILED, WRONG_INPUT, honest_exit
from yanzhen.cli.screen import print_json, refuse, stdout, working

if TYPE_CHECKING:
    from rich.table import Table

    from yanzhen.history.accuracy import Measured
    from yanzhen.history.backtest import BacktestReport
    from yanzhen.history.market_backtest import MarketBacktest

FIGURES = ("auc_roc", "auc_pr", "brier", "top_k")


def backtest(
    panel: Annotated[
        str,
        typer.Argument(
            metavar="PANEL",
            show_default=False,
            help="One CSV or Parquet file with region, industry, year and output, employment or "
            "employment_share; or a study. 面板文件或研究。",
        ),
    ],
    train: Annotated[
        str,
        typer.Option(metavar="Y0:Y1", show_default=False, help="Learnt from. 学习所用时期。"),
    ],
    test: Annotated[
        str, typer.Option(metavar="Y2:Y3", show_default=False, help="Foretold. 检验时期。")
    ],
    folds: Annotated[
        Literal["none", "regions", "double"],
        typer.Option(
            help="Foretell each part from the others: by region, or region and industry. "
            "按地区，或按地区与行业，轮流留出。"
        ),
    ] = "none",
    market: Annotated[
        bool,
        typer.Option("--market", help="Test the whole market of a study. 检验整个市场均衡。"),
    ] = False,
    out: Annotated[
        Path | None,
        typer.Option(metavar="FOLDER", file_okay=False, help="Folder for the tables. 结果文件夹。"),
    ] = None,
    lang: Annotated[
        Language | None,
        typer.Option("--lang", show_default="from the locale, otherwise zh", help="输出语言。"),
    ] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print JSON alone. 只输出 JSON。")
    ] = False,
) -> None:
    """Foretell a period that is over from what came before, and compare with simple baselines.
    用过去预测已发生的时期，并与简单基准比较。
    """
    language = lang or language_of()
    learnt, tested = _period(train, "--train", language), _period(test, "--test", language)
    with honest_exit(language, as_json):
        from yanzhen.market.clearing import NotCleared

        try:
            with working(choose(language, "学习并检验…", "Learning and testing…")):
                report = _tested(panel, learnt, tested, folds, market)
        except NotCleared as error:
            if as_json:
                print_json({"error": "NotCleared", "message": str(error)})
            refuse(choose(language, f"市场没有出清：{error}", str(error)))
            raise typer.Exit(FAILED) from None
        except ValueError as error:
            if as_json:
                print_json({"error": "ValueError", "message": str(error)})
            refuse(choose(language, f"无法检验：{error}", f"Cannot be tested: {error}"))
            raise typer.Exit(WRONG_INPUT) from None
        _show(report, out, language, as_json)


def _tested(
    panel: str,
    train: tuple[int, int],
    test: tuple[int, int],
    folds: Literal["none", "regions", "double"],
    market: bool,
) -> "BacktestReport | MarketBacktest":
    if market:
        from yanzhen.history.market_backtest import market_backtest
        from yanzhen.study import read_study

        return market_backtest(read_study(panel), train, test)
    from yanzhen.history.backtest import backtest as compare
    from yanzhen.history.record import read_record

    return compare(read_record(panel), train, test, folds)


def _show(
    report: "BacktestReport | MarketBacktest", out: Path | None, language: Language, as_json: bool
) -> None:
    from yanzhen.history.backtest import BacktestReport
    from yanzhen.history.backtest import as_json as plain
    from yanzhen.history.market_backtest import market_as_json

    if isinstance(report, BacktestReport):
        if out is not None:
            out.mkdir(parents=True, exist_ok=True)
            for event, outlook in (("entry", report.entry), ("exit", report.exit)):
                for name in ("cells", "reliability", "largest_misses"):
                    getattr(outlook, name).write_csv(out / f"{event}_{name}.csv")
        if as_json:
            print_json(plain(report))
        else:
            _print_events(report, language)
        return
    if out is not None:
        out.mkdir(parents=True, exist_ok=True)
        for name in ("shares", "net_shifts"):
            getattr(report, name).write_csv(out / f"{name}.csv")
    if as_json:
        print_json(market_as_json(report))
    else:
        table = _table(language, ("share_error",))
        for name, figure in report.share_error.items():
            table.add_row(name, _figure(figure))
        stdout().print(table)


def _print_events(report: "BacktestReport", language: Language) -> None:
    for event, outlook in (
        (choose(language, "进入", "Entries"), report.entry),
        (choose(language, "退出", "Exits"), report.exit),
    ):
        stdout().print(
            choose(
                language,
                f"{event}：候选 {outlook.candidates} 个，发生 {outlook.happened} 个。",
                f"{event}: {outlook.happened} of {outlook.candidates} candidates.",
            )
        )
        table = _table(language, FIGURES)
        for name, metrics in outlook.metrics.items():
            table.add_row(name, *(_figure(getattr(metrics, figure)) for figure in FIGURES))
        stdout().print(table)
    table = _table(language, ("share_error",))
    for name, figure in report.share_error.items():
        table.add_row(name, _figure(figure))
    stdout().print(table)


def _table(language: Language, figures: tuple[str, ...]) -> "Table":
    from rich.table import Table

    table = Table(header_style="bold")
    table.add_column(choose(language, "方法", "Foreseen by"))
    for name in figures:
        table.add_column(name, justify="right")
    return table


def _figure(measured: "Measured | None") -> str:
    if measured is None:
        return "–"
    return f"{measured.value:.3f} ({measured.low:.3f}–{measured.high:.3f})"


def _period(text: str, option: str, language: Language) -> tuple[int, int]:
    first, _, last = text.partition(":")
    if not (first.isdigit() and last.isdigit()):
        refuse(
            choose(
                language,
                f"{option} 应写作 起年:止年，如 1980:1990，而不是“{text}”。",
                f"{option} is written first:last, such as 1980:1990, not '{text}'.",
            )
        )
        raise typer.Exit(WRONG_INPUT)
    return int(first), int(last)
