"""What an analysis is: how it is declared, what it computes and what it shows."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import import_module
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Generic, Literal, TypeVar

from yanzhen.phrasebook import BilingualError
from yanzhen.report.text.words import REPORTS

if TYPE_CHECKING:
    from yanzhen.report.document.document import Document
    from yanzhen.report.figures.theme import Chart
    from yanzhen.report.tables.table import Table
    from yanzhen.report.text.reader import Reader
    from yanzhen.study import Study


Kind = Literal[
    "region", "leaf_region", "industry", "movable_industry", "text", "integer", "number", "flag",
    "settings",
]  # fmt: skip
Asked = Mapping[str, Any]
"""What is asked, by name."""
Tell = Callable[[float, "tuple[str, str] | None"], None]
"""Told the share done, and a line in English and in Chinese where there is something to say."""
Result = TypeVar("Result")
NOTHING: Mapping[str, Any] = MappingProxyType({})


@dataclass(frozen=True)
class Ask:
    """What an analysis can be asked beside its study.

    Attributes
    ----------
    name : of the option and of the parameter of an address
    kind : how it is read; regions and industries by code or name, of all in the study, or of
        those regions that have no other below them, of those industries that move
    help : of the command's option, English, then Chinese
    usual : where nothing is said
    of : whether the result depends on it, or only what is shown of it
    asked_by : the command and the server, or only the command
    least, most : of a number
    metavar, flag, shown_usual : of the command's option, where these do not follow from the name
    """

    name: str
    kind: Kind
    help: str
    usual: Any = None
    of: Literal["result", "view"] = "view"
    asked_by: Literal["both", "command"] = "both"
    least: float | None = None
    most: float | None = None
    metavar: str | None = None
    flag: str | None = None
    shown_usual: bool | str = False


@dataclass(frozen=True)
class Analysis:
    """An analysis as it is declared.

    Attributes
    ----------
    name : of the job, the page and the files; `command` where that has another
    results : of the results in addresses and in the store
    module : that holds its `WORK`
    help : of the command, English, then Chinese
    working : while it is made, in Chinese and English
    title : of its page and its chapter, in Chinese and English
    stage : of its job
    asks : what it can be asked
    needs : tables without which it cannot begin
    in_plan : whether a plan's report has a chapter of it
    """

    name: str
    results: str
    module: str
    help: str
    working: tuple[str, str]
    title: tuple[str, str]
    stage: str
    command: str = ""
    asks: tuple[Ask, ...] = ()
    needs: tuple[str, ...] = ()
    in_plan: bool = False

    @property
    def work(self) -> Work[Any]:
        """What the analysis computes and shows."""
        found: Work[Any] = import_module(self.module).WORK
        return found

    def served(self, of: str) -> tuple[Ask, ...]:
        """What the server asks of the result, or of what is shown of it."""
        return tuple(ask for ask in self.asks if ask.of == of and ask.asked_by == "both")


@dataclass(frozen=True)
class Work(Generic[Result]):
    """What an analysis computes and shows.

    Attributes
    ----------
    result : what is computed: a frozen dataclass of frames and numbers with its `study`
    run : computes it; tells the share done, and a line where there is something to say
    findings : sentences
    document : the report
    year : that it is of
    tables : names of the tables that can be asked for one by one
    table : one of them
    figures : pictures by name
    table_of : the table that holds the figures of each picture
    values : JSON-able values for programs
    told : what the command prints, where that is not the findings
    refused : why the result must not be used, if it must not
    opened : tables that a page shows open
    """

    result: type[Result]
    run: Callable[[Study, Asked, Tell], Result]
    findings: Callable[[Result, Asked, Reader], list[str]]
    document: Callable[[Result, Asked, Reader], Document]
    year: Callable[[Result], int]
    tables: tuple[str, ...]
    table: Callable[[Result, str, Asked, Reader], Table]
    figures: Mapping[str, Callable[[Result, Asked, Reader], Chart]]
    table_of: Mapping[str, str]
    values: Callable[[Result, Asked], dict[str, Any]]
    told: Callable[[Result, Asked, Reader], list[str]] | None = None
    refused: Callable[[Result, Reader], str | None] | None = None
    opened: tuple[str, ...] = ()


def unasked(
    figure: Callable[[Result, Reader], Chart],
) -> Callable[[Result, Asked, Reader], Chart]:
    """Return a picture that is the same whatever is asked of the result."""
    return lambda found, asked, reader: figure(found, reader)


class NotThere(BilingualError):
    """What is asked for is not in the study, or cannot be asked."""

    phrases = REPORTS
