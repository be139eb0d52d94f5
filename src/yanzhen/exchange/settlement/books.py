"""An agreement's books: what a period comes to is booked, and its statement issued.

A quarter is an instalment: the year so far, settled as if it ended with the quarter, less the
instalments before. The year's own statement settles the whole year and takes the instalments off.
What was declared anew of an earlier period is never put into that period's statement, which stays
byte for byte; the next statement reverses the entries that were wrong and books them anew.
"""

from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from yanzhen.exchange.settlement.agreement import Agreement
from yanzhen.exchange.settlement.dues import PARTS, Dues
from yanzhen.exchange.settlement.journal import (
    Draft,
    Entry,
    add_to,
    balances,
    booked,
    owed,
    reversed_draft,
    tax,
)
from yanzhen.exchange.settlement.period import Period
from yanzhen.exchange.settlement.refusals import SettlementError
from yanzhen.exchange.settlement.statement import (
    CapLine,
    CorrectionLine,
    CountedLine,
    ShareLine,
    Statement,
    TaxLine,
    sha256_of,
)
from yanzhen.modes.coconstruction.contract.rounding import Integers
from yanzhen.modes.coconstruction.contract.terms import STATISTICS, TAX_KINDS

Amounts = list[int]
NOTHING: Amounts = [0] * len(PARTS)
OF_KIND: Mapping[str, slice] = {
    "tax": slice(0, 2),
    "recovery": slice(2, 3),
    "share": slice(3, 5),
    "top_up": slice(5, 6),
    "exit": slice(6, 7),
    "dividend": slice(7, 10),
}
"""Which of `PARTS` an entry of a kind books."""
_DEBT_OF = {
    "recovery": [("host", "home")],
    "share": [("host", "home"), ("host", "third")],
    "top_up": [("third", "home")],
    "exit": [("host", "home")],
    "dividend": [("company", "home"), ("company", "host"), ("company", "third")],
}


class NotNext(SettlementError):
    """A period that cannot follow the statements that there are.

    Parameters
    ----------
    period : that was asked for
    last : of the newest statement, None where there is none
    """

    def __init__(self, period: Period, last: Period | None) -> None:
        last_said = "–" if last is None else str(last)
        super().__init__("not_next", period=str(period), last=last_said)
        self.period, self.last = period, last


def may_follow(period: Period, last: Period | None, start_year: int) -> bool:
    """Whether a statement of a period can follow the newest.

    Years follow each other from the agreement's first on; the quarters of a year, in their order,
    come before the year itself, and none of them has to.
    """
    if last is None:
        return period.year == start_year
    if last.quarter is None:
        return period.year == last.year + 1
    return period.year == last.year and period.place > last.place


