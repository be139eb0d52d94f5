"""Whom a command about people is about, and the store that they are in."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from yanzhen.cli.language import Language, help_of
from yanzhen.cli.outcome import reject
from yanzhen.cli.store_options import folder_and_address, reached
from yanzhen.phrasebook import in_language

if TYPE_CHECKING:
    from yanzhen.store.database.connection import Database

Login = Annotated[str, typer.Argument(metavar="LOGIN", show_default=False, help=help_of("login"))]


@contextmanager
def opened_store(
    store: Path | None, database: str | None, language: Language
) -> Iterator["Database"]:
    """Open a server's store; what is wrong ends the command, with a sentence."""
    from yanzhen.store.people.opening import open_store
    from yanzhen.store.people.refusals import PeopleError

    folder, address = folder_and_address(store, database)
    if database is None:
        folder.mkdir(parents=True, exist_ok=True)
    with reached(language):
        opened = open_store(address)
        try:
            yield opened
        except PeopleError as error:
            reject(in_language(error.words, language))
        finally:
            opened.close()
