"""In which of the two languages the user is answered, and the words, from `words.toml`."""

import os
from collections.abc import Mapping

from yanzhen.phrasebook import Language as Language
from yanzhen.phrasebook import Phrasebook

COMMANDS = Phrasebook("yanzhen.cli")
word = COMMANDS.word


def help_of(option: str) -> str:
    """Return the help of an option or argument, which is read in both languages."""
    return " ".join(COMMANDS.words(f"help.{option}"))


def language_of(environment: Mapping[str, str] = os.environ) -> Language:
    """The locale's language: English unless the locale says Chinese or says nothing."""
    set_variables = (environment.get(name) for name in ("LC_ALL", "LC_MESSAGES", "LANG"))
    locale = next((value for value in set_variables if value), "")
    spoken = locale.split(".")[0].split("_")[0].lower()
    return "zh" if spoken in ("zh", "", "c", "posix") else "en"
