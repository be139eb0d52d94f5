"""The documentation in two languages says the same: page by page, as text."""

import re
import runpy
import tomllib
from types import SimpleNamespace

import pytest

from tests.documentation import DOCS, HAN, figures, names, page

LANGUAGES = ("en", "zh")
PACKAGE = DOCS.parent / "src" / "yanzhen"
BOTH = sorted(names("en") & names("zh"))
GENERATED = SimpleNamespace(**runpy.run_path(str(DOCS / "generated.py")))


def test_both_trees_have_the_same_pages() -> None:
    assert names("zh") == names("en")


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
            assert len(HAN.findall(line)) <= max(0.25 * letters, 12), (name, line)


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


def test_a_term_stands_on_the_page_that_it_leads_to() -> None:
    terms = tomllib.loads((DOCS / "terms.toml").read_text(encoding="utf-8"))
    for name, of_languages in terms.items():
        for language, listed in of_languages.items():
            if name in names(language):
                text = page(language, name).text.lower()
                assert [term for term in listed if term.lower() not in text] == [], name


ROOMS = sorted(
    {
        path.parent.relative_to(PACKAGE)
        for path in PACKAGE.rglob("*.py")
        if path.parent != PACKAGE and path.parent.name != "versions"
    }
)


@pytest.mark.parametrize(
    "way",
    ["CONTRIBUTING.md", *(f"docs/{each}/explanation/how-it-works.md" for each in LANGUAGES)],
)
def test_the_way_through_names_every_room(way: str) -> None:
    """In the row of a room stands every room in it."""
    text = (DOCS.parent / way).read_text(encoding="utf-8")
    rows = [line for line in text.splitlines() if re.match(r"\| `[a-z]", line)]
    missing = []
    for room in ROOMS:
        first, *inner = (f"`{part}`" for part in room.parts)
        if not any(
            first in row.split("|")[1] and all(each in row for each in inner) for row in rows
        ):
            missing.append(str(room))
    assert missing == []
