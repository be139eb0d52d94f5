"""One's own account: password, second factor, tokens of programs, sessions."""

from html import escape

from fastapi import FastAPI, Request
from fastapi.responses import Response
from sqlalchemy import select
from starlette.concurrency import run_in_threadpool

from yanzhen.report.text.words import Lang
from yanzhen.store.database.connection import Database
from yanzhen.store.database.tables import persons
from yanzhen.store.people.api_tokens import make_token, revoke_token, tokens_of
from yanzhen.store.people.logging_in import change_password
from yanzhen.store.people.passwords import SHORTEST, STANDARD, Passwords
from yanzhen.store.people.persons import Person, person_of
from yanzhen.store.people.refusals import PeopleError
from yanzhen.store.people.second_factor import (
    address_of,
    confirm_factor,
    drop_own_factor,
    new_factor,
    picture_of,
)
from yanzhen.store.people.sessions import sessions_of
from yanzhen.web.plain import FormRequest, day_of, field, form, good, said_of, status_of, table

DAYS = (30, 90, 365)


# Kept whole: a list of routes, none of them over fifteen lines.
def add_account(
    app: FastAPI, database: Database, lang: Lang, passwords: Passwords = STANDARD
) -> None:
    """Add the pages of one's own account."""

    @app.get("/account", include_in_schema=False)
    async def shown(request: Request) -> Response:
        asked = FormRequest(request, lang)
        asked.logged_in()
        told = good(asked.word("account.done")) if request.query_params.get("done") else ""
        return await run_in_threadpool(_page, asked, database, told)

    @app.post("/account/password", include_in_schema=False)
    async def password(request: Request) -> Response:
        asked = FormRequest(request, lang)
        entered = await asked.form()
        now, wanted = str(entered.get("now", "")), str(entered.get("password", ""))
        try:
            viewer = asked.logged_in().viewer
            token = await run_in_threadpool(
                change_password, database, viewer, now, wanted, passwords
            )
        except PeopleError as error:
            return await run_in_threadpool(_refused, asked, database, error)
        return asked.go("/account", token, done="1")

    @app.post("/account/second", include_in_schema=False)
    async def second(request: Request) -> Response:
        asked = FormRequest(request, lang)
        await asked.form()
        session = asked.logged_in()
        try:
            secret = await run_in_threadpool(new_factor, database, session.viewer)
        except PeopleError as error:
            return await run_in_threadpool(_refused, asked, database, error)
        return _factor_page(asked, secret, session.login)

    @app.post("/account/second/confirm", include_in_schema=False)
    async def confirm(request: Request) -> Response:
        asked = FormRequest(request, lang)
        entered, session = await asked.form(), asked.logged_in()
        try:
            token, codes = await run_in_threadpool(
                confirm_factor, database, session.viewer, str(entered.get("code", ""))
            )
        except PeopleError as error:
            secret = await run_in_threadpool(_secret_of, database, session.viewer.person)
            if secret is None:
                return await run_in_threadpool(_refused, asked, database, error)
            return _factor_page(asked, secret, session.login, error)
        listed = "".join(f"<li><code>{escape(code)}</code></li>" for code in codes)
        body = (
            f'<div class="card">{good(asked.word("account.second_set"))}'
            f"<p>{escape(asked.word('account.codes_said'))}</p>"
            f'<ul class="secrets">{listed}</ul><p><a class="plain-link" '
            f'href="{escape(asked.url("/account"))}">{escape(asked.word("account.back"))}</a></p></div>'
        )
        answer = asked.page(asked.word("account.codes"), body)
        answer.headers.append("set-cookie", asked.go("/", token).headers["set-cookie"])
        return answer

    @app.post("/account/second/drop", include_in_schema=False)
    async def drop(request: Request) -> Response:
        asked = FormRequest(request, lang)
        entered = await asked.form()
        try:
            viewer = asked.logged_in().viewer
            await run_in_threadpool(drop_own_factor, database, viewer, str(entered.get("code", "")))
        except PeopleError as error:
            return await run_in_threadpool(_refused, asked, database, error)
        return asked.go("/account", done="1")

    @app.post("/account/tokens", include_in_schema=False)
    async def token(request: Request) -> Response:
        asked = FormRequest(request, lang)
        entered = await asked.form()
        scopes = [str(each) for each in entered.getlist("scopes")]
        days = str(entered.get("days", ""))
        try:
            viewer = asked.logged_in().viewer
            made = await run_in_threadpool(
                make_token,
                database,
                viewer,
                str(entered.get("name", "")),
                scopes,
                int(days) if days.isdecimal() else 0,
            )
        except PeopleError as error:
            return await run_in_threadpool(_refused, asked, database, error)
        told = good(asked.word("account.token_made")) + f'<p><code class="secret">{made}</code></p>'
        return await run_in_threadpool(_page, asked, database, told)

    @app.post("/account/tokens/revoke", include_in_schema=False)
    async def revoke(request: Request) -> Response:
        asked = FormRequest(request, lang)
        entered = await asked.form()
        try:
            viewer = asked.logged_in().viewer
            await run_in_threadpool(revoke_token, database, viewer, str(entered.get("token", "")))
        except PeopleError as error:
            return await run_in_threadpool(_refused, asked, database, error)
        return asked.go("/account", done="1")


def _refused(asked: FormRequest, database: Database, error: PeopleError) -> Response:
    return _page(asked, database, said_of(error, asked.lang), status_of(error))


