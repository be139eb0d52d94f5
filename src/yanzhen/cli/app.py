"""The commands. Each imports what it needs when it runs, so that help appears at once."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from yanzhen.cli.analyses import command_of
from yanzhen.cli.backtest import backtest
from yanzhen.cli.brief import brief
from yanzhen.cli.clusters import DrawsOnCluster, client_of
from yanzhen.cli.contract import contract
from yanzhen.cli.contract_pairs import mode, pair, trust
from yanzhen.cli.contract_study import gains
from yanzhen.cli.demonstration import fill
from yanzhen.cli.estimate import estimate
from yanzhen.cli.exchange import exchange
from yanzhen.cli.importing import import_files
from yanzhen.cli.language import COMMANDS, Language, help_of, language_of, word
from yanzhen.cli.naming import refuse_nation, require_study
from yanzhen.cli.nation import clear, synth
from yanzhen.cli.options import (
    AsJson,
    MaxConcentration,
    MaxExposure,
    Spoken,
    StudyName,
    WorsenBy,
)
from yanzhen.cli.outcome import FAILED, WRONG_INPUT, honest_exit, reject
from yanzhen.cli.people import people
from yanzhen.cli.screen import (
    point_to,
    print_json,
    print_list,
    print_problems,
    progress,
    refuse,
    stderr,
    stdout,
    warn,
    warn_of_synthetic,
    working,
)
from yanzhen.cli.serve import serve
from yanzhen.cli.store import store
from yanzhen.cli.technology import technology
from yanzhen.cli.why import why
from yanzhen.cli.work import work
from yanzhen.collecting import collect_seldom
from yanzhen.phrasebook import in_language
from yanzhen.report.analyses.registry import ANALYSES

if TYPE_CHECKING:
    from yanzhen.market.plan.uncertainty import Elsewhere
    from yanzhen.modes.chain import Guard
    from yanzhen.pipeline.checking import Checks

HELP = """\
Plans for the orderly transfer of manufacturing, made by a market and proven to clear it.

制造业有序转移：由市场给出方案，并附市场出清的证明。

A first look, without any data of your own: [bold]yanzhen demo[/]

