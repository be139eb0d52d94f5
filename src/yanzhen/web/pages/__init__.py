"""The pages, in the order in which the way through names them.

A page is a function that fills its place from a `View`. To add one: a module here, a row in
`PAGES`, and its name, title and lead in `words.toml` under `web.page`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from yanzhen.report.analyses.registry import ANALYSES
from yanzhen.report.text.words import Lang
from yanzhen.store.people.permissions import Resource
from yanzhen.web.pages.analysis import page_of
from yanzhen.web.pages.chain import chain
from yanzhen.web.pages.compare import compare
from yanzhen.web.pages.cooperation import cooperation
from yanzhen.web.pages.data import data
from yanzhen.web.pages.deals import deals
from yanzhen.web.pages.dictionary import dictionary
from yanzhen.web.pages.enterprise import enterprise
from yanzhen.web.pages.exchange import exchange
from yanzhen.web.pages.fund import fund
from yanzhen.web.pages.glossary import glossary
from yanzhen.web.pages.how import how
from yanzhen.web.pages.notices import notices
from yanzhen.web.pages.overview import overview
from yanzhen.web.pages.planner import planner
from yanzhen.web.pages.projects import projects
from yanzhen.web.pages.region import region
from yanzhen.web.pages.role import role
from yanzhen.web.pages.sources import sources
from yanzhen.web.pages.start import start
from yanzhen.web.pages.statements import statements
from yanzhen.web.pages.statistics import statistics
from yanzhen.web.pages.technology import technology
from yanzhen.web.pages.zone import zone
from yanzhen.web.view import View
from yanzhen.web.words import word_or

GROUPS = ("see", "decide", "together", "basis")


@dataclass(frozen=True)
class Page:
    """A page: key of its words, address, group in the way through, what shows it, what it reads.

    Its name and title are in `words.toml`, otherwise as it says itself, in Chinese and English.
    """

    key: str
    path: str
    group: str
    show: Callable[[View], None]
    reads: Resource
    title: tuple[str, str] = ("", "")

    def named(self, lang: Lang, part: Literal["name", "title", "lead"]) -> str:
        """Return a text of the page."""
        own = self.title[lang == "en"] if part != "lead" else ""
        return word_or(lang, f"page.{self.key}.{part}", own)


OWN_PAGES = {"diagnosis", "chain", "docking", "fund", "track"}
"""Analyses that pages of their own show."""
PAGES = (
    Page("start", "/", "see", start, "studies"),
    Page("role", "/role", "see", role, "results"),
    Page("overview", "/overview", "see", overview, "results"),
    Page("region", "/region", "see", region, "results"),
    Page("compare", "/compare", "see", compare, "results"),
    Page("projects", "/projects", "see", projects, "results"),
    Page("enterprise", "/enterprise", "decide", enterprise, "results"),
    Page("zone", "/zone", "decide", zone, "results"),
    Page("planner", "/planner", "decide", planner, "results"),
    Page("chain", "/chain", "together", chain, "results"),
    Page("technology", "/technology", "together", technology, "results"),
    Page("exchange", "/exchange", "together", exchange, "listings"),
    Page("cooperation", "/cooperation", "together", cooperation, "contracts"),
    Page("deals", "/deals", "together", deals, "deals"),
    Page("statements", "/statements", "together", statements, "statements"),
    Page("notices", "/notices", "together", notices, "notices"),
    Page("statistics", "/statistics", "together", statistics, "statistics"),
    Page("fund", "/fund", "decide", fund, "results"),
    Page("data", "/data", "basis", data, "studies"),
    Page("sources", "/sources", "basis", sources, "studies"),
    Page("dictionary", "/dictionary", "basis", dictionary, "studies"),
    Page("glossary", "/glossary", "basis", glossary, "studies"),
    Page("how", "/how", "basis", how, "results"),
)


def every_page() -> tuple[Page, ...]:
    """Return the pages, those of analyses without one of their own among them."""
    others = (
        Page(name, f"/{name}", "see", page_of(analysis), "results", analysis.title)
        for name, analysis in ANALYSES.items()
        if name not in OWN_PAGES
    )
    return (*PAGES, *others)
