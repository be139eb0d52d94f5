"""What a call is about: a study, where it lies, or a result of one."""

from pathlib import Path

from yanzhen.notebook.result import ShownResult
from yanzhen.phrasebook import Language, language_of
from yanzhen.study import Study, read_study

Given = Study | ShownResult | str | Path


def study_of(given: Given) -> Study:
    """Return the study that is given, read, or that a result is of.

    Raises
    ------
    StudyError
        When the study that is named cannot be used.
    TypeError
        For anything else, such as a frame.
    """
    if isinstance(given, ShownResult):
        return given.study
    if isinstance(given, str | Path):
        return read_study(given)
    if isinstance(given, Study):
        return given
    found = type(given).__name__
    raise TypeError(f"found {found}; expected a study, its path or name, or a result of one")


def language_for(given: Given, lang: Language | None) -> Language:
    """Return the language asked for, that of the result given, or that of the locale."""
    if lang is not None:
        return lang
    return given.lang if isinstance(given, ShownResult) else language_of()
