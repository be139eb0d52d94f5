"""`yanzhen chain`: who supplies whom, what is missing, who moves together, how secure it is."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from yanzhen.cli.language import Language, choose, language_of
from yanzhen.cli.naming import focus_of, require_study
from yanzhen.cli.options import AsJson, Folder, Industry, Region, Spoken, StudyName
from yanzhen.cli.outcome import FAILED, honest_exit
from yanzhen.cli.screen import point_to, print_json, print_list, refuse, warn_of_synthetic, working

if TYPE_CHECKING:
    from yanzhen.modes.chain import ChainAnalysis, Guard
    from yanzhen.report import Focus


MaxExposure = Annotated[
    float | None,
    typer.Option(
        min=0.0,
        max=1.0,
        show_default=False,
        help="Guard: most of a region's output that may be lost with another's supplies. "
        "底线：任一供给地断供时，一地产值损失比重的上限。",
    ),
]
MaxConcentration = Annotated[
    float | None,
    typer.Option(
        min=0.0,
        max=1.0,
        show_default=False,
        help="Guard: highest concentration (0 to 1) of a region's outside supply of an input. "
        "底线：一地一投入外部供给集中度（0至1）的上限。",
    ),
]
WorsenBy = Annotated[
    float | None,
    typer.Option(
        min=0.0,
        max=1.0,
        show_default=False,
        help="Guard: by how much the plan may raise either. 底线：方案可使二者上升多少。",
    ),
]


def chain(
    study: StudyName,
    industry: Industry = None,
    region: Region = None,
    max_exposure: MaxExposure = None,
    max_concentration: MaxConcentration = None,
    worsen_by: WorsenBy = None,
    repair: Annotated[
        bool,
        typer.Option(
            "--repair",
            help="Clear the market again under caps that keep the guard, instead of refusing. "
            "方案违反底线时，加上限重新出清，而不是不予通过。",
        ),
    ] = False,
    linkage: Annotated[
        float,
        typer.Option(
            min=0.0,
            max=1.0,
            help="Margin gained on what is traded at one site, by each side; an assumption. "
            "同地交易给双方各带来的利润率（假定）。",
        ),
    ] = 0.05,
    out: Folder = None,
    lang: Spoken = None,
    as_json: AsJson = False,
) -> None:
    """Look into industrial chains: the map, gaps, dependencies, cohorts, before and after the plan.
    产业链：谁供谁、缺什么、依赖谁、谁该一起走，以及方案前后的变化。

    A plan that breaks a guard is refused (exit code 1), or repaired with --repair.
    """
    from yanzhen.study import read_study

    language = lang or language_of()
    require_study(study, language)
    with honest_exit(language, as_json):
        from yanzhen.modes.chain import chain_analysis

        with working(choose(language, "读取…", "Reading…")):
            read = read_study(study)
        focus = focus_of(read, region, industry, language)
        guard = guard_of(max_exposure, max_concentration, worsen_by)
        with working(choose(language, "分析产业链…", "Looking into the chains…")):
            found = chain_analysis(read, focus.industry, guard, repair, linkage)
        if out is not None:
            from yanzhen.report.analyses.chain import chain_document
            from yanzhen.report.document.folder import write_report

            with working(choose(language, "撰写报告…", "Writing the report…")):
                write_report(chain_document(found, language, focus), out, "chain")
    if as_json:
        print_json(_plain(found, focus, study))
    else:
        _show(found, focus, language, out)
    if not found.guard_holds:
        from yanzhen.report.findings.chain import guard_finding

        refuse(guard_finding(found, language))
        raise typer.Exit(FAILED)


def guard_of(
    max_exposure: float | None, max_concentration: float | None, worsen_by: float | None
) -> "Guard":
    """Return the guard that the options of a command set."""
    from yanzhen.modes.chain import Guard

    return Guard(max_concentration, max_exposure, worsen_by)


def _plain(found: "ChainAnalysis", focus: "Focus", study: str) -> dict[str, Any]:
    """The analysis as JSON-able values, the tables narrowed to the focus."""
    from yanzhen.report.tables.chain import chain_frames
    from yanzhen.study.distances import assumed_regions

    return {
        "study": study,
        "synthetic": found.study.about.synthetic,
        "year": found.year,
        "table_year": found.table_year,
        "table_status": found.table_status,
        "linkage": found.strength,
        "guard_holds": found.guard_holds,
        "region": focus.region,
        "industry": found.industry,
        "distances_assumed": assumed_regions(found.study.tables),
        "units": {"money": found.study.about.units.money},
        "tables": {key: frame.to_dicts() for key, frame in chain_frames(found, focus).items()},
    }


def _show(found: "ChainAnalysis", focus: "Focus", language: Language, out: Path | None) -> None:
    from yanzhen.report.findings.chain import chain_findings

    warn_of_synthetic(found.study.about, language)
    print_list(chain_findings(found, language, focus))
    if out is not None:
        point_to(out / "chain.html", language)
