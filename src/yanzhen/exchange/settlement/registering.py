"""Agreements are registered by one party, and accepted or declined by each of the others.

Who registers accepts with it. Nothing is settled before every party that signs has accepted the
agreement as it was registered: terms, parties, names, first year and whether it is SYNTHETIC.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from secrets import token_hex
from types import MappingProxyType

from sqlalchemy import Connection, insert, select

from yanzhen.exchange.settlement.agreement import Agreement
from yanzhen.exchange.settlement.kept import (
    AnswerKind,
    KeptAgreement,
    Standing,
    kept_agreement,
)
from yanzhen.exchange.settlement.refusals import NotAsItStands, SettlementError
from yanzhen.exchange.settlement.rights import require_party
from yanzhen.exchange.settlement.telling import tell_parties
from yanzhen.exchange.settlement.words import PHRASES
from yanzhen.modes.coconstruction.contract.consistency import check_contracts, require
from yanzhen.store.audit.chain import Change, record_all
from yanzhen.store.database.clock import now
from yanzhen.store.database.connection import Database
from yanzhen.store.database.settlement_tables import SIGNERS, agreement_answers, agreements
from yanzhen.store.database.tables import organisations
from yanzhen.store.people.viewer import Viewer

TOLD_AS: Mapping[Standing, str] = MappingProxyType(
    {
        "registered": "party_accepted",
        "accepted": "agreement_accepted",
        "declined": "agreement_declined",
    }
)
"""The kind of notice of an answer, by what the agreement is after it."""
MOST_TERMS = 100_000
"""Characters of the terms of an agreement."""
LIKE_A_DEAL = re.compile("[0-9a-f]{32}", re.IGNORECASE)
"""What could be taken for the identity of a deal."""


@dataclass(frozen=True)
class NewAgreement:
    """An agreement as it is registered.

    Attributes
    ----------
    reference : what the parties call it; that of a deal, its identity
    home, host : names of the regions
    home_organisation, host_organisation, third_organisation : identities of organisations; the
        third None where the terms name none, or one that is not on this server
    start_year : first year
    terms : TOML
    synthetic : whether the figures are made up
    """

    reference: str
    home: str
    host: str
    home_organisation: str
    host_organisation: str
    third_organisation: str | None
    start_year: int
    terms: str
    synthetic: bool = False


def register_agreement(database: Database, viewer: Viewer, new: NewAgreement) -> KeptAgreement:
    """Register an agreement that is of no deal, as its home or its host.

    Raises
    ------
    ContractError
        With everything that is wrong with its terms.
    SettlementError
        It names an organisation that there is not, neither home nor host is the viewer's, or the
        reference reads like the identity of a deal.
    """
    if LIKE_A_DEAL.fullmatch(new.reference.strip()):
        raise SettlementError("reference_of_deal")
    with database.writing() as connection:
        return add_agreement(connection, viewer, new, None)


def add_agreement(
    connection: Connection, viewer: Viewer, new: NewAgreement, deal: str | None
) -> KeptAgreement:
    """Register an agreement of a deal, which nobody else changes meanwhile, or of none.

    Raises
    ------
    ContractError, SettlementError
        As `register_agreement`.
    NotAsItStands
        One of the same terms of the deal is registered, and was not declined.
    """
    named = {key: getattr(new, f"{key}_organisation") for key in SIGNERS}
    if len(new.terms) > MOST_TERMS:
        raise SettlementError("terms_too_long", most=MOST_TERMS)
    for text in (new.reference, new.home, new.host):
        if not text.strip() or len(text) > 200:
            raise SettlementError("name", said=text[:50])
    agreement = Agreement("", new.home, new.host, new.start_year, new.terms)
    require(check_contracts([agreement.contract]))
    if named["third"] is not None and not agreement.terms.third_party:
        raise SettlementError("no_third")
    if viewer.organisation not in (named["home"], named["host"]):
        raise SettlementError("not_a_party")
    asked = {each for each in named.values() if each is not None}
    there = select(organisations.c.id).where(organisations.c.id.in_(asked))
    if set(connection.scalars(there)) != asked:
        raise SettlementError("no_organisation")
    sha256 = agreement.terms_sha256
    attempt = 1 if deal is None else _attempt(connection, deal, sha256)
    key, made = token_hex(16), {"made_by": viewer.person, "made_at": now()}
    reference = new.reference if deal is None else None
    row = {**vars(new), "reference": reference, "deal": deal, "attempt": attempt}
    row |= {"id": key, "terms_sha256": sha256, **made}
    connection.execute(insert(agreements).values(**row))
    told = {name: row[name] for name in ("deal", "reference", "start_year", "synthetic")}
    changes = [Change("make", "agreement", key, {**told, **named, "terms_sha256": sha256})]
    kept = kept_agreement(connection, viewer, key)
    changes += [
        _answered(connection, viewer, kept, each, "accept") for each in kept.parts_of(viewer)
    ]
    registered = kept_agreement(connection, viewer, key)
    tell_parties(connection, viewer, registered, "acceptance_asked", parties=registered.silent)
    record_all(connection, viewer.actor, changes)
    return registered


# Kept wide: who answers for which party, what, and what was read.
def answer_agreement(
    database: Database,
    viewer: Viewer,
    agreement: str,
    party: str,
    answer: AnswerKind,
    read_hash: str,
) -> KeptAgreement:
    """Accept an agreement for one's own party, or decline it; with the last acceptance it holds.

    Who has accepted may still decline, until all have accepted. What is declined stays so.

    Parameters
    ----------
    read_hash : of the agreement that was read

    Raises
    ------
    NoSuchAgreement
        There is none that the viewer sees.
    NotYourParty
        The viewer's organisation is not that party; the attempt is recorded.
    NotAsItStands
        The party has accepted it, it is accepted by all or declined, or the hash is another's.
    """
    require_party(database, viewer, agreement, party, f"{answer} agreement")
    with database.writing() as connection:
        kept = kept_agreement(connection, viewer, agreement, to_change=True)
        require_not_declined(kept)
        if kept.standing == "accepted":
            raise NotAsItStands("accepted")
        if read_hash != kept.sha256:
            raise NotAsItStands("other_agreement")
        if answer == "accept" and party not in kept.silent:
            raise NotAsItStands("accepted_already")
        said = _answered(connection, viewer, kept, party, answer)
        changed = kept_agreement(connection, viewer, agreement)
        tell_parties(connection, viewer, changed, TOLD_AS[changed.standing])
        record_all(connection, viewer.actor, [said])
        return changed


def require_accepted(kept: KeptAgreement) -> None:
    """Go on only where every party has accepted an agreement.

    Raises
    ------
    NotAsItStands
        Not all have, or one declined.
    """
    require_not_declined(kept)
    if kept.silent:
        english, chinese = zip(*(PHRASES.words(f"party.{key}") for key in kept.silent), strict=True)
        raise NotAsItStands("not_accepted", parties=(", ".join(english), "、".join(chinese)))


def require_not_declined(kept: KeptAgreement) -> None:
    """Go on only where nobody declined an agreement.

    Raises
    ------
    NotAsItStands
        A party did.
    """
    if kept.standing == "declined":
        raise NotAsItStands("declined")


def _attempt(connection: Connection, deal: str, terms_sha256: str) -> int:
    """Return the number of an agreement on terms of a deal; each before has to be declined."""
    held = select(agreements.c.id).where(
        agreements.c.deal == deal, agreements.c.terms_sha256 == terms_sha256
    )
    before = set(connection.scalars(held))
    declined = select(agreement_answers.c.agreement).where(
        agreement_answers.c.agreement.in_(before), agreement_answers.c.answer == "decline"
    )
    if before - set(connection.scalars(declined)):
        raise NotAsItStands("registered")
    return len(before) + 1


def _answered(
    connection: Connection, viewer: Viewer, kept: KeptAgreement, party: str, answer: AnswerKind
) -> Change:
    """Add the answer of a party; return what is to be recorded."""
    said = {"party": party, "answer": answer, "sha256": kept.sha256}
    made = {"made_by": viewer.person, "made_at": now()}
    connection.execute(insert(agreement_answers).values(agreement=kept.id, **said, **made))
    return Change("change", "agreement", kept.id, said)
