"""The journal of an agreement: double entry in whole fen, numbered without gaps, chained by hash.

A posting is a debit where it is above zero and a credit where it is below; those of an entry sum
to zero. Accounts are texts:

* `treasury:PARTY`: what a party holds, of `central`, `host`, `home`, `third` and `company`;
* `taxpayers`: the other side of tax received;
* `receivable:CREDITOR:DEBTOR` and `payable:DEBTOR:CREDITOR`: what one owes the other.

Nothing is changed afterwards. An entry that was wrong is reversed by one of the same postings with
the other sign that names it, and booked anew.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from hashlib import sha256
from typing import Literal, NamedTuple

FIRST = "0" * 64
"""What stands before the first entry."""
Kind = Literal["tax", "recovery", "share", "top_up", "exit", "dividend", "transfer"]
PARTIES = ("home", "host", "third", "company")
"""Who may owe or be owed; central and taxpayers have accounts of tax alone."""
DEBTS = (
    *(("host", "home"), ("host", "third"), ("third", "home")),
    *(("company", "home"), ("company", "host"), ("company", "third")),
)
"""Who may owe whom."""


class Posting(NamedTuple):
    """An amount on an account.

    Attributes
    ----------
    account : see the module
    fen : debit above zero, credit below
    """

    account: str
    fen: int


class Draft(NamedTuple):
    """An entry that is to be booked.

    Attributes
    ----------
    kind : what is booked
    period : that it belongs to; for a transfer the day, YYYY-MM-DD
    project : its name, empty where it is of the whole agreement
    postings : summing to zero
    reverses : number of the entry that it takes back, None for others
    note : of a transfer
    """

    kind: str
    period: str
    project: str
    postings: tuple[Posting, ...]
    reverses: int | None = None
    note: str = ""


class Entry(NamedTuple):
    """A booked entry: a draft with its number from 1 and its place in the chain.

    Attributes
    ----------
    number : in the agreement's journal, without gaps
    kind, period, project, postings, reverses, note : as in `Draft`
    previous, hash : of the entry before, and of this one (SHA-256, hexadecimal)
    """

    number: int
    kind: str
    period: str
    project: str
    postings: tuple[Posting, ...]
    reverses: int | None
    note: str
    previous: str
    hash: str


class Balance(NamedTuple):
    """What one party owes another.

    Attributes
    ----------
    debtor, creditor : of `DEBTS`
    opening, accrued, paid, closing : fen before, become due, paid, and due after
    """

    debtor: str
    creditor: str
    opening: int
    accrued: int
    paid: int
    closing: int


def tax(central: int, local: int) -> tuple[Posting, ...]:
    """Tax paid by a project, received by the central and the host's treasury."""
    received = (("treasury:central", central), ("treasury:host", local))
    postings = (*received, ("taxpayers", -central - local))
    return tuple(Posting(account, fen) for account, fen in postings if fen)


def owed(*debts: tuple[str, str, int]) -> tuple[Posting, ...]:
    """What debtors owe creditors: debtor, creditor and fen of each."""
    return tuple(
        posting
        for debtor, creditor, fen in debts
        if fen
        for posting in (
            Posting(f"receivable:{creditor}:{debtor}", fen),
            Posting(f"payable:{debtor}:{creditor}", -fen),
        )
    )


def transferred(debtor: str, creditor: str, fen: int) -> tuple[Posting, ...]:
    """What a debtor paid a creditor."""
    return (
        Posting(f"treasury:{creditor}", fen),
        Posting(f"treasury:{debtor}", -fen),
        Posting(f"payable:{debtor}:{creditor}", fen),
        Posting(f"receivable:{creditor}:{debtor}", -fen),
    )


def reversed_draft(entry: Entry) -> Draft:
    """Return what takes an entry back."""
    postings = tuple(Posting(account, -fen) for account, fen in entry.postings)
    return Draft(entry.kind, entry.period, entry.project, postings, entry.number, entry.note)


