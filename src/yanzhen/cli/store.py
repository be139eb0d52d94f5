"""`yanzhen store`: backups, restoring, checking and the record of changes, for operators."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from yanzhen.cli.language import COMMANDS, Language, help_of, language_of, word
from yanzhen.cli.options import AsJson, Spoken
from yanzhen.cli.outcome import FAILED, honest_exit, reject
from yanzhen.cli.screen import print_json, print_list, refuse, stdout, working
from yanzhen.cli.store_options import DatabaseUrl, StoreFolder, folder_and_address, reached
from yanzhen.phrasebook import in_language

if TYPE_CHECKING:
    from yanzhen.store.audit.verifying import Head
    from yanzhen.store.backup.contents import Manifest
    from yanzhen.store.database.connection import Database

store = typer.Typer(
    name="store",
    help="\n".join(COMMANDS.words("help.store_commands")),
    no_args_is_help=True,
    rich_markup_mode="rich",
)

BackupFile = Annotated[
    Path,
    typer.Argument(metavar="FILE", dir_okay=False, show_default=False, help=help_of("backup_file")),
]
NotedHead = Annotated[
    str | None,
    typer.Option("--head", metavar="NUMBER:HASH", show_default=False, help=help_of("head")),
]


@store.command()
def backup(
    file: BackupFile,
    folder: StoreFolder = None,
    database: DatabaseUrl = None,
    lang: Spoken = None,
    as_json: AsJson = False,
) -> None:
    """Write all that people entered into one file, while the server runs.
    将用户录入的全部内容备份为一个文件，服务无须停止。

    Results that can be computed again are left out, and who is logged in. A backup of one kind of
    database restores into the other.

    可重新计算的结果与登录状态不在其中。一种数据库的备份可恢复到另一种。
    """
    language = lang or language_of()
    place, address = folder_and_address(folder, database)
    with honest_exit(language, as_json), reached(language):
        from yanzhen.store.backup.writing import write_backup

        with working(word(language, "backing_up")):
            opened = _opened(place, address, language)
            manifest = write_backup(opened, place, file)
            opened.close()
    _tell("backed_up", manifest, file, language, as_json)


@store.command()
def restore(
    file: BackupFile,
    replace: Annotated[bool, typer.Option("--replace", help=help_of("replace"))] = False,
    folder: StoreFolder = None,
    database: DatabaseUrl = None,
    lang: Spoken = None,
    as_json: AsJson = False,
) -> None:
    """Make a store what a backup says: all of it, or nothing is changed.
    从备份恢复：全部恢复，否则不作任何改动。
    """
    language = lang or language_of()
    place, address = folder_and_address(folder, database)
    if not file.is_file():
        reject(word(language, "no_backup_file", file=file))
    with honest_exit(language, as_json), reached(language):
        from yanzhen.store.backup.reading import NotABackup
        from yanzhen.store.backup.restoring import NewerBackup, NotEmpty, restore_backup
        from yanzhen.store.database.connection import Database

        place.mkdir(parents=True, exist_ok=True)
        opened = Database(address)
        try:
            with working(word(language, "restoring")):
                manifest = restore_backup(file, opened, place, replace)
        except NotABackup as error:
            print_list(in_language(each, language) for each in error.faults)
            reject(word(language, "not_a_backup", file=file))
        except NewerBackup as error:
            reject(word(language, "newer_backup", file=file, revision=error))
        except NotEmpty:
            reject(word(language, "store_not_empty", folder=place))
        finally:
            opened.close()
    _tell("restored", manifest, file, language, as_json)


@store.command()
def check(
    noted: NotedHead = None,
    folder: StoreFolder = None,
    database: DatabaseUrl = None,
    lang: Spoken = None,
    as_json: AsJson = False,
) -> None:
    """Say everything that is wrong with a store: rows, record of changes, studies' files.
    检查所存数据：各表、操作记录、研究文件，一次列出全部问题。
    """
    language = lang or language_of()
    place, address = folder_and_address(folder, database)
    head = _head(noted, language)
    with honest_exit(language, as_json), reached(language):
        from yanzhen.store.backup.checking import check_store

        with working(word(language, "checking_store")):
            opened = _opened(place, address, language)
            faults = check_store(opened, place, head)
            opened.close()
    if as_json:
        print_json({"problems": [in_language(each, language) for each in faults]})
    elif faults:
        print_list(in_language(each, language) for each in faults)
        refuse(word(language, "store_has_faults", folder=place, count=len(faults)))
    else:
        stdout().print(word(language, "store_is_whole", folder=place), soft_wrap=True)
    if faults:
        raise typer.Exit(FAILED)


@store.command()
def audit(
    verify: Annotated[bool, typer.Option("--verify", help=help_of("verify"))] = False,
    noted: NotedHead = None,
    newest: Annotated[int, typer.Option(min=1, metavar="N", help=help_of("newest"))] = 20,
    folder: StoreFolder = None,
    database: DatabaseUrl = None,
    lang: Spoken = None,
    as_json: AsJson = False,
) -> None:
    """Show the record of who changed what, or verify that nobody changed the record itself.
    显示操作记录，或核对操作记录本身有无改动。
    """
    language = lang or language_of()
    place, address = folder_and_address(folder, database)
    head = _head(noted, language)
    with honest_exit(language, as_json), reached(language):
        opened = _opened(place, address, language)
        if verify or head is not None:
            _verify(opened, head, language, as_json)
        else:
            _show(opened, newest, language, as_json)
        opened.close()


def _opened(folder: Path, address: str, language: Language) -> "Database":
    """Open a store as it is: none of these commands makes one."""
    from yanzhen.store.database.connection import Database

    opened = Database(address)
    if opened.is_sqlite and not Path(str(opened.url.database)).is_file():
        reject(word(language, "no_store_there", folder=folder))
    return opened


def _head(noted: str | None, language: Language) -> "Head | None":
    from yanzhen.store.audit.verifying import Head

    try:
        return None if noted is None else Head.of(noted)
    except ValueError:
        reject(word(language, "not_a_head"))


def _tell(key: str, manifest: "Manifest", file: Path, language: Language, as_json: bool) -> None:
    rows = sum(table.rows for table in manifest.tables.values())
    if as_json:
        said = {"made_at": manifest.made_at, "revision": manifest.revision, "head": manifest.head}
        print_json({**said, "rows": rows, "files": len(manifest.files)})
        return
    counts = {"rows": f"{rows:,}", "files": f"{len(manifest.files):,}"}
    about = {"file": file, "made": manifest.made_at, "head": manifest.head}
    stdout().print(word(language, key, **counts, **about), soft_wrap=True)


def _verify(opened: "Database", head: "Head | None", language: Language, as_json: bool) -> None:
    from yanzhen.store.audit.verifying import verify
    from yanzhen.store.backup.checking import told

    with working(word(language, "checking_store")), opened.reading() as connection:
        found = verify(connection, head)
    faults = [in_language(each, language) for each in told(found)]
    if as_json:
        print_json({"rows": found.rows, "head": str(found.head), "problems": faults})
    elif faults:
        print_list(faults)
        refuse(word(language, "record_is_broken", count=len(found.broken)))
    else:
        said = word(language, "record_is_whole", rows=f"{found.rows:,}", head=found.head)
        stdout().print(said, soft_wrap=True)
        if head is None:
            stdout().print(word(language, "record_cannot_show"), soft_wrap=True)
    if faults:
        raise typer.Exit(FAILED)


def _show(opened: "Database", newest: int, language: Language, as_json: bool) -> None:
    from rich.table import Table
    from rich.text import Text

    from yanzhen.store.audit.reading import newest_changes

    rows = newest_changes(opened, newest)
    if as_json:
        print_json(rows)
        return
    table = Table(header_style="bold")
    for key in ("at", "who", "organisation", "action", "resource", "subject"):
        table.add_column(word(language, f"heading.{key}"), overflow="fold")
    for row in rows:
        who = (row["person"] or word(language, "operator"), row["organisation"] or "")
        cells = (row["at"], *who, row["action"], row["resource"], row["subject"])
        table.add_row(*(Text(str(cell)) for cell in cells))
    stdout().print(table)