def _page(asked: FormRequest, database: Database, told: str = "", status: int = 200) -> Response:
    session = asked.logged_in()
    person = person_of(database, session.viewer, session.viewer.person)
    role = asked.word(f"role_name.{person.role}")
    who = asked.word("account.who", name=person.name, login=person.login, role=role)
    out = form(asked, "/login/out", "", asked.word("account.log_out"))
    body = (
        f'<p class="lead">{escape(who)}</p>{told}{out}'
        f"{_card(asked, 'account.password_title', _password(asked, person))}"
        f"{_card(asked, 'account.second_title', _second(asked, person))}"
        f"{_card(asked, 'account.tokens_title', _tokens(asked, database))}"
        f"{_card(asked, 'account.sessions_title', _sessions(asked, database))}"
    )
    return asked.page(asked.word("account.title"), body, status)


def _card(asked: FormRequest, title: str, body: str) -> str:
    return f'<section class="card"><h2>{escape(asked.word(title))}</h2>{body}</section>'


def _password(asked: FormRequest, person: Person) -> str:
    if not person.has_password:
        return f"<p>{escape(asked.word('account.no_password'))}</p>"
    fields = field(
        "now",
        asked.word("account.now"),
        "password",
        'autocomplete="current-password" required maxlength="1000"',
    ) + field(
        "password",
        asked.word("account.wanted", least=SHORTEST),
        "password",
        f'autocomplete="new-password" required minlength="{SHORTEST}" maxlength="1000"',
    )
    return form(asked, "/account/password", fields, asked.word("account.change_password"))


def _second(asked: FormRequest, person: Person) -> str:
    if not person.has_second_factor:
        why = f"<p>{escape(asked.word('account.second_why'))}</p>"
        return why + form(asked, "/account/second", "", asked.word("account.second_begin"))
    code = field(
        "code",
        asked.word("login.code"),
        more='autocomplete="one-time-code" required maxlength="40"',
    )
    state = f"<p>{escape(asked.word('account.second_on'))}</p>"
    return state + form(asked, "/account/second/drop", code, asked.word("account.second_drop"))


def _tokens(asked: FormRequest, database: Database) -> str:
    lines = []
    for each in tokens_of(database, asked.logged_in().viewer.person):
        revoke = form(
            asked, "/account/tokens/revoke", "", asked.word("account.revoke"), {"token": each.id}
        )
        ended = asked.word("account.revoked")
        lines.append(
            [
                escape(each.name),
                escape(", ".join(asked.word(f"scope.{scope}") for scope in each.scopes)),
                day_of(each.expires_at),
                day_of(each.used_at),
                escape(ended) if each.revoked_at else revoke,
            ]
        )
    heads = [asked.word(f"account.token_{key}") for key in ("name", "scopes", "expires", "used")]
    shown = table([*heads, ""], lines, asked.word("account.tokens_title")) if lines else ""
    boxes = "".join(
        f'<label class="box"><input type="checkbox" name="scopes" value="{scope}">'
        f"{escape(asked.word(f'scope.{scope}'))}</label>"
        for scope in ("read", "write", "administer")
    )
    days = "".join(
        f'<option value="{each}">{escape(asked.word("account.days", count=each))}</option>'
        for each in DAYS
    )
    fields = (
        field("name", asked.word("account.token_name"), more='required maxlength="200"')
        + f"<fieldset><legend>{escape(asked.word('account.token_scopes'))}</legend>"
        f"{boxes}</fieldset>" + f"<label>{escape(asked.word('account.token_expires'))}"
        f'<select name="days">{days}</select></label>'
    )
    return shown + form(asked, "/account/tokens", fields, asked.word("account.token_make"))


def _sessions(asked: FormRequest, database: Database) -> str:
    lines = [
        [day_of(made), day_of(seen)]
        for made, seen in sessions_of(database, asked.logged_in().viewer.person)
    ]
    heads = [asked.word("account.session_begun"), asked.word("account.session_seen")]
    button = asked.word("account.everywhere")
    everywhere = form(asked, "/login/out", "", button, {"everywhere": "1"})
    return table(heads, lines, asked.word("account.sessions_title")) + everywhere


def _factor_page(
    asked: FormRequest, secret: str, login: str, error: PeopleError | None = None
) -> Response:
    code = field(
        "code",
        asked.word("login.code"),
        more='autocomplete="one-time-code" inputmode="numeric" required maxlength="10"',
    )
    told = "" if error is None else said_of(error, asked.lang)
    spaced = " ".join(secret[at : at + 4] for at in range(0, len(secret), 4))
    confirm = form(asked, "/account/second/confirm", code, asked.word("account.second_confirm"))
    body = (
        f'<div class="card">{told}<p>{escape(asked.word("account.second_scan"))}</p>'
        f'<div class="code" role="img" aria-label="{escape(asked.word("account.second_picture"))}">'
        f"{picture_of(address_of(secret, login))}</div>"
        f'<p>{escape(asked.word("account.second_type"))} <code class="secret">{spaced}</code></p>'
        f"{confirm}</div>"
    )
    return asked.page(asked.word("account.second_title"), body, 200 if error is None else 422)


def _secret_of(database: Database, person: str) -> str | None:
    """Return a second factor that is not confirmed yet, so that it can be shown again."""
    asked = select(persons.c.totp_secret).where(
        persons.c.id == person, persons.c.totp_confirmed_at.is_(None)
    )
    with database.reading() as connection:
        return connection.execute(asked).scalar()
