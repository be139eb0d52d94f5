"""Who may see a row: decided here, in SQL, and nowhere else.

Rows belong to an organisation, and its members see them; what is about one person's way of logging
in belongs to that person. A deal and an agreement belong to their parties, with all that lies in
them but the private notes of one of them. What is published on the exchange everybody sees, but a
confidential project, which is for its own organisation and those it asked to be introduced to;
published statistics everybody sees, and nobody what they were made of. A row that is not to be seen
is treated as one that is not there.
"""

from collections.abc import Callable, Mapping

from sqlalchemy import ColumnElement, Table, and_, case, func, or_, select, true

from yanzhen.store.database import (
    deal_tables,
    listing_tables,
    notice_tables,
    settlement_tables,
    statistics_tables,
    tables,
)
from yanzhen.store.database.listing_tables import introductions, listing_versions, listings
from yanzhen.store.outbox.kinds import kinds_for
from yanzhen.store.people.viewer import Viewer

Rule = Callable[[Viewer], ColumnElement[bool]]


def visible(table: Table, viewer: Viewer) -> ColumnElement[bool]:
    """Return the condition under which a viewer sees a row of a table.

    Raises
    ------
    KeyError
        The table holds nothing that anybody may ask for.
    """
    return _RULES[table](viewer)


def owned(table: Table) -> bool:
    """Whether rows of a table belong to somebody, so that they may be asked for."""
    return table in _RULES


def _organisation(table: Table) -> Rule:
    return lambda viewer: table.c.organisation == viewer.organisation


def _person(table: Table) -> Rule:
    return lambda viewer: table.c.person == viewer.person


def _transitions(viewer: Viewer) -> ColumnElement[bool]:
    seen = select(tables.projects.c.id).where(visible(tables.projects, viewer))
    return tables.transitions.c.project.in_(seen)


def shown_version(viewer: Viewer) -> ColumnElement[int | None]:
    """Return which version of a listing a viewer is shown; NULL for none.

    The newest of one's own, the published one of what is open to all, and of a confidential project
    the one that was introduced to one's organisation.
    """
    introduced = (
        select(func.max(introductions.c.project_version))
        .where(
            introductions.c.project == listings.c.id,
            introductions.c.site_organisation == viewer.organisation,
        )
        .correlate(listings)
        .scalar_subquery()
    )
    return case(
        (listings.c.organisation == viewer.organisation, listings.c.version),
        (_open_to_all(), listings.c.published),
        else_=introduced,
    )


def _open_to_all() -> ColumnElement[bool]:
    return and_(listings.c.published.is_not(None), ~listings.c.confidential)


def _listings(viewer: Viewer) -> ColumnElement[bool]:
    introduced = select(introductions.c.project).where(
        introductions.c.site_organisation == viewer.organisation
    )
    own = listings.c.organisation == viewer.organisation
    return or_(own, _open_to_all(), listings.c.id.in_(introduced))


def _listing_versions(viewer: Viewer) -> ColumnElement[bool]:
    """All versions of one's own listings; of others the one that is shown."""
    own = listings.c.organisation == viewer.organisation
    seen = (
        select(listings.c.id)
        .where(
            listings.c.id == listing_versions.c.listing,
            or_(own, shown_version(viewer) == listing_versions.c.version),
        )
        .correlate(listing_versions)
    )
    return seen.exists()


def _introductions(viewer: Viewer) -> ColumnElement[bool]:
    """Both organisations see that one asked the other."""
    return or_(
        introductions.c.organisation == viewer.organisation,
        introductions.c.site_organisation == viewer.organisation,
    )


def _introduction_answers(viewer: Viewer) -> ColumnElement[bool]:
    seen = select(introductions.c.id).where(visible(introductions, viewer))
    return listing_tables.introduction_answers.c.introduction.in_(seen)


def _of_deal(table: Table, column: str = "deal") -> Rule:
    """What lies in a deal is seen by the organisations that are its parties."""

    def rule(viewer: Viewer) -> ColumnElement[bool]:
        parties = deal_tables.deal_parties.alias()
        own = select(parties.c.deal).where(parties.c.organisation == viewer.organisation)
        return table.c[column].in_(own)

    return rule


def _agreements(viewer: Viewer) -> ColumnElement[bool]:
    agreed = settlement_tables.agreements
    return or_(
        *(
            agreed.c[f"{party}_organisation"] == viewer.organisation
            for party in settlement_tables.SIGNERS
        )
    )


def _of_agreement(table: Table) -> Rule:
    """What lies in an agreement is seen by the organisations that are its parties."""

    def rule(viewer: Viewer) -> ColumnElement[bool]:
        own = select(settlement_tables.agreements.c.id).where(_agreements(viewer))
        return table.c.agreement.in_(own)

    return rule


def _comments(viewer: Viewer) -> ColumnElement[bool]:
    private_to = deal_tables.deal_comments.c.private_to
    own = or_(private_to.is_(None), private_to == viewer.organisation)
    return _of_deal(deal_tables.deal_comments)(viewer) & own


def _notices(viewer: Viewer) -> ColumnElement[bool]:
    """What one's organisation is told, but what is about things that one may not read."""
    told = notice_tables.notices.c
    return and_(told.organisation == viewer.organisation, told.kind.in_(kinds_for(viewer)))


def _deliveries(viewer: Viewer) -> ColumnElement[bool]:
    sent = notice_tables.notice_deliveries.c
    own = select(notice_tables.webhooks.c.id).where(visible(notice_tables.webhooks, viewer))
    return or_(sent.person == viewer.person, sent.webhook.in_(own))


_RULES: Mapping[Table, Rule] = {
    tables.organisations: lambda viewer: tables.organisations.c.id == viewer.organisation,
    **{
        table: _organisation(table)
        for table in (
            *(tables.persons, tables.studies, tables.projects),
            *(tables.jobs, tables.audit, notice_tables.webhooks),
        )
    },
    **{
        table: _person(table)
        for table in (
            *(tables.identities, tables.recovery_codes, tables.sessions),
            *(tables.api_tokens, tables.answers, deal_tables.calendar_addresses),
            *(notice_tables.notice_marks, notice_tables.notice_settings),
        )
    },
    tables.transitions: _transitions,
    listings: _listings,
    listing_versions: _listing_versions,
    introductions: _introductions,
    listing_tables.introduction_answers: _introduction_answers,
    deal_tables.deals: _of_deal(deal_tables.deals, "id"),
    deal_tables.deal_comments: _comments,
    **{
        table: _of_deal(table)
        for table in (
            *(deal_tables.deal_parties, deal_tables.deal_transitions, deal_tables.deal_terms),
            *(deal_tables.deal_agreements, deal_tables.deal_signed_terms),
            *(deal_tables.deal_tasks, deal_tables.deal_documents),
        )
    },
    notice_tables.notices: _notices,
    notice_tables.notice_deliveries: _deliveries,
    settlement_tables.agreements: _agreements,
    **{
        table: _of_agreement(table)
        for table in (
            *(settlement_tables.agreement_answers, settlement_tables.exit_notices),
            *(settlement_tables.declared_rows, settlement_tables.journal_entries),
            *(settlement_tables.statements, settlement_tables.statement_signatures),
        )
    },
    statistics_tables.statistics_publications: lambda _: true(),
}
