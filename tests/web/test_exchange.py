"""The page of the exchange: what is listed is shown as text, and reviewed where one stands."""

from dataclasses import asdict

from tests.exchange.listings.offers import PROJECT, SITE, list_published
from tests.web.conftest import Opened
from yanzhen.exchange.docking.introductions import answer_introduction, ask_introduction
from yanzhen.store.database.connection import Database, sqlite_url
from yanzhen.store.people.persons import add_organisation, add_person
from yanzhen.store.people.viewer import LOCAL, Viewer
from yanzhen.web.words import word


def test_a_listing_is_found_submitted_and_published_on_its_page(opened: Opened) -> None:
    name = "SYNTHETIC <b>marked</b> park"
    entered = {**asdict(SITE), "name": name, "region": "340000"}
    made = opened.served.post("/api/v1/exchange/listings", entered)["listing"]
    own = f"study={opened.served.study}&lang=en"
    opened.go(f"/exchange?{own}&kind=site&holding=marked")
    (row,) = opened.view.locator("main table tbody tr, .yz-page table tbody tr").all()
    assert name in row.inner_text() and word("en", "exchange.state.draft") in row.inner_text()
    opened.go(f"/exchange?{own}&listing={made}")
    assert name in opened.view.locator(".yz-page h2").first.inner_text()
    for step, state in (("submit", "in_review"), ("publish", "published")):
        said = word("en", f"exchange.do.{step}")
        opened.view.get_by_role("button", name=said, exact=True).click()
        shown = opened.view.locator(".facts dd", has_text=word("en", f"exchange.state.{state}"))
        shown.wait_for()
    found = opened.served.json(f"/api/v1/exchange/listings/{made}")
    assert (found["state"], found["published"]) == ("published", 1)


def test_an_accepted_introduction_leads_to_its_deal(opened: Opened) -> None:
    assert opened.served.store is not None
    database = Database(sqlite_url(opened.served.store / "store.sqlite"))
    office = add_organisation(database, "SYNTHETIC zone office")
    person = add_person(database, None, office, "zone", "", "administrator")
    zone = Viewer(person, office, "administrator")
    listed = list_published(database, LOCAL, PROJECT), list_published(database, zone, SITE)
    asked = ask_introduction(database, LOCAL, *listed, "SYNTHETIC")
    answer_introduction(database, zone, asked, "accepted", "")
    database.close()
    page = f"/exchange?study={opened.served.study}&lang=en"
    opened.go(page)
    opened.view.wait_for_function("window.did_handshake")
    make = word("en", "exchange.make_deal")
    opened.view.get_by_role("button", name=make, exact=True).click()
    opened.view.wait_for_url("**/deals?**deal=*")
    opened.view.wait_for_selector("h2.part")
    assert f"{PROJECT.name} → {SITE.name}" in opened.said("h2.part")
    deal = opened.view.url.rpartition("deal=")[2][:32]
    assert opened.served.json(f"/api/v1/exchange/deals/{deal}")["introduction"] == asked
    opened.go(page)
    assert opened.view.get_by_role("button", name=make, exact=True).count() == 0
    link = opened.view.get_by_role("link", name=word("en", "exchange.to_deal"), exact=True)
    assert deal in (link.get_attribute("href") or "")
