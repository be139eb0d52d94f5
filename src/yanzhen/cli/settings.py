"""Parameters that `--set NAME=VALUE` gives other values."""

from collections.abc import Iterable

import typer

from yanzhen.cli.language import Language, choose
from yanzhen.cli.outcome import WRONG_INPUT
from yanzhen.cli.screen import refuse


def numbers_of(settings: Iterable[str], language: Language) -> dict[str, float]:
    """Values by name; every setting that is none is named, and the command ends.

    Raises
    ------
    typer.Exit
        With the code of wrong input, when a setting is not a name, `=` and a number.
    """
    values, wrong = {}, []
    for setting in settings:
        name, _, value = setting.partition("=")
        try:
            values[name.strip()] = float(value)
        except ValueError:
            wrong.append(setting)
    if wrong:
        listed = choose(language, "、", ", ").join(wrong)
        refuse(
            choose(
                language,
                f"--set {listed}：应为 名称=数值。",
                f"--set {listed}: expected NAME=VALUE.",
            )
        )
        raise typer.Exit(WRONG_INPUT)
    return values
