"""The page of sources: each with what rests on it, narrowed by what is typed."""

from dataclasses import replace
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.study.small import small
from tests.web.conftest import Opened
from yanzhen.report.text.words import LANGUAGES, Lang
from yanzhen.study import Source, read_study, write_study
from yanzhen.study.provenance import sources_of, without_source
from yanzhen.web.words import word as web_word

EXAMPLE = "china-provinces"
HARMFUL = "<b>bad</b>"
SOURCES = (
    Source(
        key="book",
        title="Yearbook",
        title_zh="年鉴",
        publisher="Bureau of Figures",
        publisher_zh="数据局",
        year="2022",
        url_or_doc="https://example.org/a?b=1&c=2",
        table="activity",
        columns=("output",),
        licence="to be cited",
    ),
    Source(HARMFUL, HARMFUL, "javascript:alert(1)", note=HARMFUL),
)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_source_is_shown_with_the_rows_and_cells_that_rest_on_it(
    opened: Opened, lang: Lang
) -> None:
    study = read_study(EXAMPLE)
    every = sources_of(study.about, study.tables)
    opened.go(f"/sources?study={EXAMPLE}&lang={lang}")
    shown = opened.view.locator(".source")
    titles = [each.source.title_in(lang) for each in every]
    assert shown.locator("h2").all_inner_texts() == titles
    for place, each in enumerate(every):
        said = shown.nth(place).inner_text()
        assert f"{each.rows:,}" in said
        assert all(f"{count:,}" in said for count in each.cells.values())
        assert each.source.publisher_in(lang) in said
        assert all(other.title_in(lang) in said for other in each.beside)
    missing = without_source(study.about, study.tables)
    heads = opened.view.locator("table.plain tbody tr td:first-child").all_inner_texts()
    assert heads == list(missing)
    assert (opened.view.locator(".notice.good").count() == 1) is not bool(missing)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_what_is_typed_narrows_the_list_by_name(opened: Opened, lang: Lang) -> None:
    opened.go(f"/sources?study={EXAMPLE}&lang={lang}")
    every = opened.view.locator(".source").count()
    box = opened.view.get_by_role("searchbox", name=web_word(lang, "sources.search"))
    # In either language, whatever that of the page is.
    box.fill("yearBOOK" if lang == "zh" else "年鉴")
    box.press("Enter")
    opened.view.wait_for_url("**named=**")
    opened.settle()
    assert opened.view.locator(".source").count() == 1 < every
    typed = box.input_value()
    said = web_word(lang, "sources.narrowed", typed=typed, shown=1, count=every)
    opened.view.get_by_text(said).wait_for()
    # It stands on paper too, where nothing is typed.
    opened.view.emulate_media(media="print")
    assert not box.is_visible() and opened.view.get_by_text(said).is_visible()
    opened.view.emulate_media(media="screen")
    box.fill(HARMFUL)
    box.press("Enter")
    opened.view.locator(".notice.note").wait_for()
    assert HARMFUL in opened.said(".notice.note")
    opened.view.get_by_role("link", name=web_word(lang, "sources.all")).click()
    opened.view.wait_for_function(f"document.querySelectorAll('.source').length === {every}")


def test_a_source_says_who_when_and_where_and_only_the_web_is_linked(
    opened: Opened, tmp_path: Path
) -> None:
    about = replace(small().about, sources=SOURCES)
    write_study(replace(small(), about=about), tmp_path / "named.xlsx")
    opened.go(f"/data?study={opened.served.study}&lang=zh")
    opened.view.set_input_files("[data-target='/api/v1/studies']", tmp_path / "named.xlsx")
    opened.view.wait_for_url("**/data?study=named**")
    opened.view.get_by_role("link", name=web_word("zh", "sources.to_sources")).click()
    opened.view.wait_for_url("**/sources?study=named**")
    key = parse_qs(urlsplit(opened.view.url).query)["study"][0]
    publishers: dict[Lang, str] = {"zh": "数据局", "en": "Bureau of Figures"}
    for lang, publisher in publishers.items():
        opened.go(f"/sources?study={key}&lang={lang}")
        first, second = (opened.view.locator(".source").nth(place) for place in (0, 1))
        said = first.inner_text()
        assert all(each in said for each in (publisher, "2022", "to be cited"))
        assert first.locator("a[href^='http']").get_attribute("href") == SOURCES[0].url_or_doc
        assert second.locator("h2").inner_text() == HARMFUL
        assert second.locator("a").count() == 0
        assert web_word(lang, "sources.no_table") in second.inner_text()


def test_a_telephone_shows_each_source_without_scrolling_aside(opened: Opened) -> None:
    opened.view.set_viewport_size({"width": 375, "height": 900})
    opened.go(f"/sources?study={EXAMPLE}&lang=en")
    opened.view.wait_for_function("document.documentElement.scrollWidth <= innerWidth")
    broad = "[...document.querySelectorAll('.source *')].some(e => e.scrollWidth > innerWidth)"
    assert opened.view.evaluate(broad) is False
