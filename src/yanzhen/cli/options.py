"""Arguments and options that several commands take."""

import os
from pathlib import Path
from typing import Annotated, Any

import typer

from yanzhen.cli.language import Language, help_of, usual_of
from yanzhen.report.analyses.analysis import Ask
from yanzhen.report.analyses.registry import MAX_CONCENTRATION, MAX_EXPOSURE, WORSEN_BY


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


def studies_beginning(incomplete: str) -> list[str]:
    """Complete the name of a study: an example, or a folder or workbook that lies there."""
    from yanzhen.study.example import example_names

    typed = Path(incomplete)
    folder = typed if incomplete.endswith(("/", os.sep)) else typed.parent
    there = sorted(folder.iterdir()) if folder.is_dir() else []
    own = [str(each) for each in there if each.is_dir() or each.suffix == ".xlsx"]
    return [name for name in (*example_names(), *own) if name.startswith(incomplete)]


MaxExposure = Annotated[float | None, option_of(MAX_EXPOSURE)]
MaxConcentration = Annotated[float | None, option_of(MAX_CONCENTRATION)]
WorsenBy = Annotated[float | None, option_of(WORSEN_BY)]
StudyName = Annotated[
    str,
    typer.Argument(
        metavar="STUDY", show_default=False, help=help_of("study"), autocompletion=studies_beginning
    ),
]
Weights = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="NAME=VALUE", show_default=False, help=help_of("set")),
]
Folder = Annotated[
    Path | None,
    typer.Option(metavar="FOLDER", file_okay=False, show_default=False, help=help_of("folder")),
]
Spoken = Annotated[
    Language | None,
    typer.Option("--lang", show_default=usual_of("locale"), help=help_of("language")),
]
AsJson = Annotated[bool, typer.Option("--json", help=help_of("json"))]
