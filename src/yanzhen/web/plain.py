"""Pages of forms that need no script: about logging in, one's account and the people around."""

from base64 import b64encode
from collections.abc import Iterable, Mapping, Sequence
from hashlib import sha256
from hmac import compare_digest
from html import escape
from urllib.parse import parse_qs, urlencode, urlsplit

from fastapi import Request
from fastapi.responses import HTMLResponse, RedirectResponse
from starlette.datastructures import FormData

from yanzhen.api.accounts import session_cookie, session_of
from yanzhen.api.problem_details import Refusal
from yanzhen.report.text.words import Lang
from yanzhen.store.database.clock import now
from yanzhen.store.people.permissions import permitted
from yanzhen.store.people.refusals import PeopleError, TooManyAttempts
from yanzhen.store.people.sessions import Session
from yanzhen.web.address import spoken
from yanzhen.web.bundle import version
from yanzhen.web.words import TAG, word

_DARK = (
    "if((localStorage.getItem('yanzhen-dark')??"
    "(matchMedia('(prefers-color-scheme: dark)').matches?'1':'0'))==='1')"
    "document.body.classList.add('body--dark')"
)
GROUND = f"<script>{_DARK}</script>"
"""Light or dark as the reader has chosen, otherwise as the system is."""
_KNOWN = b64encode(sha256(_DARK.encode()).digest()).decode()
NEVER_KEPT = {
    "Cache-Control": "no-store",
    # The one script that is theirs, by its hash, and nothing else that runs.
    "Content-Security-Policy": f"default-src 'none'; script-src 'sha256-{_KNOWN}'; "
    "style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'",
}


class FormRequest:
    """A request for such a page: who, in which language, under which path.

    Parameters
    ----------
    request : as it came
    otherwise : language of those whose browser asks for neither
    """

    def __init__(self, request: Request, otherwise: Lang) -> None:
        accepted = request.headers.get("accept-language", "")
        self.request = request
        self.lang = spoken(_language_of(request), accepted, otherwise)
        self.root = str(request.scope.get("root_path", ""))
        self.session = session_of(request.scope)

    @property
    def address(self) -> str:
        """The network address that attempts are counted by."""
        return self.request.client.host if self.request.client else ""

    def word(self, key: str, **values: object) -> str:
        return word(self.lang, key, **values)

    def url(self, path: str, **said: str) -> str:
        """Return an address here, in the same language."""
        return f"{self.root}{path}?{urlencode({'lang': self.lang, **said})}"

    def logged_in(self) -> Session:
        """Return the session.

        Raises
        ------
        Refusal
            401 where there is none that counts.
        """
        if self.session is None or not self.session.is_complete:
            raise Refusal(401, "Log in first.", "请先登录。")
        return self.session

    async def form(self) -> FormData:
        """Return what a form of a session's own pages sent.

        Raises
        ------
        Refusal
            403 where it came from elsewhere.
        """
        sent = await self.request.form()
        csrf = "" if self.session is None else self.session.csrf
        if not csrf or not compare_digest(str(sent.get("csrf", "")).encode(), csrf.encode()):
            raise Refusal(
                403,
                "This form is not of this session: open the page anew and send it again.",
                "表单不属于本次登录：请重新打开页面后再提交。",
            )
        return sent

    def go(self, path: str, token: str | None = None, **said: str) -> RedirectResponse:
        """Send the browser on, with the token of a new session where there is one."""
        answer = RedirectResponse(self.url(path, **said), 303, NEVER_KEPT)
        if token is not None:
            answer.headers.append("set-cookie", session_cookie(self.request.scope, token))
        return answer

    def page(self, title: str, body: str, status: int = 200) -> HTMLResponse:
        """Return a page."""
        other: Lang = "en" if self.lang == "zh" else "zh"
        said = {**self.request.query_params, "lang": other}
        way = escape(f"{self.root}{self._path}?{urlencode(said)}")
        turned = (
            f'<a class="tool" href="{way}" lang="{TAG[other]}" hreflang="{TAG[other]}">'
            f"{'English' if other == 'en' else '中文'}</a>"
        )
        home = self.url("/")
        return HTMLResponse(
            f'<!doctype html><html lang="{TAG[self.lang]}"><head><meta charset="utf-8">'
            '<meta name="viewport" content="width=device-width, initial-scale=1">'
            f"<title>{escape(title)} · Yanzhen 雁阵</title>"
            f'<link rel="stylesheet" href="{self.root}/assets/{version()}/workbench.css">'
            f'<link rel="icon" href="{self.root}/assets/{version()}/goose.svg"></head>'
            f'<body class="plain">{GROUND}'
            f'<a class="skip" href="#content">{escape(self.word("skip"))}</a>'
            f'<header class="plain-header"><div class="brand"><a href="{home}">Yanzhen '
            f'<span>雁阵</span></a></div><div class="grow"></div>{self._ways()}{turned}</header>'
            '<main class="yz-page" id="content" tabindex="-1">'
            f'<p class="imprint paper-only">{self.word("as_of", at=day_of(now()))}</p>'
            f"<h1>{escape(title)}</h1>"
            f"{body}</main></body></html>",
            status,
            NEVER_KEPT,
        )

    @property
    def _path(self) -> str:
        return str(self.request.scope["path"]).removeprefix(self.root) or "/"

    def _ways(self) -> str:
        if self.session is None or not self.session.is_complete:
            return ""
        here = self._path
        mark = {True: ' aria-current="page"', False: ""}
        return "".join(
            f'<a class="tool" href="{self.url(path)}"{mark[here == path]}>'
            f"{escape(self.word(key))}</a>"
            for path, key in ways_of(self.session)
        )


