"""Where accounts are demanded, in a browser: logging in with a second factor, seeing the own."""

import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pyotp
import pytest

from tests.conftest import CHROMIUM
from tests.made_store import made_store
from tests.web.conftest import Opened, Served, serving
from yanzhen.report.text.words import Lang
from yanzhen.store.people.api_tokens import make_token
from yanzhen.store.people.opening import open_store
from yanzhen.store.people.persons import add_organisation, add_person, disable_person
from yanzhen.store.people.second_factor import confirm_factor, new_factor
from yanzhen.store.people.viewer import Viewer
from yanzhen.web.words import word as web_word

axe = pytest.importorskip("axe_playwright_python.sync_playwright")
PASSWORD = "correct horse battery"


@dataclass(frozen=True)
class Demanding:
    """A workbench that demands accounts, with a study of each of two organisations."""

    served: Served
    database: Any
    ada: Viewer
    totp: pyotp.TOTP
    own: str
    other: str


def archive(title: str) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as made:
        made.writestr("study.toml", f'title_zh = "{title}"\ntitle_en = "{title}"\n')
    return content.getvalue()


def uploaded(address: str, token: str, name: str) -> str:
    answer = httpx.post(
        f"{address}/api/v1/studies",
        files={"file": (f"{name}.zip", archive(name))},
        headers={"Authorization": f"Bearer {token}"},
        timeout=600,
        trust_env=False,
    )
    assert answer.status_code == 201, answer.text
    key: str = answer.json()["study"]
    return key


@pytest.fixture(scope="module")
def demanding(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demanding]:
    if not CHROMIUM.exists():
        pytest.skip(f"no browser at {CHROMIUM}")
    folder = tmp_path_factory.mktemp("demanding")
    given = made_store(folder)
    url = f"sqlite:///{folder / 'people.sqlite'}"
    database = open_store(url)
    people = []
    for name in ("ada", "quince"):
        organisation = add_organisation(database, name)
        person = add_person(database, None, organisation, name, "", "administrator", PASSWORD)
        people.append(Viewer(person, organisation, "administrator"))
    earlier = datetime.now(UTC) - timedelta(minutes=10)
    secret = new_factor(database, people[0])
    confirm_factor(database, people[0], pyotp.TOTP(secret).at(earlier), earlier)
    tokens = [make_token(database, viewer, "upload", ["read", "write"]) for viewer in people]
    more = ("--accounts", "--database", url)
    with serving(given.study, given.store, *more) as (address, process):
        keys = [
            uploaded(address, token, name)
            for token, name in zip(tokens, ("own", "other"), strict=True)
        ]
        totp = pyotp.TOTP(secret)
        served = Served(address, process, keys[0])
        yield Demanding(served, database, people[0], totp, *keys)
    database.close()


def readable_by_everyone(page: Opened, dark: bool) -> None:
    page.view.emulate_media(color_scheme="dark" if dark else "light", reduced_motion="reduce")
    page.view.reload()
    found = axe.Axe().run(page.view, options={"resultTypes": ["violations"]}).response["violations"]
    assert [(each["id"], each["nodes"][0]["html"][:200]) for each in found] == []
    page.view.set_viewport_size({"width": 375, "height": 800})
    page.view.wait_for_function("document.documentElement.scrollWidth <= innerWidth")
    page.view.set_viewport_size({"width": 1280, "height": 900})


@pytest.mark.parametrize("lang", ["en"])
def test_a_person_with_a_second_factor_sees_the_own_study_and_not_the_others(
    browser: Any, demanding: Demanding, lang: Lang
) -> None:
    # Each page has cookies of its own.
    page = Opened(browser, demanding.served)
    page.go(f"/data?study={demanding.own}&lang={lang}")
    assert page.said("h1") == web_word(lang, "login.title")
    readable_by_everyone(page, dark=False)
    page.view.get_by_label(web_word(lang, "login.login")).fill("ada")
    page.view.get_by_label(web_word(lang, "login.password")).fill(PASSWORD)
    page.view.keyboard.press("Enter")
    page.view.wait_for_url("**/login/second?**")
    readable_by_everyone(page, dark=True)
    code = demanding.totp.at(datetime.now(UTC))
    page.view.get_by_label(web_word(lang, "login.code")).fill(code)
    page.view.keyboard.press("Enter")
    page.view.wait_for_url(f"**/data?study={demanding.own}**")
    page.view.wait_for_selector("h1")
    assert "own" in page.view.locator(".study-choice input").input_value()
    assert page.view.get_by_role("link", name="ada").count() == 1
    page.view.goto(f"{demanding.served.address}/data?study={demanding.other}&lang={lang}")
    page.view.wait_for_selector(".notice.bad")
    told = page.said(".notice.bad")
    page.view.goto(f"{demanding.served.address}/data?study=never&lang={lang}")
    page.view.wait_for_selector(".notice.bad")
    assert told.replace(demanding.other, "never") == page.said(".notice.bad")
    for path, title, dark in (
        ("/account", "account.title", True),
        ("/people", "people.title", False),
        ("/people/changes", "changes.title", True),
    ):
        page.go(f"{path}?lang={lang}")
        assert page.said("h1") == web_word(lang, title)
        readable_by_everyone(page, dark)
        assert "quince" not in page.said("main")
    page.go(f"/account?lang={lang}")
    page.view.get_by_role("button", name=web_word(lang, "account.log_out"), exact=True).click()
    page.view.wait_for_url("**/login?**")
    page.go(f"/?lang={lang}")
    assert page.said("h1") == web_word(lang, "login.title")
    assert page.outside == []
    # The browser itself reports the two pages that are not there.
    assert [said for said in page.complaints if "404" not in said] == []
    page.view.close()


def test_a_page_that_is_open_does_nothing_more_once_its_person_is_disabled(
    browser: Any, demanding: Demanding
) -> None:
    identity = add_person(
        demanding.database, None, demanding.ada.organisation, "bo", "", "planner", PASSWORD
    )
    page = Opened(browser, demanding.served)
    page.go(f"/data?study={demanding.own}&lang=en")
    page.view.get_by_label(web_word("en", "login.login")).fill("bo")
    page.view.get_by_label(web_word("en", "login.password")).fill(PASSWORD)
    page.view.keyboard.press("Enter")
    page.view.wait_for_url(f"**/data?study={demanding.own}**")
    page.view.wait_for_function("window.did_handshake")
    disable_person(demanding.database, demanding.ada, identity)
    page.view.get_by_label(web_word("en", "navigation")).first.click()
    page.view.wait_for_function("!window.socket.connected")
    page.view.reload()
    page.view.wait_for_url("**/login?**")
    page.view.close()
