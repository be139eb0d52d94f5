"""Deals made from introductions: who takes part, in what and where is taken from the listings."""

from collections.abc import Collection, Mapping

from sqlalchemy import select

from yanzhen.exchange.deals.changing import make_in
from yanzhen.exchange.deals.deal import LONGEST, CameFrom, Contradicts, NewDeal, NewParty
from yanzhen.exchange.deals.following import Happened
from yanzhen.exchange.deals.register import fen_in, in_yuan
from yanzhen.exchange.docking.accepted import accepted
from yanzhen.exchange.listings.kinds import Project
from yanzhen.store.database.connection import Database
from yanzhen.store.database.deal_tables import deals
from yanzhen.store.ownership.visible import visible
from yanzhen.store.people.viewer import Viewer


def make_from_introduction(
    database: Database,
    viewer: Viewer,
    introduction: str,
    title: str = "",
    mode: str = "direct",
    happened: tuple[Happened, ...] = (),
) -> str:
    """Make the deal of an accepted introduction; return its identity.

    Both organisations are parties, the project's as the enterprise and the site's as the operator
    of the zone. Industry, origin and investment are the project's, the destination is the site's.

    Parameters
    ----------
    title : the names of project and site where empty
    happened : from the first state that is known; the contact of the acceptance where empty

    Raises
    ------
    yanzhen.exchange.docking.introductions.NoSuchIntroduction
        There is none that the viewer sees.
    yanzhen.exchange.docking.introductions.NotIntroduced
        It was not accepted, or was withdrawn since.
    Contradicts
        There is a deal of it.
    yanzhen.study.StudyError
        With everything that is wrong with what is said.
    Unavailable
        The database does not answer.
    """
    with database.writing() as connection:
        found = accepted(connection, viewer, introduction)
        # Either party sees it: nobody leaves a deal.
        before = select(deals.c.id).where(
            deals.c.introduction == introduction, visible(deals, viewer)
        )
        deal = connection.scalar(before)
        if deal is not None:
            raise Contradicts("made_before", deal=deal)
        names = f"{found.content.name} → {found.site_name}"
        entered = NewDeal(
            title=title or names[: LONGEST["title"]],
            mode=mode,
            industry=found.content.industry,
            origin=found.content.origin,
            destination=found.site_region,
            parties=(
                NewParty(found.organisation, "enterprise"),
                NewParty(found.site_organisation, "operator"),
            ),
            happened=happened or (Happened("contact", found.on),),
            investment=_investment(found.content),
        )
        return make_in(
            connection, viewer, entered, CameFrom(introduction, found.project, found.site)
        )


def deals_of_introductions(
    database: Database, viewer: Viewer, introductions: Collection[str]
) -> Mapping[str, str]:
    """Return the deals that were made from introductions, by introduction.

    Raises
    ------
    Unavailable
        The database does not answer.
    """
    asked = select(deals.c.introduction, deals.c.id).where(
        deals.c.introduction.in_(introductions), visible(deals, viewer)
    )
    with database.reading() as connection:
        return {row.introduction: row.id for row in connection.execute(asked)}


def _investment(project: Project) -> int | None:
    """The investment of a project in fen; None where nobody says, or in another currency."""
    if not project.investment or project.investment_unit not in in_yuan():
        return None
    return round(project.investment * fen_in(project.investment_unit)) or None
