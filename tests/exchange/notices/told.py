"""What organisations were told, as tests compare it."""

from yanzhen.exchange.notices.notice import Notice
from yanzhen.exchange.notices.reading import list_notices
from yanzhen.store.database.connection import Database
from yanzhen.store.people.viewer import Viewer


def told(database: Database, viewer: Viewer) -> list[Notice]:
    """What a viewer was told, the first first."""
    return [*reversed(list_notices(database, viewer).notices)]


def kinds(database: Database, viewer: Viewer) -> list[str]:
    """The kinds of what a viewer was told, the first first."""
    return [each.kind for each in told(database, viewer)]