先看一眼，不需要自己的数据：[bold]yanzhen demo[/]
"""

EXAMPLE = "china-provinces"
DRAWS = 200
"""As `yanzhen.market.plan.uncertainty.DRAWS`, which only the work imports."""

app = typer.Typer(
    name="yanzhen",
    help=HELP,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    context_settings={"help_option_names": ["-h", "--help"]},
)

Draws = Annotated[int, typer.Option(min=0, metavar="N", help=help_of("draws"))]
Scenarios = Annotated[
    list[str] | None,
    typer.Option("--scenario", metavar="FILE", show_default=False, help=help_of("scenario")),
]
Out = Annotated[Path, typer.Option(metavar="FOLDER", file_okay=False, help=help_of("out"))]


def main() -> None:
    """Run the command line with UTF-8 on every system, piped or not."""
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
    encoding = sys.getfilesystemencoding()
    if encoding != "utf-8" and not all(each.isascii() for each in sys.argv):
        # Python would write to one name and the libraries that write tables to another.
        refuse(word(language_of(), "names_not_utf8", encoding=encoding))
        raise SystemExit(WRONG_INPUT)
    collect_seldom()
    try:
        app(prog_name="yanzhen")
    except ModuleNotFoundError as error:
        from yanzhen.study.extras import lacking

        said = lacking(error)
        if said is None:
            raise
        refuse(in_language(said, language_of()))
        raise SystemExit(WRONG_INPUT) from None


def guard_of(
    max_exposure: float | None, max_concentration: float | None, worsen_by: float | None
) -> "Guard":
    """Return the guard that the options of a command set."""
    from yanzhen.modes.chain import Guard

    return Guard(max_concentration, max_exposure, worsen_by)


def _version(asked: bool) -> None:
    if asked:
        from yanzhen import __version__

        typer.echo(f"yanzhen {__version__}")
        raise typer.Exit


@app.callback()
def _yanzhen(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help=help_of("version"))
    ] = False,
) -> None:
    pass


demo = typer.Typer(
    name="demo", help="\n".join(COMMANDS.words("help.demo")), rich_markup_mode="rich"
)


@demo.callback(invoke_without_command=True)
def demo_of_provinces(
    context: typer.Context,
    out: Out = Path("demo"),
    lang: Spoken = None,
    as_json: AsJson = False,
) -> None:
    """Make the plan for China's provinces from the figures that come with Yanzhen.
    用自带的分省数据做一份全国制造业转移方案。

    31 provinces, 17 manufacturing industries, 2012, 2015 and 2017. The same as
    [bold]yanzhen plan china-provinces --out demo[/]. [bold]yanzhen demo exchange[/] fills a
    SYNTHETIC exchange.
    """
    if context.invoked_subcommand is None:
        guard = guard_of(None, None, None)
        _plan(EXAMPLE, out, [], DRAWS, guard, lang or language_of(), as_json)


demo.command("exchange")(fill)


@app.command()
def plan(
    study: StudyName,
    out: Out,
    scenario: Scenarios = None,
    draws: Draws = DRAWS,
    max_exposure: MaxExposure = None,
    max_concentration: MaxConcentration = None,
    worsen_by: WorsenBy = None,
    cluster: DrawsOnCluster = None,
    lang: Spoken = None,
    as_json: AsJson = False,
) -> None:
    """Make a transfer plan for a study: tables, report and certificate in a folder.
    为一项研究做转移方案：表格、报告与出清证明。

    A plan that breaks a guard on the security of supply is refused (exit code 1);
    [bold]yanzhen chain STUDY --repair[/] repairs it.

    Interrupted, it goes on where it stopped when the same command is run again.

    方案违反供给安全底线的不予通过（退出码 1），可用 [bold]yanzhen chain STUDY --repair[/] 修正。

    中断后以同一命令重新运行，即从中断处接续。
    """
    guard = guard_of(max_exposure, max_concentration, worsen_by)
    _plan(study, out, scenario or [], draws, guard, lang or language_of(), as_json, cluster)


@app.command()
def check(study: StudyName, lang: Spoken = None, as_json: AsJson = False) -> None:
    """Report every problem in the tables of a study at once.
    一次列出研究数据的全部问题。
    """
    language = lang or language_of()
    require_study(study, language)
    with honest_exit(language, as_json):
        from yanzhen.pipeline.checking import check_for_all

        with working(word(language, "checking")):
            found = check_for_all(study)
    if as_json:
        print_json([asdict(each) for each in (*found.problems, *found.warnings)])
    else:
        _print_checks(study, found, language)
    raise typer.Exit(WRONG_INPUT if found.problems else 0)


@app.command()
def new(
    folder: Annotated[
        Path, typer.Argument(metavar="FOLDER", show_default=False, help=help_of("new_folder"))
    ],
    lang: Spoken = None,
) -> None:
    """Start your own study: an empty table for each file, and an Excel template.
    新建自己的研究：空表与 Excel 模板。
    """
    language = lang or language_of()
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        reject(word(language, "folder_not_empty", folder=folder))
    with honest_exit(language, as_json=False):
        from yanzhen.study import new_study

        new_study(folder)
    stdout().print(word(language, "made_study", folder=folder), soft_wrap=True)


@app.command()
def examples(lang: Spoken = None, as_json: AsJson = False) -> None:
    """List the studies that come with Yanzhen.
    列出自带的示例研究。
    """
    from rich.table import Table

    from yanzhen.study import examples as embedded

    language = lang or language_of()
    if as_json:
        print_json([{**asdict(each), "folder": str(each.folder)} for each in embedded()])
        return
    table = Table(header_style="bold")
    table.add_column(word(language, "heading.example"))
    table.add_column(word(language, "heading.content"))
    for example in embedded():
        title = in_language((example.title_en, example.title_zh), language)
        table.add_row(example.name, title)
    stdout().print(table)


ALONE: tuple[Callable[..., None], ...] = (
    *(command_of(analysis) for analysis in ANALYSES.values()),
    *(brief, why, estimate, backtest, clear, synth, technology, serve, work),
)
for command in ALONE:
    app.command()(command)
app.command("import")(import_files)
for put_to_market in (gains, pair, trust, mode):
    contract.command()(put_to_market)
app.add_typer(contract)
app.add_typer(demo)
app.add_typer(exchange)
app.add_typer(people)
app.add_typer(store)


def _print_checks(study: str, found: "Checks", language: Language) -> None:
    """Print what is worth a look, then what is wrong, then how many of each."""
    if found.warnings:
        count = len(found.warnings)
        warn(word(language, "warnings", count=count))
        print_problems(found.warnings, stdout(), language)
    if found.problems:
        print_problems(found.problems, stdout(), language)
        count = len(found.problems)
        refuse(word(language, "problems", study=study, count=count))
    else:
        stdout().print(word(language, "no_problems", study=study))


@contextmanager
def _draws_by(cluster: str | None, language: Language) -> Iterator["Elsewhere | None"]:
    """Who clears the draws of a plan; None for this machine."""
    if cluster is None:
        yield None
        return
    from yanzhen.market.plan.cluster_draws import ClusterDraws

    with client_of(cluster, language) as client:
        yield ClusterDraws(client)


def _plan(
    study: str,
    out: Path,
    scenarios: list[str],
    draws: int,
    guard: "Guard",
    language: Language,
    as_json: bool,
    cluster: str | None = None,
) -> None:
    require_study(study, language)
    refuse_nation(study, language)
    with honest_exit(language, as_json):
        from yanzhen.pipeline import run_plan
        from yanzhen.report.text.reader import Reader

        with (
            _draws_by(cluster, language) as elsewhere,
            progress(language, not as_json) as update,
        ):
            tell = update.foretell
            run = run_plan(study, out, language, update, draws, scenarios, guard, tell, elsewhere)
    if as_json:
        print_json(run.summary)
    if not run.certificate_passed:
        refuse(word(language, "certificate_failed"))
        raise typer.Exit(FAILED)
    if not as_json:
        from yanzhen.report.findings.plan import findings

        count = len(run.plan.study.warnings)
        if count:
            hint = word(language, "tables_have_warnings", count=count, study=study)
            stderr().print(hint, style="bold yellow", soft_wrap=True, markup=False)
        warn_of_synthetic(run.plan.study.about, language)
        reader = Reader(run.plan.study, language)
        print_list(findings(run.plan, reader))
        if run.comparison is not None:
            from yanzhen.report.findings.scenarios import scenario_findings

            print_list(scenario_findings(run.plan, run.comparison, reader))
            point_to(run.folder / "scenarios" / "comparison.html", language)
        point_to(run.folder / "report.html", language)
    if run.chains is not None and not run.chains.guard_holds:
        from yanzhen.report.findings.chain import guard_finding

        refuse(guard_finding(run.chains, Reader(run.plan.study, language)))
        raise typer.Exit(FAILED)
