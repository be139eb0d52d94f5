"""The documentation in two languages says the same: page by page, as text."""

import re
import runpy
from types import SimpleNamespace

import pytest

from tests.documentation import DOCS, HAN, figures, names, page

LANGUAGES = ("en", "zh")
PENDING: frozenset[str] = frozenset()
"""Pages that have no Chinese counterpart yet; none may be added."""
BOTH = sorted(names("en") & names("zh"))
GENERATED = SimpleNamespace(**runpy.run_path(str(DOCS / "generated.py")))


def test_both_trees_have_the_same_pages() -> None:
    assert names("zh") - names("en") == set()
    assert names("en") - names("zh") - PENDING == set()


@pytest.mark.parametrize("name", BOTH)
def test_a_page_is_built_alike_in_both_languages(name: str) -> None:
    english, chinese = page("en", name), page("zh", name)
    assert chinese.levels == english.levels
    assert [info for info, _ in chinese.fences] == [info for info, _ in english.fences]
    for (_, in_english), (_, in_chinese) in zip(english.fences, chinese.fences, strict=True):
        assert in_chinese == in_english
    shapes = [[[len(row) for row in table] for table in each.tables] for each in (english, chinese)]
    assert shapes[1] == shapes[0]


@pytest.mark.parametrize("name", sorted({*BOTH} - {*GENERATED.PAGES}))
def test_a_table_has_the_same_figures_in_both_languages(name: str) -> None:
    english, chinese = page("en", name).tables, page("zh", name).tables
    for in_english, in_chinese in zip(english, chinese, strict=True):
        said, told = figures(in_english), figures(in_chinese)
        assert told == said, (in_english[0], said - told, told - said)


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_a_page_links_to_is_there(language: str) -> None:
    missing = [
        (name, link)
        for name in sorted(names(language))
        for link in page(language, name).links
        if not (DOCS / language / name).parent.joinpath(link).is_file()
    ]
    assert missing == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_of_a_section_stands_in_its_index(language: str) -> None:
    for section in ("tutorials", "how-to", "reference", "explanation"):
        index = f"{section}/index"
        if index in names(language):
            told = {link.removesuffix(".md") for link in page(language, index).links}
            there = {
                name.removeprefix(f"{section}/")
                for name in names(language)
                if name.startswith(f"{section}/") and name.count("/") == 1 and name != index
            }
            assert there - told == set()


def test_english_pages_are_in_english() -> None:
    """Names that people meet in Chinese files and on Chinese paper are quoted, no more."""
    for name in sorted(names("en")):
        for line in page("en", name).paragraphs:
            letters = len(re.findall(r"[A-Za-z]", line))
            assert len(HAN.findall(line)) <= max(0.25 * letters, 4), (name, line)


def test_chinese_pages_are_in_chinese() -> None:
    prose = re.compile(r"(?:[A-Za-z][a-z'’-]*[,;]? ){7}[a-z]+")
    for name in sorted(names("zh")):
        for line in page("zh", name).paragraphs:
            assert prose.search(line) is None, (name, line)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", GENERATED.PAGES)
def test_a_page_made_from_the_code_is_what_the_code_makes(name: str, language: str) -> None:
    assert page(language, name).text == GENERATED.made(name, language), (
        f"run: python docs/generated.py {name}"
    )
