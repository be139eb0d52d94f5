"""`yanzhen diagnose`: where the advantage is, who can undertake, and what each place could."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from yanzhen.cli.language import Language, choose, language_of
from yanzhen.cli.naming import focus_of, require_study
from yanzhen.cli.options import AsJson, Folder, Industry, Region, Spoken, StudyName
from yanzhen.cli.outcome import honest_exit, reject
from yanzhen.cli.screen import point_to, print_json, print_list, warn_of_synthetic, working

if TYPE_CHECKING:
    from yanzhen.advantage.diagnosis import Diagnosis
    from yanzhen.report import Focus
    from yanzhen.study import Study


def diagnose(
    study: StudyName,
    region: Region = None,
    industry: Industry = None,
    year: Annotated[
        int | None,
        typer.Option(
            metavar="YEAR",
            show_default="the last with output",
            help="Year with observed output. 有产值的年份。",
        ),
    ] = None,
    out: Folder = None,
    lang: Spoken = None,
    as_json: AsJson = False,
) -> None:
    """Show where the advantage is: specialisation, change, capacity, pressure, opportunities.
    诊断优势所在：专业化、变动、承接能力、转出压力与机会。
    """
    language = lang or language_of()
    require_study(study, language)
    with honest_exit(language, as_json):
        from yanzhen.study import read_study

        with working(choose(language, "读取并诊断…", "Reading and diagnosing…")):
            read = read_study(study)
            focus = focus_of(read, region, industry, language)
            found = _diagnosed(read, year, language)
        if out is not None:
            from yanzhen.report.analyses.diagnosis import diagnosis_document
            from yanzhen.report.document.folder import write_report

            with working(choose(language, "撰写报告…", "Writing the report…")):
                write_report(diagnosis_document(found, language, focus), out, "diagnosis")
        if as_json:
            print_json(_plain(found, focus, study))
        else:
            _show(found, focus, language, out)


def _diagnosed(study: "Study", year: int | None, language: Language) -> "Diagnosis":
    from yanzhen.accounts.panel import output_panel
    from yanzhen.advantage.diagnosis import diagnose as make

    years = output_panel(study).years
    if not years:
        reject(
            choose(
                language,
                "研究中没有制造业产值，无法诊断；请填写 activity 表的 output。",
                "The study has no output of manufacturing; fill in output in table activity.",
            )
        )
    if year is not None and year not in years:
        listed = ", ".join(str(each) for each in years)
        reject(
            choose(
                language,
                f"{year} 年没有产值；有产值的年份：{listed}。",
                f"No output is observed in {year}; years with output: {listed}.",
            )
        )
    return make(study, year)


def _plain(found: "Diagnosis", focus: "Focus", study: str) -> dict[str, Any]:
    """The diagnosis as JSON-able values, the tables narrowed to the focus."""
    from yanzhen.report.text.focus import focused

    return {
        "study": study,
        "synthetic": found.study.about.synthetic,
        "year": found.year,
        "first_year": found.first_year,
        "region": focus.region,
        "industry": focus.industry,
        "units": {
            "money": found.study.about.units.money,
            "persons": found.study.about.units.persons,
            "emissions": found.study.about.units.emissions,
        },
        "tables": {key: frame.to_dicts() for key, frame in focused(found, focus).items()},
    }


def _show(found: "Diagnosis", focus: "Focus", language: Language, out: Path | None) -> None:
    from yanzhen.report.findings.diagnosis import diagnosis_findings

    warn_of_synthetic(found.study.about, language)
    print_list(diagnosis_findings(found, language, focus))
    if out is not None:
        point_to(out / "diagnosis.html", language)
