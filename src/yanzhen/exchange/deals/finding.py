"""Deals as their parties find them: one, a page of them, what happened to each."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, Select, Table, and_, desc, select

from yanzhen.exchange.deals.deal import Deal, NoSuchDeal, Party, Transition
from yanzhen.store.database.connection import Database
from yanzhen.store.database.deal_tables import deal_parties, deal_transitions, deals
from yanzhen.store.database.tables import organisations, persons
from yanzhen.store.database.texts import IDENTITY
from yanzhen.store.ownership.visible import visible
from yanzhen.store.people.viewer import Viewer

OF_ROW = (
    *("id", "title", "mode", "industry", "origin", "destination", "investment", "introduction"),
    *("project_listing", "site_listing", "state", "state_on", "version", "made_at"),
)


@dataclass(frozen=True)
class Page:
    """Some deals of a listing, the newest first.

    Attributes
    ----------
    deals : those of the page
    after : the identity with which the next page is asked for; None on the last
    """

    deals: tuple[Deal, ...]
    after: str | None


def find_deal(database: Database, viewer: Viewer, deal: str) -> Deal:
    """Return a deal.

    Raises
    ------
    NoSuchDeal
        There is none that the viewer sees.
    Unavailable
        The database does not answer.
    """
    with database.reading() as connection:
        return told(connection, viewer, [seen(connection, viewer, deal)])[0]


def list_deals(
    database: Database,
    viewer: Viewer,
    state: str | None = None,
    after: str | None = None,
    limit: int = 50,
) -> Page:
    """Return a page of the deals that the viewer sees, the newest first.

    Parameters
    ----------
    state : that they are in
    after : of the page before
    limit : deals at most

    Raises
    ------
    NoSuchDeal
        `after` is none that the viewer sees.
    Unavailable
        The database does not answer.
    """
    listing = _listed(viewer).order_by(desc(deals.c.number)).limit(limit + 1)
    if state is not None:
        listing = listing.where(deals.c.state == state)
    with database.reading() as connection:
        if after is not None:
            listing = listing.where(deals.c.number < seen(connection, viewer, after).number)
        rows = connection.execute(listing).all()
        page = told(connection, viewer, rows[:limit])
    return Page(tuple(page), page[-1].id if len(rows) > limit else None)


def transitions_of(database: Database, viewer: Viewer, deal: str) -> tuple[Transition, ...]:
    """Return what happened to a deal, the first first.

    Raises
    ------
    NoSuchDeal
        There is none that the viewer sees.
    Unavailable
        The database does not answer.
    """
    with database.reading() as connection:
        seen(connection, viewer, deal)
        return tuple(
            Transition(
                organisation=row.organisation,
                person=row.person or "",
                made_at=row.made_at,
                event=row.event,
                on=row.on,
                amount=row.amount,
            )
            for row in connection.execute(
                with_person(deal_transitions, viewer)
                .where(deal_transitions.c.deal == deal)
                .order_by(deal_transitions.c.on, deal_transitions.c.number)
            )
        )


def with_person(table: Table, viewer: Viewer) -> Select[Any]:
    """Select the rows of a table that are seen, with the `person` of one's own who made each."""
    own = and_(persons.c.id == table.c.made_by, visible(persons, viewer))
    named = select(table, persons.c.name.label("person")).outerjoin(persons, own)
    return named.where(visible(table, viewer))


def seen(connection: Connection, viewer: Viewer, deal: str, to_change: bool = False) -> Row[Any]:
    """Return the row of a deal; nobody else changes it meanwhile where it is to change.

    Raises
    ------
    NoSuchDeal
        There is none that the viewer sees.
    """
    this = _listed(viewer).where(deals.c.id == deal)
    if to_change:
        this = this.with_for_update(of=deals)
    row = connection.execute(this).first() if IDENTITY.fullmatch(deal) else None
    if row is None:
        raise NoSuchDeal(deal)
    return row


def told(connection: Connection, viewer: Viewer, rows: Sequence[Row[Any]]) -> list[Deal]:
    """Return rows of deals with their parties, as the viewer is told of them."""
    parties = parties_of(connection, viewer, [row.id for row in rows])
    return [_deal(row, viewer, parties[row.id]) for row in rows]


def parties_of(
    connection: Connection, viewer: Viewer, identities: Sequence[str]
) -> Mapping[str, tuple[Party, ...]]:
    """Return the parties of deals that the viewer sees, by deal, as they came."""
    found: dict[str, list[Party]] = {each: [] for each in identities}
    listed = (
        select(deal_parties, organisations.c.name)
        .join(organisations, organisations.c.id == deal_parties.c.organisation)
        .where(deal_parties.c.deal.in_(identities), visible(deal_parties, viewer))
        .order_by(deal_parties.c.made_at, deal_parties.c.capacity, deal_parties.c.organisation)
    )
    for row in connection.execute(listed):
        found[row.deal].append(Party(row.organisation, row.name, row.capacity))
    return {deal: tuple(parties) for deal, parties in found.items()}


def _listed(viewer: Viewer) -> Select[Any]:
    owned = select(deals, persons.c.organisation.label("owner_party"))
    return owned.outerjoin(persons, persons.c.id == deals.c.owner).where(visible(deals, viewer))


def _deal(row: Row[Any], viewer: Viewer, parties: tuple[Party, ...]) -> Deal:
    own = row.owner_party == viewer.organisation
    return Deal(
        **{name: getattr(row, name) for name in OF_ROW},
        owner=row.owner if own else None,
        owner_party=row.owner_party,
        parties=parties,
    )
