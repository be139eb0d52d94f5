"""In which of the two languages the user is answered."""

import os
from collections.abc import Mapping
from typing import Literal

Language = Literal["zh", "en"]


def choose(language: Language, zh: str, en: str) -> str:
    return zh if language == "zh" else en


def language_of(environment: Mapping[str, str] = os.environ) -> Language:
    """The locale's language: English unless the locale says Chinese or says nothing."""
    set_variables = (environment.get(name) for name in ("LC_ALL", "LC_MESSAGES", "LANG"))
    locale = next((value for value in set_variables if value), "")
    spoken = locale.split(".")[0].split("_")[0].lower()
    return "zh" if spoken in ("zh", "", "c", "posix") else "en"
