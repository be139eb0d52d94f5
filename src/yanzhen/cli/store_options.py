"""Which store a command is about, and what is said where it cannot be reached."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from yanzhen.cli.language import Language, help_of, language_of, usual_of, word
from yanzhen.cli.outcome import FAILED, reject
from yanzhen.cli.screen import refuse, stderr

StoreFolder = Annotated[
    Path | None,
    typer.Option(
        "--store",
        metavar="FOLDER",
        file_okay=False,
        show_default=usual_of("user_data"),
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

    folder = store or usual_store()
    return folder, database or sqlite_url(folder / DATABASE)


def usual_store() -> Path:
    """Return the folder of the user's store, and say so where it was taken over from a cache."""
    from yanzhen.store.ownership.usual_place import usual_place

    folder, old = usual_place()
    if old is not None:
        said = word(language_of(), "store_taken_over", old=old, folder=folder)
        stderr().print(said, soft_wrap=True, markup=False)
    return folder


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
