"""`yanzhen diagnose`: where the advantage is, who can undertake, and what each place could."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer

from yanzhen.cli.language import Language, choose, language_of
from yanzhen.cli.outcome import WRONG_INPUT, honest_exit
from yanzhen.cli.screen import print_json, print_list, refuse, stdout, warn, working

if TYPE_CHECKING:
    import polars as pl

    from yanzhen.advantage.diagnosis import Diagnosis
    from yanzhen.report import Focus
    from yanzhen.study import Study


def diagnose(
    study: Annotated[
        str,
        typer.Argument(
            metavar="STUDY",
            show_default=False,
            help="A study: a folder, an Excel workbook, a DuckDB file, or the name of an example. "
            "研究：文件夹、Excel 工作簿、DuckDB 文件或示例名。",
        ),
    ],
    region: Annotated[
        str | None,
        typer.Option(
            metavar="CODE",
            show_default=False,
            help="Look at one region, by code or name. 只看一个地区（代码或名称）。",
        ),
    ] = None,
    industry: Annotated[
        str | None,
        typer.Option(
            metavar="CODE",
            show_default=False,
            help="Look at one industry, by code or name. 只看一个行业（代码或名称）。",
        ),
    ] = None,
    year: Annotated[
        int | None,
        typer.Option(
            metavar="YEAR",
            show_default="the last with output",
            help="Year with observed output. 有产值的年份。",
        ),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(
            metavar="FOLDER",
            file_okay=False,
            show_default=False,
            help="Folder for the page, the workbook and the tables; without it only the findings "
            "are shown. 网页、工作簿与表格写入的文件夹；不给则只显示结论。",
        ),
    ] = None,
    lang: Annotated[
        Language | None,
        typer.Option(
            "--lang",
            show_default="from the locale, otherwise zh",
            help="Language of the answer. 输出语言。",
        ),
    ] = None,
    as_json: Annotated[
        bool,
        typer.Option("--json", help="Print JSON, and nothing else, on stdout. 只输出 JSON。"),
    ] = False,
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
            focus = _focus(read, region, industry, language)
            found = _diagnosed(read, year, language)
        if out is not None:
            from yanzhen.report import write_diagnosis

            with working(choose(language, "撰写报告…", "Writing the report…")):
                write_diagnosis(found, out, language, focus)
        if as_json:
            print_json(_plain(found, focus, study))
        else:
            _show(found, focus, language, out)


def _diagnosed(study: "Study", year: int | None, language: Language) -> "Diagnosis":
    from yanzhen.accounts.panel import output_panel
    from yanzhen.advantage.diagnosis import diagnose as make

    years = output_panel(study).years
    if not years:
        _reject(
            choose(
                language,
                "研究中没有制造业产值，无法诊断；请填写 activity 表的 output。",
                "The study has no output of manufacturing; fill in output in table activity.",
            )
        )
    if year is not None and year not in years:
        listed = ", ".join(str(each) for each in years)
        _reject(
            choose(
                language,
                f"{year} 年没有产值；有产值的年份：{listed}。",
                f"No output is observed in {year}; years with output: {listed}.",
            )
        )
    return make(study, year)


def _focus(study: "Study", region: str | None, industry: str | None, language: Language) -> "Focus":
    import polars as pl

    from yanzhen.accounts.panel import leaf_regions
    from yanzhen.report import Focus

    places = study.tables["regions"]
    leaves = places.filter(pl.col("region").is_in(leaf_regions(places)))
    movable = study.tables["industries"].filter(sector="manufacturing")
    return Focus(
        None if region is None else code_of(region, leaves, "region", language),
        None if industry is None else code_of(industry, movable, "industry", language),
    )


def code_of(asked: str, table: "pl.DataFrame", key: str, language: Language) -> str:
    """The code of a region or an industry given by code or name; ends with 2 if there is none."""
    from yanzhen.study.problem import nearest

    named = {
        name: code
        for code, *names in table.select(key, "name_zh", "name_en").iter_rows()
        for name in (code, *names)
        if name
    }
    if asked in named:
        return str(named[asked])
    near = nearest(asked, named)
    kind = choose(
        *((language, "地区", "region") if key == "region" else (language, "行业", "industry"))
    )
    hint = (
        ""
        if near is None
        else choose(
            language, f"是否指 {_said(near, named)}？", f" Did you mean {_said(near, named)}?"
        )
    )
    listed = choose(
        language,
        f"可用的共 {table.height} 个，见研究的 {key} 列。",
        f" There are {table.height}, in column {key} of the study.",
    )
    _reject(
        choose(
            language,
            f"没有{kind} {asked}。{hint or listed}",
            f"There is no {kind} {asked}.{hint or listed}",
        )
    )


def _said(name: str, named: dict[str, str]) -> str:
    return name if named[name] == name else f"{named[name]} ({name})"


def _plain(found: "Diagnosis", focus: "Focus", study: str) -> dict[str, Any]:
    """The diagnosis as JSON-able values, the tables narrowed to the focus."""
    from yanzhen.report.focus import focused

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
    from yanzhen.report.diagnosis_findings import diagnosis_findings

    if found.study.about.synthetic:
        warn(
            choose(
                language,
                "合成数据（SYNTHETIC）：本研究的数据系编造。",
                "SYNTHETIC: the figures of this study are made up.",
            )
        )
    print_list(diagnosis_findings(found, language, focus))
    if out is not None:
        page = out / "diagnosis.html"
        stdout().print(choose(language, f"打开 {page}", f"Open {page}"), soft_wrap=True)


def require_study(name: str, language: Language) -> None:
    from yanzhen.cli.naming import missing_study
    from yanzhen.study import examples

    missing = missing_study(name, (example.name for example in examples()), language)
    if missing is not None:
        _reject(missing)


def _reject(message: str) -> NoReturn:
    refuse(message)
    raise typer.Exit(WRONG_INPUT)
