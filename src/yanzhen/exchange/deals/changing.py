"""Making deals and moving them on: what happened is only added."""

from collections.abc import Sequence
from dataclasses import asdict, replace
from secrets import token_hex
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from yanzhen.exchange.deals.deal import (
    LONGEST,
    CameFrom,
    ChangedMeanwhile,
    Deal,
    NewDeal,
    NewParty,
    problem,
    wrong_capacity,
    wrong_deal,
    wrong_investment,
    wrong_text,
)
from yanzhen.exchange.deals.finding import seen, told
from yanzhen.exchange.deals.following import (
    FOLLOWS,
    PHRASES,
    TABLE,
    Happened,
    reached_signing,
    with_signed_amount,
    wrong_with,
)
from yanzhen.exchange.deals.telling import tell_others
from yanzhen.store.audit.chain import record
from yanzhen.store.database.clock import now
from yanzhen.store.database.connection import Database
from yanzhen.store.database.deal_tables import (
    deal_parties,
    deal_signed_terms,
    deal_transitions,
    deals,
)
from yanzhen.store.database.tables import organisations, persons
from yanzhen.store.database.texts import IDENTITY
from yanzhen.store.outbox.telling import tell
from yanzhen.store.ownership.visible import visible
from yanzhen.store.people.viewer import Viewer
from yanzhen.study import Problem, StudyError


def make_deal(database: Database, viewer: Viewer, entered: NewDeal) -> str:
    """Make a deal with its parties and what happened so far; return its identity.

    Raises
    ------
    yanzhen.study.StudyError
        With everything that is wrong with it.
    Unavailable
        The database does not answer.
    """
    with database.writing() as connection:
        return make_in(connection, viewer, entered)


def make_in(
    connection: Connection, viewer: Viewer, entered: NewDeal, came_from: CameFrom | None = None
) -> str:
    """Make a deal among other changes; see `make_deal`."""
    problems = [*wrong_deal(entered, viewer.organisation), *wrong_with((), entered.happened)]
    if entered.mode == "coconstruction":
        problems += _unsigned(entered.happened)
    require([*problems, *_unknown(connection, entered.parties)])
    happened = with_signed_amount(entered.happened, entered.investment)
    entered = replace(entered, happened=happened)
    identity = token_hex(16)
    made = {"made_by": viewer.person, "made_at": now()}
    states = [each for each in entered.happened if each.event in FOLLOWS]
    source = {} if came_from is None else asdict(came_from)
    said = {name: getattr(entered, name) for name in (*LONGEST, "mode", "investment")}
    newest = {"state": states[-1].event, "state_on": states[-1].on}
    row = {**said, **source, **newest, "id": identity, "version": 1, "owner": viewer.person}
    connection.execute(insert(deals).values(**row, **made))
    parties = [{"deal": identity, **asdict(each), **made} for each in entered.parties]
    connection.execute(insert(deal_parties), parties)
    _add(connection, viewer, identity, entered.happened, made)
    tell_others(connection, viewer, identity, "deal_joined")
    record(connection, viewer.actor, "make", "deal", identity, {**asdict(entered), **source})
    return identity


def add_party(database: Database, viewer: Viewer, deal: str, party: NewParty) -> Deal:
    """Let another organisation take part in a deal, which it sees from then on.

    Raises
    ------
    NoSuchDeal
        There is none that the viewer sees.
    yanzhen.study.StudyError
        There is no such organisation, or it is a party already.
    Unavailable
        The database does not answer.
    """
    with database.writing() as connection:
        row = seen(connection, viewer, deal, to_change=True)
        there = select(deal_parties.c.organisation).where(
            deal_parties.c.deal == deal, visible(deal_parties, viewer)
        )
        problems = [*wrong_capacity(party.capacity), *_unknown(connection, [party])]
        if party.organisation in list(connection.scalars(there)):
            problems.append(problem("party_twice", "parties", organisation=party.organisation))
        require(problems)
        made = {"made_by": viewer.person, "made_at": now()}
        connection.execute(insert(deal_parties).values(deal=deal, **asdict(party), **made))
        tell(connection, "deal_joined", deal, [party.organisation], viewer.organisation)
        return _changed(connection, viewer, row, {}, {"party": asdict(party)})


