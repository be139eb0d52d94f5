"""Chain: who supplies whom, what is missing, how secure supply is, who moves together, docking."""

from collections.abc import Iterable
from functools import partial
from html import escape
from urllib.parse import urlencode

from nicegui import ui

from yanzhen.modes.chain import ChainAnalysis
from yanzhen.report.analyses.chain import TABLE_OF
from yanzhen.report.tables.table import Table
from yanzhen.study.movable import movable_industries
from yanzhen.web.card import kept_card, open_card
from yanzhen.web.combobox import combobox
from yanzhen.web.figure import figure
from yanzhen.web.form import choose
from yanzhen.web.pages.chain_guard import chain_guard
from yanzhen.web.pages.docking import docking
from yanzhen.web.progress import ready
from yanzhen.web.text import bullets, notice, raw, text
from yanzhen.web.view import View

EXAMPLE = "china-provinces"
# What each part shows: pictures, then tables; a table of a picture stands below it.
PARTS = {
    "map": (("stages",), ("regions", "links", "flows")),
    "missing": (("gaps",), ("sources", "fillers")),
    "safe": (("concentration", "exposure"), ("critical", "broken", "caps")),
    "together": ((), ("cohorts", "cohort_members", "cohort_sites")),
    "following": (("services",), ("not_evaluated",)),
}
# What the plan changes is a model's result; the rest is estimated where the table is.
PLANNED = {"concentration", "exposure", "critical", "broken", "caps", "services", "fillers"} | {
    "cohorts", "cohort_members", "cohort_sites",
}  # fmt: skip


def chain(view: View) -> None:
    """Show the chains of a study."""
    study = view.bench.studies.read(view.study)
    if study.tables["input_output"].is_empty():
        notice(view.word("chain.none"), "note")
        example = escape(view.address.about(EXAMPLE).url())
        raw("p", f'<a href="{example}">{escape(view.word("chain.see_example"))}</a>')
        return
    industry = view.one_of(study.tables["industries"]["industry"], "industry", "chain.industry")
    if not ready(view, "chain", {"industry": industry}):
        return
    chains, asked = view.bench.analyses["chain"], {"industry": industry}
    found: ChainAnalysis = chains.of(view.study, asked)
    region = _choices(view, found)
    asked |= {"region": region or ""}
    bullets(chains.findings(view.study, view.lang, asked), "findings", "ol")
    _reports(view, industry)
    if found.certificate is None:
        notice(view.word("chain.no_plan"), "note")
    for part, (pictures, tables) in PARTS.items():
        if any(_rows(found, key) for key in (*map(TABLE_OF.__getitem__, pictures), *tables)):
            text("h2", view.word(f"chain.{part}"), "part")
            if part == "safe" and found.certificate is not None:
                chain_guard(view, found, _quality(found, "broken"))
            _part(view, found, region, pictures, tables)
    docking(view)


def _choices(view: View, found: ChainAnalysis) -> str | None:
    """Offer whose chain, and one region; return the region looked at."""
    named = view.reader(found).names
    made = set(found.chain["industry"])
    movable = movable_industries(found.study.tables["industries"])["industry"]
    whose = {code: named.industries[code] for code in movable if code in made}
    regions = {code: named.regions[code] for code in found.regions["region"]}
    region = view.one_of(regions, "region", "chain.region")
    with ui.element("div").classes("choices"):
        combobox(
            whose,
            found.industry if found.industry in whose else None,
            view.word("chain.industry"),
            lambda chosen: _follow(view, chosen),
        )
        combobox(
            {"": view.word("chain.everywhere"), **regions},
            region,
            view.word("chain.region"),
            partial(choose, view, "region"),
        )
    return region or None


def _follow(view: View, industry: str) -> None:
    """Go to another industry's chain; its analysis begins at once."""
    if not view.bench.exists("chain", view.study, {"industry": industry}):
        view.bench.make("chain", view.study, {"industry": industry})
    choose(view, "industry", industry)


def _part(
    view: View,
    found: ChainAnalysis,
    region: str | None,
    pictures: Iterable[str],
    tables: Iterable[str],
) -> None:
    chains, industry = view.bench.analyses["chain"], view.chosen("industry")
    root = f"/api/v1/chains/{view.study}"
    asked = {"industry": industry} if industry else {}
    looked_at = {**asked, **({"region": region} if region else {})}
    narrowed = urlencode(looked_at)
    for key in pictures:
        table = TABLE_OF[key]
        figure(
            view,
            f"{root}/figures/{key}?{urlencode({**asked, 'lang': view.lang})}",
            chains.picture(view.study, key, view.lang, asked),
            partial(chains.table, view.study, table, view.lang, looked_at),
            f"{root}/tables/{table}?{narrowed}",
            _quality(found, table),
        )
    for key in tables:
        shown: Table = chains.table(view.study, key, view.lang, looked_at)
        if shown.rows:
            card = open_card if key in ("sources", "cohorts", "not_evaluated") else kept_card
            card(view, shown, f"{root}/tables/{key}?{narrowed}", _quality(found, key))


def _quality(found: ChainAnalysis, table: str) -> str:
    if found.study.about.synthetic or found.table_status == "synthetic":
        return "synthetic"
    if table in PLANNED and found.certificate is not None:
        return "modelled"
    # Gaps rest on completed output, whatever the table is.
    of_gaps = table in ("gaps", "sources", "fillers")
    return "estimated" if of_gaps or found.table_status == "estimated" else "observed"


def _rows(found: ChainAnalysis, key: str) -> int:
    height: int = getattr(found, key).height
    return height


def _reports(view: View, industry: str) -> None:
    links = []
    for form, name in (("html", "HTML"), ("xlsx", "Excel")):
        asked = urlencode({"industry": industry, "lang": view.lang, "form": form})
        address = escape(f"/api/v1/chains/{view.study}/report?{asked}")
        links.append(f'<a class="tool" download href="{address}">{name}</a>')
    raw("p", f"{escape(view.word('chain.report'))} {''.join(links)}", classes="tools reports")
