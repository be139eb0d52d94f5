"""What a page says where the server cannot make it, as when its database is gone: it needs nothing
but the refusal, is in both languages, and loads anew by itself where that may help.
"""

from html import escape

from fastapi import FastAPI, Request
from fastapi.responses import HTMLResponse
from starlette.responses import Response

from yanzhen.api.paths import path_of
from yanzhen.api.problem_details import Refusal, answered, refusal_of
from yanzhen.report.text.words import LANGUAGES, Lang
from yanzhen.store.database.connection import Unavailable
from yanzhen.web.bundle import version
from yanzhen.web.plain import GROUND
from yanzhen.web.words import word

# Addresses whose answers programs read, refusals too.
FOR_PROGRAMS = ("/api/", "/assets/", "/_nicegui")


def broken_page(refusal: Refusal, root: str) -> HTMLResponse:
    """Return a page that says why there is no other.

    Parameters
    ----------
    root : path in front of every address
    """
    wait = refusal.retry_after
    again = "" if wait is None else f'<meta http-equiv="refresh" content="{wait}">'
    said = "".join(_said(refusal, root, each) for each in LANGUAGES)
    headers = {"Cache-Control": "no-store"}
    return HTMLResponse(
        f'<!doctype html><html lang="zh-CN"><head><meta charset="utf-8">{again}'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        "<title>Yanzhen 雁阵</title>"
        f'<link rel="stylesheet" href="{escape(root)}/assets/{version()}/workbench.css"></head>'
        f'<body class="plain">{GROUND}<main class="yz-page"><h1>Yanzhen 雁阵</h1>'
        f"{said}</main></body></html>",
        refusal.status,
        headers if wait is None else {**headers, "Retry-After": str(wait)},
    )


def explain_failures(app: FastAPI) -> None:
    """Let pages of forms say what programs are told as problem details."""

    @app.exception_handler(Refusal)
    @app.exception_handler(Unavailable)
    async def explained(request: Request, error: Exception) -> Response:
        if path_of(request.scope).startswith(FOR_PROGRAMS):
            return await answered(request, error)
        return broken_page(refusal_of(error), request.scope.get("root_path", ""))


def _said(refusal: Refusal, root: str, lang: Lang) -> str:
    between = "" if lang == "zh" else " "
    comfort = "" if refusal.retry_after is None else between + word(lang, "broken.comfort")
    home = f'<a href="{escape(root)}/?lang={lang}">{escape(word(lang, "back.home"))}</a>'
    text = escape(refusal.said(lang) + comfort)
    return f'<div class="notice bad" lang="{lang}"><p>{text}</p><p>{home}</p></div>'
