"""Telling the other parties of a deal what one of them did."""

from sqlalchemy import Connection, select

from yanzhen.store.database.deal_tables import deal_parties
from yanzhen.store.outbox.telling import NOTHING, Facts, tell
from yanzhen.store.ownership.visible import visible
from yanzhen.store.people.viewer import Viewer


def tell_others(
    connection: Connection, viewer: Viewer, deal: str, kind: str, facts: Facts = NOTHING
) -> None:
    """Tell every party of a deal but the viewer's own.

    Parameters
    ----------
    kind, facts : as for `yanzhen.store.outbox.telling.tell`
    """
    others = select(deal_parties.c.organisation).where(
        deal_parties.c.deal == deal,
        deal_parties.c.organisation != viewer.organisation,
        visible(deal_parties, viewer),
    )
    to = connection.scalars(others).all()
    tell(connection, kind, deal, to, viewer.organisation, facts)
