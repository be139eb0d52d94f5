"""The page as text."""

import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import polars as pl
import pytest

from tests.report.synthetic_places import HARMFUL
from yanzhen.market.plan.plan import Plan
from yanzhen.report.analyses.plan import plan_document
from yanzhen.report.document.document import Section
from yanzhen.report.document.folder import write_file
from yanzhen.report.document.html import page
from yanzhen.report.document.parts import Cell, Head, View
from yanzhen.report.findings.plan import findings
from yanzhen.report.text.reader import Reader
from yanzhen.report.text.words import Lang
from yanzhen.study import Source


def _page(plan: Plan, lang: Lang) -> str:
    return page(plan_document(plan, Reader(plan.study, lang)))


class Elements(HTMLParser):
    """Start tags with their attributes."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


@pytest.fixture(scope="module")
def pages(plan: Plan) -> dict[str, str]:
    return {"zh": _page(plan, "zh"), "en": _page(plan, "en")}


def text_of(html: str) -> str:
    """The page without scripts and tags."""
    bare = re.sub(r"<(script|style)\b.*?</\1>", "", html, flags=re.DOTALL)
    return re.sub(r"<[^>]+>", "", bare).replace("&amp;", "&").replace("&#39;", "'")


def test_the_page_names_its_language(pages: dict[str, str]) -> None:
    assert '<html lang="zh-CN">' in pages["zh"]
    assert '<html lang="en">' in pages["en"]


def test_findings_come_first(pages: dict[str, str], plan: Plan, lang: str) -> None:
    text = text_of(pages[lang].partition('<section id="findings">')[2])
    places = [text.index(finding) for finding in findings(plan, Reader(plan.study, lang))]
    assert places == sorted(places)


def test_the_contents_lead_to_every_section(pages: dict[str, str]) -> None:
    elements = Elements(pages["zh"]).found
    ids = [attributes["id"] for tag, attributes in elements if tag == "section"]
    links = [a["href"] for tag, a in elements if tag == "a" and a["href"].startswith("#")]
    assert links == [f"#{section}" for section in ids]
    assert ids[:2] == ["first", "findings"] and ids[-2:] == ["limits", "sources"]


def test_ids_are_unique(pages: dict[str, str]) -> None:
    ids = [a["id"] for _, a in Elements(pages["en"]).found if "id" in a]
    assert len(ids) == len(set(ids))


def test_nothing_is_loaded_from_elsewhere(pages: dict[str, str], lang: str) -> None:
    loading = {"script": "src", "link": "href", "img": "src", "iframe": "src"}
    for tag, attributes in Elements(pages[lang]).found:
        if tag in loading and loading[tag] in attributes:
            assert attributes[loading[tag]] == "data:,"
    assert "@import" not in pages[lang]
    assert "default-src 'none'" in pages[lang]


def test_every_origin_destination_section_says_who_allocated(pages: dict[str, str]) -> None:
    for section in ("where", "why"):
        part = pages["en"].split(f'<section id="{section}">')[1].split("</section>")[0]
        assert "Origins are allocated by the model" in text_of(part)


def test_limits_name_the_flagged_regions(pages: dict[str, str]) -> None:
    assert "Flagged regions: Tianjin (data were revised)" in text_of(pages["en"])


def test_a_synthetic_page_says_so(pages: dict[str, str], foreign_plan: Plan) -> None:
    assert 'class="synthetic"' in pages["zh"]
    about = replace(foreign_plan.study.about, synthetic=False)
    real = replace(foreign_plan, study=replace(foreign_plan.study, about=about))
    assert "SYNTHETIC" not in _page(real, "en")


def test_sources_and_their_licence_are_named(pages: dict[str, str]) -> None:
    text = text_of(pages["en"])
    assert "Numbers drawn at random" in text
    assert "CC0-1.0" in text


def test_only_addresses_of_the_web_become_links(foreign_plan: Plan) -> None:
    sources = (Source("a", "bad", "javascript:alert(1)"), Source("b", "good", "https://e.org/"))
    study = replace(foreign_plan.study, about=replace(foreign_plan.study.about, sources=sources))
    links = [
        a["href"]
        for tag, a in Elements(_page(replace(foreign_plan, study=study), "en")).found
        if tag == "a"
    ]
    assert "https://e.org/" in links
    assert not any(link.startswith("javascript") for link in links)


def test_names_cannot_run_as_scripts(harmful_plan: Plan) -> None:
    assert HARMFUL not in _page(harmful_plan, "en")


def test_estimated_cells_look_different(pages: dict[str, str], foreign_plan: Plan) -> None:
    assert 'class="number estimated"' in pages["en"]
    observed = foreign_plan.moves.with_columns(
        status=pl.lit("observed"),
        jobs_status=pl.lit("observed"),
        emissions_status=pl.lit("observed"),
    )
    assert 'class="number estimated"' not in _page(replace(foreign_plan, moves=observed), "en")


def test_a_failed_certificate_is_said_in_its_section(foreign_plan: Plan) -> None:
    failed = replace(foreign_plan, certificate=replace(foreign_plan.certificate, duality_gap=0.1))
    part = _page(failed, "en").split('<section id="certificate">')[1].split("</section>")[0]
    assert "must not be relied upon" in text_of(part)


def test_a_plan_without_moves_still_has_a_page(foreign_plan: Plan, lang: str) -> None:
    still = replace(
        foreign_plan,
        moves=foreign_plan.moves.clear(),
        reasons=foreign_plan.reasons.clear(),
        schedule=foreign_plan.schedule.clear(),
        allocation=foreign_plan.allocation.clear(),
    )
    assert findings(still, Reader(still.study, lang))[1] in text_of(_page(still, lang))


def test_the_same_plan_gives_the_same_bytes(foreign_plan: Plan, tmp_path: Path) -> None:
    write_file(plan_document(foreign_plan, Reader(foreign_plan.study, "zh")), tmp_path / "a.html")
    write_file(plan_document(foreign_plan, Reader(foreign_plan.study, "zh")), tmp_path / "b.html")
    assert (tmp_path / "a.html").read_bytes() == (tmp_path / "b.html").read_bytes()


def test_a_long_table_is_searched_and_a_short_one_is_not(plan: Plan, lang: Lang) -> None:
    reader = Reader(plan.study, lang)
    document = plan_document(plan, reader)
    short = View("regions", "title", "note", [Head("a", "", False)], [[Cell("x")]] * 120)
    long = replace(short, rows=[[Cell(f"row {k}")] for k in range(121)])

    def written(part: View) -> str:
        return page(replace(document, sections=[Section("where", [part])]))

    assert 'type="search"' not in written(short)
    assert "input.search" not in written(short)
    found = written(long)
    assert 'type="search"' in found
    assert "input.search" in found
    assert "row 120" in found
