"""OpenID Connect against a provider that runs beside the tests."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from joserfc.jwk import RSAKey

from tests.api.people import CHEAP, Guarded, guarded
from tests.web.provider import CLIENT, SECRET, LocalProvider, local_provider
from yanzhen.store.people.persons import add_person, persons_of
from yanzhen.web.accounts import Demanded, add_accounts
from yanzhen.web.openid import Provider, WrongSettings, read_provider


@pytest.fixture(scope="module")
def known() -> Iterator[LocalProvider]:
    with local_provider() as provider:
        yield provider


@pytest.fixture(scope="module")
def guard(known: LocalProvider, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Guarded]:
    with guarded(tmp_path_factory.mktemp("openid")) as made:
        settings = Provider(known.issuer, CLIENT, SECRET)
        add_accounts(made.app, made.bench.database, "en", Demanded(settings, CHEAP))
        add_person(made.bench.database, None, made.here, "li@e.org", "Li", "zone")
        yield made


@pytest.fixture
def provider(known: LocalProvider) -> LocalProvider:
    known.claims = {"sub": "7", "email": "li@e.org", "email_verified": True}
    known.signs_with, known.refuses = known.key, ""
    return known


def sent_back(browser: Any, after: str = "/") -> str:
    """Go to the provider and be let in; the path that it sends the browser to."""
    gone = browser.get("/login/openid", params={"after": after})
    assert gone.status_code == 303, gone.text
    answer = httpx.get(gone.headers["location"], trust_env=False)
    assert answer.status_code == 302
    return answer.headers["location"]


def test_an_invited_person_logs_in_and_is_sent_on(guard: Guarded, provider: LocalProvider) -> None:
    browser = guard.browser()
    assert "/login/openid?" in browser.get("/login").text
    answer = browser.get(sent_back(browser, "/zone"))
    assert answer.status_code == 303, answer.text
    assert browser.get(answer.headers["location"]).headers["location"] == "/zone"
    assert browser.get("/api/v1/studies").status_code == 200
    # Known by the identity from now on, whatever the address is.
    provider.claims = {"sub": "7", "email": "other@e.org"}
    again = guard.browser()
    assert again.get(sent_back(again)).status_code == 303


def test_a_lost_cookie_is_explained_with_a_way_to_start_again(
    guard: Guarded, provider: LocalProvider
) -> None:
    browser = guard.browser()
    back = sent_back(browser)
    for lost in (guard.browser(), guard.browser()):
        page = lost.get(back)
        assert page.status_code == 400 and "could not be finished" in page.text
        assert 'href="/login?lang=' in page.text and "Traceback" not in page.text
    # Nor can another's login be put into a browser that began one of its own.
    victim = guard.browser()
    sent_back(victim)
    assert victim.get(back).status_code == 400
    assert browser.get(back).status_code == 303
    assert browser.get(back).status_code == 400


def test_whom_nobody_invited_is_told_so_and_not_made(
    guard: Guarded, provider: LocalProvider
) -> None:
    before = persons_of(guard.bench.database)
    provider.claims = {"sub": "9", "email": "eve@e.org", "email_verified": True}
    browser = guard.browser()
    page = browser.get(sent_back(browser))
    assert page.status_code == 403 and "Nobody here" in page.text
    assert browser.get("/api/v1/studies").status_code == 401
    assert persons_of(guard.bench.database) == before


@pytest.mark.parametrize(
    "claims",
    [
        {"nonce": "another"},
        {"aud": "another"},
        {"iss": "https://evil.example"},
        {"exp": 1000},
        {"azp": "another"},
        {"sub": None},
    ],
    ids=lambda claims: next(iter(claims)),
)
def test_an_id_token_that_says_something_else_is_not_believed(
    guard: Guarded, provider: LocalProvider, claims: dict[str, Any]
) -> None:
    provider.claims |= claims
    browser = guard.browser()
    page = browser.get(sent_back(browser))
    assert page.status_code == 400 and "could not be verified" in page.text
    assert browser.get("/api/v1/studies").status_code == 401


def test_an_id_token_of_another_key_is_not_believed(
    guard: Guarded, provider: LocalProvider
) -> None:
    provider.signs_with = RSAKey.generate_key(2048, parameters={"kid": "1"}, private=True)
    browser = guard.browser()
    page = browser.get(sent_back(browser))
    assert page.status_code == 400 and "could not be verified" in page.text


def test_a_provider_that_refuses_is_quoted_safely(guard: Guarded, provider: LocalProvider) -> None:
    provider.refuses = "access_denied<script>"
    browser = guard.browser()
    page = browser.get(sent_back(browser))
    assert page.status_code == 400 and "access_denied&lt;script&gt;" in page.text


def test_a_provider_that_is_gone_is_said_to_be(
    guard: Guarded, provider: LocalProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone(*_: Any, **__: Any) -> None:
        raise httpx.ConnectError("gone")

    monkeypatch.setattr(httpx.HTTPTransport, "handle_request", gone)
    page = guard.browser().get("/login/openid")
    assert page.status_code == 502 and "does not answer" in page.text


def test_settings_say_everything_that_is_wrong(tmp_path: Path) -> None:
    path = tmp_path / "openid.toml"
    path.write_text('issuer = "https://id.example"\nclient_secret = 3\nrole = "king"\nmore = "x"\n')
    with pytest.raises(WrongSettings) as refused:
        read_provider(path, {})
    for said in ("client_id: missing", "client_secret: a text", "role: one of", "more: not known"):
        assert said in str(refused.value)
    path.write_text('issuer = "https://id.example"\nclient_id = "y"\norganisation = "H"\n')
    read = read_provider(path, {"YANZHEN_OPENID_SECRET": "from outside"})
    assert read.client_secret == "from outside"
    path.write_bytes(path.read_text().encode("utf-8-sig"))
    assert read_provider(path, {"YANZHEN_OPENID_SECRET": "from outside"}) == read
    assert read.newcomers is not None and read.newcomers.role == "analyst"
    with pytest.raises(WrongSettings, match="client_secret: missing"):
        read_provider(path, {})
    with pytest.raises(WrongSettings, match="nowhere"):
        read_provider(tmp_path / "nowhere.toml", {})
