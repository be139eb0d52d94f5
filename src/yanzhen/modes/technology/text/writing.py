"""Text as it is compared: one form of each character, small letters, spaces for the rest."""

import re
import unicodedata

_NO_WORD = re.compile(r"[\W_]+")


def plain(text: str) -> str:
    """Text in compatibility form (NFKC) and small letters, other signs turned into one space."""
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text)
    return _NO_WORD.sub(" ", text.lower())
