"""`yanzhen demo exchange`: a SYNTHETIC exchange in a store of its own, to be looked at."""

import tempfile
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from yanzhen.cli.exchange import cleared
from yanzhen.cli.language import Language, help_of, language_of, word
from yanzhen.cli.options import AsJson, Spoken
from yanzhen.cli.outcome import honest_exit, reject
from yanzhen.cli.screen import print_json, progress, stdout, warn
from yanzhen.cli.store_options import DatabaseUrl, reached

if TYPE_CHECKING:
    from collections.abc import Callable

    from yanzhen.exchange.demonstration.drawing import Size
    from yanzhen.exchange.demonstration.filling import Filled


# Kept whole: the options of a command, and what it does with them.
def fill(
    out: Annotated[
        Path,
        typer.Option(
            metavar="FOLDER", file_okay=False, show_default=False, help=help_of("demo_store")
        ),
    ],
    database: DatabaseUrl = None,
    zones: Annotated[int, typer.Option(min=10, metavar="N", help=help_of("demo_zones"))] = 200,
    projects: Annotated[
        int, typer.Option(min=50, metavar="N", help=help_of("demo_projects"))
    ] = 2000,
    seed: Annotated[int, typer.Option(min=0, metavar="N", help=help_of("demo_seed"))] = 0,
    lang: Spoken = None,
    as_json: AsJson = False,
) -> None:
    """Fill a SYNTHETIC exchange: zones, projects, deals, agreements, and a login for each role.
    建立合成（SYNTHETIC）交易平台：承接地、项目、合作项目、结算协议，以及各角色的登录账号。

    The zones' names are those of the catalogue; all else is made up. It goes into a folder that
    does not exist yet or is empty, and into an empty database where one is named. The passwords
    are drawn at random and shown this once.

    开发区名称取自目录，其余均系虚构。须写入尚不存在或空的文件夹；另行指定数据库的，须为空库。
    口令随机生成，只显示这一次。
    """
    language = lang or language_of()
    if out.exists() and any(out.iterdir()):
        reject(word(language, "folder_not_empty", folder=out))
    with honest_exit(language, as_json), reached(language):
        from yanzhen.exchange.demonstration.drawing import Size, TooFewZones
        from yanzhen.exchange.demonstration.filling import STUDY
        from yanzhen.exchange.listings.freshness import today
        from yanzhen.store.backup.restoring import NotEmpty

        size = Size(zones, projects, seed, today())
        try:
            with progress(language, not as_json) as shown:
                address, filled = _filled(out, database, size, language, shown)
                cleared(out, address, STUDY, shown)
        except NotEmpty:
            reject(word(language, "demo_database_not_empty"))
        except TooFewZones:
            reject(word(language, "demo_too_many_zones", zones=zones))
    beside = "" if database is None else f' --database "{_without_password(address)}"'
    serve = f"yanzhen serve {STUDY} --store {out} --accounts{beside}"
    if as_json:
        logins = [asdict(each) for each in filled.logins]
        said = {"synthetic": True, "seed": seed, "counts": dict(filled.counts)}
        print_json({"store": str(out), **said, "logins": logins, "serve": serve})
        return
    _tell(filled, serve, language)


def _filled(
    out: Path,
    database: str | None,
    size: "Size",
    language: Language,
    tell: "Callable[[str, float], None]",
) -> tuple[str, "Filled"]:
    """Fill a store; a file of its own comes into its folder whole, or not at all."""
    from yanzhen.api.worker import DATABASE
    from yanzhen.exchange.demonstration.filling import fill_exchange
    from yanzhen.store.database.connection import sqlite_url
    from yanzhen.store.people.opening import open_store

    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".filling-", dir=out) as part:
        made = Path(part) / DATABASE
        opened = open_store(database or sqlite_url(made))
        try:
            filled = fill_exchange(opened, size, language, tell)
        finally:
            opened.close()
        if database is None:
            made.rename(out / DATABASE)
    return database or sqlite_url(out / DATABASE), filled


def _without_password(address: str) -> str:
    from yanzhen.store.database.connection import Database

    return Database(address).url.render_as_string(hide_password=True)


def _tell(filled: "Filled", serve: str, language: Language) -> None:
    """Say what is there, who can log in, and how it is served."""
    from rich.table import Table
    from rich.text import Text

    warn(word(language, "demo_synthetic"))
    counts = {name: f"{count:,}" for name, count in filled.counts.items()}
    stdout().print(word(language, "demo_filled", **counts), soft_wrap=True)
    table = Table(header_style="bold")
    for key in ("login", "password", "organisation"):
        table.add_column(word(language, f"heading.{key}"), overflow="fold")
    for each in filled.logins:
        table.add_row(*map(Text, (each.login, each.password, each.organisation)))
    stdout().print(table)
    stdout().print(word(language, "demo_passwords"), soft_wrap=True)
    stdout().print(word(language, "demo_serve"), soft_wrap=True)
    stdout().print(Text(f"  {serve}"), soft_wrap=True)
