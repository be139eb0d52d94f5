"""Statistics in a browser: a period is published on the page, with its hidden cells marked."""

import pytest

from tests.web.conftest import Opened, Served
from yanzhen.exchange.deals.changing import make_deal
from yanzhen.exchange.deals.deal import NewDeal, NewParty
from yanzhen.exchange.deals.following import Happened
from yanzhen.exchange.statistics.reading import PHRASES
from yanzhen.report.text.words import Lang
from yanzhen.store.database.connection import Database, sqlite_url
from yanzhen.store.people.persons import add_organisation, add_person
from yanzhen.store.people.viewer import Viewer
from yanzhen.web.words import word as web_word

axe = pytest.importorskip("axe_playwright_python.sync_playwright")


def sign_deals(served: Served) -> None:
    """Sign SYNTHETIC deals of an office that no other test knows: six firms, and one alone."""
    assert served.store is not None
    database = Database(sqlite_url(served.store / "store.sqlite"))
    office = add_organisation(database, "SYNTHETIC statistics office")
    person = add_person(database, None, office, "statistics", "", "zone", "correct horse battery")
    viewer = Viewer(person, office, "zone")
    for number in range(7):
        firm = add_organisation(database, f"SYNTHETIC counted firm {number}")
        parties = (NewParty(office, "operator"), NewParty(firm, "enterprise"))
        region, amount = ("410000", 10**10) if number < 6 else ("520000", 4 * 10**10)
        for industry in ("06", "13"):
            said = ("SYNTHETIC", "direct", industry, "110000", region)
            signed = (Happened("signed", "2025-03-01", amount),)
            make_deal(database, viewer, NewDeal(*said, parties, signed))
    database.close()


@pytest.mark.parametrize("lang", ["en"])
def test_a_period_is_published_with_its_hidden_cells(opened: Opened, lang: Lang) -> None:
    sign_deals(opened.served)
    opened.go(f"/statistics?study={opened.served.study}&lang={lang}")
    opened.view.get_by_text(web_word(lang, "statistics.none")).wait_for()
    opened.view.get_by_text(web_word(lang, "statistics.publish"), exact=True).click()
    period = opened.view.get_by_label(web_word(lang, "statistics.which_period"))
    press = opened.view.get_by_role("button", name=web_word(lang, "statistics.publish_it"))
    opened.view.get_by_text(web_word(lang, "statistics.is_synthetic")).click()

    # What cannot be published is said where it was tried.
    period.fill("2200")
    press.click()
    opened.view.locator(".notice.bad", has_text="not over").wait_for()
    period.fill("2025")
    press.click()
    opened.view.wait_for_url("**period=2025**")
    opened.settle()
    opened.view.locator(".notice", has_text=web_word(lang, "statistics.synthetic")).wait_for()
    hidden = opened.view.locator("td.withheld").first
    assert hidden.inner_text() == PHRASES.word(lang, "hidden")
    assert hidden.get_attribute("title") == web_word(lang, "statistics.why_hidden")
    table = opened.view.locator("section.card table").first.inner_text()
    assert "SYNTHETIC region 3" in table
    assert "SYNTHETIC counted firm" not in opened.said("body")
    opened.view.locator(".notice.good").wait_for()
    file = opened.view.locator("a[download][href*='form=csv']").first.get_attribute("href")
    assert file is not None
    assert PHRASES.word(lang, "hidden") in opened.served.page(file)[1]
    found = axe.Axe().run(opened.view, options={"resultTypes": ["violations"]})
    assert found.response["violations"] == []
