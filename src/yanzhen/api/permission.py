"""What each address and each page asks of whoever comes, and the refusal of those who may not.

Which thing an address is about is said by the first part of its path; an address about none that is
known here is open to nobody.
"""

from collections.abc import Mapping

from fastapi import Request

from yanzhen.api.problem_details import Refusal
from yanzhen.report.analyses.registry import ANALYSES
from yanzhen.store.people.permissions import Action, Resource, permitted, scope_of
from yanzhen.store.people.viewing import current_viewer

API = "/api/v1/"
EXCHANGE = "exchange"
ACTION_OF: Mapping[str, Action] = {
    "GET": "read",
    "HEAD": "read",
    "POST": "make",
    "PUT": "change",
    "PATCH": "change",
    "DELETE": "remove",
}
RESOURCE_OF: Mapping[str, Resource] = {
    "studies": "studies",
    "template": "studies",
    "imports": "imports",
    "plans": "results",
    "scenarios": "scenarios",
    "comparisons": "results",
    "technologies": "results",
    "contracts": "contracts",
    "jobs": "jobs",
    "projects": "projects",
    "exchange/listings": "listings",
    "exchange/files": "listings",
    "exchange/clearings": "results",
    "exchange/prices": "results",
    "exchange/shortlists": "listings",
    "exchange/prospects": "listings",
    "exchange/left-out": "listings",
    "exchange/introductions": "introductions",
    "exchange/deals": "deals",
    "exchange/reminders": "deals",
    "exchange/register": "deals",
    "exchange/calendars": "deals",
    "exchange/agreements": "statements",
    "notices": "notices",
    "webhooks": "webhooks",
    "exchange/statistics": "statistics",
    "people": "people",
    "tokens": "tokens",
    "audit": "audit",
}
"""What is told by the first part of a path below the API's, on the exchange by the first two; the
rest are results of analyses."""
EXCEPTIONS: Mapping[tuple[str, str], tuple[Action, Resource]] = {
    ("POST", "plans/{study}/rankings"): ("read", "results"),
    ("POST", "plans/{study}/enterprises"): ("make", "lists"),
    ("GET", "plans/{study}/enterprises/{name}"): ("read", "lists"),
    ("POST", "contracts/settlements"): ("read", "contracts"),
    ("GET", "technologies/{study}/verdicts"): ("read", "verdicts"),
    ("POST", "technologies/{study}/verdicts"): ("make", "verdicts"),
    ("GET", "exchange/deals/{deal}/terms"): ("read", "terms"),
    ("POST", "exchange/deals/{deal}/terms"): ("make", "terms"),
    ("GET", "exchange/deals/{deal}/terms/{version}"): ("read", "terms"),
    ("GET", "exchange/deals/{deal}/terms/{version}/changes"): ("read", "terms"),
    ("POST", "exchange/deals/{deal}/terms/{version}/agreements"): ("change", "terms"),
    ("POST", "exchange/calendars"): ("read", "deals"),
    ("DELETE", "exchange/calendars"): ("read", "deals"),
    ("POST", "exchange/listings/{listing}/submission"): ("change", "listings"),
    ("POST", "exchange/listings/{listing}/withdrawal"): ("change", "listings"),
    ("POST", "exchange/listings/{listing}/confirmation"): ("change", "listings"),
    ("POST", "exchange/listings/{listing}/documents"): ("change", "listings"),
    ("POST", "exchange/listings/{listing}/publication"): ("make", "publications"),
    ("POST", "exchange/introductions/{introduction}/answers"): ("change", "introductions"),
    ("POST", "exchange/agreements/{agreement}/answers"): ("change", "statements"),
    ("DELETE", "exchange/agreements/{agreement}/declared/{number}"): ("make", "statements"),
    ("POST", "exchange/agreements/{agreement}/notices"): ("change", "statements"),
    ("POST", "exchange/agreements/{agreement}/transfers"): ("change", "statements"),
    ("DELETE", "exchange/agreements/{agreement}/transfers/{number}"): ("change", "statements"),
    ("POST", "exchange/agreements/{agreement}/statements/{number}/signatures"): (
        "change",
        "statements",
    ),
    ("POST", "notices/readings"): ("change", "notices"),
    ("POST", "webhooks/{webhook}/enabled"): ("change", "webhooks"),
    ("POST", "people/{person}/enabled"): ("change", "people"),
    ("POST", "people/{person}/password"): ("change", "people"),
}
"""Addresses that ask for another thing, or do another, than path and method say."""
FOR_ALL = ("problems/", "openapi.json", "health", "exchange/calendars/")
"""What says nothing of anybody, and calendars, whose addresses are secrets."""
OWN_CHECKS = ("/assets/", "/login", "/account", "/people")
"""Assets, and pages of forms, which ask for a session and for what each of them needs."""


def needed(method: str, path: str) -> tuple[Action, Resource] | None:
    """Return what an address asks for; None where nobody has said.

    Parameters
    ----------
    method : of HTTP
    path : as the route declares it, with its {parameters}
    """
    below = path.removeprefix(API)
    if below == path:
        return None
    if (method, below) in EXCEPTIONS:
        return EXCEPTIONS[method, below]
    first, *rest = below.split("/")
    resource = _resource_of("/".join((first, *rest[:1])) if first == EXCHANGE else first)
    action = ACTION_OF.get(method)
    return None if resource is None or action is None else (action, resource)


def _resource_of(first: str) -> Resource | None:
    of_analyses = {analysis.results for analysis in ANALYSES.values()}
    return "results" if first in of_analyses else RESOURCE_OF.get(first)


async def demand(request: Request) -> None:
    """Let an address of the API be asked by those only who may (a dependency of all routes).

    Raises
    ------
    Refusal
        403 for everybody else.
    """
    path = str(getattr(request.scope.get("route"), "path", ""))
    if is_for_all(path):
        return
    asked = needed(request.method, path)
    if asked is None:
        raise _not_allowed("", "")
    require(*asked)


def is_for_all(path: str) -> bool:
    """Whether a route tells the same to everybody, or asks by itself who may."""
    return path.startswith(OWN_CHECKS) or path.removeprefix(API).startswith(FOR_ALL)


def require(action: Action, resource: Resource) -> None:
    """Let those only go on who may; called where pages and the API do the same.

    Raises
    ------
    Refusal
        403 for everybody else.
    """
    viewer = current_viewer()
    if not permitted(viewer, action, resource):
        scope = scope_of(action, resource)
        lacking = scope if scope not in viewer.scopes else ""
        raise _not_allowed(viewer.role, lacking)


def _not_allowed(role: str, scope: str) -> Refusal:
    if scope:
        return Refusal(
            403,
            f"This token may not do this: it lacks the scope {scope!r}.",
            f"此令牌无权进行该操作：缺少权限“{scope}”。",
        )
    return Refusal(
        403,
        f"The role {role!r} may not do this.",
        "您的角色无权进行该操作。",
    )
