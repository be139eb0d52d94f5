"""What a server answers, as plain typed values; what a newer server says beside is left out."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any, TypeVar

import polars as pl

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

Answer = TypeVar("Answer", bound="DataclassInstance")


@dataclass(frozen=True)
class Study:
    """A study that a server knows, and whether plan and diagnosis have been made."""

    study: str
    origin: str
    title_zh: str
    title_en: str
    synthetic: bool
    plan: bool
    diagnosis: bool


@dataclass(frozen=True)
class Job:
    """Long work as it stands.

    Attributes
    ----------
    job : its name
    kind, subject : what is done to what
    state : queued, running, done, failed or cancelled
    stage, share : that it is at, and done so far, 0 to 1
    error, error_zh, problems : why it failed
    """

    job: str
    kind: str
    subject: dict[str, str]
    state: str
    stage: str = ""
    share: float = 0.0
    error: str = ""
    error_zh: str = ""
    problems: tuple[dict[str, Any], ...] = ()

    @property
    def ended(self) -> bool:
        """Whether nothing more will become of it."""
        return self.state in ("done", "failed", "cancelled")


@dataclass(frozen=True)
class Table:
    """A table of a result.

    Attributes
    ----------
    key, title, note : what it shows
    units : of each column of the frame; 1 for shares, which are fractions
    frame : a column of codes is followed by one of names, called `…_name`
    estimated : row and column of each cell that is an estimate
    """

    key: str
    title: str
    note: str
    units: dict[str, str]
    frame: pl.DataFrame
    estimated: frozenset[tuple[int, int]]


@dataclass(frozen=True)
class Picture:
    """A picture as a Vega-Lite specification with its texts."""

    key: str
    title: str
    reading: str
    aspect: str
    spec: dict[str, Any]


@dataclass(frozen=True)
class Scenario:
    """A scenario that can be set beside a plan; `own` are those that readers supposed."""

    name: str
    title_zh: str
    title_en: str
    own: bool


@dataclass(frozen=True)
class Project:
    """A project that an organisation follows."""

    id: str
    name: str
    industry: str
    origin: str
    destination: str
    investment: float
    investment_unit: str | None
    state: str
    state_on: str
    made_at: str


@dataclass(frozen=True)
class Person:
    """A person of one's organisation; `password` is told once, when it is made."""

    id: str
    login: str
    name: str
    role: str
    has_password: bool
    has_second_factor: bool
    made_at: str
    disabled_at: str | None = None
    password: str | None = None


@dataclass(frozen=True)
class Token:
    """A token of one's own programs; `token` is told once, when it is made."""

    id: str
    name: str
    scopes: list[str]
    made_at: str
    expires_at: str | None = None
    used_at: str | None = None
    revoked_at: str | None = None
    token: str | None = None


@dataclass(frozen=True)
class Change:
    """What was changed, by whom; `login` is None for the operator of the machine."""

    at: str
    login: str | None
    action: str
    resource: str
    subject: str
    change: dict[str, Any]
    hash: str


def read(kind: type[Answer], said: Mapping[str, Any]) -> Answer:
    """Return an answer as a value of a kind."""
    names = {field.name for field in fields(kind)}
    return kind(**{name: value for name, value in said.items() if name in names})


def table_of(pages: Sequence[Mapping[str, Any]]) -> Table:
    """Return the pages of a table as one."""
    first = pages[0]
    names = _unlike([str(column["name"]) for column in first["columns"]])
    rows = [row for page in pages for row in page["rows"]]
    frame = pl.DataFrame(rows, schema=names, orient="row", infer_schema_length=None, strict=False)
    estimated, before = set(), 0
    for page in pages:
        estimated |= {(before + row, column) for row, column in page["estimated"]}
        before += len(page["rows"])
    units = dict(zip(names, (str(column["unit"]) for column in first["columns"]), strict=True))
    return Table(first["key"], first["title"], first["note"], units, frame, frozenset(estimated))


def _unlike(names: Sequence[str]) -> list[str]:
    """Names of columns, each once: the second of a name holds the names of the first's codes."""
    seen: Counter[str] = Counter()
    found = []
    for name in names:
        seen[name] += 1
        again = "" if seen[name] == 2 else str(seen[name])
        found.append(name if seen[name] == 1 else f"{name}_name{again}")
    return found
