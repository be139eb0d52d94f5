"""A database that a benchmark has to itself, made when it begins."""

import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import own_tests  # noqa: F401

from tests.databases import AS_INSTALLED, new_server
from yanzhen.store.database.connection import sqlite_url

HELP = (
    "sqlite, postgresql (a server from the system's package), or the address of an empty database"
)


@contextmanager
def database_named(said: str, folder: Path) -> Iterator[str]:
    """Give the address of an empty database.

    Parameters
    ----------
    said : `sqlite`, a file in the folder; `postgresql`, a server that is started, set as the
        system's package sets it, and removed at the end; anything else is an address
    folder : for the file
    """
    if said == "sqlite":
        yield sqlite_url(folder / "store.sqlite")
    elif said == "postgresql":
        # Asked to end, as by `timeout`, it takes its server along.
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
        server = new_server(AS_INSTALLED)
        try:
            server.run("CREATE DATABASE benchmark")
            yield server.url("benchmark")
        finally:
            server.remove()
    else:
        yield said