class Books:
    """An agreement's journal and statements so far, from which the next statement is made.

    Parameters
    ----------
    agreement : that is settled
    entries, statements : all of them, in their order
    """

    def __init__(
        self,
        agreement: Agreement,
        entries: Sequence[Entry] = (),
        statements: Sequence[Statement] = (),
    ) -> None:
        self.agreement = agreement
        self.entries: list[Entry] = []
        self.last: Period | None = None
        self.number = 0
        self.head = ""
        self._standing: dict[tuple[str, str, str], Entry] = {}
        self._sums: dict[tuple[str, str], Amounts] = {}
        self._told: dict[tuple[str, str, int], tuple[int, int]] = {}
        self._quarters: dict[int, list[Period]] = {}
        self._told_until = 0
        # What earlier years came to when they were last looked at: nothing is wrong where it holds.
        self._before: tuple[tuple[str, ...], Integers, Integers] | None = None
        self._opening: dict[str, int] = {}
        self._add(entries)
        for statement in statements:
            self._note(statement, sha256_of(statement))

    def record(self, draft: Draft) -> Entry:
        """Book an entry of its own, such as a transfer."""
        entry = booked([draft], self.entries[-1] if self.entries else None)
        self._add(entry)
        return entry[0]

    def quarters_of(self, year: int) -> list[Period]:
        """Return the quarters of a year of which there are statements."""
        return self._quarters.get(year, [])

    def follows(self, period: Period) -> bool:
        """Whether a statement of a period can follow the newest."""
        return may_follow(period, self.last, self.agreement.start_year)

    def issue(self, now: Dues, quarters: Sequence[Dues] = ()) -> Statement:
        """Book what a period comes to and return its statement.

        Parameters
        ----------
        now : dues up to the end of the period
        quarters : dues up to the end of each quarter of the year that has a statement already, as
            they are declared now

        Raises
        ------
        NotNext
            A statement of this period cannot follow the last.
        """
        period = now.period
        if not self.follows(period):
            raise NotNext(period, self.last)
        of_year = {str(quarter) for quarter in self.quarters_of(period.year)}
        before = {
            place: (*sums,)
            for place, sums in (self._sums.items() if of_year else ())
            if place[1] in of_year
        }
        fixed = [*self._corrections(now), *self._of_quarters(now, quarters)]
        drafts = [draft for drafts, _ in fixed for draft in drafts]
        drafts += self._new(now, quarters)
        self._add(booked(drafts, self.entries[-1] if self.entries else None))
        current = tuple(self.entries[self._told_until :])
        agreement = self.agreement
        statement = Statement(
            agreement.id,
            self.number + 1,
            str(period),
            agreement.home,
            agreement.host,
            agreement.terms.third_party,
            agreement.signers,
            agreement.terms.title_zh,
            agreement.terms.title_en,
            agreement.terms_sha256,
            agreement.synthetic,
            self.head,
            tuple(_taxes(now)),
            tuple(self._shares(now, before)),
            tuple(line for _, lines in fixed for line in lines),
            tuple(self._counted(now)),
            tuple(_caps(agreement, now)),
            balances(self._opening, current),
            now.owed,
            current,
        )
        self._note(statement, sha256_of(statement))
        closed = now.parts if period.quarter is None else now.parts[:, :-1]
        self._before = (now.names, closed, now.counted)
        return statement

    def _add(self, entries: Sequence[Entry]) -> None:
        """Take entries in: which stand, and what they sum to by project and period."""
        for entry in entries:
            self.entries.append(entry)
            if entry.kind == "transfer":
                continue
            place = (entry.kind, entry.project, entry.period)
            if entry.reverses is None:
                self._standing[place] = entry
            else:
                del self._standing[place]
            sums = self._sums.setdefault((entry.project, entry.period), [*NOTHING])
            for k, fen in _amounts(entry):
                sums[k] += fen

    def _note(self, statement: Statement, head: str) -> None:
        """Remember what a statement told."""
        self.last, self.number, self.head = Period.of(statement.period), statement.number, head
        self._told_until += len(statement.entries)
        add_to(self._opening, statement.entries)
        if self.last.quarter is not None:
            self._quarters.setdefault(self.last.year, []).append(self.last)
        for line in statement.counted:
            self._told[line.statistic, line.project, line.year] = (line.home, line.host)

    def _corrections(self, now: Dues) -> Iterator[tuple[list[Draft], list[CorrectionLine]]]:
        """Years that are closed: their own entries take what differs, their instalments stand."""
        before = self._before
        same = before is not None and before[0] == now.names
        if same and before is not None and np.array_equal(before[1], now.parts[:, :-1]):
            return
        for project, rows in zip((*now.names, ""), now.parts.tolist(), strict=True):
            for year, full in zip(now.years, rows, strict=True):
                if self.agreement.start_year <= year < now.period.year:
                    quarters = self._quarters.get(year, ())
                    want = _less(full, [self._booked(project, str(q)) for q in quarters])
                    if want != self._booked(project, str(year)):
                        yield self._rebooked(project, str(year), want)

    def _of_quarters(
        self, now: Dues, quarters: Sequence[Dues]
    ) -> Iterator[tuple[list[Draft], list[CorrectionLine]]]:
        """Instalments of the year that is open, as they would be by what is declared now."""
        earlier: dict[str, Amounts] = {}
        for dues in quarters:
            for project, so_far in zip((*dues.names, ""), dues.parts[:, -1].tolist(), strict=True):
                want = _less(so_far, [earlier.get(project, NOTHING)])
                if want != self._booked(project, str(dues.period)):
                    yield self._rebooked(project, str(dues.period), want)
                earlier[project] = so_far

    def _rebooked(
        self, project: str, period: str, want: Amounts
    ) -> tuple[list[Draft], list[CorrectionLine]]:
        """Reverse what stands for a project and period where it is wrong, and book it anew."""
        have = self._booked(project, period)
        drafts: list[Draft] = []
        for kind, parts in OF_KIND.items():
            if want[parts] == have[parts]:
                continue
            standing = self._standing.get((kind, project, period))
            if standing is not None:
                drafts.append(reversed_draft(standing))
            drafts += _drafts(kind, period, project, want[parts])
        lines = [
            CorrectionLine(period, project, part, was, is_now)
            for part, was, is_now in zip(PARTS, have, want, strict=True)
            if was != is_now
        ]
        return drafts, lines

    def _new(self, now: Dues, quarters: Sequence[Dues]) -> list[Draft]:
        """What the period itself books: the year so far less its instalments, as they are now."""
        instalments = (
            dict(zip((*quarters[-1].names, ""), quarters[-1].parts[:, -1].tolist(), strict=True))
            if quarters
            else {}
        )
        drafts: list[Draft] = []
        for project, so_far in zip((*now.names, ""), now.parts[:, -1].tolist(), strict=True):
            amounts = _less(so_far, [instalments[project]]) if project in instalments else so_far
            if amounts != NOTHING:
                for kind, parts in OF_KIND.items():
                    drafts += _drafts(kind, str(now.period), project, amounts[parts])
        return drafts

    def _booked(self, project: str, period: str) -> Amounts:
        return self._sums.get((project, period), NOTHING)

    def _shares(
        self, now: Dues, before: Mapping[tuple[str, str], Sequence[int]]
    ) -> Iterator[ShareLine]:
        """The lines of the year, what statements before booked of it taken off."""
        periods = [str(period) for period in self._quarters.get(now.period.year, ())]
        for project, due in zip((*now.names, ""), now.parts[:, -1].tolist(), strict=True):
            was = [*NOTHING]
            for period in periods:
                for k, fen in enumerate(before.get((project, period), NOTHING)):
                    was[k] += fen
            for part, is_due, is_was in zip(PARTS[2:], due[2:], was[2:], strict=True):
                if is_due or is_was:
                    yield ShareLine(project, part, is_due, is_was, is_due - is_was)
            if project:
                kept, kept_before = _kept(due), _kept(was)
                yield ShareLine(project, "kept", kept, kept_before, kept - kept_before)

    def _counted(self, now: Dues) -> Iterator[CountedLine]:
        """Statistics of the year, and those of earlier years that were told otherwise."""
        same = self._before is not None and self._before[0] == now.names
        if same and self._before is not None:
            told = self._before[2][:, :, : now.counted.shape[2] - 1]
            same = np.array_equal(told, now.counted[:, :, :-1])
        years = now.years[-1:] if same else now.years
        counted = now.counted[:, :, -len(years) :].tolist()
        for statistic, of_projects in zip(STATISTICS, counted, strict=True):
            for project, rows in zip(now.names, of_projects, strict=True):
                for year, (home, host) in zip(years, rows, strict=True):
                    last = self._told.get((statistic, project, year), (0, 0))
                    is_now = year == now.period.year
                    if last != (home, host) or (is_now and (home or host)):
                        yield CountedLine(statistic, project, year, home, host, not is_now)


