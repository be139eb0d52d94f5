"""Parameters that `--set NAME=VALUE` gives other values."""

from collections.abc import Iterable

import typer

from yanzhen.cli.language import Language, word
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
        listed = word(language, "comma").join(wrong)
        refuse(word(language, "not_a_setting", listed=listed))
        raise typer.Exit(WRONG_INPUT)
    return values