def ways_of(session: Session) -> list[tuple[str, str]]:
    """Return the pages about people that somebody may open, with the keys of their names."""
    found = [("/account", "account.name")]
    if permitted(session.viewer, "read", "people"):
        found.append(("/people", "people.name"))
    if permitted(session.viewer, "read", "audit"):
        found.append(("/people/changes", "changes.name"))
    return found


def _language_of(request: Request) -> str | None:
    """The language asked for: of the page itself, or of the one that somebody comes from."""
    asked = request.query_params
    after = parse_qs(urlsplit(asked.get("after", "")).query)
    return asked.get("lang") or next(iter(after.get("lang", ())), None)


def local_path(said: str) -> str:
    """Return a path of this site that somebody is to be sent to; the start for anything else."""
    split = urlsplit(said)
    is_local = said.startswith("/") and not said.startswith("//") and "\\" not in said
    return said if is_local and not split.scheme and not split.netloc else "/"


def form(
    asked: FormRequest, path: str, fields: str, button: str, hidden: Mapping[str, str] | None = None
) -> str:
    """Return a form that this session alone can send."""
    held = {"csrf": "" if asked.session is None else asked.session.csrf, **(hidden or {})}
    inputs = "".join(
        f'<input type="hidden" name="{escape(name)}" value="{escape(value)}">'
        for name, value in held.items()
    )
    return (
        f'<form class="stack" method="post" action="{escape(asked.url(path))}">{inputs}{fields}'
        f'<button class="plain-button" type="submit">{escape(button)}</button></form>'
    )


def field(name: str, label: str, kind: str = "text", more: str = "") -> str:
    """Return a field with its label."""
    return f'<label>{escape(label)}<input type="{kind}" name="{name}" {more}></label>'


def choice(name: str, label: str, options: Sequence[tuple[str, str]], chosen: str = "") -> str:
    """Return a choice of one with its label."""
    mark = {True: " selected", False: ""}
    said = "".join(
        f'<option value="{escape(value)}"{mark[value == chosen]}>{escape(shown)}</option>'
        for value, shown in options
    )
    return f'<label>{escape(label)}<select name="{name}">{said}</select></label>'


def table(heads: Iterable[str], lines: Iterable[Sequence[str]], label: str) -> str:
    """Return a table whose cells are markup; columns without a head hold what can be done."""
    head = "".join(
        f'<th scope="col">{escape(each)}</th>' if each else "<td></td>" for each in heads
    )
    body = "".join(
        "<tr>" + "".join(f"<td>{cell}</td>" for cell in line) + "</tr>" for line in lines
    )
    return (
        f'<div class="scroll" role="region" tabindex="0" aria-label="{escape(label)}">'
        f'<table class="plain"><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>'
    )


def said_of(error: PeopleError, lang: Lang) -> str:
    """Return what is wrong as a notice."""
    en, zh = error.words
    return f'<div class="notice bad" role="alert">{escape(zh if lang == "zh" else en)}</div>'


def status_of(error: PeopleError) -> int:
    """Return the status of HTTP that a page about an error has."""
    return 429 if isinstance(error, TooManyAttempts) else 422


def good(said: str) -> str:
    """Return a notice that something was done."""
    return f'<div class="notice good" role="status">{escape(said)}</div>'


def day_of(moment: str | None) -> str:
    """Return a moment as it is read: to the minute, in UTC."""
    return "–" if moment is None else f"{moment[:10]} {moment[11:16]} UTC"
