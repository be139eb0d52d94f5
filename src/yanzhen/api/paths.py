"""Which path a connection asks for, and what its method and its path tell."""

from starlette.types import Scope

HARMLESS = ("GET", "HEAD", "OPTIONS")
"""Methods that change nothing."""
ABOUT_PERSONS = ("/login", "/account", "/people")


def path_of(scope: Scope) -> str:
    """Return the path below what a proxy puts before."""
    path: str = scope["path"].removeprefix(scope.get("root_path", ""))
    return path or "/"


def is_about_persons(path: str) -> bool:
    """Whether a page is about persons.

    Nobody embeds such a page, and its forms carry the CSRF token in a field, which they check
    themselves.
    """
    return any(path == each or path.startswith(f"{each}/") for each in ABOUT_PERSONS)
