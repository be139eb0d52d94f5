"""Logging in by forms: password, second factor, forged forms, the account, the people."""

import re
from collections.abc import Iterator
from typing import Any

import pyotp
import pytest
from fastapi.routing import APIRoute
from fastapi.testclient import TestClient

from tests.api.people import CHEAP, PASSWORD, Guarded, guarded
from yanzhen.api.accounts import COOKIE, CSRF_HEADER
from yanzhen.api.proxies import BehindProxies
from yanzhen.store.people import sessions
from yanzhen.store.people.persons import disable_person, person_with_login
from yanzhen.web.accounts import Demanded, add_accounts
from yanzhen.web.plain import local_path


@pytest.fixture(scope="module")
def guard(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Guarded]:
    with guarded(tmp_path_factory.mktemp("login")) as made:
        add_accounts(made.app, made.bench.database, "en", Demanded(None, CHEAP))
        yield made


def logged_in(guard: Guarded, login: str, **form: str) -> TestClient:
    browser = guard.browser()
    sent = {"login": login, "password": PASSWORD, **form}
    answer = browser.post("/login", data=sent)
    assert answer.status_code == 303, answer.text
    return browser


def csrf_of(browser: TestClient, path: str = "/account") -> str:
    page = browser.get(path)
    assert page.status_code == 200, page.text
    found = re.search('name="csrf" value="([^"]+)"', page.text)
    assert found is not None
    return found[1]


def post(browser: TestClient, path: str, shown_at: str = "/account", **form: Any) -> Any:
    return browser.post(path, data={"csrf": csrf_of(browser, shown_at), **form})


def test_a_person_logs_in_is_sent_on_and_logs_out(guard: Guarded) -> None:
    guard.person("ada", "analyst")
    browser = guard.browser()
    page = browser.get("/login?after=/zone%3Flang%3Dzh&lang=en")
    assert page.status_code == 200 and page.headers["cache-control"] == "no-store"
    assert '<html lang="en">' in page.text and 'value="/zone?lang=zh"' in page.text
    form = {"login": "ada", "password": PASSWORD, "after": "/zone?lang=zh"}
    answer = browser.post("/login", data=form)
    cookie = answer.headers["set-cookie"]
    assert "HttpOnly" in cookie and "SameSite=Lax" in cookie and "Secure" not in cookie
    assert browser.get("/api/v1/studies").status_code == 200
    sent_on = browser.get(answer.headers["location"])
    assert sent_on.headers["location"] == "/zone?lang=zh"
    token = browser.cookies[COOKIE]
    out = post(browser, "/login/out")
    assert out.status_code == 303 and COOKIE not in browser.cookies
    assert out.headers["clear-site-data"] == '"cache"'
    browser.cookies.set(COOKIE, token)
    assert browser.get("/api/v1/studies").status_code == 401


def test_behind_https_the_cookie_is_sent_no_other_way(guard: Guarded) -> None:
    guard.person("https", "analyst")
    browser = TestClient(guard.served, base_url="https://y.example", follow_redirects=False)
    answer = browser.post("/login", data={"login": "https", "password": PASSWORD})
    said = answer.headers["set-cookie"]
    assert said.startswith(f"__Host-{COOKIE}=") and "Path=/;" in said and "Domain" not in said
    assert "Secure" in said and "HttpOnly" in said
    assert browser.get("/account").status_code == 200
    # What a neighbour in the same domain, or an address without TLS, can set counts for nothing.
    token = browser.cookies[f"__Host-{COOKIE}"]
    browser.cookies.clear()
    browser.cookies.set(COOKIE, token)
    assert browser.get("/account").status_code == 303


def test_behind_https_and_a_path_the_cookie_is_that_of_the_path(guard: Guarded) -> None:
    guard.person("path", "analyst")
    app = BehindProxies(guard.served, "/yanzhen")
    browser = TestClient(app, base_url="https://y.example", follow_redirects=False)
    answer = browser.post("/yanzhen/login", data={"login": "path", "password": PASSWORD})
    said = answer.headers["set-cookie"]
    assert said.startswith(f"__Secure-{COOKIE}=") and "Path=/yanzhen;" in said
    assert browser.get("/yanzhen/account").status_code == 200


@pytest.mark.parametrize(
    "said", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:x", "zone"]
)
def test_nobody_is_sent_to_another_site(guard: Guarded, said: str) -> None:
    assert local_path(said) == "/"
    answer = guard.browser().get("/login", params={"after": said})
    assert 'name="after" value="/"' in answer.text


