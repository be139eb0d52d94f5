"""Who may do what: one table of roles, things and actions, and the one function that decides.

Rows of others are another matter: whose they are is decided by the organisation, in SQL and in the
place of its files; here is decided what a role does with what its organisation may see.
"""

from collections.abc import Mapping
from typing import Literal

from yanzhen.store.people.viewer import Role, Viewer

Resource = Literal[
    "studies",
    "results",
    "scenarios",
    "lists",
    "imports",
    "verdicts",
    "contracts",
    "jobs",
    "projects",
    "deals",
    "terms",
    "statements",
    "listings",
    "publications",
    "introductions",
    "notices",
    "webhooks",
    "statistics",
    "people",
    "tokens",
    "audit",
]
Action = Literal["read", "make", "change", "remove"]
ACTIONS: tuple[Action, ...] = ("read", "make", "change", "remove")
ALL: frozenset[Role] = frozenset(
    ("analyst", "enterprise", "zone", "planner", "fund", "auditor", "administrator")
)
WORKING: frozenset[Role] = ALL - {"auditor"}
PREPARING: frozenset[Role] = frozenset(("analyst", "planner", "administrator"))
"""Who prepares the figures that everybody else reads."""
SUPPOSING: frozenset[Role] = frozenset(("analyst", "planner", "zone", "fund", "administrator"))
LISTING: frozenset[Role] = frozenset(("analyst", "planner", "zone", "enterprise", "administrator"))
"""Who brings lists of enterprises."""
JUDGING: frozenset[Role] = WORKING - {"fund"}
RECORDING: frozenset[Role] = frozenset(("planner", "zone", "administrator"))
"""Who records projects as they come."""
DEALING: frozenset[Role] = frozenset(("enterprise", "zone", "planner", "fund", "administrator"))
"""Who moves deals and agrees to their terms for an organisation."""
SETTLING: frozenset[Role] = RECORDING | {"fund"}
"""Who signs statements for an organisation, disputes them and records what was paid."""
ASKING: frozenset[Role] = frozenset(("planner", "enterprise", "administrator"))
"""Who asks for introductions."""
ADMINISTRATOR: frozenset[Role] = frozenset(("administrator",))
AUDITOR: frozenset[Role] = frozenset(("auditor",))
NONE: frozenset[Role] = frozenset()


def _row(
    read: frozenset[Role],
    make: frozenset[Role],
    change: frozenset[Role],
    remove: frozenset[Role],
) -> Mapping[Action, frozenset[Role]]:
    return {"read": read, "make": make, "change": change, "remove": remove}


# Who may read, make, change and remove each.
PERMISSIONS: Mapping[Resource, Mapping[Action, frozenset[Role]]] = {
    "studies": _row(ALL, PREPARING, PREPARING, PREPARING),
    "imports": _row(PREPARING | AUDITOR, PREPARING, PREPARING, PREPARING),
    "results": _row(ALL, WORKING, NONE, NONE),
    "contracts": _row(ALL, WORKING, NONE, NONE),
    "scenarios": _row(ALL, SUPPOSING, SUPPOSING, SUPPOSING),
    "lists": _row(LISTING | AUDITOR, LISTING, NONE, NONE),
    "verdicts": _row(ALL, JUDGING, JUDGING, NONE),
    "jobs": _row(ALL, WORKING, NONE, WORKING),
    "projects": _row(ALL - {"enterprise"}, RECORDING, RECORDING, ADMINISTRATOR | {"planner"}),
    "deals": _row(ALL, DEALING, DEALING, NONE),
    "terms": _row(ALL, DEALING, DEALING, NONE),
    "statements": _row(ALL, RECORDING, SETTLING, NONE),
    "listings": _row(ALL, WORKING, WORKING, NONE),
    "publications": _row(NONE, ADMINISTRATOR, NONE, NONE),
    "introductions": _row(ALL, ASKING, ASKING | {"zone"}, NONE),
    # Marks and settings of one's own; what one may not read one is not told of.
    "notices": _row(ALL, NONE, ALL, NONE),
    "webhooks": _row(ADMINISTRATOR | AUDITOR, ADMINISTRATOR, ADMINISTRATOR, ADMINISTRATOR),
    # What is published is of nobody; who publishes sees no figure that the tables do not show.
    "statistics": _row(ALL, ADMINISTRATOR | AUDITOR, NONE, NONE),
    "people": _row(ADMINISTRATOR | AUDITOR, ADMINISTRATOR, ADMINISTRATOR, ADMINISTRATOR),
    # Of one's own: nobody gets one of another's.
    "tokens": _row(ALL, ALL, NONE, ALL),
    "audit": _row(ADMINISTRATOR | AUDITOR, NONE, NONE, NONE),
}
ADMINISTRATION: frozenset[Resource] = frozenset(("people", "tokens", "audit", "webhooks"))
"""What an API token reaches only with the scope `administer`."""


def permitted(viewer: Viewer, action: Action, resource: Resource) -> bool:
    """Whether somebody may do something: by the role, and by the way of logging in."""
    return viewer.role in PERMISSIONS[resource][action] and scope_of(action, resource) in (
        viewer.scopes
    )


def scope_of(action: Action, resource: Resource) -> str:
    """Return the scope that an API token needs for an action."""
    if resource in ADMINISTRATION:
        return "administer"
    return "read" if action == "read" else "write"
