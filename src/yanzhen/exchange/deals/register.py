"""Deals from signing on as a study's table `transitions`, by which `yanzhen track` follows them.

What counts as what is said by `yanzhen.goals.projects`: nothing of it is decided here.
"""

from collections.abc import Mapping
from typing import Any

import polars as pl
from sqlalchemy import select

from yanzhen.exchange.deals.finding import parties_of
from yanzhen.store.database.connection import Database
from yanzhen.store.database.deal_tables import MONEY_EVENTS, deal_transitions, deals
from yanzhen.store.ownership.visible import visible
from yanzhen.store.people.viewer import Viewer
from yanzhen.study.tables.goals import STATES, Transitions
from yanzhen.study.units import UNITS

FEN = 100
"""In a yuan."""
COLUMNS: Mapping[str, Any] = {name: column.dtype for name, column in Transitions.columns().items()}
SOURCE = "exchange"


def in_yuan() -> tuple[str, ...]:
    """Return the units in which amounts can be written."""
    return tuple(name for name, unit in UNITS.items() if unit.currency == "CNY")


def fen_in(money: str) -> float:
    """Return how many fen one of a unit of `in_yuan` is."""
    return FEN * UNITS[money].factor


def register(database: Database, viewer: Viewer, money: str) -> pl.DataFrame:
    """Return what happened to the deals that the viewer sees, from signing on.

    Parameters
    ----------
    money : unit of the study's money, one of `in_yuan`

    Returns
    -------
    frame
        The columns of the study's table `transitions`; the code of a project is the identity of
        its deal, its region the destination, its owner the enterprise. Each deal's rows follow
        one another, in their order; deals in the order in which they were made.

    Raises
    ------
    Unavailable
        The database does not answer.
    """
    factor = fen_in(money)
    asked = (
        select(
            *(deals.c.id, deals.c.destination, deals.c.industry),
            *(deal_transitions.c.event, deal_transitions.c.on, deal_transitions.c.amount),
        )
        .join(deals, deals.c.id == deal_transitions.c.deal)
        .where(
            deal_transitions.c.event.in_((*STATES, *MONEY_EVENTS)),
            visible(deal_transitions, viewer),
        )
        .order_by(deals.c.number, deal_transitions.c.on, deal_transitions.c.number)
    )
    with database.reading() as connection:
        found = connection.execute(asked).all()
        parties = parties_of(connection, viewer, sorted({row.id for row in found}))
    owners = {
        deal: "、".join(each.name for each in named if each.capacity == "enterprise") or None
        for deal, named in parties.items()
    }
    rows = [_row(row, owners[row.id], factor) for row in found]
    return pl.DataFrame(rows, schema=COLUMNS, orient="row")


def as_csv(frame: pl.DataFrame) -> bytes:
    """Return a register as CSV, as a study has it."""
    return frame.write_csv().encode()


def _row(row: Any, owner: str | None, factor: float) -> dict[str, Any]:
    said = {
        "project": row.id,
        "date": row.on,
        "event": row.event,
        "region": row.destination,
        "industry": row.industry,
        "owner": owner,
        "amount": None if row.amount is None else row.amount / factor,
        "source": SOURCE,
    }
    return {name: said.get(name) for name in COLUMNS}
