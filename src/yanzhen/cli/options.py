"""Arguments and options that several commands take."""

from pathlib import Path
from typing import Annotated, Any

import typer

from yanzhen.cli.language import Language, help_of
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


MaxExposure = Annotated[float | None, option_of(MAX_EXPOSURE)]
MaxConcentration = Annotated[float | None, option_of(MAX_CONCENTRATION)]
WorsenBy = Annotated[float | None, option_of(WORSEN_BY)]
StudyName = Annotated[
    str, typer.Argument(metavar="STUDY", show_default=False, help=help_of("study"))
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
    typer.Option("--lang", show_default="from the locale, otherwise zh", help=help_of("language")),
]
AsJson = Annotated[bool, typer.Option("--json", help=help_of("json"))]
