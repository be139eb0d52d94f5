"""The people of an organisation, and what was changed in it by whom."""

import json
from collections.abc import Callable
from html import escape

from fastapi import FastAPI, Request
from fastapi.responses import Response
from starlette.concurrency import run_in_threadpool

from yanzhen.api.permission import require
from yanzhen.report.text.words import Lang
from yanzhen.store.database.connection import Database
from yanzhen.store.ownership.changes import changes_of
from yanzhen.store.people.passwords import STANDARD, Passwords, new_password
from yanzhen.store.people.permissions import permitted
from yanzhen.store.people.persons import (
    ROLES,
    Person,
    add_person,
    change_role,
    disable_person,
    drop_second_factor,
    enable_person,
    persons_of,
    set_password,
)
from yanzhen.store.people.refusals import PeopleError
from yanzhen.store.people.viewer import Viewer
from yanzhen.web.plain import (
    FormRequest,
    choice,
    day_of,
    field,
    form,
    good,
    said_of,
    status_of,
    table,
)

AT_ONCE = 100
DONE: dict[str, Callable[[Database, Viewer, str], None]] = {
    "disable": disable_person,
    "enable": enable_person,
    "second": drop_second_factor,
}


# Kept whole: a list of routes, none of them over thirty lines.
def add_people_pages(
    app: FastAPI, database: Database, lang: Lang, passwords: Passwords = STANDARD
) -> None:
    """Add the pages of the people and of what was changed."""

    @app.get("/people", include_in_schema=False)
    async def shown(request: Request) -> Response:
        asked = FormRequest(request, lang)
        asked.logged_in()
        require("read", "people")
        told = good(asked.word("account.done")) if request.query_params.get("done") else ""
        return await run_in_threadpool(_page, asked, database, told)

    @app.post("/people", include_in_schema=False)
    async def add(request: Request) -> Response:
        asked = FormRequest(request, lang)
        entered, viewer = await asked.form(), asked.logged_in().viewer
        require("make", "people")
        password = new_password() if entered.get("way") != "openid" else None
        login = str(entered.get("login", ""))
        try:
            await run_in_threadpool(
                add_person,
                database,
                viewer,
                viewer.organisation,
                login,
                str(entered.get("name", "")),
                str(entered.get("role", "")),
                password,
                passwords,
            )
        except PeopleError as error:
            return await run_in_threadpool(
                _page, asked, database, said_of(error, asked.lang), status_of(error)
            )
        if password is None:
            return asked.go("/people", done="1")
        return await run_in_threadpool(_page, asked, database, _given(asked, login, password))

    @app.post("/people/change", include_in_schema=False)
    async def change(request: Request) -> Response:
        asked = FormRequest(request, lang)
        entered, viewer = await asked.form(), asked.logged_in().viewer
        require("change", "people")
        person, what = str(entered.get("person", "")), str(entered.get("what", ""))
        told = ""
        try:
            if what == "role":
                role = str(entered.get("role", ""))
                await run_in_threadpool(change_role, database, viewer, person, role)
            elif what == "password":
                made = new_password()
                await run_in_threadpool(set_password, database, viewer, person, made, passwords)
                told = _given(asked, str(entered.get("login", "")), made)
            elif what in DONE:
                await run_in_threadpool(DONE[what], database, viewer, person)
        except PeopleError as error:
            return await run_in_threadpool(
                _page, asked, database, said_of(error, asked.lang), status_of(error)
            )
        if told:
            return await run_in_threadpool(_page, asked, database, told)
        return asked.go("/people", done="1")

    @app.get("/people/changes", include_in_schema=False)
    async def changes(request: Request) -> Response:
        asked = FormRequest(request, lang)
        viewer = asked.logged_in().viewer
        require("read", "audit")
        before = request.query_params.get("before", "")[:64]
        found = await run_in_threadpool(changes_of, database, viewer, before, AT_ONCE)
        lines = [
            [
                day_of(each["at"]),
                escape(each["name"] or asked.word("changes.operator")),
                escape(f"{each['action']} · {each['resource']}"),
                _long(each["subject"]),
                _long(json.dumps(each["change"], ensure_ascii=False)),
            ]
            for each in found
        ]
        heads = [asked.word(f"changes.{key}") for key in ("at", "who", "what", "subject", "change")]
        body = f'<p class="lead">{escape(asked.word("changes.lead"))}</p>'
        body += table(heads, lines, asked.word("changes.title"))
        if len(found) == AT_ONCE:
            older = escape(asked.url("/people/changes", before=found[-1]["hash"]))
            body += f'<p><a href="{older}">{escape(asked.word("changes.older"))}</a></p>'
        return asked.page(asked.word("changes.title"), body)