def booked(drafts: Iterable[Draft], last: Entry | None) -> list[Entry]:
    """Give drafts their numbers and hashes, after the newest entry.

    Raises
    ------
    ValueError
        The postings of one do not sum to zero.
    """
    number, previous = (0, FIRST) if last is None else (last.number, last.hash)
    entries = []
    for draft in drafts:
        if sum(posting.fen for posting in draft.postings):
            raise ValueError(f"postings that do not sum to zero: {draft}")
        number += 1
        entries.append(Entry(number, *draft, previous, hash_of(number, draft, previous)))
        previous = entries[-1].hash
    return entries


def hash_of(number: int, draft: Draft, previous: str) -> str:
    """Return the hash of an entry and of all before it."""
    said = json.dumps([number, *draft], ensure_ascii=False)
    return sha256(f"{previous}\n{said}".encode()).hexdigest()


def faults(entries: Sequence[Entry]) -> list[str]:
    """Return what is wrong with a journal: gaps, broken hashes, sums, reversals; empty for nothing.

    Every check is made from the entries alone, not from what booked them.
    """
    found: list[str] = []
    previous, reversed_before = FIRST, set[int]()
    for place, entry in enumerate(entries, start=1):
        where = f"entry {entry.number}"
        draft = Draft(*entry[1:7])
        if entry.number != place:
            found.append(f"{where}: number {place} is missing")
        if entry.previous != previous or entry.hash != hash_of(entry.number, draft, previous):
            found.append(f"{where}: the chain is broken")
        if sum(posting.fen for posting in entry.postings) != 0:
            found.append(f"{where}: the postings do not sum to zero")
        if entry.reverses is not None:
            taken = entries[entry.reverses - 1] if 0 < entry.reverses < place else None
            if taken is None or entry.reverses in reversed_before:
                found.append(f"{where}: reverses no entry before it, or one reversed already")
            elif sorted(taken.postings) != sorted(
                Posting(account, -fen) for account, fen in entry.postings
            ):
                found.append(f"{where}: does not take back what entry {taken.number} says")
            reversed_before.add(entry.reverses)
        previous = entry.hash
    found += unbalanced(totals(entries))
    return found


def totals(entries: Iterable[Entry]) -> dict[str, int]:
    """Return the sum of each account."""
    sums: dict[str, int] = {}
    add_to(sums, entries)
    return sums


def add_to(sums: dict[str, int], entries: Iterable[Entry]) -> None:
    """Add entries to the sums of the accounts."""
    for entry in entries:
        for account, fen in entry.postings:
            sums[account] = sums.get(account, 0) + fen


def unbalanced(sums: Mapping[str, int]) -> list[str]:
    """Return what does not balance: the whole, and each debt against its claim."""
    found = []
    if sum(sums.values()):
        found.append(f"all accounts sum to {sum(sums.values())}, not to zero")
    for debtor, creditor in DEBTS:
        claim = sums.get(f"receivable:{creditor}:{debtor}", 0)
        debt = sums.get(f"payable:{debtor}:{creditor}", 0)
        if claim + debt:
            found.append(f"{creditor} claims {claim} of {debtor}, who owes {-debt}")
    return found


def balances(opening: Mapping[str, int], current: Sequence[Entry]) -> tuple[Balance, ...]:
    """Return what each owed before some entries and owes after; debts that never were left out.

    Parameters
    ----------
    opening : sums of the accounts before
    current : entries since
    """
    due = totals(entry for entry in current if entry.kind != "transfer")
    transfers = totals(entry for entry in current if entry.kind == "transfer")
    found = []
    for debtor, creditor in DEBTS:
        account = f"receivable:{creditor}:{debtor}"
        if any(account in sums for sums in (opening, due, transfers)):
            was, more = opening.get(account, 0), due.get(account, 0)
            paid = -transfers.get(account, 0)
            found.append(Balance(debtor, creditor, was, more, paid, was + more - paid))
    return tuple(found)
