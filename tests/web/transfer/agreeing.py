"""How a transfer is agreed on: its deal, who joins, the terms, and what happens by day."""

from datetime import UTC, datetime, timedelta

from tests.web.transfer.people import COUNTY, DISTRICT, FUND, PEOPLE, Actors
from yanzhen.exchange.deals.terms import hash_of_terms
from yanzhen.web.words import word

TERMS = f"""title_zh = "SYNTHETIC 共建园区"
title_en = "SYNTHETIC shared park"
tax_kinds = ["value_added_tax", "enterprise_income_tax"]
third_party = "{FUND}"

[[periods]]
years = 5
split = "SPLIT"
"""
FIRST, SIGNED = (TERMS.replace("SPLIT", split) for split in ("50:45:5", "45:45:10"))
SIGNERS = ("firm", "zone", "county", "district", "fund")
HAPPENED = (("signed", "15000"), ("started", ""), ("in_production", ""))


def day(number: int) -> str:
    """A day of the deal, behind that of its first contact, which is today."""
    return (datetime.now(UTC).date() + timedelta(number)).isoformat()


def deal_made(actors: Actors, introduction: str) -> str:
    """The enterprise makes the deal of the introduction, as one of co-construction."""
    page = actors.go("firm", "/exchange")
    actors.choose("firm", "deals.mode", word("en", "deals.modes.coconstruction"))
    actors.press("firm", "exchange.make_deal")
    page.view.wait_for_url("**/deals?**deal=*")
    deal: str = page.view.url.rpartition("deal=")[2][:32]
    assert actors.told("zone", f"/deals/{deal}")["introduction"] == introduction
    assert actors.who_sees(f"/deals/{deal}") == {"firm", "boss", "zone"}
    return deal


def others_join(actors: Actors, deal: str) -> None:
    """The zone brings its county, the firm its home district and a fund: each sees it then."""
    see = {"firm", "boss", "zone"}
    for who, named, capacity, joins in (
        ("zone", COUNTY, "host", {"county"}),
        ("firm", DISTRICT, "home", {"district", "auditor"}),
        ("firm", FUND, "fund", {"fund"}),
    ):
        page = actors.go(who, f"/deals?deal={deal}")
        actors.unfold(who, "deals.add_party")
        actors.field(who, "deals.party_said").fill(named)
        actors.choose(who, "deals.as_what", word("en", f"deals.capacity.{capacity}"))
        actors.press(who, "deals.add_party_it")
        parties = page.view.get_by_role("region", name=word("en", "deals.parties"))
        parties.get_by_text(named, exact=True).wait_for()
        see |= joins
        assert actors.who_sees(f"/deals/{deal}") == see
    assert actors.who_reads(f"/deals?deal={deal}&lang=en") == see
    # Nobody is called so: said in its place, and nobody joins.
    page = actors.go("firm", f"/deals?deal={deal}")
    actors.unfold("firm", "deals.add_party")
    actors.field("firm", "deals.party_said").fill("SYNTHETIC <b>nobody</b>")
    actors.press("firm", "deals.add_party_it")
    page.view.locator(".notice.bad").wait_for()
    assert len(actors.told("firm", f"/deals/{deal}")["parties"]) == 5


def terms_signed(actors: Actors, deal: str) -> None:
    """The district proposes, the county proposes otherwise; all five sign the second version."""
    for number, event in enumerate(("talks", "terms_agreed"), start=1):
        happens(actors, "zone", deal, event, day(number))
    # Nothing is signed before its terms are.
    refused = actors.sends(
        "firm",
        f"/deals/{deal}/transitions",
        {"transitions": [{"event": "signed", "on": day(3)}]},
    )
    assert refused.status == 422
    for who, terms, version in (("district", FIRST, 1), ("county", SIGNED, 2)):
        page = actors.go(who, f"/deals?deal={deal}")
        actors.unfold(who, "deals.propose")
        actors.field(who, "deals.terms_toml").fill(terms)
        actors.press(who, "deals.propose_it")
        actors.button(who, "deals.agree", version=version, party=organisation(who)).wait_for()
    newest = actors.listed("firm", f"/deals/{deal}/terms")[-1]
    assert newest["version"] == 2 and newest["sha256"] == hash_of_terms(newest["terms"])
    # A party that signs for another is refused, and nothing is signed.
    path = f"/deals/{deal}/terms/2/agreements"
    for_another = {"organisation": actors.viewers["county"].organisation}
    said = {**for_another, "sha256": newest["sha256"]}
    assert actors.sends("fund", path, said).status == 403
    for who in SIGNERS:
        page = actors.go(who, f"/deals?deal={deal}")
        actors.press(who, "deals.agree", version=2, party=organisation(who))
        versions = page.view.get_by_role("region", name=word("en", "deals.versions"))
        versions.get_by_text(organisation(who)).last.wait_for()
    signed = actors.listed("district", f"/deals/{deal}/terms")[-1]
    assert signed["signed_at"] is not None and len(signed["agreements"]) == len(SIGNERS)


def produced(actors: Actors, deal: str) -> None:
    """The deal is signed, built and produces, as its parties enter it."""
    for number, (event, amount) in enumerate(HAPPENED, start=3):
        happens(actors, "zone" if event == "started" else "firm", deal, event, day(number), amount)
    found = actors.told("fund", f"/deals/{deal}")
    assert (found["state"], found["state_on"]) == ("in_production", day(5))


# Kept wide: who enters what on the page of which deal, on which day.
def happens(actors: Actors, who: str, deal: str, event: str, on: str, amount: str = "") -> None:
    """Enter what happened on the page of the deal."""
    page = actors.go(who, f"/deals?deal={deal}")
    named = word("en", f"deals.state.{event}")
    actors.choose(who, "deals.event", named)
    actors.field(who, "deals.day").fill(on)
    if amount:
        actors.field(who, "deals.amount").fill(amount)
    actors.press(who, "deals.enter")
    page.view.locator(".facts dd", has_text=f"{named} · {on}").wait_for()


def organisation(who: str) -> str:
    """The name of somebody's organisation."""
    return PEOPLE[who][0]
