"""A statement in a browser: found from its agreement, disputed, resolved and signed."""

from typing import Any

import pytest

from tests.api.people import CHEAP, PASSWORD
from tests.exchange.settlement.agreed import cells
from tests.exchange.settlement.example import ROWS, TERMS
from tests.web.conftest import Opened, Served
from yanzhen.exchange.settlement.declaring import declare
from yanzhen.exchange.settlement.registering import NewAgreement, register_agreement
from yanzhen.exchange.settlement.words import PHRASES
from yanzhen.report.text.words import Lang
from yanzhen.store.database.connection import Database, sqlite_url
from yanzhen.store.people.persons import add_organisation, add_person
from yanzhen.store.people.viewer import Viewer
from yanzhen.web.words import word as web_word

ROOT = "/api/v1/exchange/agreements"


def registered(served: Served, reference: str) -> str:
    """Register a SYNTHETIC agreement of the one organisation with itself; what it is, with rows."""
    parties = {"home_organisation": "local", "host_organisation": "local"}
    named = {"reference": reference, "home": "上海市", "host": "合肥市", "start_year": 2024}
    new = {**named, **parties, "terms": TERMS, "synthetic": True}
    own: str = served.post(ROOT, new)["id"]
    served.post(f"{ROOT}/{own}/declared", {"rows": cells(ROWS[:4])})
    return own


@pytest.mark.parametrize("lang", ["zh"])
def test_a_statement_is_issued_disputed_and_signed(opened: Opened, lang: Lang) -> None:
    own = registered(opened.served, f"<b>{lang}</b>")
    here = f"study={opened.served.study}&lang={lang}"
    opened.go(f"/statements?{here}&agreement={own}")
    opened.view.wait_for_function("window.did_handshake")
    assert "合成数据（SYNTHETIC）" in opened.view.locator(".notice.synthetic").last.inner_text()
    button(opened, web_word(lang, "statements.issue")).click()
    opened.view.wait_for_url("**statement=1**")

    def act(key: str, state: str) -> None:
        opened.view.wait_for_function("window.did_handshake")
        button(opened, web_word(lang, f"statements.do.{key}", party="上海市")).click()
        said = PHRASES.word(lang, f"state.{state}")
        opened.view.locator(".notice[role=status]", has_text=said).wait_for()

    # Without a reason a dispute is refused, and said where it was tried.
    opened.view.wait_for_function("window.did_handshake")
    button(opened, web_word(lang, "statements.do.dispute", party="上海市")).click()
    refused = PHRASES.word(lang, "refused.no_reason")
    opened.view.locator(".notice.bad", has_text=refused).wait_for()
    reason = web_word(lang, "statements.reason", party="上海市")
    opened.view.get_by_label(reason, exact=True).fill("SYNTHETIC <script>1</script>")
    act("dispute", "disputed")
    opened.view.get_by_text("SYNTHETIC <script>1</script>").first.wait_for()
    opened.view.wait_for_function("window.did_handshake")
    opened.view.get_by_label(reason, exact=True).fill("SYNTHETIC")
    act("resolve", "issued")
    act("sign", "issued")
    signed = opened.served.json(f"{ROOT}/{own}/statements/1")
    assert [each["act"] for each in signed["signatures"]] == ["dispute", "resolve", "sign"]


def registered_by_another(served: Served, login: str) -> str:
    """Register a SYNTHETIC agreement as another organisation, its home, which declares a row."""
    assert served.store is not None
    database = Database(sqlite_url(served.store / "store.sqlite"))
    other = add_organisation(database, f"SYNTHETIC {login}")
    person = add_person(database, None, other, login, "", "planner", PASSWORD, CHEAP)
    named = (f"SYNTHETIC {login}", "上海市", "合肥市", other, "local", None, 2024, TERMS, True)
    viewer = Viewer(person, other, "planner")
    made = register_agreement(database, viewer, NewAgreement(*named))
    declare(database, viewer, made.id, cells(ROWS[:1]))
    database.close()
    return made.id


@pytest.mark.parametrize(("key", "standing"), [("accept", "accepted"), ("decline", "declined")])
def test_an_agreement_is_accepted_or_declined_by_a_button(
    opened: Opened, key: str, standing: str
) -> None:
    """Registered by another organisation: nothing is issued before one's own has accepted."""
    own = registered_by_another(opened.served, key)
    opened.go(f"/statements?study={opened.served.study}&lang=zh&agreement={own}")
    opened.view.wait_for_function("window.did_handshake")
    assert button(opened, web_word("zh", "statements.issue")).count() == 0
    button(opened, web_word("zh", f"statements.do.{key}", party="合肥市")).click()
    said = web_word("zh", f"statements.acceptance.{standing}")
    opened.view.locator(".notice[role=status]", has_text=said).wait_for()
    assert opened.served.json(f"{ROOT}/{own}")["state"] == standing
    issuing = button(opened, web_word("zh", "statements.issue")).count()
    assert issuing == (standing == "accepted")


def test_where_parties_differ_is_listed_until_one_withdraws(opened: Opened) -> None:
    own = registered_by_another(opened.served, "differs")
    row = cells(ROWS[:1])[0] | {"value_added_tax": "5"}
    opened.served.post(f"{ROOT}/{own}/declared", {"rows": [row]})
    opened.go(f"/statements?study={opened.served.study}&lang=zh&agreement={own}")
    opened.view.wait_for_function("window.did_handshake")
    table = opened.view.get_by_role("region", name=web_word("zh", "statements.differences"))
    assert "1200000.37（迁出地，第 1 行）" in table.inner_text()
    assert "5（迁入地，第 2 行）" in table.inner_text()
    opened.view.get_by_text(web_word("zh", "statements.withdraw"), exact=True).first.click()
    button(opened, web_word("zh", "statements.withdraw_it")).click()
    table.wait_for(state="detached")
    assert opened.served.json(f"{ROOT}/{own}/declared")[1]["replaced"] is True


def button(opened: Opened, name: str) -> Any:
    return opened.view.get_by_role("button", name=name, exact=True)
