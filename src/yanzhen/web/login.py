"""Logging in and out: by password, by an OpenID provider, and by a second factor."""

from html import escape

from fastapi import FastAPI, Request
from fastapi.responses import HTMLResponse, Response
from starlette.concurrency import run_in_threadpool

from yanzhen.api.accounts import COOKIE, brought
from yanzhen.report.text.words import Lang
from yanzhen.store.database.connection import Database
from yanzhen.store.people.logging_in import log_in, log_out, log_out_everywhere
from yanzhen.store.people.passwords import STANDARD, Passwords
from yanzhen.store.people.refusals import PeopleError, TooManyAttempts
from yanzhen.store.people.second_factor import give_factor
from yanzhen.web.openid import Provider
from yanzhen.web.plain import FormRequest, field, form, local_path, said_of, status_of


# Kept whole: a list of routes, none of them over twenty lines.
def add_login(
    app: FastAPI,
    database: Database,
    lang: Lang,
    provider: Provider | None = None,
    passwords: Passwords = STANDARD,
) -> None:
    """Add the pages of logging in and out.

    Parameters
    ----------
    lang : of those whose browser asks for neither
    provider : of OpenID Connect, None without
    passwords : that hash them
    """

    @app.get("/login", include_in_schema=False)
    async def shown(request: Request) -> Response:
        asked = FormRequest(request, lang)
        after = local_path(request.query_params.get("after", "/"))
        if asked.session is not None:
            ready = asked.session.is_complete
            return asked.go(after) if ready else asked.go("/login/second", after=after)
        return _login_page(asked, after, provider)

    @app.post("/login", include_in_schema=False)
    async def sent(request: Request) -> Response:
        asked, entered = FormRequest(request, lang), await request.form()
        after = local_path(str(entered.get("after", "/")))
        login, password = str(entered.get("login", "")), str(entered.get("password", ""))
        before = brought(request, COOKIE)
        try:
            token = await run_in_threadpool(
                log_in, database, login, password, asked.address, before, passwords
            )
        except PeopleError as error:
            return _waiting(error, _login_page(asked, after, provider, error))
        return asked.go("/login/second", token, after=after)

    @app.get("/login/second", include_in_schema=False)
    async def second_shown(request: Request) -> Response:
        asked = FormRequest(request, lang)
        after = local_path(request.query_params.get("after", "/"))
        if asked.session is None:
            return asked.go("/login", after=after)
        if asked.session.is_complete:
            return _after(asked, after)
        return _second_page(asked, after)

    @app.post("/login/second", include_in_schema=False)
    async def second_sent(request: Request) -> Response:
        asked = FormRequest(request, lang)
        if asked.session is None:
            return asked.go("/login")
        entered = await asked.form()
        after = local_path(str(entered.get("after", "/")))
        before, code = brought(request, COOKIE), str(entered.get("code", ""))
        try:
            viewer = asked.session.viewer
            token = await run_in_threadpool(give_factor, database, viewer, code, before)
        except PeopleError as error:
            return _waiting(error, _second_page(asked, after, error))
        return asked.go("/login/done", token, after=after)

    @app.get("/login/done", include_in_schema=False)
    async def done(request: Request) -> Response:
        asked = FormRequest(request, lang)
        return _after(asked, local_path(request.query_params.get("after", "/")))

    @app.post("/login/out", include_in_schema=False)
    async def out(request: Request) -> Response:
        asked = FormRequest(request, lang)
        entered = await asked.form()
        viewer = asked.logged_in().viewer
        if entered.get("everywhere"):
            await run_in_threadpool(log_out_everywhere, database, viewer)
        else:
            await run_in_threadpool(log_out, database, viewer, brought(request, COOKIE))
        left = asked.go("/login", "")
        # Pictures and tables that may be asked anew stay in the browser's cache until then.
        left.headers["Clear-Site-Data"] = '"cache"'
        return left


def _after(asked: FormRequest, after: str) -> Response:
    return Response(None, 303, {"Location": f"{asked.root}{after}", "Cache-Control": "no-store"})


def _waiting(error: PeopleError, page: HTMLResponse) -> HTMLResponse:
    if isinstance(error, TooManyAttempts):
        page.headers["Retry-After"] = str(error.wait)
    return page


def _login_page(
    asked: FormRequest, after: str, provider: Provider | None, error: PeopleError | None = None
) -> HTMLResponse:
    fields = field(
        "login",
        asked.word("login.login"),
        more='autocomplete="username" required maxlength="200" autofocus',
    ) + field(
        "password",
        asked.word("login.password"),
        "password",
        'autocomplete="current-password" required maxlength="1000"',
    )
    body = "" if error is None else said_of(error, asked.lang)
    body += form(asked, "/login", fields, asked.word("login.enter"), {"after": after})
    if provider is not None:
        way = escape(asked.url("/login/openid", after=after))
        named = escape(provider.named(asked.lang))
        body += f'<p class="other-way"><a class="plain-link" href="{way}">{named}</a></p>'
    return asked.page(
        asked.word("login.title"),
        f'<div class="card narrow">{body}</div>',
        200 if error is None else status_of(error),
    )


def _second_page(asked: FormRequest, after: str, error: PeopleError | None = None) -> HTMLResponse:
    fields = field(
        "code",
        asked.word("login.code"),
        more='autocomplete="one-time-code" inputmode="text" required maxlength="40" autofocus',
    )
    body = "" if error is None else said_of(error, asked.lang)
    body += f'<p class="reading">{escape(asked.word("login.code_where"))}</p>'
    body += form(asked, "/login/second", fields, asked.word("login.enter"), {"after": after})
    return asked.page(
        asked.word("login.second_title"),
        f'<div class="card narrow">{body}</div>',
        200 if error is None else status_of(error),
    )
