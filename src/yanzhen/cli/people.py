"""`yanzhen people`: organisations and persons of a server, kept by the operator of the machine."""

import getpass
import sys
from dataclasses import asdict
from typing import Annotated

import typer

from yanzhen.cli.language import COMMANDS, Language, help_of, language_of, usual_of, word
from yanzhen.cli.options import AsJson, Spoken
from yanzhen.cli.outcome import reject
from yanzhen.cli.people_options import Login, opened_store
from yanzhen.cli.people_tokens import token
from yanzhen.cli.screen import print_json, stderr, stdout
from yanzhen.cli.store_options import DatabaseUrl, StoreFolder

people = typer.Typer(
    name="people",
    help="\n".join(COMMANDS.words("help.people")),
    no_args_is_help=True,
    rich_markup_mode="rich",
)
organisations = typer.Typer(
    name="organisations",
    help="\n".join(COMMANDS.words("help.organisations")),
    no_args_is_help=True,
    rich_markup_mode="rich",
)
people.add_typer(organisations)
people.add_typer(token)

Organisation = Annotated[
    str,
    typer.Option(
        "--organisation", metavar="NAME", show_default=False, help=help_of("of_organisation")
    ),
]
FromStdin = Annotated[bool, typer.Option("--stdin", help=help_of("password_stdin"))]
Generated = Annotated[bool, typer.Option("--generate", help=help_of("password_generate"))]


@people.command()
def add(
    login: Login,
    organisation: Organisation,
    role: Annotated[
        str, typer.Option(metavar="ROLE", show_default=False, help=help_of("person_role"))
    ],
    name: Annotated[
        str, typer.Option(show_default=usual_of("login"), help=help_of("person_name"))
    ] = "",
    openid: Annotated[bool, typer.Option("--openid", help=help_of("person_openid"))] = False,
    stdin: FromStdin = False,
    generate: Generated = False,
    store: StoreFolder = None,
    database: DatabaseUrl = None,
    lang: Spoken = None,
    as_json: AsJson = False,
) -> None:
    """Add a person to an organisation; the first administrator is made this way.
    添加机构人员；首位管理员即由此命令建立。
    """
    language = lang or language_of()
    with opened_store(store, database, language) as opened:
        from yanzhen.store.people.persons import add_person, organisation_named

        identity = organisation_named(opened, organisation)
        password = None if openid else _password(stdin, generate, language)
        made = add_person(opened, None, identity, login, name, role, password)
    if as_json:
        shown = {"password": password} if generate and not openid else {}
        print_json({"id": made, "login": login, **shown})
        return
    stdout().print(word(language, "person_made", login=login), soft_wrap=True, markup=False)
    if generate and not openid:
        _show(password or "", language)


@people.command("list")
def list_people(
    organisation: Annotated[
        str | None,
        typer.Option(metavar="NAME", show_default=False, help=help_of("of_organisation")),
    ] = None,
    store: StoreFolder = None,
    database: DatabaseUrl = None,
    lang: Spoken = None,
    as_json: AsJson = False,
) -> None:
    """List persons.
    列出人员。
    """
    from rich.table import Table

    language = lang or language_of()
    with opened_store(store, database, language) as opened:
        from yanzhen.store.people.persons import (
            every_organisation,
            organisation_named,
            persons_of,
        )

        of = None if organisation is None else organisation_named(opened, organisation)
        named = {each.id: each.name for each in every_organisation(opened)}
        found = persons_of(opened, of)
    if as_json:
        print_json([{**asdict(each), "organisation": named[each.organisation]} for each in found])
        return
    table = Table(header_style="bold")
    for key in ("login", "name", "organisation", "role", "state"):
        table.add_column(word(language, f"heading.{key}"))
    for each in found:
        state = word(language, "person_disabled" if each.disabled_at else "person_enabled")
        table.add_row(each.login, each.name, named[each.organisation], each.role, state)
    stdout().print(table)


