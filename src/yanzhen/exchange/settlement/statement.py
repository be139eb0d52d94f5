"""A statement of an agreement: its lines, and the text in which it is kept."""

import json
from collections.abc import Callable
from dataclasses import dataclass, fields
from hashlib import sha256
from typing import Any, NamedTuple

from yanzhen.exchange.settlement.journal import Balance, Entry, Posting


class TaxLine(NamedTuple):
    """Tax of a kind that a project paid from the year's first day to the period's last."""

    project: str
    tax_kind: str
    paid: int
    central: int
    local: int


class ShareLine(NamedTuple):
    """A part of what a project comes to in the year.

    Attributes
    ----------
    project : its name, empty for the agreement as a whole
    part : of `PARTS` but the taxes, or `kept`, the host's rest of the local tax
    due : fen up to the end of the period
    before : what statements of the year before this one booked
    now : due less before
    """

    project: str
    part: str
    due: int
    before: int
    now: int


class CountedLine(NamedTuple):
    """A statistic of a project in a year, counted by home and host.

    `restated` is whether an earlier statement told it otherwise.
    """

    statistic: str
    project: str
    year: int
    home: int
    host: int
    restated: bool


class CorrectionLine(NamedTuple):
    """What an earlier period is corrected by: fen as booked before and as booked now."""

    period: str
    project: str
    part: str
    before: int
    now: int


class CapLine(NamedTuple):
    """What a cap still leaves the home; the project is empty for the cap of the agreement.

    `limit` is None where it is each project's own.
    """

    project: str
    limit: int | None
    room: int


@dataclass(frozen=True, slots=True)
class Statement:
    """A statement as it is issued; nothing in it changes afterwards.

    Attributes
    ----------
    agreement : of the deal
    number : from 1 on, without gaps
    period : `2025Q1` or `2025`
    home, host, third : names; the third empty where there is none
    signers : of home, host and third, who has to sign
    title_zh, title_en : of the terms
    terms_sha256 : of the signed text
    synthetic : whether the figures are made up
    previous : hash of the statement before, empty for the first
    taxes, shares, corrections, counted, caps, balances : lines
    owed : outlay that is still to be repaid
    entries : booked since the statement before, transfers among them
    """

    agreement: str
    number: int
    period: str
    home: str
    host: str
    third: str
    signers: tuple[str, ...]
    title_zh: str
    title_en: str
    terms_sha256: str
    synthetic: bool
    previous: str
    taxes: tuple[TaxLine, ...]
    shares: tuple[ShareLine, ...]
    corrections: tuple[CorrectionLine, ...]
    counted: tuple[CountedLine, ...]
    caps: tuple[CapLine, ...]
    balances: tuple[Balance, ...]
    owed: int
    entries: tuple[Entry, ...]

    def party(self, key: str) -> str:
        """Return the name of `home`, `host` or `third`; of others the key itself."""
        named = {"home": self.home, "host": self.host, "third": self.third}
        return named.get(key) or key


def sha256_of(statement: Statement) -> str:
    """Return the hash of a statement as it is written."""
    return sha256(written(statement).encode()).hexdigest()


def written(statement: Statement) -> str:
    """Return a statement as the text that is kept: JSON, always the same for the same statement."""
    said = {field.name: getattr(statement, field.name) for field in fields(Statement)}
    return json.dumps(said, ensure_ascii=False, separators=(",", ":"))


def read_statement(text: str) -> Statement:
    """Return the statement that a text was written of."""
    said: dict[str, Any] = json.loads(text)
    lines: dict[str, Callable[..., Any]] = {
        "taxes": TaxLine,
        "shares": ShareLine,
        "corrections": CorrectionLine,
        "counted": CountedLine,
        "caps": CapLine,
        "balances": Balance,
    }
    for name, line in lines.items():
        said[name] = tuple(line(*each) for each in said[name])
    said["signers"] = tuple(said["signers"])
    said["entries"] = tuple(entry_of(each) for each in said["entries"])
    return Statement(**said)


def entry_of(said: Any) -> Entry:
    """Return the entry that a list in JSON says."""
    entry = Entry(*said)
    return entry._replace(postings=tuple(Posting(*each) for each in entry.postings))
