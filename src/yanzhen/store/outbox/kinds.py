"""The kinds of notices, and what somebody has to be allowed to read to be given one."""

from collections.abc import Mapping
from types import MappingProxyType

from yanzhen.store.people.permissions import Resource, permitted
from yanzhen.store.people.viewer import Viewer

KINDS: Mapping[str, Resource] = MappingProxyType(
    {
        "introduction_asked": "introductions",
        "introduction_accepted": "introductions",
        "introduction_declined": "introductions",
        "introduction_withdrawn": "introductions",
        "introduction_message": "introductions",
        "listing_going_stale": "listings",
        "listing_stale": "listings",
        "deal_joined": "deals",
        "deal_moved_on": "deals",
        "comment_added": "deals",
        "task_given": "deals",
        "task_due": "deals",
        "task_overdue": "deals",
        "terms_proposed": "terms",
        "terms_agreed": "terms",
        "terms_signed": "terms",
        "acceptance_asked": "statements",
        "party_accepted": "statements",
        "agreement_accepted": "statements",
        "agreement_declined": "statements",
        "statement_issued": "statements",
        "statement_signed": "statements",
        "statement_disputed": "statements",
        "dispute_resolved": "statements",
        "transfer_due": "statements",
        "transfer_recorded": "statements",
        "statistics_published": "statistics",
        "webhook_disabled": "webhooks",
    }
)


def kinds_for(viewer: Viewer) -> tuple[str, ...]:
    """Return the kinds of notices that somebody is given."""
    return tuple(kind for kind, resource in KINDS.items() if permitted(viewer, "read", resource))