def _less(amounts: Amounts, others: Sequence[Sequence[int]]) -> Amounts:
    for other in others:
        amounts = [fen - less for fen, less in zip(amounts, other, strict=True)]
    return amounts


def _kept(amounts: Sequence[int]) -> int:
    """The host's rest of the local tax."""
    return amounts[1] - amounts[2] - amounts[3] - amounts[4]


def _drafts(kind: str, period: str, project: str, amounts: Sequence[int]) -> list[Draft]:
    """An entry of amounts that are not all nothing."""
    if not any(amounts):
        return []
    if kind == "tax":
        postings = tax(amounts[0], amounts[1])
    else:
        debts = zip(_DEBT_OF[kind], amounts, strict=True)
        postings = owed(*((debtor, creditor, fen) for (debtor, creditor), fen in debts))
    return [Draft(kind, period, project, postings)]


def _amounts(entry: Entry) -> Iterator[tuple[int, int]]:
    """The parts that an entry books, each by its place in `PARTS`."""
    start = OF_KIND[entry.kind].start
    if entry.kind == "tax":
        places = {"treasury:central": 0, "treasury:host": 1}
    else:
        places = {
            f"receivable:{creditor}:{debtor}": start + k
            for k, (debtor, creditor) in enumerate(_DEBT_OF[entry.kind])
        }
    for account, fen in entry.postings:
        if account in places:
            yield places[account], fen


def _taxes(now: Dues) -> Iterator[TaxLine]:
    for kind, *of_kind in zip(TAX_KINDS, now.paid.tolist(), now.local.tolist(), strict=True):
        for project, paid, local in zip(now.names, *of_kind, strict=True):
            if paid or local:
                yield TaxLine(project, kind, paid, paid - local, local)


def _caps(agreement: Agreement, now: Dues) -> Iterator[CapLine]:
    cap = agreement.terms.cap
    room = now.room.tolist()
    if cap is not None and cap.amount is not None and room:
        yield CapLine("", cap.amount, room[0][1])
    for project, (own, _) in zip(now.names, room, strict=True):
        if own >= 0:
            yield CapLine(project, None, own)
