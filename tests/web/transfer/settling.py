"""How a transfer is settled: registered, accepted, declared, issued, signed and corrected."""

from tests.web.transfer.people import API, COUNTY, DISTRICT, FUND, Actors
from yanzhen.exchange.settlement.shown import period_said
from yanzhen.exchange.settlement.words import PHRASES
from yanzhen.web.words import word

HEAD = "project,year,quarter,value_added_tax,enterprise_income_tax\n"
PAID = f"{HEAD}SYNTHETIC-1,2026,1,1000.00,400.00\n"
CORRECTED = f"{HEAD}SYNTHETIC-1,2026,1,1100.00,400.00\nSYNTHETIC-1,2026,2,1200.00,500.00\n"
SEE = {"county", "district", "auditor", "fund"}
NAMED = {"county": COUNTY, "district": DISTRICT, "fund": FUND}


def agreement_accepted(actors: Actors) -> str:
    """The district registers the agreement of the signed deal; county and fund accept it."""
    page = actors.go("district", "/statements")
    actors.unfold("district", "statements.register")
    actors.field("district", "statements.start_year").fill("2026")
    page.view.get_by_text(word("en", "statements.is_synthetic"), exact=True).click()
    actors.press("district", "statements.register_it")
    page.view.wait_for_url("**agreement=**")
    agreement: str = page.view.url.rpartition("agreement=")[2][:32]
    assert actors.who_sees(f"/agreements/{agreement}") == SEE
    for who in ("county", "fund"):
        answering = actors.go(who, f"/statements?agreement={agreement}")
        assert actors.button(who, "statements.issue").count() == 0
        actors.press(who, "statements.do.accept", party=NAMED[who])
        answering.view.get_by_text(word("en", "statements.answered.accept")).nth(
            1 if who == "county" else 2
        ).wait_for()
    assert actors.told("fund", f"/agreements/{agreement}")["state"] == "accepted"
    return agreement


def statement_signed(actors: Actors, agreement: str) -> None:
    """The county declares what was paid; the first quarter is issued, and each signs for itself."""
    declared(actors, agreement, PAID)
    issued(actors, agreement, "2026Q1", 1)
    first = f"/agreements/{agreement}/statements/1"
    assert actors.who_sees(first) == SEE
    # Whoever signs for another is refused, and it is recorded.
    refused = actors.sends("fund", f"{first}/signatures", {"party": "home", "act": "sign"})
    assert refused.status == 403
    assert actors.told("fund", first)["signatures"] == []
    signed(actors, agreement, 1)


def statement_corrected(actors: Actors, agreement: str) -> None:
    """The first quarter is declared anew: its statement stays, the next one corrects it."""
    before = actors.told("district", f"/agreements/{agreement}/statements/1")
    declared(actors, agreement, CORRECTED)
    issued(actors, agreement, "2026Q2", 2)
    page = actors.pages["district"]
    assert PHRASES.word("en", "table.corrections.title") in page.said(".yz-page")
    signed(actors, agreement, 2)
    assert actors.told("district", f"/agreements/{agreement}/statements/1") == before
    file = f"/agreements/{agreement}/statements/2/file?form=json"
    corrections = actors.told("fund", file)["corrections"]
    assert {each[0] for each in corrections} == {"2026Q1"}
    share = next(each for each in corrections if each[2] == "share_home")
    # 100 yuan more of value-added tax: half of it local, 45 of a hundred of that the home's.
    assert share[4] - share[3] == 22_50


def declared(actors: Actors, agreement: str, rows: str) -> None:
    """The county sends a table on the page of the agreement."""
    page = actors.go("county", f"/statements?agreement={agreement}")
    target = f"[data-target='{API}/agreements/{agreement}/declared/files']"
    file = {"name": "paid.csv", "mimeType": "text/csv", "buffer": rows.encode()}
    before = len(actors.listed("county", f"/agreements/{agreement}/declared"))
    page.view.set_input_files(target, file)
    count = before + rows.count("\n") - 1
    replaced = count - (rows.count("\n") - 1)
    said = word("en", "statements.rows_declared", count=count - replaced, replaced=replaced)
    page.view.get_by_text(said).first.wait_for()


def issued(actors: Actors, agreement: str, period: str, number: int) -> None:
    """The district issues the statement of a period."""
    page = actors.go("district", f"/statements?agreement={agreement}")
    actors.choose("district", "statements.next_period", period_said(period, "en"))
    actors.press("district", "statements.issue")
    page.view.wait_for_url(f"**statement={number}**")
    page.view.wait_for_selector("h2.part")


def signed(actors: Actors, agreement: str, number: int) -> None:
    """District, county and fund sign, each on its own page; with the last it is final."""
    for who in ("district", "county", "fund"):
        page = actors.go(who, f"/statements?agreement={agreement}&statement={number}")
        actors.press(who, "statements.do.sign", party=NAMED[who])
        state = "final" if who == "fund" else "issued"
        page.view.locator(
            f"button:has-text('{word('en', 'statements.do.sign', party=NAMED[who])}')"
        ).wait_for(state="detached")
        said = PHRASES.word("en", f"state.{state}")
        page.view.locator(".notice[role=status]", has_text=said).wait_for()
