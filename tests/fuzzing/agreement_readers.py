"""Readers of contracts, of what is paid under them, and of matches of technology."""

import tomllib
from collections.abc import Mapping
from contextlib import suppress
from functools import cache
from importlib.resources import files
from pathlib import Path

from tests.fuzzing.reader import Reader, in_file, named
from yanzhen.exchange.settlement.agreement import Agreement
from yanzhen.exchange.settlement.declared import read_declarations, rows_of_file
from yanzhen.exchange.settlement.refusals import SettlementError
from yanzhen.modes.coconstruction.contract.terms_toml import (
    parse_terms,
    read_terms,
    terms_from,
    write_terms,
)
from yanzhen.modes.coconstruction.settlement.projects_csv import read_projects
from yanzhen.modes.coconstruction.settlement.tax_split import tax_split_table
from yanzhen.modes.technology.matching.concordance import read_concordance
from yanzhen.modes.technology.search.feedback import read_feedback
from yanzhen.study import StudyError


def _declared(content: bytes, folder: Path) -> object:
    agreement = Agreement("a", "home", "host", 2020, terms_text("zibo"), None, True)
    with suppress(StudyError):
        rows_of_file(content, "payments.csv")
    return read_declarations(named("payments.csv", content, folder), agreement)


@cache
def terms_text(preset: str) -> str:
    """The terms of a scheme that comes with the package, as TOML."""
    own = files("yanzhen.modes.coconstruction.settlement").joinpath("presets", f"{preset}.toml")
    said = tomllib.loads(own.read_text("utf-8"))["terms"]
    terms, _ = terms_from({"tax_kinds": ["value_added_tax"], **said}, f"{preset}.toml")
    return write_terms(terms)


def _agreed(content: bytes, folder: Path) -> object:
    del folder
    return parse_terms(content.decode("utf-8", "replace"), "terms")


STUDY = (StudyError,)
READERS: Mapping[str, Reader] = {
    "terms": Reader(in_file("terms.toml", read_terms), STUDY),
    "agreed_terms": Reader(_agreed, STUDY),
    "projects": Reader(
        in_file("projects.csv", lambda path: read_projects(path, 2020, tax_split_table())), STUDY
    ),
    "payments": Reader(_declared, (StudyError, SettlementError)),
    "feedback": Reader(in_file("feedback.csv", read_feedback), STUDY),
    "concordance": Reader(in_file("concordance.xlsx", read_concordance), STUDY),
    "concordance_text": Reader(in_file("concordance.csv", read_concordance), STUDY),
}
