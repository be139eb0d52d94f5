"""A statement in a browser: found from its agreement, disputed, resolved and signed."""

from typing import Any

import pytest

from tests.exchange.settlement.agreed import cells
from tests.exchange.settlement.example import ROWS, TERMS
from tests.web.conftest import Opened, Served
from yanzhen.exchange.settlement.words import PHRASES
from yanzhen.report.text.words import Lang
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


def button(opened: Opened, name: str) -> Any:
    return opened.view.get_by_role("button", name=name, exact=True)
