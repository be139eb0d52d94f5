"""Chains, docking and achievements in a browser: each task end to end, in one of the languages."""

import pytest

from tests.study.small import REGIONS, small
from tests.web.conftest import Opened
from yanzhen.report.text.words import Lang, word
from yanzhen.web.words import word as web_word

REGION = small().tables["regions"].filter(region=REGIONS[3])


@pytest.mark.parametrize("lang", ["zh"])
def test_a_chain_is_looked_into_by_industry_and_region(opened: Opened, lang: Lang) -> None:
    study = opened.served.study
    opened.go(f"/chain?study={study}&lang={lang}")
    said = opened.served.json(f"/api/v1/chains/{study}/findings?lang={lang}")
    assert opened.view.locator(".findings").first.locator("li").all_inner_texts() == said
    opened.view.get_by_label(web_word(lang, "chain.region"), exact=True).first.click()
    opened.view.get_by_role("option", name=REGION[f"name_{lang}"][0]).click()
    opened.view.wait_for_url(f"**region={REGIONS[3]}**")
    opened.view.wait_for_selector(".findings")
    opened.settle()
    gaps = opened.view.locator(".figure", has=opened.view.locator("yz-chart[data-key=gaps]"))
    gaps.locator(".opened .q-item").click()
    gaps.locator(".q-table tbody td.q-td").first.wait_for()
    cells = gaps.locator(".q-table tbody tr td.q-td:first-child").all_inner_texts()
    assert set(cells) == {REGION[f"name_{lang}"][0]}
    with opened.view.expect_download() as download:
        gaps.get_by_label(web_word(lang, "save", form="CSV"), exact=True).click()
    assert "SYNTHETIC" in download.value.path().read_text(encoding="utf-8-sig")


def test_the_chain_of_another_industry_is_made_at_once(opened: Opened) -> None:
    study = opened.served.study
    opened.go(f"/chain?study={study}&lang=en")
    opened.view.get_by_label(web_word("en", "chain.industry"), exact=True).first.click()
    opened.view.get_by_role("option", name="SYNTHETIC industry 1").click()
    opened.view.wait_for_url("**industry=06**")
    title = opened.view.locator("h2", has_text="SYNTHETIC industry 1")
    title.first.wait_for()
    opened.settle()
    assert opened.served.json(f"/api/v1/chains/{study}/tables/chain?industry=06")["rows"]


@pytest.mark.parametrize("lang", ["en"])
def test_a_plan_is_held_against_limits_of_the_readers(opened: Opened, lang: Lang) -> None:
    study = opened.served.study
    opened.go(f"/chain?study={study}&lang={lang}")
    label = web_word(lang, "chain.max_exposure")
    field = opened.view.get_by_label(label)
    field.fill("100")
    field.blur()
    opened.view.wait_for_url("**max_exposure=100**")
    held = opened.view.locator(".card", has=opened.view.get_by_label(label)).first
    held.locator(".notice.good", has_text=word(lang, "chain.guard_holds")).wait_for()
    worsen = opened.view.get_by_label(web_word(lang, "chain.worsen_by"))
    worsen.fill("0")
    worsen.blur()
    opened.view.wait_for_url("**worsen_by=0**")
    opened.view.locator(".notice.bad").wait_for()
    opened.settle()
    title = word(lang, "chain_table.broken.title")
    broken = opened.view.locator(".card", has=opened.view.get_by_role("heading", name=title)).last
    exposed = opened.served.json(f"/api/v1/chains/{study}/tables/exposure?lang={lang}")
    worse = sum(row[-1] > 1e-6 for row in exposed["rows"])
    assert worse > 0
    with opened.view.expect_download() as download:
        broken.get_by_label(web_word(lang, "save", form="CSV"), exact=True).click()
    lines = download.value.path().read_text(encoding="utf-8-sig").splitlines()[1:]
    assert len(lines) >= worse


@pytest.mark.parametrize("lang", ["zh"])
def test_a_buyer_finds_suppliers(opened: Opened, lang: Lang) -> None:
    study = opened.served.study
    opened.go(f"/chain?study={study}&lang={lang}&buyers_region={REGIONS[1]}")
    title = word(lang, "docking.table.pairs.title")
    pairs = opened.view.locator(".card", has=opened.view.get_by_role("heading", name=title)).last
    pairs.locator(".q-table tbody td.q-td").first.wait_for()
    with opened.view.expect_download() as download:
        pairs.get_by_label(web_word(lang, "save", form="CSV"), exact=True).click()
    name = small().tables["regions"].filter(region=REGIONS[1])[f"name_{lang}"][0]
    lines = download.value.path().read_text(encoding="utf-8-sig").splitlines()[1:]
    assert lines and all(name in line for line in lines)


@pytest.mark.parametrize("lang", ["en"])
def test_achievements_are_matched_with_another_kind_of_partner(opened: Opened, lang: Lang) -> None:
    study, partner = opened.served.study, "needs"
    opened.go(f"/technology?study={study}&lang={lang}")
    opened.view.get_by_label(web_word(lang, "technology.partner"), exact=True).first.click()
    opened.view.get_by_role("option", name=web_word(lang, f"technology.{partner}")).click()
    opened.view.wait_for_url(f"**partner={partner}**")
    opened.view.locator(".findings li").first.wait_for()
    opened.settle()
    said = opened.served.json(f"/api/v1/technologies/{study}/{partner}/findings?lang={lang}")
    assert opened.view.locator(".findings li").all_inner_texts() == said


@pytest.mark.parametrize("lang", ["zh"])
def test_a_match_is_explained_and_judged(opened: Opened, lang: Lang) -> None:
    study = opened.served.study
    opened.go(f"/technology?study={study}&lang={lang}&pair=T3:P1&holding=SYNTHETIC")
    why = opened.view.locator(".card", has_text=web_word(lang, "technology.why"))
    assert "SYNTHETIC cloth (T3)" in why.inner_text()
    assert word(lang, "technology.term_relatedness") in why.inner_text()
    reason = "合成理由" if lang == "zh" else "SYNTHETIC reason"
    why.get_by_label(web_word(lang, "technology.reason")).fill(reason)
    why.get_by_role("button", name=web_word(lang, "technology.accept")).click()
    opened.view.get_by_text(web_word(lang, "technology.kept")).wait_for()
    opened.view.reload()
    opened.view.get_by_text(web_word(lang, "technology.stale")).wait_for()
    assert reason in opened.said("table.plain")
    opened.settle()


def test_a_study_without_achievements_leads_to_the_synthetic_example(opened: Opened) -> None:
    opened.go("/technology?study=china-provinces&lang=en")
    opened.view.get_by_role("link", name=web_word("en", "technology.see_example")).click()
    opened.view.wait_for_url("**/technology?study=china-technology-synthetic**")
    opened.view.wait_for_selector(".notice.synthetic")