def add_transitions(
    database: Database,
    viewer: Viewer,
    deal: str,
    entered: Sequence[Happened],
    version: int | None = None,
) -> Deal:
    """Add what happened to a deal: all of it, or nothing; return the deal as it is then.

    Signing without an amount is of the investment that the deal has at that moment.

    Parameters
    ----------
    version : of the deal that the reader had; None for any

    Raises
    ------
    NoSuchDeal
        There is none that the viewer sees.
    ChangedMeanwhile
        The deal is of another version.
    yanzhen.study.StudyError
        With everything that is wrong: no day, back in time, two states of a day, a false order;
        or the deal is one of co-construction whose terms are not signed by every party.
    Unavailable
        The database does not answer.
    """
    with database.writing() as connection:
        row = seen(connection, viewer, deal, to_change=True)
        _require_version(row, version)
        held = _held(connection, viewer, deal)
        problems = wrong_with(held, entered)
        if row.mode == "coconstruction" and not _is_signed(connection, viewer, deal):
            problems += _unsigned(entered)
        require(problems)
        entered = with_signed_amount(entered, row.investment)
        _add(connection, viewer, deal, entered, {"made_by": viewer.person, "made_at": now()})
        states = [each for each in entered if each.event in FOLLOWS]
        newest = {"state": states[-1].event, "state_on": states[-1].on} if states else {}
        change = {"transitions": [asdict(each) for each in entered]}
        last = {"event": entered[-1].event, "on": entered[-1].on}
        tell_others(connection, viewer, deal, "deal_moved_on", last)
        return _changed(connection, viewer, row, newest, change)


def change_deal(
    database: Database, viewer: Viewer, deal: str, values: dict[str, Any], version: int
) -> Deal:
    """Change title, investment or owner of a deal.

    Parameters
    ----------
    values : of those that change, by name; an owner is a person of the viewer's organisation
    version : of the deal that the reader had

    Raises
    ------
    NoSuchDeal
        There is none that the viewer sees.
    ChangedMeanwhile
        The deal is of another version.
    yanzhen.study.StudyError
        With everything that is wrong.
    Unavailable
        The database does not answer.
    """
    with database.writing() as connection:
        row = seen(connection, viewer, deal, to_change=True)
        _require_version(row, version)
        problems: list[Problem] = []
        if "title" in values:
            problems += wrong_text("title", str(values["title"]), LONGEST["title"])
        problems += wrong_investment(values.get("investment"))
        owner = values.get("owner")
        if owner is not None:
            own = select(persons.c.id).where(persons.c.id == owner, visible(persons, viewer))
            fits = IDENTITY.fullmatch(owner) or owner == viewer.person
            if not fits or connection.execute(own).first() is None:
                problems.append(problem("no_such_person", "owner", person=owner))
        require(problems)
        return _changed(connection, viewer, row, values, values)


def require(problems: Sequence[Problem]) -> None:
    """Go on only where nothing is wrong.

    Raises
    ------
    yanzhen.study.StudyError
        With everything that is.
    """
    if problems:
        raise StudyError(problems)


def _changed(
    connection: Connection,
    viewer: Viewer,
    row: Row[Any],
    values: dict[str, Any],
    change: dict[str, Any],
) -> Deal:
    grown = {**values, "version": row.version + 1}
    connection.execute(update(deals).where(deals.c.id == row.id).values(**grown))
    record(connection, viewer.actor, "change", "deal", row.id, change)
    return told(connection, viewer, [seen(connection, viewer, row.id)])[0]


def _require_version(row: Row[Any], version: int | None) -> None:
    if version is not None and row.version != version:
        raise ChangedMeanwhile(row.id)


def _held(connection: Connection, viewer: Viewer, deal: str) -> list[Happened]:
    listed = (
        select(deal_transitions)
        .where(deal_transitions.c.deal == deal, visible(deal_transitions, viewer))
        .order_by(deal_transitions.c.on, deal_transitions.c.number)
    )
    return [Happened(row.event, row.on, row.amount) for row in connection.execute(listed)]


def _add(
    connection: Connection,
    viewer: Viewer,
    deal: str,
    entered: Sequence[Happened],
    made: dict[str, str],
) -> None:
    of = {"deal": deal, "organisation": viewer.organisation, **made}
    connection.execute(insert(deal_transitions), [{**asdict(each), **of} for each in entered])


def _unknown(connection: Connection, parties: Sequence[NewParty]) -> list[Problem]:
    named = [each.organisation for each in parties if len(each.organisation) <= 32]
    there = select(organisations.c.id).where(organisations.c.id.in_(named))
    known = set(connection.scalars(there)) if all("\0" not in each for each in named) else set()
    return [
        problem("no_such_organisation", "parties", organisation=each.organisation)
        for each in parties
        if each.organisation not in known
    ]


def _is_signed(connection: Connection, viewer: Viewer, deal: str) -> bool:
    signed = select(deal_signed_terms.c.version).where(
        deal_signed_terms.c.deal == deal, visible(deal_signed_terms, viewer)
    )
    return connection.execute(signed).first() is not None


def _unsigned(entered: Sequence[Happened]) -> list[Problem]:
    """Refuse signing while there is no version of the terms to which every party has agreed."""
    return [
        Problem.at("", TABLE, row, "event", *PHRASES.message("terms_unsigned"))
        for row, each in enumerate(entered, start=1)
        if reached_signing(each.event)
    ][:1]
