"""Telling the other parties of an agreement what one of them did, and who owes."""

from collections.abc import Iterable

from sqlalchemy import Connection

from yanzhen.exchange.settlement.kept import KeptAgreement
from yanzhen.exchange.settlement.statement import Statement
from yanzhen.store.outbox.telling import NOTHING, Facts, tell
from yanzhen.store.people.viewer import Viewer


# Kept wide: as `tell`, and to which of the parties.
def tell_parties(
    connection: Connection,
    viewer: Viewer,
    kept: KeptAgreement,
    kind: str,
    facts: Facts = NOTHING,
    parties: Iterable[str] | None = None,
) -> None:
    """Tell parties of an agreement but the viewer's own.

    Parameters
    ----------
    kind, facts : as for `yanzhen.store.outbox.telling.tell`
    parties : of `home`, `host` and `third`; all where nothing is said
    """
    named = kept.parties if parties is None else {*parties} & kept.parties.keys()
    to = {kept.parties[key] for key in named} - {viewer.organisation}
    tell(connection, kind, kept.id, to, viewer.organisation, facts)


def tell_debtors(connection: Connection, kept: KeptAgreement, statement: Statement) -> None:
    """Tell those who owe by a statement that all have signed, once, that a transfer is due."""
    owing = {each.debtor for each in statement.balances if each.closing > 0}
    to = {kept.parties[key] for key in owing & kept.parties.keys()}
    facts: Facts = {"number": statement.number, "period": statement.period}
    once = f"transfer_due {kept.id} {statement.number}"
    tell(connection, "transfer_due", kept.id, to, None, facts, once)