@people.command()
def disable(
    login: Login, store: StoreFolder = None, database: DatabaseUrl = None, lang: Spoken = None
) -> None:
    """Let a person log in no more; sessions and tokens end at once.
    停用人员，其登录与令牌立即失效。
    """
    language = lang or language_of()
    with opened_store(store, database, language) as opened:
        from yanzhen.store.people.persons import disable_person, person_with_login

        disable_person(opened, None, person_with_login(opened, login).id)
    stdout().print(word(language, "person_is_disabled", login=login), soft_wrap=True)


@people.command()
def enable(
    login: Login, store: StoreFolder = None, database: DatabaseUrl = None, lang: Spoken = None
) -> None:
    """Let a person log in again.
    恢复人员登录。
    """
    language = lang or language_of()
    with opened_store(store, database, language) as opened:
        from yanzhen.store.people.persons import enable_person, person_with_login

        enable_person(opened, None, person_with_login(opened, login).id)
    stdout().print(word(language, "person_is_enabled", login=login), soft_wrap=True)


@people.command()
def password(
    login: Login,
    stdin: FromStdin = False,
    generate: Generated = False,
    without_second_factor: Annotated[
        bool, typer.Option("--without-second-factor", help=help_of("without_second_factor"))
    ] = False,
    store: StoreFolder = None,
    database: DatabaseUrl = None,
    lang: Spoken = None,
) -> None:
    """Give a person another password; sessions end.
    重设密码，已登录的浏览器随即退出。
    """
    language = lang or language_of()
    with opened_store(store, database, language) as opened:
        from yanzhen.store.people.persons import (
            drop_second_factor,
            person_with_login,
            set_password,
        )

        person = person_with_login(opened, login).id
        said = _password(stdin, generate, language)
        set_password(opened, None, person, said)
        if without_second_factor:
            drop_second_factor(opened, None, person)
    stdout().print(word(language, "password_set", login=login), soft_wrap=True)
    if generate:
        _show(said, language)


@organisations.command("add")
def add_organisation_named(
    name: Annotated[
        str, typer.Argument(metavar="NAME", show_default=False, help=help_of("organisation_name"))
    ],
    store: StoreFolder = None,
    database: DatabaseUrl = None,
    lang: Spoken = None,
) -> None:
    """Add an organisation, whose persons see the same.
    添加机构；同一机构的人员看到相同的内容。
    """
    language = lang or language_of()
    with opened_store(store, database, language) as opened:
        from yanzhen.store.people.persons import add_organisation

        add_organisation(opened, name)
    stdout().print(word(language, "organisation_made", name=name), soft_wrap=True, markup=False)


@organisations.command("list")
def list_organisations(
    store: StoreFolder = None,
    database: DatabaseUrl = None,
    lang: Spoken = None,
    as_json: AsJson = False,
) -> None:
    """List organisations.
    列出机构。
    """
    from rich.table import Table

    language = lang or language_of()
    with opened_store(store, database, language) as opened:
        from yanzhen.store.people.persons import every_organisation

        found = every_organisation(opened)
    if as_json:
        print_json([asdict(each) for each in found])
        return
    table = Table(header_style="bold")
    for key in ("organisation", "persons"):
        table.add_column(word(language, f"heading.{key}"))
    for each in found:
        table.add_row(each.name, str(each.persons))
    stdout().print(table)


def _password(stdin: bool, generate: bool, language: Language) -> str:
    """Return a password: made here, read from standard input, or asked for twice."""
    from yanzhen.store.people.passwords import new_password

    if generate:
        return new_password()
    if stdin or not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\r\n")
    said = getpass.getpass(word(language, "ask_password"))
    if getpass.getpass(word(language, "ask_again")) != said:
        reject(word(language, "passwords_differ"))
    return said


def _show(password_made: str, language: Language) -> None:
    """Show a password that was made here, this once."""
    stderr().print(word(language, "password_shown_once"), soft_wrap=True)
    stdout().print(password_made, soft_wrap=True, markup=False, highlight=False)
