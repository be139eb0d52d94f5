"""In which of the two languages the user is answered, and the words, from `words.toml`."""

from yanzhen.phrasebook import Language as Language
from yanzhen.phrasebook import Phrasebook
from yanzhen.phrasebook import language_of as language_of

COMMANDS = Phrasebook("yanzhen.cli")
word = COMMANDS.word


def help_of(option: str) -> str:
    """Return the help of an option or argument, which is read in both languages."""
    return " ".join(COMMANDS.words(f"help.{option}"))
