"""The pages, in the order in which the way through names them.

A page is a function that fills its place from a `View`. To add one: a module here, a row in
`PAGES`, and its name, title and lead in `words.toml` under `web.page`.
"""

from collections.abc import Callable
from dataclasses import dataclass

from yanzhen.web.pages.chain import chain
from yanzhen.web.pages.cooperation import cooperation
from yanzhen.web.pages.data import data
from yanzhen.web.pages.enterprise import enterprise
from yanzhen.web.pages.how import how
from yanzhen.web.pages.overview import overview
from yanzhen.web.pages.planner import planner
from yanzhen.web.pages.region import region
from yanzhen.web.pages.technology import technology
from yanzhen.web.pages.zone import zone
from yanzhen.web.view import View

GROUPS = ("see", "decide", "together", "basis")


@dataclass(frozen=True)
class Page:
    """A page: key of its words, address, group in the way through, and what shows it."""

    key: str
    path: str
    group: str
    show: Callable[[View], None]


PAGES = (
    Page("overview", "/", "see", overview),
    Page("region", "/region", "see", region),
    Page("enterprise", "/enterprise", "decide", enterprise),
    Page("zone", "/zone", "decide", zone),
    Page("planner", "/planner", "decide", planner),
    Page("chain", "/chain", "together", chain),
    Page("technology", "/technology", "together", technology),
    Page("cooperation", "/cooperation", "together", cooperation),
    Page("data", "/data", "basis", data),
    Page("how", "/how", "basis", how),
)
