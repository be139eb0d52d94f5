"""The terms of a deal: numbered versions, agreed by each party, and then never changed.

A version is kept as the contract's own TOML in one form, whatever it was written like, so that the
same terms have the same hash. Only the newest version can be agreed to; whoever agrees says the
hash of what he read.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from types import MappingProxyType
from typing import Any

from sqlalchemy import Connection, Row, func, insert, select, update

from yanzhen.exchange.deals.clauses import Clause, changed_clauses
from yanzhen.exchange.deals.deal import Contradicts, Made, NoSuchDeal, NotForThem
from yanzhen.exchange.deals.finding import parties_of, seen, with_person
from yanzhen.exchange.deals.following import FOLLOWS
from yanzhen.exchange.deals.telling import tell_others
from yanzhen.modes.coconstruction.contract.sections import EMPTY
from yanzhen.modes.coconstruction.contract.terms import Terms
from yanzhen.modes.coconstruction.contract.terms_toml import parse_terms, write_terms
from yanzhen.store.audit.chain import record
from yanzhen.store.database.clock import now
from yanzhen.store.database.connection import Database
from yanzhen.store.database.deal_tables import (
    deal_agreements,
    deal_signed_terms,
    deal_terms,
    deals,
)
from yanzhen.store.ownership.visible import visible
from yanzhen.store.people.viewer import Role, Viewer

SIGNERS: Mapping[str, frozenset[Role]] = MappingProxyType(
    {
        "enterprise": frozenset(("enterprise", "administrator")),
        "operator": frozenset(("zone", "administrator")),
        "host": frozenset(("zone", "planner", "administrator")),
        "home": frozenset(("zone", "planner", "administrator")),
        "fund": frozenset(("fund", "administrator")),
    }
)
"""The roles that agree for a party, by what it is in the deal."""
LONGEST = 100_000
"""Characters of terms that are taken."""


@dataclass(frozen=True)
class Agreement(Made):
    """A party's agreement to a version."""


@dataclass(frozen=True)
class Version(Made):
    """A version of a deal's terms.

    Attributes
    ----------
    version : from 1
    terms : TOML in the one form that is hashed
    sha256 : of its UTF-8 (hexadecimal)
    agreements : of parties, as they came
    signed_at : moment at which the last party agreed; None before
    """

    version: int
    terms: str
    sha256: str
    agreements: tuple[Agreement, ...]
    signed_at: str | None


def canonical(content: str) -> str:
    """Return terms in the one form that is hashed.

    Raises
    ------
    ContractError
        With everything that cannot be read or is contradictory.
    """
    return write_terms(parse_terms(content, "terms.toml"))


def hash_of_terms(written: str) -> str:
    """Return the hash of terms in that form (SHA-256, hexadecimal)."""
    return sha256(written.encode()).hexdigest()


def propose_terms(database: Database, viewer: Viewer, deal: str, content: str) -> Version:
    """Propose a version of a deal's terms, in place of one that not everybody agreed to.

    The same terms are proposed again only for parties that joined since they were signed.

    Raises
    ------
    NoSuchDeal
        There is none that the viewer sees.
    ContractError
        With everything that is wrong with the terms.
    Contradicts
        The deal is no co-construction or over, or the newest version says the same.
    Unavailable
        The database does not answer.
    """
    with database.writing() as connection:
        row = seen(connection, viewer, deal, to_change=True)
        if row.mode != "coconstruction":
            raise Contradicts("terms.not_coconstruction")
        if not FOLLOWS[row.state]:
            raise Contradicts("terms.over", state=row.state)
        if len(content) > LONGEST:
            raise Contradicts("terms.long", longest=LONGEST)
        written = canonical(content)
        newest = _newest(connection, viewer, deal)
        if newest is not None and newest.terms == written:
            _require_newcomers(connection, viewer, newest)
        said = {
            "deal": deal,
            "version": 1 if newest is None else newest.version + 1,
            "terms": written,
            "sha256": hash_of_terms(written),
        }
        made = {"organisation": viewer.organisation, "made_by": viewer.person, "made_at": now()}
        connection.execute(insert(deal_terms).values(**said, **made))
        change = {"version": said["version"], "sha256": said["sha256"]}
        version = {"version": int(str(said["version"]))}
        tell_others(connection, viewer, deal, "terms_proposed", version)
        record(connection, viewer.actor, "make", "terms", deal, change)
        return _told(connection, viewer, deal)[-1]


