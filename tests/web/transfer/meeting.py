"""How the parties of a transfer meet: a project is listed, gets a shortlist, and asks a site."""

from dataclasses import replace

from tests.exchange.listings.offers import SITE, list_published
from tests.web.transfer.people import API, ZONE, Actors
from yanzhen.store.people.viewer import Viewer
from yanzhen.web.words import word

SECRET = "SYNTHETIC Secretname"
PROJECT = (
    "name,expires_on,text,industry,origin,confidential,output,output_unit,land,land_unit\n"
    f"{SECRET},2999-12-31,SYNTHETIC,20,320000,yes,2,100 million CNY,60,mu\n"
)
OF_FIRM = {"firm", "boss"}


def site_there(actors: Actors) -> str:
    """A zone of the centre has published its site, by an administrator of its own."""
    zone = actors.viewers["zone"]
    administrator = Viewer(zone.person, zone.organisation, "administrator")
    site = replace(SITE, name="SYNTHETIC park", region="410000")
    return list_published(actors.database, administrator, site)


def project_listed(actors: Actors) -> str:
    """An enterprise of the East lists a project: a file, a review by its administrator."""
    page = actors.go("firm", "/exchange?kind=project")
    target = f"[data-target='{API}/files/project']"
    file = {"name": "projects.csv", "mimeType": "text/csv", "buffer": PROJECT.encode()}
    page.view.set_input_files(target, file)
    page.view.get_by_role("link", name=SECRET).click()
    page.view.wait_for_url("**listing=**")
    listing: str = page.view.url.rpartition("listing=")[2][:32]
    for who, step, state in (("firm", "submit", "in_review"), ("boss", "publish", "published")):
        shown = actors.go(who, f"/exchange?listing={listing}")
        actors.press(who, f"exchange.do.{step}")
        named = word("en", f"exchange.state.{state}")
        shown.view.locator(".facts dd", has_text=named).wait_for()
    # Only an administrator publishes, and a confidential project is its own organisation's.
    assert actors.sends("firm", f"/listings/{listing}/publication", {}).status == 403
    assert actors.who_sees(f"/listings/{listing}") == OF_FIRM
    return listing


def shortlist_made(actors: Actors, listing: str, site: str) -> None:
    """The market is cleared when the enterprise asks for it, and tells it where to go."""
    page = actors.go("firm", "/exchange")
    actors.press("firm", "start.clearing")
    page.view.locator(".notice.good").wait_for()
    page = actors.go("firm", f"/exchange?listing={listing}")
    named = word("en", "exchange.shortlist")
    assert "SYNTHETIC park" in page.view.get_by_role("region", name=named).inner_text()
    assert actors.who_sees(f"/shortlists/{listing}") == OF_FIRM
    # The zone is told that somebody may come, and not who.
    expected = actors.go("zone", f"/exchange?listing={site}")
    assert word("en", "exchange.unnamed") in expected.said(".yz-page")
    assert "Secretname" not in expected.said(".yz-page")
    assert "Secretname" not in actors.asks("zone", f"/prospects/{site}").text()


def introduced(actors: Actors, listing: str) -> str:
    """The enterprise asks the zone, which only then sees who it is, and accepts."""
    page = actors.go("firm", f"/exchange?listing={listing}")
    page.view.get_by_role("link", name=word("en", "exchange.ask"), exact=True).first.click()
    page.view.wait_for_url("**ask=**")
    page.view.wait_for_function("window.did_handshake")
    actors.field("firm", "exchange.text").fill("SYNTHETIC: may we visit?")
    actors.press("firm", "exchange.ask")
    page.view.get_by_role("link", name=f"{SECRET} → SYNTHETIC park").wait_for()
    assert actors.who_sees(f"/listings/{listing}") == {*OF_FIRM, "zone"}
    (asked,) = actors.listed("zone", "/introductions")
    assert actors.who_sees(f"/introductions/{asked['id']}") == {*OF_FIRM, "zone"}
    answering = actors.go("zone", "/exchange")
    assert word("en", "exchange.waiting", count=1) in answering.said(".yz-page")
    assert "SYNTHETIC firm" in answering.said("section.card")
    actors.press("zone", "exchange.give.accepted")
    answering.view.get_by_role("button", name=word("en", "exchange.make_deal")).wait_for()
    assert ZONE in actors.go("firm", "/exchange").said("section.card")
    identity: str = asked["id"]
    return identity
