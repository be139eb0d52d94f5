"""Arguments and options that several commands take."""

from pathlib import Path
from typing import Annotated, Any

import typer

from yanzhen.cli.language import Language
from yanzhen.report.analyses.registry import MAX_CONCENTRATION, MAX_EXPOSURE, WORSEN_BY, Ask


def option_of(ask: Ask) -> Any:
    """The option of a command that asks something of an analysis."""
    # The name comes from the parameter where no flag is given.
    flags = () if ask.flag is None else (ask.flag,)
    return typer.Option(
        *flags,
        metavar=ask.metavar,
        min=ask.least,
        max=ask.most,
        show_default=ask.shown_usual,
        help=ask.help,
    )


MaxExposure = Annotated[float | None, option_of(MAX_EXPOSURE)]
MaxConcentration = Annotated[float | None, option_of(MAX_CONCENTRATION)]
WorsenBy = Annotated[float | None, option_of(WORSEN_BY)]
StudyName = Annotated[
    str,
    typer.Argument(
        metavar="STUDY",
        show_default=False,
        help="A study: a folder, an Excel workbook, a DuckDB file, or the name of an example. "
        "研究：文件夹、Excel 工作簿、DuckDB 文件或示例名。",
    ),
]
Weights = Annotated[
    list[str] | None,
    typer.Option(
        "--set",
        metavar="NAME=VALUE",
        show_default=False,
        help="Another value for a parameter that the result lists. 修改结果所列的某项参数。",
    ),
]
Folder = Annotated[
    Path | None,
    typer.Option(
        metavar="FOLDER",
        file_okay=False,
        show_default=False,
        help="Folder for the page, the workbook and the tables; without it only the findings "
        "are shown. 网页、工作簿与表格写入的文件夹；不给则只显示结论。",
    ),
]
Spoken = Annotated[
    Language | None,
    typer.Option(
        "--lang",
        show_default="from the locale, otherwise zh",
        help="Language of the answer. 输出语言。",
    ),
]
AsJson = Annotated[
    bool, typer.Option("--json", help="Print JSON, and nothing else, on stdout. 只输出 JSON。")
]