def versions_of(database: Database, viewer: Viewer, deal: str) -> tuple[Version, ...]:
    """Return the versions of a deal's terms, the first first.

    Raises
    ------
    NoSuchDeal
        There is none that the viewer sees.
    Unavailable
        The database does not answer.
    """
    with database.reading() as connection:
        seen(connection, viewer, deal)
        return _told(connection, viewer, deal)


def version_of(database: Database, viewer: Viewer, deal: str, version: int) -> Version:
    """Return a version of a deal's terms.

    Raises
    ------
    NoSuchDeal
        There is no such deal that the viewer sees, or no such version.
    Unavailable
        The database does not answer.
    """
    for each in versions_of(database, viewer, deal):
        if each.version == version:
            return each
    raise NoSuchDeal(str(version))


def changes_between(
    database: Database, viewer: Viewer, deal: str, version: int, earlier: int | None = None
) -> tuple[Clause, ...]:
    """Return the clauses of a version that differ from an earlier one.

    Parameters
    ----------
    earlier : version; the one before without a number, and nothing said for the first

    Raises
    ------
    NoSuchDeal
        There is no such deal that the viewer sees, or no such version.
    Unavailable
        The database does not answer.
    """
    after = version_of(database, viewer, deal, version)
    before = version - 1 if earlier is None else earlier
    return changed_clauses(
        _read(version_of(database, viewer, deal, before)) if before else EMPTY, _read(after)
    )


def signed_in(connection: Connection, viewer: Viewer, deal: str) -> Version | None:
    """Return the newest signed version of a deal's terms, as a connection sees it."""
    signed = [each for each in _told(connection, viewer, deal) if each.signed_at is not None]
    return signed[-1] if signed else None


def agree(
    database: Database, viewer: Viewer, deal: str, version: int, party: str, read_hash: str
) -> Version:
    """Agree to a version for a party; with the last party's agreement it is signed.

    What is refused for want of the right is recorded, and changes nothing.

    Parameters
    ----------
    party : organisation that agrees, which is to be the viewer's own
    read_hash : of the terms that were read

    Raises
    ------
    NoSuchDeal
        There is no such deal that the viewer sees, or no such version.
    NotForThem
        The party is not the viewer's, or the viewer's role does not sign for it.
    Contradicts
        There is a newer version, the party has agreed, the version was signed before the party
        joined, the hash is of other terms, or there is no other party.
    Unavailable
        The database does not answer.
    """
    with database.writing() as connection:
        row = seen(connection, viewer, deal, to_change=True)
        refused = _refused(connection, viewer, deal, party)
        if refused is None:
            return _agree(connection, viewer, row, version, read_hash)
        change = {"version": version, "party": party, "role": viewer.role}
        record(connection, viewer.actor, "refuse", "terms", deal, change)
    raise refused


def _refused(connection: Connection, viewer: Viewer, deal: str, party: str) -> NotForThem | None:
    if party != viewer.organisation:
        return NotForThem("sign.another")
    own = next(
        each
        for each in parties_of(connection, viewer, [deal])[deal]
        if each.organisation == viewer.organisation
    )
    if viewer.role in SIGNERS[own.capacity]:
        return None
    roles = ", ".join(sorted(SIGNERS[own.capacity]))
    return NotForThem("sign.role", role=viewer.role, roles=roles)


