"""In which of the two languages the user is answered, and the words, from `words.toml`."""

import re

from yanzhen.phrasebook import Language as Language
from yanzhen.phrasebook import Phrasebook
from yanzhen.phrasebook import language_of as language_of

COMMANDS = Phrasebook("yanzhen.cli")
word = COMMANDS.word


def help_of(option: str) -> str:
    """Return the help of an option or argument, which is read in both languages."""
    return " ".join(COMMANDS.words(f"help.{option}"))


def usual_of(value: str) -> str:
    """Return what an option's usual value is said to be, which is read in both languages."""
    return " ".join(COMMANDS.words(f"usual.{value}"))


def half_of(text: str, language: Language) -> str:
    """Return the half of a help text that is in one language; English stands before Chinese.

    A paragraph without Chinese has no Chinese half: signs and names stay as they are.
    """
    for key in COMMANDS.phrases:
        if key.startswith("help.") and " ".join(COMMANDS.words(key)) == text:
            return word(language, key)
    chinese = re.search(r"[\u4e00-\u9fff]", text)
    if chinese is None:
        return text if language == "en" else ""
    return (text[: chinese.start()] if language == "en" else text[chinese.start() :]).strip()