def test_what_was_typed_comes_back_to_nobody(guard: Guarded) -> None:
    page = guard.browser().post("/login", data={"login": "<b>x", "password": "secret words here"})
    assert page.status_code == 422 and "wrong" in page.text
    assert "secret words here" not in page.text and "<b>x" not in page.text


def test_many_attempts_are_told_to_wait(guard: Guarded) -> None:
    guard.person("guessed", "analyst")
    browser = TestClient(guard.served, client=("203.0.113.5", 1), follow_redirects=False)
    for _ in range(7):
        page = browser.post("/login", data={"login": "guessed", "password": "wrong password"})
    assert page.status_code == 429 and int(page.headers["retry-after"]) > 0


def test_a_session_that_was_planted_is_not_the_one_that_counts(guard: Guarded) -> None:
    guard.person("planted", "analyst")
    guard.person("evil", "analyst")
    evil = logged_in(guard, "evil")
    victim = guard.browser()
    victim.cookies.set(COOKIE, evil.cookies[COOKIE])
    answer = victim.post("/login", data={"login": "planted", "password": PASSWORD})
    assert answer.status_code == 303
    assert f"{COOKIE}=" in answer.headers["set-cookie"]
    assert evil.get("/api/v1/studies").status_code == 401


def test_every_form_refuses_what_no_page_of_the_session_sent(guard: Guarded) -> None:
    guard.person("forged", "administrator")
    browser = logged_in(guard, "forged")
    other = logged_in(guard, "forged")
    stolen = csrf_of(other)
    forms = [
        route.path
        for route in guard.app.routes
        if isinstance(route, APIRoute) and "POST" in route.methods
        if route.path.startswith(("/account", "/people", "/login/"))
    ]
    assert len(forms) >= 9
    for path in forms:
        for form in ({}, {"csrf": ""}, {"csrf": stolen}):
            assert browser.post(path, data=form).status_code == 403, path
    assert browser.get("/account").status_code == 200
    file = {"file": ("s.txt", b"no study")}
    for header in ({}, {CSRF_HEADER: stolen}):
        refused = browser.post("/api/v1/studies", files=file, headers=header)
        assert refused.status_code == 403 and CSRF_HEADER in refused.json()["title"]
    own = {CSRF_HEADER: csrf_of(browser)}
    assert browser.post("/api/v1/studies", files=file, headers=own).status_code == 415
    elsewhere = {"Origin": "https://evil.example", **own}
    assert browser.post("/api/v1/studies", files=file, headers=elsewhere).status_code == 403


def test_the_second_factor_is_set_up_asked_for_and_taken_once(guard: Guarded) -> None:
    guard.person("factor", "analyst")
    browser = logged_in(guard, "factor")
    before = browser.cookies[COOKIE]
    shown = post(browser, "/account/second")
    found = re.search('class="secret">([A-Z2-7 ]+)<', shown.text)
    assert found is not None and "<svg" in shown.text
    totp = pyotp.TOTP(found[1].replace(" ", ""))
    assert "wrong" in post(browser, "/account/second/confirm", code="1").text
    confirmed = post(browser, "/account/second/confirm", code=totp.now())
    codes = re.findall("<code>([a-z2-9-]{19})</code>", confirmed.text)
    assert len(codes) == 10 and browser.cookies[COOKIE] != before
    assert browser.get("/api/v1/studies").status_code == 200

    again = logged_in(guard, "factor")
    half = again.cookies[COOKIE]
    for path in ("/api/v1/studies", "/account", "/people"):
        assert again.get(path).status_code in (401, 303), path
    assert again.get("/login").headers["location"].startswith("/login/second")
    csrf = csrf_of(again, "/login/second")
    refused = again.post("/login/second", data={"csrf": csrf, "code": totp.now()})
    assert refused.status_code == 422 and "used before" in refused.text
    given = again.post("/login/second", data={"csrf": csrf, "code": codes[0]})
    assert given.status_code == 303 and again.cookies[COOKIE] != half
    assert again.get("/api/v1/studies").status_code == 200
    old = guard.browser()
    old.cookies.set(COOKIE, half)
    assert old.get("/account").status_code == 303


def test_a_token_is_made_shown_once_and_revoked(guard: Guarded) -> None:
    guard.person("maker", "analyst")
    browser = logged_in(guard, "maker")
    made = post(browser, "/account/tokens", name="mine", scopes=["read"], days="30")
    found = re.search(r'class="secret">(yz_[\w-]+)<', made.text)
    assert found is not None
    header = {"Authorization": f"Bearer {found[1]}"}
    program = TestClient(guard.served, headers=header)
    assert program.get("/api/v1/studies").status_code == 200
    page = browser.get("/account").text
    assert found[1] not in page and "mine" in page
    identity = re.search('name="token" value="([0-9a-f]+)"', page)
    assert identity is not None
    assert post(browser, "/account/tokens/revoke", token=identity[1]).status_code == 303
    assert program.get("/api/v1/studies").status_code == 401
    assert "scopes" in post(browser, "/account/tokens", name="mine", days="30").text