def _agree(
    connection: Connection, viewer: Viewer, row: Row[Any], version: int, read_hash: str
) -> Version:
    newest = _newest(connection, viewer, row.id)
    if newest is None or not 1 <= version <= newest.version:
        raise NoSuchDeal(str(version))
    if version < newest.version:
        raise Contradicts("sign.newer", version=newest.version)
    if read_hash != newest.sha256:
        raise Contradicts("sign.hash")
    agreed = _who_agreed(connection, viewer, row.id, version)
    if viewer.organisation in agreed:
        raise Contradicts("sign.twice")
    if _is_signed(connection, viewer, row.id, version):
        raise Contradicts("sign.before", version=version)
    parties = _parties(connection, viewer, row.id)
    if len(parties) == 1:
        raise Contradicts("sign.alone")
    at = now()
    of = {"deal": row.id, "version": version, "sha256": newest.sha256, "made_at": at}
    own = {"organisation": viewer.organisation, "made_by": viewer.person}
    connection.execute(insert(deal_agreements).values(**of, **own))
    change = {"version": version, "sha256": newest.sha256, "signed": False}
    if parties == agreed | {viewer.organisation}:
        connection.execute(insert(deal_signed_terms).values(**of))
        grown = {"version": row.version + 1}
        connection.execute(update(deals).where(deals.c.id == row.id).values(**grown))
        change["signed"] = True
    kind = "terms_signed" if change["signed"] else "terms_agreed"
    tell_others(connection, viewer, row.id, kind, {"version": version})
    record(connection, viewer.actor, "agree", "terms", row.id, change)
    return _told(connection, viewer, row.id)[-1]


def _newest(connection: Connection, viewer: Viewer, deal: str) -> Row[Any] | None:
    of_deal = (deal_terms.c.deal == deal) & visible(deal_terms, viewer)
    last = select(func.max(deal_terms.c.version)).where(of_deal).scalar_subquery()
    newest = select(deal_terms).where(of_deal, deal_terms.c.version == last)
    return connection.execute(newest).first()


def _require_newcomers(connection: Connection, viewer: Viewer, newest: Row[Any]) -> None:
    """Refuse terms that are there, unless they are signed and somebody joined since."""
    agreed = _who_agreed(connection, viewer, newest.deal, newest.version)
    joined = _parties(connection, viewer, newest.deal) - agreed
    if not joined or not _is_signed(connection, viewer, newest.deal, newest.version):
        raise Contradicts("terms.same", version=newest.version)


def _is_signed(connection: Connection, viewer: Viewer, deal: str, version: int) -> bool:
    signed = select(deal_signed_terms.c.version).where(
        *(deal_signed_terms.c.deal == deal, deal_signed_terms.c.version == version),
        visible(deal_signed_terms, viewer),
    )
    return connection.execute(signed).first() is not None


def _parties(connection: Connection, viewer: Viewer, deal: str) -> set[str]:
    return {each.organisation for each in parties_of(connection, viewer, [deal])[deal]}


def _who_agreed(connection: Connection, viewer: Viewer, deal: str, version: int) -> set[str]:
    return {each.organisation for each in _agreements(connection, viewer, deal, version)}


def _agreements(
    connection: Connection, viewer: Viewer, deal: str, version: int | None = None
) -> list[Row[Any]]:
    listed = with_person(deal_agreements, viewer).where(deal_agreements.c.deal == deal)
    if version is not None:
        listed = listed.where(deal_agreements.c.version == version)
    ordered = listed.order_by(deal_agreements.c.made_at, deal_agreements.c.organisation)
    return list(connection.execute(ordered))


def _told(connection: Connection, viewer: Viewer, deal: str) -> tuple[Version, ...]:
    agreements = _agreements(connection, viewer, deal)
    signed = {
        row.version: row.made_at
        for row in connection.execute(
            select(deal_signed_terms).where(
                deal_signed_terms.c.deal == deal, visible(deal_signed_terms, viewer)
            )
        )
    }
    listed = with_person(deal_terms, viewer).where(deal_terms.c.deal == deal)
    return tuple(
        Version(
            organisation=row.organisation,
            person=row.person or "",
            made_at=row.made_at,
            version=row.version,
            terms=row.terms,
            sha256=row.sha256,
            agreements=tuple(
                Agreement(each.organisation, each.person or "", each.made_at)
                for each in agreements
                if each.version == row.version
            ),
            signed_at=signed.get(row.version),
        )
        for row in connection.execute(listed.order_by(deal_terms.c.version))
    )


def _read(version: Version) -> Terms:
    return parse_terms(version.terms, f"terms-{version.version}.toml")
