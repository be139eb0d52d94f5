"""The planner: instruments, scenarios, catalogues, and work that is followed and cancelled."""

import re
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.study.small import REGIONS
from tests.web.conftest import Opened
from tests.web.on_paper import lacking
from yanzhen.report.text.words import Lang
from yanzhen.web.words import word as web_word


@pytest.mark.parametrize("lang", ["zh"])
def test_a_planner_supposes_an_instrument_and_compares_it(opened: Opened, lang: Lang) -> None:
    opened.go(f"/planner?study={opened.served.study}&lang={lang}")
    opened.view.get_by_role("button", name=web_word(lang, "planner.suppose")).click()
    opened.view.wait_for_url("**scenarios=own-**")
    opened.settle()
    opened.view.get_by_role("button", name=web_word(lang, "planner.compare"), exact=True).click()
    heading = opened.view.get_by_role("heading", name=web_word(lang, "planner.comparison"))
    heading.wait_for()
    name = parse_qs(urlsplit(opened.view.url).query)["scenarios"][0]
    root = f"/api/v1/comparisons/{opened.served.study}/{name}"
    said = opened.served.json(f"{root}/findings?lang={lang}")
    opened.settle()
    assert opened.view.locator(".findings li").all_inner_texts() == said
    assert "5" in said[0]
    assert lacking(opened.view, beside=("SYNTHETIC",)) == []
    # It is of this study alone, and can be deleted.
    assert name in own_scenarios(opened, opened.served.study)
    assert own_scenarios(opened, "china-provinces") == []
    title = re.compile("删除“各地 · 按产出补贴")
    opened.view.get_by_role("button", name=title).click()
    opened.view.get_by_role("heading", name=web_word(lang, "planner.deleted")).wait_for()
    assert name not in own_scenarios(opened, opened.served.study)
    assert opened.view.get_by_role("button", name=title).count() == 0


def choose(opened: Opened, lang: Lang, instrument: str) -> str:
    """Choose an instrument on the planner's page; returns its name there."""
    opened.go(f"/planner?study={opened.served.study}&lang={lang}")
    name = web_word(lang, f"instrument.{instrument}")
    opened.view.get_by_label(web_word(lang, "planner.kind")).click()
    opened.view.get_by_role("option", name=name, exact=True).click()
    return name


@pytest.mark.parametrize(("lang", "unit"), [("zh", "亿元"), ("en", "100 million CNY")])
def test_a_value_is_said_to_be_in_the_unit_that_it_is_taken_in(
    opened: Opened, lang: Lang, unit: str
) -> None:
    """Amounts shown in English are in CNY billion; a scenario holds them in the study's unit."""
    choose(opened, lang, "cap")
    opened.view.get_by_text(web_word(lang, "planner.unit_cap", unit=unit)).wait_for()


@pytest.mark.parametrize(
    ("lang", "units"),
    [
        ("zh", {"money": "亿元", "unit": "百万吨二氧化碳"}),
        ("en", {"money": "100 million CNY", "unit": "Mt CO2"}),
    ],
)
def test_a_tax_on_emissions_is_supposed_in_money_per_unit_of_them(
    opened: Opened, lang: Lang, units: dict[str, str]
) -> None:
    name = choose(opened, lang, "tax_per_emission")
    opened.view.get_by_text(web_word(lang, "planner.unit_money", **units)).wait_for()
    opened.view.get_by_role("button", name=web_word(lang, "planner.suppose")).click()
    opened.view.wait_for_url("**scenarios=own-**")
    opened.settle()
    opened.view.get_by_text(f"{name} 1").first.wait_for()


def own_scenarios(opened: Opened, study: str) -> list[str]:
    listed = opened.served.json(f"/api/v1/scenarios/{study}")["items"]
    return [each["name"] for each in listed if each["own"]]


def test_a_catalogue_makes_a_study_of_its_own_with_its_problems(
    opened: Opened, tmp_path: Any
) -> None:
    text = f"place,industry,listing,rule\n{REGIONS[3]},06,priority,no-such-rule\n"
    (tmp_path / "catalogue.csv").write_text(text, encoding="utf-8")
    opened.go(f"/planner?study={opened.served.study}&lang=en")
    opened.view.set_input_files("input[type=file]", tmp_path / "catalogue.csv")
    opened.view.wait_for_url(f"**/planner?study={opened.served.study}-catalogue-**")
    opened.view.wait_for_selector("table.plain")
    cells = opened.view.locator("table.plain tbody td").all_inner_texts()
    assert "rule" in cells and "the unknown code no-such-rule" in cells


def test_work_is_followed_and_cancelled(opened: Opened) -> None:
    opened.go(f"/planner?study={opened.served.study}&lang=en")
    opened.view.get_by_role("button", name=web_word("en", "planner.again")).click()
    opened.view.get_by_role("progressbar").wait_for()
    # At once: on a busy machine the work ends while a hand moves there, and the page goes on.
    opened.view.get_by_role("button", name=web_word("en", "cancel")).evaluate("it => it.click()")
    opened.view.get_by_text(web_word("en", "cancelled")).wait_for()
    # Others ask the same server for other work meanwhile.
    jobs = opened.served.json("/api/v1/jobs")["items"]
    last = next(each for each in jobs if each["kind"] == "plan")
    assert last["state"] == "cancelled"
