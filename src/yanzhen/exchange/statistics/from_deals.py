"""Contributions to the fixed set of tables from the deals of all organisations.

For the server, never for a viewer: what comes of it betrays nobody only once it is published by
`publication.publish`. Deals count from signing on, as in `deals.register`.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl
from sqlalchemy import select

from yanzhen.exchange.deals.register import fen_in
from yanzhen.exchange.statistics.hierarchy import Hierarchy
from yanzhen.exchange.statistics.reading import PHRASES
from yanzhen.phrasebook import Words
from yanzhen.store.database.connection import Database
from yanzhen.store.database.deal_tables import (
    DEAL_STATES,
    deal_parties,
    deal_transitions,
    deals,
)
from yanzhen.store.database.tables import PROJECT_STATES

ROOT = "all"
SIGNED = {
    **{"deal": pl.String, "enterprise": pl.String, "fen": pl.Int64},
    **{"region": pl.String, "industry": pl.String, "state": pl.String, "year": pl.String},
}


@dataclass(frozen=True)
class Contributed:
    """What deals contribute, and how many of them do not.

    Attributes
    ----------
    contributions : `enterprise`, each dimension and `value`, a row a deal; confidential
    no_enterprise : deals without one enterprise as a party, or with several
    no_amount : of those left, deals of which nobody says the investment
    no_code : of those left, deals of a code that is no leaf of its hierarchy
    """

    contributions: pl.DataFrame
    no_enterprise: int
    no_amount: int
    no_code: int


def signed_deals(database: Database, until: str = "9999-12-31") -> pl.DataFrame:
    """Return the deals of all organisations from signing on, in the order in which they were made.

    Parameters
    ----------
    until : day after which what happened does not count

    Returns
    -------
    frame
        `deal`, `enterprise` (organisation; null where none or several take part as one), `fen`
        (what was signed, otherwise the investment; null where nobody says), `region` of the
        destination, `industry`, `state`, and the `year` of signing, or of the first state that is
        known after it.

    Raises
    ------
    Unavailable
        The database does not answer.
    """
    happened = (
        select(
            *(deals.c.id, deals.c.destination, deals.c.industry, deals.c.investment),
            *(deal_transitions.c.on, deal_transitions.c.event, deal_transitions.c.amount),
        )
        .join(deals, deals.c.id == deal_transitions.c.deal)
        .where(deal_transitions.c.event.in_(DEAL_STATES), deal_transitions.c.on <= until)
        .order_by(deals.c.number, deal_transitions.c.on, deal_transitions.c.number)
    )
    taking_part = select(deal_parties.c.deal, deal_parties.c.organisation).where(
        deal_parties.c.capacity == "enterprise"
    )
    enterprises: dict[str, list[str]] = {}
    found: dict[str, tuple[str | int | None, ...]] = {}
    states: dict[str, str] = {}
    with database.reading() as connection:
        for deal, organisation in connection.execute(taking_part):
            enterprises.setdefault(deal, []).append(organisation)
        for row in connection.execute(happened):
            states[row.id] = row.event
            if row.id not in found and row.event in PROJECT_STATES:
                alone = enterprises.get(row.id, [])
                said = row.amount if row.event == "signed" else None
                found[row.id] = (
                    *(row.id, alone[0] if len(alone) == 1 else None),
                    *(row.investment if said is None else said, row.destination),
                    *(row.industry, row.on[:4]),
                )
    rows = [
        (*said[:-1], states[deal], said[-1])
        for deal, said in found.items()
        if states[deal] in PROJECT_STATES
    ]
    return pl.DataFrame(rows, schema=SIGNED, orient="row")


def hierarchies_of(signed: pl.DataFrame, given: Mapping[str, Hierarchy]) -> dict[str, Hierarchy]:
    """Return hierarchies with those of states and years, where they are not given.

    Parameters
    ----------
    signed : see `signed_deals`
    """
    names: dict[str, Words] = {ROOT: PHRASES.words("state.all")}
    stated = names | {each: PHRASES.words(f"state.{each}") for each in PROJECT_STATES}
    made = {
        "state": Hierarchy({ROOT: None, **dict.fromkeys(PROJECT_STATES, ROOT)}, stated),
        "year": Hierarchy(
            {ROOT: None, **dict.fromkeys(sorted(signed["year"].unique()), ROOT)}, names
        ),
    }
    return {**given, **{name: each for name, each in made.items() if name not in given}}


def contributions_of(
    signed: pl.DataFrame, hierarchies: Mapping[str, Hierarchy], money: str
) -> Contributed:
    """Return what deals contribute, in the form that `publication.publish` takes.

    Parameters
    ----------
    signed : see `signed_deals`
    hierarchies : of the dimensions region, industry, state and year
    money : unit of the values, one of `deals.register.in_yuan`
    """
    owned = signed.drop_nulls("enterprise")
    told = owned.drop_nulls("fen")
    coded = told.filter(
        pl.col(name).is_in(sorted(each.leaves)) for name, each in hierarchies.items()
    )
    value = (pl.col("fen") / fen_in(money)).alias("value")
    return Contributed(
        coded.select("enterprise", *hierarchies, value),
        no_enterprise=signed.height - owned.height,
        no_amount=owned.height - told.height,
        no_code=told.height - coded.height,
    )
