"""What a workbench needs where accounts are demanded: pages to log in by, pages tied to persons."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from inspect import isawaitable
from typing import Any
from urllib.parse import parse_qs

from fastapi import FastAPI
from nicegui import Client, core, ui

from yanzhen.api.accounts import session_of
from yanzhen.report.text.words import Lang
from yanzhen.store.database.connection import Database
from yanzhen.store.people.passwords import STANDARD, Passwords
from yanzhen.store.people.sessions import Session
from yanzhen.store.people.viewing import current_viewer
from yanzhen.web.account import add_account
from yanzhen.web.login import add_login
from yanzhen.web.openid import Provider, add_openid
from yanzhen.web.people import add_people_pages

FROM_PAGES = ("event", "javascript_response", "handshake", "ack", "log")
"""What a page says through its WebSocket, each naming the page."""


@dataclass(frozen=True)
class Demanded:
    """How people log in.

    Attributes
    ----------
    provider : of OpenID Connect; None without
    passwords : that hash them
    """

    provider: Provider | None = None
    passwords: Passwords = STANDARD


def add_accounts(app: FastAPI, database: Database, lang: Lang, demanded: Demanded) -> None:
    """Add the pages of logging in, of one's account and of the people."""
    add_login(app, database, lang, demanded.provider, demanded.passwords)
    if demanded.provider is not None:
        add_openid(app, database, lang, demanded.provider)
    add_account(app, database, lang, demanded.passwords)
    add_people_pages(app, database, lang, demanded.passwords)


def session_here() -> Session | None:
    """Return the session that the page at hand was made for; None without accounts."""
    request = ui.context.client.request
    return None if request is None else session_of(request.scope)


def tie_events() -> None:
    """Let a page be acted on only by the person whom it was made for, whoever knows its name."""
    handlers = core.sio.handlers["/"]
    for name in FROM_PAGES:
        handlers[name] = _tied(handlers[name], lambda said: str(said.get("client_id", "")))
    handlers["connect"] = _tied(handlers["connect"], _named_in_query)


def _tied(handle: Callable[..., Any], page_named: Callable[[Any], str]) -> Any:
    async def tied(sid: str, said: Any, *more: Any) -> Any:
        name = page_named(said) if isinstance(said, dict) else ""
        # A page that is gone is nobody's; NiceGUI says so by itself.
        if name in Client.instances and not is_own(Client.instances[name]):
            return False
        answer = handle(sid, said, *more)
        return await answer if isawaitable(answer) else answer

    return tied


def is_own(page: Client) -> bool:
    """Whether a page was made for whoever asks now."""
    session = None if page.request is None else session_of(page.request.scope)
    return session is not None and session.viewer.person == current_viewer().person


def _named_in_query(environment: Mapping[str, Any]) -> str:
    asked = parse_qs(str(environment.get("QUERY_STRING", "")))
    return asked.get("client_id", [""])[0]
