"""Agreements of deals: terms and parties are those that were signed, and none others."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from yanzhen.exchange.deals.deal import Party
from yanzhen.exchange.deals.finding import parties_of, seen
from yanzhen.exchange.deals.terms import canonical, hash_of_terms, signed_in
from yanzhen.exchange.settlement.kept import KeptAgreement
from yanzhen.exchange.settlement.refusals import SettlementError
from yanzhen.exchange.settlement.registering import NewAgreement, add_agreement
from yanzhen.modes.coconstruction.contract.terms_toml import parse_terms
from yanzhen.store.database.connection import Database
from yanzhen.store.database.deal_tables import deal_parties, deal_signed_terms, deals
from yanzhen.store.database.settlement_tables import SIGNERS, agreement_answers, agreements
from yanzhen.store.ownership.visible import visible
from yanzhen.store.people.viewer import Viewer


@dataclass(frozen=True)
class OfDeal:
    """What is said of an agreement beside its deal.

    Attributes
    ----------
    deal : identity
    start_year : first year
    synthetic : whether the figures are made up
    terms : TOML, which has to say what was signed; None to take that
    home, host : names of the regions; those of the organisations where empty
    home_organisation, host_organisation, third_organisation : which have to be those of the deal;
        None to take these
    """

    deal: str
    start_year: int
    synthetic: bool = False
    terms: str | None = None
    home: str = ""
    host: str = ""
    home_organisation: str | None = None
    host_organisation: str | None = None
    third_organisation: str | None = None


def register_of_deal(database: Database, viewer: Viewer, asked: OfDeal) -> KeptAgreement:
    """Register the agreement of a deal on its newest signed terms, between those who signed them.

    Raises
    ------
    NoSuchDeal
        There is none that the viewer sees.
    ContractError
        The terms that are said cannot be read.
    SettlementError
        Nothing is signed, other terms or parties are said, or the parties that signed are not one
        home and one host, one of them the viewer's organisation.
    NotAsItStands
        It is registered already, and was not declined.
    """
    with database.writing() as connection:
        # Nobody else registers one of it, signs or joins meanwhile.
        deal = seen(connection, viewer, asked.deal, to_change=True)
        signed = signed_in(connection, viewer, deal.id)
        if signed is None:
            raise SettlementError("not_signed", deal=deal.title)
        if asked.terms is not None and hash_of_terms(canonical(asked.terms)) != signed.sha256:
            raise SettlementError("other_terms", version=signed.version, sha256=signed.sha256)
        who_signed = {each.organisation for each in signed.agreements}
        of_deal = parties_of(connection, viewer, [deal.id])[deal.id]
        parties = _parties(
            [each for each in of_deal if each.organisation in who_signed],
            parse_terms(signed.terms, "terms.toml").third_party,
        )
        for key in SIGNERS:
            said = getattr(asked, f"{key}_organisation")
            if said is not None and (key not in parties or parties[key].organisation != said):
                raise SettlementError("other_parties")
        new = NewAgreement(
            deal.id,
            asked.home or parties["home"].name,
            asked.host or parties["host"].name,
            parties["home"].organisation,
            parties["host"].organisation,
            parties["third"].organisation if "third" in parties else None,
            asked.start_year,
            signed.terms,
            asked.synthetic,
        )
        return add_agreement(connection, viewer, new, deal.id)


def deals_to_register(database: Database, viewer: Viewer) -> dict[str, str]:
    """Return titles of deals whose agreement the viewer may register, by identity.

    Their terms are signed, the viewer's organisation is home or host, and what was registered
    before was declined.
    """
    declined = select(agreement_answers.c.agreement).where(
        agreement_answers.c.answer == "decline", visible(agreement_answers, viewer)
    )
    settled = select(agreements.c.deal).where(
        agreements.c.deal.is_not(None),
        agreements.c.id.not_in(declined),
        visible(agreements, viewer),
    )
    own = select(deal_parties.c.deal).where(
        deal_parties.c.organisation == viewer.organisation,
        deal_parties.c.capacity.in_(("home", "host")),
    )
    asked = (
        select(deals.c.id, deals.c.title)
        .join(deal_signed_terms, deal_signed_terms.c.deal == deals.c.id)
        .where(visible(deals, viewer), deals.c.id.in_(own), deals.c.id.not_in(settled))
        .order_by(deals.c.number.desc())
    )
    with database.reading() as connection:
        return {row.id: row.title for row in connection.execute(asked)}


def _parties(who_signed: Sequence[Party], third_party: str) -> dict[str, Party]:
    """The one home and the one host, and whom the terms name as the third, where they take part."""
    found: dict[str, Party] = {}
    for key in ("home", "host"):
        of_key = [each for each in who_signed if each.capacity == key]
        if len(of_key) != 1:
            raise SettlementError("deal_parties")
        found[key] = of_key[0]
    others = [each for each in who_signed if each not in found.values()]
    third = [each for each in others if third_party and each.name == third_party]
    return {**found, **({"third": third[0]} if third else {})}
