"""`yanzhen exchange deals`: deals of a store as a study's register of projects."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from yanzhen.cli.language import COMMANDS, help_of, language_of, usual_of, word
from yanzhen.cli.options import AsJson, Spoken
from yanzhen.cli.outcome import honest_exit, reject
from yanzhen.cli.screen import print_json, stdout
from yanzhen.cli.store_options import DatabaseUrl, StoreFolder, folder_and_address, reached
from yanzhen.phrasebook import in_language

if TYPE_CHECKING:
    from yanzhen.store.database.connection import Database
    from yanzhen.store.people.viewer import Viewer

deals = typer.Typer(
    name="deals",
    help="\n".join(COMMANDS.words("help.deals")),
    no_args_is_help=True,
    rich_markup_mode="rich",
)


CSV, PARQUET = ".csv", ".parquet"


@deals.command()
def export(
    file: Annotated[
        Path,
        typer.Argument(
            metavar="FILE", dir_okay=False, show_default=False, help=help_of("register_file")
        ),
    ],
    organisation: Annotated[
        str | None,
        typer.Option(
            metavar="NAME",
            show_default=usual_of("local_user"),
            help=help_of("deals_of_organisation"),
        ),
    ] = None,
    money: Annotated[
        str, typer.Option(metavar="UNIT", help=help_of("register_money"))
    ] = "100 million CNY",
    store: StoreFolder = None,
    database: DatabaseUrl = None,
    lang: Spoken = None,
    as_json: AsJson = False,
) -> None:
    """Write what happened to deals from signing on, as the table transitions of a study.
    将合作项目自签约起的进展写成研究表 transitions，供 yanzhen track 使用。
    """
    language = lang or language_of()
    if file.suffix not in (CSV, PARQUET):
        reject(word(language, "register_suffix", file=file))
    place, address = folder_and_address(store, database)
    with honest_exit(language, as_json), reached(language):
        from yanzhen.exchange.deals.register import as_csv, in_yuan, register
        from yanzhen.report.document.writing import beside
        from yanzhen.store.database.connection import Database
        from yanzhen.store.people.refusals import PeopleError

        if money not in in_yuan():
            reject(word(language, "register_unit", unit=money, known=", ".join(in_yuan())))
        opened = Database(address)
        if opened.is_sqlite and not Path(str(opened.url.database)).is_file():
            reject(word(language, "no_store_there", folder=place))
        try:
            frame = register(opened, _of(opened, organisation), money)
        except PeopleError as error:
            reject(in_language(error.words, language))
        finally:
            opened.close()
        with beside(file) as part:
            if file.suffix == CSV:
                part.write_bytes(as_csv(frame))
            else:
                frame.write_parquet(part)
    counts = {"rows": frame.height, "deals": frame["project"].n_unique()}
    if as_json:
        print_json({"file": str(file), **counts})
    else:
        stdout().print(word(language, "register_written", file=file, **counts), soft_wrap=True)


def _of(opened: "Database", organisation: str | None) -> "Viewer":
    """Return who reads the deals of an organisation: its auditor, who changes nothing."""
    from dataclasses import replace

    from yanzhen.store.people.persons import organisation_named
    from yanzhen.store.people.viewer import LOCAL

    named = LOCAL.organisation if organisation is None else organisation_named(opened, organisation)
    return replace(LOCAL, organisation=named, role="auditor")
