"""`yanzhen people token`: tokens of programs, made by the operator of the machine."""

from dataclasses import asdict
from typing import Annotated

import typer

from yanzhen.cli.language import COMMANDS, help_of, language_of, word
from yanzhen.cli.options import AsJson, Spoken
from yanzhen.cli.people_options import Login, opened_store
from yanzhen.cli.screen import print_json, stderr, stdout
from yanzhen.cli.store_options import DatabaseUrl, StoreFolder

token = typer.Typer(
    name="token",
    help="\n".join(COMMANDS.words("help.tokens")),
    no_args_is_help=True,
    rich_markup_mode="rich",
)


@token.command()
def make(
    login: Login,
    name: Annotated[
        str, typer.Option(metavar="NAME", show_default=False, help=help_of("token_name"))
    ],
    scope: Annotated[
        list[str], typer.Option(metavar="SCOPE", show_default=False, help=help_of("token_scope"))
    ],
    days: Annotated[int, typer.Option(min=1, metavar="DAYS", help=help_of("token_days"))] = 90,
    store: StoreFolder = None,
    database: DatabaseUrl = None,
    lang: Spoken = None,
    as_json: AsJson = False,
) -> None:
    """Make a token for a person, with which a program comes; it is shown this once.
    为人员生成令牌，供程序访问；只显示这一次。
    """
    language = lang or language_of()
    with opened_store(store, database, language) as opened:
        from yanzhen.store.people.api_tokens import make_token, told_of
        from yanzhen.store.people.persons import viewer_with_login

        viewer = viewer_with_login(opened, login)
        made = make_token(opened, viewer, name, scope, days, by_operator=True)
        told = told_of(opened, made)
    if as_json:
        print_json({**asdict(told), "token": made})
        return
    said = word(language, "token_shown_once", login=login, end=str(told.expires_at)[:10])
    stderr().print(said, soft_wrap=True, markup=False)
    stdout().print(made, soft_wrap=True, markup=False, highlight=False)


@token.command("list")
def list_tokens(
    login: Login,
    store: StoreFolder = None,
    database: DatabaseUrl = None,
    lang: Spoken = None,
    as_json: AsJson = False,
) -> None:
    """List the tokens of a person; none shows the token itself.
    列出人员的令牌，不含令牌本身。
    """
    from rich.table import Table

    language = lang or language_of()
    with opened_store(store, database, language) as opened:
        from yanzhen.store.people.api_tokens import tokens_of
        from yanzhen.store.people.persons import viewer_with_login

        found = tokens_of(opened, viewer_with_login(opened, login).person)
    if as_json:
        print_json([asdict(each) for each in found])
        return
    if not found:
        stdout().print(word(language, "no_tokens", login=login), soft_wrap=True, markup=False)
        return
    table = Table(header_style="bold")
    for key in ("token", "token_name", "scopes", "expires", "used", "revoked"):
        table.add_column(word(language, f"heading.{key}"), overflow="fold")
    for each in found:
        days = (str(at or "")[:10] for at in (each.expires_at, each.used_at, each.revoked_at))
        table.add_row(each.id, each.name, ", ".join(each.scopes), *days)
    stdout().print(table)


@token.command()
def revoke(
    login: Login,
    identity: Annotated[
        str, typer.Argument(metavar="TOKEN", show_default=False, help=help_of("token_id"))
    ],
    store: StoreFolder = None,
    database: DatabaseUrl = None,
    lang: Spoken = None,
) -> None:
    """Revoke a token of a person; it is refused at once.
    撤销人员的令牌，立即失效。
    """
    language = lang or language_of()
    with opened_store(store, database, language) as opened:
        from yanzhen.store.people.api_tokens import revoke_token
        from yanzhen.store.people.persons import viewer_with_login

        viewer = viewer_with_login(opened, login)
        revoke_token(opened, viewer, identity, by_operator=True)
    stdout().print(word(language, "token_is_revoked", login=login), soft_wrap=True, markup=False)
