"""Who acts for a party of an agreement; the attempt to act for another is recorded."""

from collections.abc import Sequence

from yanzhen.exchange.settlement.kept import kept_agreement
from yanzhen.exchange.settlement.refusals import NotYourParty
from yanzhen.exchange.settlement.words import PHRASES
from yanzhen.store.audit.chain import record
from yanzhen.store.database.connection import Database
from yanzhen.store.people.viewer import Viewer


def require_party(
    database: Database, viewer: Viewer, agreement: str, parties: str | Sequence[str], what: str
) -> None:
    """Let only those act who are of a party; who is of another is refused, which is recorded.

    Parameters
    ----------
    parties : one of which the viewer's organisation has to be
    what : is asked for, as the record has it

    Raises
    ------
    NoSuchAgreement
        There is none that the viewer sees.
    NotYourParty
        The viewer's organisation is none of them.
    """
    named = (parties,) if isinstance(parties, str) else tuple(parties)
    with database.reading() as connection:
        kept = kept_agreement(connection, viewer, agreement)
    if set(named) & set(kept.parts_of(viewer)):
        return
    with database.writing() as connection:
        told = {"asked": what, "party": list(named), "is": list(kept.parts_of(viewer))}
        record(connection, viewer.actor, "refuse", "agreement", kept.id, told)
    english, chinese = zip(*(PHRASES.words(f"party.{key}") for key in named), strict=True)
    raise NotYourParty("not_your_party", party=(" / ".join(english), "、".join(chinese)))
