"""Projects: what became of those that were signed, in one region or everywhere."""

from functools import partial
from typing import TYPE_CHECKING

import polars as pl
from nicegui import ui

from yanzhen.report.analyses.asked import askable
from yanzhen.report.analyses.registry import TRACK
from yanzhen.web.combobox import combobox
from yanzhen.web.form import choose
from yanzhen.web.pages.analysis import is_made, show_result
from yanzhen.web.view import View

if TYPE_CHECKING:
    from yanzhen.goals.tracking import Tracking


def projects(view: View) -> None:
    """Show board, funnel, times and who is at risk; the region chosen narrows tables and risks."""
    if not is_made(TRACK, view):
        return
    found: Tracking = view.bench.analyses[TRACK.name].of(view.study)
    said = view.reader(found).names.regions
    leaves = askable(found.study, "leaf_region")["region"]
    codes = found.regions.filter(pl.col("region").is_in(leaves.implode()))["region"].sort()
    options = {"": view.word("chain.everywhere")} | {code: said.get(code, code) for code in codes}
    region = view.one_of(options, "region", "projects.region")
    with ui.element("div").classes("choices"):
        combobox(options, region, view.word("projects.region"), partial(choose, view, "region"))
    show_result(TRACK, view, narrowed={"region": region} if region else {})
