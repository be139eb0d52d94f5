"""The page of the exchange: what is listed is shown as text, and reviewed where one stands."""

import json
import re
from dataclasses import asdict, replace

from tests.exchange.docking.cleared import identity, listed
from tests.exchange.listings.offers import PROJECT, SITE, list_published
from tests.waiting import wait_until
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


def test_a_listing_is_changed_in_its_form(opened: Opened) -> None:
    """What stood in it stays, what is wrong is said of its field, and a version is made."""
    entered = {**asdict(SITE), "name": "SYNTHETIC formed", "region": "610000", "gates": ["r1"]}
    made = opened.served.post("/api/v1/exchange/listings", entered)["listing"]
    own = f"/exchange?study={opened.served.study}&lang=en&listing={made}"
    opened.go(own)
    opened.view.get_by_role("link", name=word("en", "exchange.edit"), exact=True).click()
    opened.view.wait_for_url("**edit=1*")
    opened.view.wait_for_function("window.did_handshake")
    land = opened.view.get_by_label("land: amount", exact=False)
    assert land.input_value() == "300"
    keep = opened.view.get_by_role("button", name=word("en", "exchange.keep"), exact=True)
    land.fill("a lot")
    keep.click()
    opened.view.locator(".notice.bad").wait_for()
    assert "land" in opened.said(".listing-form table")
    land.fill("250.5")
    opened.view.get_by_label(word("en", "exchange.field.text"), exact=True).fill("<i>new</i>")
    keep.click()
    opened.view.wait_for_selector(".facts")
    found = opened.served.json(f"/api/v1/exchange/listings/{made}")
    assert (found["version"], found["state"]) == (2, "draft")
    before = json.loads(json.dumps(entered))
    before["room"][1]["amount"], before["text"] = 250.5, "<i>new</i>"
    assert found["content"] == before


def test_a_confidential_project_is_entered_in_a_form(opened: Opened) -> None:
    opened.go(f"/exchange?study={opened.served.study}&lang=en&kind=project")
    opened.view.get_by_role("link", name=word("en", "exchange.enter"), exact=True).click()
    opened.view.wait_for_url("**new=project*")
    opened.view.wait_for_function("window.did_handshake")
    name = opened.view.get_by_label(word("en", "exchange.field.name"), exact=True)
    name.fill("SYNTHETIC entered")
    for field, code in (("industry", "SYNTHETIC industry 1"), ("origin", "SYNTHETIC region 1")):
        box = opened.view.get_by_role("combobox", name=word("en", f"exchange.field.{field}"))
        box.fill(code)
        opened.view.get_by_role("option", name=code, exact=True).click()
    opened.view.get_by_label("output: amount", exact=False).fill("2")
    keep = opened.view.get_by_role("button", name=word("en", "exchange.keep"), exact=True)
    keep.click()
    # A unit is not guessed.
    opened.view.locator(".notice.bad").wait_for()
    assert "output_unit" in opened.said(".listing-form table")
    unit = opened.view.get_by_role("combobox", name="output: unit", exact=False)
    unit.click()
    opened.view.get_by_role("option", name="100 million CNY", exact=True).click()
    keep.click()
    opened.view.wait_for_selector(".facts")
    made = opened.view.url.rpartition("listing=")[2][:32]
    content = opened.served.json(f"/api/v1/exchange/listings/{made}")["content"]
    assert content["confidential"] and content["shown"] == ["industry", "needs", "timing"]
    assert content["needs"] == [{"resource": "output", "amount": 2.0, "unit": "100 million CNY"}]
    assert (content["industry"], content["origin"]) == ("06", "110000")


def test_a_fund_says_that_its_grant_equivalent_is_not_stated(opened: Opened) -> None:
    fund = {"kind": "fund", "name": "SYNTHETIC fund", "expires_on": "2999-12-31", "size": 5.0}
    fund |= {"unit": "billion CNY", "status": "synthetic"}
    made = opened.served.post("/api/v1/exchange/listings", fund)["listing"]
    opened.go(f"/exchange?study={opened.served.study}&lang=en&listing={made}")
    assert word("en", "exchange.not_stated") in opened.said(".facts")
    assert word("en", "exchange.synthetic") in opened.said(".notice.synthetic >> nth=-1")


def test_each_side_is_shown_its_own_after_a_clearing(opened: Opened) -> None:
    """A project its shortlist with intervals; a site bands of chance; a left-out one why."""
    assert opened.served.store is not None
    database = Database(sqlite_url(opened.served.store / "store.sqlite"))
    office = add_organisation(database, "SYNTHETIC other office")
    other = Viewer(
        add_person(database, None, office, "other", "", "administrator"), office, "administrator"
    )
    market = listed()
    site, confidential, named = (
        market[identity(kind, number)]
        for kind, number in (("site", 0), ("project", 0), ("project", 1))
    )
    made = list_published(database, LOCAL, replace(site, status="estimated"))
    list_published(database, other, replace(confidential, name="SYNTHETIC Unseen"))
    own = list_published(database, LOCAL, named)
    odd = list_published(database, LOCAL, replace(named, industry="99"))
    database.close()
    job = f"/api/v1/jobs/{opened.served.post('/api/v1/exchange/clearings', {})['job']}"
    wait_until(
        lambda: opened.served.json(job)["state"] in ("done", "failed"),
        lambda: opened.served.json(job)["share"],
    )
    page = f"/exchange?study={opened.served.study}&lang=en"
    opened.go(page)
    assert word("en", "exchange.few_projects") in opened.said(".notice.good")
    assert word("en", "exchange.cleared_synthetic") in opened.said("main, .yz-page")
    opened.go(f"{page}&listing={own}")
    told = opened.said(".yz-page table.plain >> nth=-1")
    first = opened.view.locator("table.plain tbody tr", has_text="SYNTHETIC site 0").first
    assert re.search(r"\[.+, .+\]", first.inner_text()), told
    opened.go(f"{page}&listing={made}")
    bands = opened.view.locator("table.plain", has_text=word("en", "exchange.prospects")).first
    assert re.search(r"(0–1|1–5|5–20|20–50|50–100) %", bands.inner_text())
    assert "Unseen" not in opened.said("body")
    opened.go(f"{page}&listing={odd}")
    assert "industry is none of the study's market" in opened.said(".notice.warn")
