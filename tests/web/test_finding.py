"""Search, comparison, the tour, and a view sent on or embedded."""

from typing import Any

import pytest

from tests.study.small import INDUSTRIES, REGIONS, small
from tests.web.conftest import Opened
from yanzhen.report.text.words import Lang
from yanzhen.web.glossary import terms
from yanzhen.web.words import word as web_word


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_what_is_typed_finds_places_industries_and_terms(opened: Opened, lang: Lang) -> None:
    study = opened.served.study
    opened.go(f"/?study={study}&lang={lang}")
    opened.view.get_by_role("searchbox").fill(REGIONS[2])
    opened.view.keyboard.press("Enter")
    opened.view.wait_for_url(f"**q={REGIONS[2]}**")
    name = small().tables["regions"].filter(region=REGIONS[2])[f"name_{lang}"][0]
    opened.view.locator(".hits").get_by_role("link", name=name).click()
    opened.view.wait_for_url(f"**/role?**region={REGIONS[2]}**")
    opened.view.wait_for_selector(".verdict")
    assert name in opened.said(".verdict")
    # From any other page, by the name in the other language.
    industry = small().tables["industries"].filter(industry=INDUSTRIES[0])
    other = "en" if lang == "zh" else "zh"
    opened.view.get_by_role("searchbox").fill(industry[f"name_{other}"][0])
    opened.view.keyboard.press("Enter")
    opened.view.locator(".hits").get_by_role("link", name=industry[f"name_{lang}"][0]).wait_for()
    key, (term, _) = next(iter(terms(lang).items()))
    opened.view.get_by_role("searchbox").fill(term)
    opened.view.keyboard.press("Enter")
    opened.view.locator(".hits").get_by_role("link", name=term).first.click()
    opened.view.wait_for_url(f"**/glossary?**#{key}")
    opened.view.wait_for_selector(f"#{key}:target")


@pytest.mark.parametrize("lang", ["en"])
def test_nothing_found_is_said_with_what_was_typed(opened: Opened, lang: Lang) -> None:
    opened.go(f"/?study={opened.served.study}&lang={lang}&q=<b>zzz</b>")
    assert web_word(lang, "search.nothing", typed="<b>zzz</b>") in opened.said(".notice.note")


@pytest.mark.parametrize("lang", ["en"])
def test_a_peer_is_set_beside_the_others(opened: Opened, lang: Lang) -> None:
    here = ",".join(REGIONS[:2])
    opened.go(f"/compare?study={opened.served.study}&lang={lang}&places={here}")
    table = opened.view.locator(".yz-table").first
    assert table.locator("th").count() == 3
    opened.view.locator(".peers a").first.click()
    opened.view.wait_for_url("**places=*%2C*%2C*")
    opened.view.wait_for_function("document.querySelectorAll('.yz-table th').length === 4")


@pytest.mark.parametrize("lang", ["en"])
def test_the_tour_takes_five_steps_and_can_be_left(opened: Opened, lang: Lang) -> None:
    opened.go(f"/?study={opened.served.study}&lang={lang}")
    opened.view.get_by_role("link", name=web_word(lang, "tour.begin")).click()
    for step in range(1, 6):
        said = web_word(lang, "tour.step", step=step, of=5)
        opened.view.locator(".tour", has_text=said).wait_for()
        if step < 5:
            opened.view.get_by_role("link", name=web_word(lang, "tour.next")).click()
    opened.view.get_by_role("link", name=web_word(lang, "tour.leave")).click()
    opened.view.wait_for_url(lambda url: "tour" not in url)
    opened.view.wait_for_selector("h1")
    assert opened.view.locator(".tour").count() == 0


@pytest.mark.parametrize("lang", ["en"])
def test_a_view_is_copied_and_embedded_without_what_stands_around(
    opened: Opened, lang: Lang
) -> None:
    opened.view.context.grant_permissions(["clipboard-read", "clipboard-write"])
    opened.go(f"/role?study={opened.served.study}&lang={lang}&role=ministry")
    copied = "navigator.clipboard.readText()"
    opened.view.get_by_role("button", name=web_word(lang, "share.link")).click()
    opened.view.get_by_text(web_word(lang, "share.done")).wait_for()
    assert opened.view.evaluate(copied) == opened.view.url
    opened.view.get_by_role("button", name=web_word(lang, "share.embed")).click()
    opened.view.wait_for_function(f"{copied}.then((said) => said.startsWith('<iframe'))")
    inside: Any = opened.view.evaluate(
        f"""async () => {{
            const place = document.createElement('div');
            place.innerHTML = await {copied};
            return place.querySelector('iframe').getAttribute('src');
        }}"""
    )
    policy = "content-security-policy"
    alone = opened.view.request.get(opened.view.url).headers[policy]
    assert "default-src 'self'" in alone and "frame-ancestors 'none'" in alone
    answer = opened.view.goto(inside)
    assert answer is not None and "frame-ancestors" not in answer.headers[policy]
    opened.view.wait_for_selector(".verdict")
    assert opened.view.locator("header, .q-drawer, .reports").count() == 0