def _long(said: str) -> str:
    """A text that a narrow column breaks where it has to: hashes, and what holds them."""
    return f'<span class="long">{escape(said)}</span>'


def _given(asked: FormRequest, login: str, password: str) -> str:
    made = good(asked.word("people.password_made", login=login))
    return f'{made}<p><code class="secret">{escape(password)}</code></p>'


def _page(asked: FormRequest, database: Database, told: str = "", status: int = 200) -> Response:
    viewer = asked.logged_in().viewer
    may = permitted(viewer, "change", "people")
    lines = [
        _line(asked, each, may and each.id != viewer.person)
        for each in persons_of(database, viewer.organisation)
    ]
    heads = [asked.word(f"people.{key}") for key in ("login", "person", "role", "ways", "since")]
    body = f'<p class="lead">{escape(asked.word("people.lead"))}</p>{told}'
    body += table([*heads, *([""] if may else [])], lines, asked.word("people.title"))
    if permitted(viewer, "make", "people"):
        body += _adding(asked)
    return asked.page(asked.word("people.title"), body, status)


def _adding(asked: FormRequest) -> str:
    roles = [(role, asked.word(f"role_name.{role}")) for role in ROLES]
    ways = [(way, asked.word(f"people.way_{way}")) for way in ("password", "openid")]
    fields = (
        field("login", asked.word("people.login"), more='required maxlength="200"')
        + field("name", asked.word("people.person"), more='maxlength="200"')
        + choice("role", asked.word("people.role"), roles)
        + choice("way", asked.word("people.way"), ways)
    )
    made = form(asked, "/people", fields, asked.word("people.add"))
    return (
        f'<section class="card"><h2>{escape(asked.word("people.add_title"))}</h2>{made}</section>'
    )


def _line(asked: FormRequest, person: Person, may_change: bool) -> list[str]:
    ways = [
        asked.word(f"people.has_{key}")
        for key, has in (
            ("password", person.has_password),
            ("second", person.has_second_factor),
        )
        if has
    ]
    shown = [
        escape(person.login),
        escape(person.name),
        escape(asked.word(f"role_name.{person.role}")),
        escape(", ".join(ways) or "–"),
        escape(asked.word("people.disabled")) if person.disabled_at else day_of(person.made_at),
    ]
    return [*shown, _changing(asked, person)] if may_change else [*shown, ""]


def _changing(asked: FormRequest, person: Person) -> str:
    held = {"person": person.id, "login": person.login}
    if person.disabled_at:
        label = asked.word("people.enable")
        return form(asked, "/people/change", "", label, {**held, "what": "enable"})
    roles = [(role, asked.word(f"role_name.{role}")) for role in ROLES]
    label = asked.word("people.role_of", login=person.login)
    chosen = choice("role", label, roles, person.role)
    whats = ["password", *(["second"] if person.has_second_factor else []), "disable"]
    forms = form(
        asked, "/people/change", chosen, asked.word("people.set_role"), {**held, "what": "role"}
    ) + "".join(
        form(asked, "/people/change", "", asked.word(f"people.do_{what}"), {**held, "what": what})
        for what in whats
    )
    more = escape(asked.word("people.change", login=person.login))
    return f"<details><summary>{more}</summary>{forms}</details>"
