"""Which store a command is about, and what is said where it cannot be reached."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from yanzhen.cli.language import Language, help_of, word
from yanzhen.cli.outcome import FAILED, reject
from yanzhen.cli.screen import refuse

StoreFolder = Annotated[
    Path | None,
    typer.Option(
        "--store",
        metavar="FOLDER",
        file_okay=False,
        show_default="the user's cache",
        help=help_of("store"),
    ),
]
DatabaseUrl = Annotated[
    str | None,
    typer.Option(
        "--database",
        metavar="URL",
        envvar="YANZHEN_DATABASE",
        show_default=False,
        help=help_of("database"),
    ),
]


def folder_and_address(store: Path | None, database: str | None) -> tuple[Path, str]:
    """Return the folder of a store and the address of its database."""
    from yanzhen.api.worker import DATABASE
    from yanzhen.store.database.connection import sqlite_url
    from yanzhen.study.caches import cache_folder

    folder = store or cache_folder()
    return folder, database or sqlite_url(folder / DATABASE)


@contextmanager
def reached(language: Language) -> Iterator[None]:
    """End a command with a sentence where its store cannot be reached."""
    from yanzhen.store.database.connection import NotADatabase, Unavailable
    from yanzhen.store.database.migrating import NewerStore

    try:
        yield
    except NotADatabase:
        reject(word(language, "not_a_database"))
    except NewerStore as error:
        reject(word(language, "newer_store", revision=error))
    except Unavailable as error:
        refuse(word(language, "database_gone", error=error))
        raise typer.Exit(FAILED) from None
