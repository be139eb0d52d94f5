"""The SYNTHETIC exchange in a browser, as the tutorial walks through it: each role sees its own."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from tests.conftest import CHROMIUM
from tests.web.conftest import Opened, Served, serving
from tests.web.on_paper import lacking, publish_statistics, stops
from tests.web.transfer.people import complaints_of, log_in
from yanzhen.cli.app import app
from yanzhen.exchange.settlement.words import PHRASES
from yanzhen.web.words import word

MADE_UP = word("en", "synthetic_exchange")


@pytest.fixture(scope="module")
def demonstrated(browser: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """A page of each role on a small exchange of the demonstration."""
    if not CHROMIUM.exists():
        pytest.skip(f"no browser at {CHROMIUM}")
    folder = tmp_path_factory.mktemp("demonstrated") / "exchange"
    size = ("--zones", "20", "--projects", "120", "--lang", "en")
    ended = CliRunner().invoke(app, ["demo", "exchange", "--out", str(folder), "--json", *size])
    assert ended.exit_code == 0, ended.output
    logins = {each["login"]: each["password"] for each in json.loads(ended.stdout)["logins"]}
    with serving(Path("china-zones"), folder, "--accounts") as (address, process):
        served = Served(address, process, "china-zones", folder)
        pages = {}
        for login, password in logins.items():
            pages[login] = Opened(browser.new_context(), served)
            log_in(pages[login], login, password)
        yield pages
        assert complaints_of(pages) == []


def opened(pages: Any, who: str, path: str) -> Opened:
    page: Opened = pages[who]
    page.go(f"{path}{'&' if '?' in path else '?'}lang=en")
    page.view.wait_for_function("window.did_handshake")
    return page


def found(page: Opened, path: str) -> Any:
    answer = page.view.request.get(f"{page.served.address}/api/v1/exchange{path}")
    assert answer.status == 200, answer.text()
    return answer.json()


def button(page: Opened, key: str, **values: object) -> Any:
    return page.view.get_by_role("button", name=word("en", key, **values), exact=True)


def test_every_page_says_to_everybody_that_it_is_made_up(demonstrated: Any) -> None:
    for who in demonstrated:
        for path in ("/", "/exchange", "/deals", "/statements"):
            assert MADE_UP in opened(demonstrated, who, path).said(".notice.synthetic"), who


def test_the_enterprise_has_projects_in_every_state_and_a_shortlist(demonstrated: Any) -> None:
    page = opened(demonstrated, "enterprise", "/exchange?mine=1")
    listed = found(page, "/listings?mine=true&limit=100")["items"]
    states = [each["state"] for each in listed]
    assert sorted(states) == ["draft", "in_review", *["published"] * 8]
    assert page.view.get_by_role("button", name=word("en", "exchange.make_deal")).count() >= 1
    project = next(each["id"] for each in listed if each["state"] == "published")
    opened(demonstrated, "enterprise", f"/exchange?listing={project}")
    shortlist = page.view.get_by_role("region", name=word("en", "exchange.shortlist"))
    assert shortlist.locator("tbody tr").count() == 20
    assert page.view.get_by_role("link", name=word("en", "exchange.ask"), exact=True).count() >= 19
    # Whoever may publish is the administrator of the same organisation.
    reviewed = next(each["id"] for each in listed if each["state"] == "in_review")
    for who, count in (("enterprise", 0), ("administrator", 1)):
        there = opened(demonstrated, who, f"/exchange?listing={reviewed}")
        assert button(there, "exchange.do.publish").count() == count, who


def test_the_zone_sees_who_may_come_and_who_asked(demonstrated: Any) -> None:
    page = opened(demonstrated, "zone", "/exchange")
    waiting = word("en", "exchange.waiting", count="").rstrip()
    assert waiting in page.said(".yz-page")
    assert button(page, "exchange.give.accepted").count() >= 1
    (site,) = found(page, "/listings?mine=true")["items"]
    opened(demonstrated, "zone", f"/exchange?listing={site['id']}")
    assert word("en", "exchange.prospects") in page.said(".yz-page")


def test_the_office_has_a_statement_disputed_one_corrected_and_one_to_sign(
    demonstrated: Any,
) -> None:
    page = opened(demonstrated, "planner", "/statements")
    agreements = found(page, "/agreements")
    agreements = agreements["items"] if isinstance(agreements, dict) else agreements
    assert sorted(each["state"] for each in agreements) == ["accepted"] * 3 + ["registered"]
    said = page.said(".yz-page")
    for state in ("disputed", "final", "issued"):
        assert PHRASES.word("en", f"state.{state}") in said
    for who, may in (("planner", True), ("analyst", False), ("auditor", False)):
        there = opened(demonstrated, who, "/statements")
        registers = there.view.get_by_text(word("en", "statements.register"), exact=True).count()
        assert bool(registers) == may, who


def test_the_fund_has_an_agreement_to_accept_and_takes_part_in_deals(demonstrated: Any) -> None:
    page = opened(demonstrated, "fund", "/statements")
    agreements = found(page, "/agreements")
    agreements = agreements["items"] if isinstance(agreements, dict) else agreements
    (waits,) = (each["id"] for each in agreements if each["state"] == "registered")
    opened(demonstrated, "fund", f"/statements?agreement={waits}")
    accept = word("en", "statements.do.accept", party="SYNTHETIC transfer fund")
    assert page.view.get_by_role("button", name=accept, exact=True).count() == 1
    assert len(found(page, "/deals?limit=100")["items"]) >= 5


def test_the_auditor_reads_the_changes(demonstrated: Any) -> None:
    page: Opened = demonstrated["auditor"]
    page.go("/people/changes?lang=en")
    assert page.said("h1") == word("en", "changes.title")
    # On a page of forms the names say it.
    assert "SYNTHETIC" in page.said("main")


def test_what_the_pages_hold_is_on_paper(demonstrated: Any) -> None:
    administrator: Opened = demonstrated["administrator"]
    publish_statistics(administrator.view, administrator.served.address)
    as_of = word("zh", "as_of", at="20")
    made_up = word("zh", "synthetic_exchange")
    lacks = {}
    for stop in stops(lambda who, path: found(demonstrated[who], path)):
        page: Opened = demonstrated[stop.who]
        page.go(f"{stop.path}{'&' if '?' in stop.path else '?'}lang=zh")
        is_form = page.view.locator("body.plain").count()
        beside = (as_of, "SYNTHETIC" if is_form else made_up)
        if told := lacking(page.view, beside):
            lacks[stop.key] = told
    assert lacks == {}


def test_a_table_that_is_broader_than_paper_is_told(demonstrated: Any) -> None:
    page = opened(demonstrated, "auditor", "/exchange")
    page.view.add_style_tag(content="@media print { table.plain td { min-width: 30rem } }")
    told = lacking(page.view)
    assert any(each.startswith("cut: div.scroll") for each in told)
