"""What a page is given: the server's answers, and what the reader looks at."""

from collections.abc import Container
from dataclasses import dataclass

from yanzhen.api.problem_details import Refusal
from yanzhen.api.workbench import Workbench
from yanzhen.report.text.protocols import Result
from yanzhen.report.text.reader import Reader
from yanzhen.report.text.words import LANGUAGES, Lang
from yanzhen.web.address import Address
from yanzhen.web.words import word


@dataclass(frozen=True)
class View:
    """What a page shows.

    Attributes
    ----------
    bench : studies, plans, diagnoses and jobs
    address : where the reader is
    """

    bench: Workbench
    address: Address

    @property
    def lang(self) -> Lang:
        return self.address.lang

    @property
    def study(self) -> str:
        return self.address.study

    def word(self, key: str, **values: object) -> str:
        """Return a text of the workbench in the reader's language."""
        return word(self.lang, key, **values)

    def reader(self, result: Result) -> Reader:
        """Return the words, names and units of a result's study in the reader's language."""
        return Reader(result.study, self.lang)

    def chosen(self, name: str, otherwise: str = "") -> str:
        """Return what is chosen in the address."""
        return self.address.choices.get(name, otherwise)

    def one_of(self, known: Container[str], name: str, label: str, otherwise: str = "") -> str:
        """Return what is chosen in the address, one of those known.

        Parameters
        ----------
        known : what may be chosen
        name : of the choice in the address
        label : key of its words
        otherwise : what holds where the address says nothing

        Raises
        ------
        Refusal
            404 where the address says something else.
        """
        chosen = self.chosen(name)
        return require(chosen, known, label) if chosen else otherwise


def require(chosen: str, known: Container[str], label: str) -> str:
    """Return what is chosen, refused (404) under its label's words where it is not known."""
    if chosen in known:
        return chosen
    zh, en = (word(lang, "unknown", what=word(lang, label), chosen=chosen) for lang in LANGUAGES)
    raise Refusal(404, en, zh)
