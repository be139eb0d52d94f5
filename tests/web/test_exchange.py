"""The page of the exchange: what is listed is shown as text, and reviewed where one stands."""

from dataclasses import asdict

from tests.exchange.listings.offers import SITE
from tests.web.conftest import Opened
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