def test_a_password_is_changed_and_other_browsers_are_out(guard: Guarded) -> None:
    guard.person("changer", "analyst")
    browser, other = (logged_in(guard, "changer") for _ in range(2))
    wrong = post(browser, "/account/password", now="wrong password", password="a new one of mine")
    assert wrong.status_code == 422
    assert post(browser, "/account/password", now=PASSWORD, password="short").status_code == 422
    given = {"now": PASSWORD, "password": "a new one of mine"}
    assert post(browser, "/account/password", **given).status_code == 303
    assert browser.get("/account").status_code == 200
    assert other.get("/account").status_code == 303
    post(browser, "/login/out", everywhere="1")
    assert browser.get("/account").status_code == 303


def test_an_administrator_adds_changes_and_disables(guard: Guarded) -> None:
    guard.person("chief", "administrator")
    stranger = guard.person("outsider", "analyst", guard.elsewhere)
    browser = logged_in(guard, "chief")
    made = post(browser, "/people", "/people", login="worker", name="W <b>", role="zone")
    password = re.search('class="secret">([^<]+)<', made.text)
    assert password is not None and "W &lt;b&gt;" in made.text and "outsider" not in made.text
    worker = guard.browser()
    sent = worker.post("/login", data={"login": "worker", "password": password[1]})
    assert sent.status_code == 303 and worker.get("/account").status_code == 200
    assert worker.get("/people").status_code == 403
    assert worker.get("/people/changes").status_code == 403
    person = person_with_login(guard.bench.database, "worker").id
    change = {"person": person, "login": "worker"}
    post(browser, "/people/change", "/people", what="role", role="auditor", **change)
    assert worker.get("/account").status_code == 303
    post(browser, "/people/change", "/people", what="disable", **change)
    assert person_with_login(guard.bench.database, "worker").disabled_at
    post(browser, "/people/change", "/people", what="enable", **change)
    again = post(browser, "/people/change", "/people", what="password", **change)
    assert 'class="secret"' in again.text
    other = {"person": stranger.person, "login": "outsider", "what": "disable"}
    assert "no such person" in post(browser, "/people/change", "/people", **other).text
    assert person_with_login(guard.bench.database, "outsider").disabled_at is None
    told = browser.get("/people/changes?lang=en").text
    assert "worker" in told and "outsider" not in told


def test_an_auditor_reads_people_and_changes_and_changes_nothing(guard: Guarded) -> None:
    guard.person("reader", "auditor")
    browser = logged_in(guard, "reader")
    page = browser.get("/people")
    assert page.status_code == 200 and "/people/change?" not in page.text
    assert browser.get("/people/changes").status_code == 200
    form = {"csrf": csrf_of(browser), "login": "made", "role": "zone"}
    assert browser.post("/people", data=form).status_code == 403


def test_a_page_brings_a_new_token_now_and_then(
    guard: Guarded, monkeypatch: pytest.MonkeyPatch
) -> None:
    guard.person("rotating", "analyst")
    browser = logged_in(guard, "rotating")
    before = browser.cookies[COOKIE]
    assert browser.get("/account").status_code == 200 and browser.cookies[COOKIE] == before
    monkeypatch.setattr(sessions, "ROTATED_AFTER", -sessions.SEEN_EVERY)
    assert browser.get("/api/v1/studies").status_code == 200
    assert browser.cookies[COOKIE] == before
    csrf = csrf_of(browser)
    assert browser.cookies[COOKIE] != before and csrf == csrf_of(browser)


def test_a_person_who_is_disabled_is_out_of_every_page(guard: Guarded) -> None:
    viewer = guard.person("leaver", "analyst")
    browser = logged_in(guard, "leaver")
    disable_person(guard.bench.database, None, viewer.person)
    assert browser.get("/account").status_code == 303
    assert browser.get("/api/v1/studies").status_code == 401


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_page_speaks_both_languages(guard: Guarded, lang: str) -> None:
    login = f"speaker-{lang}"
    guard.person(login, "administrator")
    page = guard.browser().get(f"/login?lang={lang}").text
    assert ("登录" in page) is (lang == "zh")
    browser = logged_in(guard, login)
    for path in ("/account", "/people", "/people/changes"):
        page = browser.get(f"{path}?lang={lang}").text
        assert ("退出" in page or "机构" in page) is (lang == "zh"), path
