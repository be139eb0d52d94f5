"""Who takes part in a transfer from beginning to end, each in a browser of its own."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.api.people import CHEAP, PASSWORD
from tests.study.small_modes import small_modes_study
from tests.web.conftest import Opened, Served, serving
from yanzhen.store.database.connection import Database, sqlite_url
from yanzhen.store.people.opening import open_store
from yanzhen.store.people.persons import add_organisation, add_person
from yanzhen.store.people.viewer import Role, Viewer
from yanzhen.web.words import word

FIRM, ZONE, COUNTY, DISTRICT, FUND, OTHER = (
    f"SYNTHETIC {name}" for name in ("firm", "zone", "county", "district", "fund", "other firm")
)
PEOPLE: dict[str, tuple[str, Role]] = {
    "firm": (FIRM, "enterprise"),
    "boss": (FIRM, "administrator"),
    "zone": (ZONE, "zone"),
    "county": (COUNTY, "planner"),
    "district": (DISTRICT, "planner"),
    "auditor": (DISTRICT, "auditor"),
    "fund": (FUND, "fund"),
    "stranger": (OTHER, "enterprise"),
}
"""Logins: the organisation and the role of each."""
API = "/api/v1/exchange"


@dataclass
class Actors:
    """Everybody who takes part, logged in.

    Attributes
    ----------
    served, database : the one server and its store
    folder : of the store
    pages : of each person
    viewers : the same as the store knows them
    """

    served: Served
    database: Database
    folder: Path
    pages: dict[str, Opened]
    viewers: dict[str, Viewer]

    def go(self, who: str, path: str) -> Opened:
        """Open a page in English as somebody, when what is pressed there is heard."""
        page = self.pages[who]
        page.go(f"{path}{'&' if '?' in path else '?'}lang=en")
        page.view.wait_for_function("window.did_handshake")
        return page

    def press(self, who: str, key: str, **values: object) -> None:
        """Press the button that bears the words of a key."""
        self.button(who, key, **values).click()

    def button(self, who: str, key: str, **values: object) -> Any:
        name = word("en", key, **values)
        return self.pages[who].view.get_by_role("button", name=name, exact=True).first

    def field(self, who: str, key: str, **values: object) -> Any:
        """The field of a form in sight that bears the words of a key."""
        name = word("en", key, **values)
        return self.pages[who].view.get_by_label(name, exact=True).locator("visible=true").first

    def unfold(self, who: str, key: str) -> None:
        """Open what stands behind the words of a key."""
        self.pages[who].view.get_by_text(word("en", key), exact=True).first.click()

    def choose(self, who: str, key: str, name: str) -> None:
        """Choose an option of a list."""
        self.field(who, key).click()
        self.pages[who].view.get_by_role("option", name=name, exact=True).click()

    def asks(self, who: str, path: str) -> Any:
        """What the API answers somebody's browser."""
        return self.pages[who].view.request.get(f"{self.served.address}{API}{path}")

    def told(self, who: str, path: str) -> Any:
        answer = self.asks(who, path)
        assert answer.status == 200, (who, path, answer.status, answer.text())
        return answer.json()

    def listed(self, who: str, path: str) -> list[Any]:
        """A list of the API, whole or its first page."""
        found = self.told(who, path)
        items: list[Any] = found["items"] if isinstance(found, dict) else found
        return items

    def sends(self, who: str, path: str, said: Any) -> Any:
        """What the API answers to what somebody's page sends; for what no page offers."""
        view = self.pages[who].view
        token = view.locator("meta[name=csrf-token]").get_attribute("content")
        headers = {"X-CSRF-Token": token}
        return view.request.post(f"{self.served.address}{API}{path}", data=said, headers=headers)

    def who_sees(self, path: str) -> set[str]:
        """Who gets something of the API; everybody else is told that it is not there."""
        answers = {who: self.asks(who, path).status for who in PEOPLE}
        assert set(answers.values()) <= {200, 403, 404}, answers
        return {who for who, status in answers.items() if status == 200}

    def who_reads(self, path: str) -> set[str]:
        """Who is shown a page; to everybody else it is one that is not there."""
        answers = {
            who: page.view.request.get(f"{self.served.address}{path}").status
            for who, page in self.pages.items()
        }
        assert set(answers.values()) <= {200, 403, 404}, answers
        return {who for who, status in answers.items() if status == 200}


@contextmanager
def everybody(browser: Any, folder: Path) -> Iterator[Actors]:
    """Serve the small study where accounts are demanded, and log everybody in."""
    study, store = small_modes_study(folder / "small"), folder / "store"
    store.mkdir()
    database = open_store(sqlite_url(store / "store.sqlite"))
    organisations: dict[str, str] = {}
    for name, _ in PEOPLE.values():
        if name not in organisations:
            organisations[name] = add_organisation(database, name)
    viewers = {}
    for login, (name, role) in PEOPLE.items():
        of = organisations[name]
        person = add_person(database, None, of, login, "", role, PASSWORD, CHEAP)
        viewers[login] = Viewer(person, of, role)
    with serving(study, store, "--accounts") as (address, process):
        served = Served(address, process, "", store)
        contexts = {who: browser.new_context() for who in PEOPLE}
        pages = {who: Opened(context, served) for who, context in contexts.items()}
        for who, page in pages.items():
            log_in(page, who, PASSWORD)
        yield Actors(served, database, store, pages, viewers)
        complaints = complaints_of(pages)
        outside = [url for page in pages.values() for url in page.outside]
        for context in contexts.values():
            context.close()
    database.close()
    assert complaints == [] and outside == []


def complaints_of(pages: Mapping[str, Opened]) -> list[str]:
    """What the pages complained of, but that one at which nobody looked for long loaded anew."""
    every = (said for page in pages.values() for said in page.complaints)
    return [said for said in every if not said.startswith("reloading")]


def log_in(page: Opened, login: str, password: str) -> None:
    """Log somebody in whose page it is."""
    page.view.goto(f"{page.served.address}/login?lang=en")
    page.view.get_by_label(word("en", "login.login")).fill(login)
    page.view.get_by_label(word("en", "login.password")).fill(password)
    page.view.keyboard.press("Enter")
    page.view.wait_for_selector(".yz-page h1")
    page.view.wait_for_function("window.did_handshake")
