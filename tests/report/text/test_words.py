"""The words of a report: one place, both languages."""

import re
from csv import DictReader
from importlib.resources import files
from pathlib import Path
from string import Formatter

import pytest

from yanzhen.market.plan.moves import TERMS
from yanzhen.market.plan.plan import Plan
from yanzhen.report.text.words import LANGUAGES, SIZE_WORDS, phrases, word

ROOM = Path(str(files("yanzhen.report")))
HAN = re.compile(r"[\u4e00-\u9fff]")


def placeholders(text: str) -> set[str]:
    """What a text is filled with, the study's measure of size aside."""
    return {field for _, field, _, _ in Formatter().parse(text) if field} - {*SIZE_WORDS}


def keys_in_use() -> set[str]:
    """Keys written out in the room's modules and its page."""
    text = "\n".join(source.read_text(encoding="utf-8") for source in ROOM.rglob("*.py"))
    pages = ROOM.joinpath("document", "page").glob("*.html")
    page = "\n".join(part.read_text() for part in pages)
    called = re.findall(r'\bword\(\s*(?:[a-z.]*lang,\s*)?"([a-z_.]+)"', text)
    return {*called, *re.findall(r'w\(["\']([a-z_]+\.[a-z_]+)["\'][,)]', page)}


def test_every_text_is_in_both_languages() -> None:
    for key, texts in phrases().items():
        assert set(texts) == set(LANGUAGES), key
        assert all(text.strip() for text in texts.values()), key


def test_both_languages_take_the_same_figures() -> None:
    for key, texts in phrases().items():
        assert placeholders(texts["zh"]) == placeholders(texts["en"]), key


def test_english_texts_hold_no_chinese() -> None:
    mixed = [key for key, text in phrases().items() if HAN.search(text["en"])]
    assert mixed == []


def test_every_key_that_is_used_exists() -> None:
    used = keys_in_use()
    assert len(used) > 50
    assert used - set(phrases()) == set()


def test_no_text_is_one_of_the_workbench() -> None:
    assert not any(key.startswith("web.") for key in phrases())
    for source in ROOM.rglob("*.py"):
        assert '"web.' not in source.read_text(encoding="utf-8"), source.name


def test_an_unknown_key_is_refused() -> None:
    with pytest.raises(KeyError):
        word("zh", "page.no_such_text")


def test_every_unit_of_a_parameter_has_a_chinese_name() -> None:
    table = files("yanzhen.study").joinpath("assumptions.csv").read_text("utf-8")
    units = {row["unit"] for row in DictReader(table.splitlines())}
    assert {f"parameter_unit.{unit}" for unit in units} - set(phrases()) == set()


def test_every_reason_has_a_name() -> None:
    assert {f"term.{term}" for term in TERMS} - set(phrases()) == set()


def test_every_check_of_the_certificate_is_said_in_words(plan: Plan) -> None:
    assert {f"certificate.{check}" for check in plan.certificate.checks} - set(phrases()) == set()
