"""Who asks at the moment: set once where a request comes in, read wherever it matters.

What runs outside any request, as a command or a worker does, is the one local user of the machine.
A server that demands accounts turns that around with `nobody`.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from yanzhen.store.people.viewer import LOCAL, Viewer

NOBODY = Viewer("", "", "auditor", frozenset())
"""Who has not logged in: belongs to no organisation and may do nothing."""
_VIEWER: ContextVar[Viewer] = ContextVar("viewer", default=LOCAL)


def current_viewer() -> Viewer:
    """Return who asks."""
    return _VIEWER.get()


def set_viewer(viewer: Viewer) -> None:
    """Say who asks, in this task and all that it starts."""
    _VIEWER.set(viewer)


@contextmanager
def viewing_as(viewer: Viewer) -> Iterator[None]:
    """Let somebody ask for a while."""
    before = _VIEWER.set(viewer)
    try:
        yield
    finally:
        _VIEWER.reset(before)
