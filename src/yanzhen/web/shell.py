"""What stands around every page: name, study, language, ground, and the way through."""

from collections.abc import Iterator
from contextlib import contextmanager
from html import escape

from nicegui import ui

from yanzhen.api.problem_details import Refusal
from yanzhen.phrasebook import in_language
from yanzhen.report.text.words import Lang
from yanzhen.store.database.clock import now
from yanzhen.web.accounts import session_here
from yanzhen.web.address import Address
from yanzhen.web.bell import bell
from yanzhen.web.bundle import version
from yanzhen.web.figure import reports
from yanzhen.web.pages import GROUPS, Page, every_page
from yanzhen.web.plain import day_of
from yanzhen.web.search import search_form
from yanzhen.web.text import notice, problems, raw, text, under_root
from yanzhen.web.tour import tour
from yanzhen.web.view import View
from yanzhen.web.words import TAG


@contextmanager
def frame(view: View, title: str, lead: str = "") -> Iterator[None]:
    """Give the place that a page is shown in."""
    ui.page_title(f"{title} · Yanzhen 雁阵")
    # Before anything is painted, so that a reader who listens hears the right language.
    ui.add_head_html(
        under_root(
            f"<script>document.documentElement.lang={TAG[view.lang]!r}</script>"
            f'<link rel="stylesheet" href="/assets/{version()}/workbench.css">'
            f'<script defer src="/assets/{version()}/workbench.js"></script>'
        )
    )
    session = session_here()
    if session is not None:
        # What the page sends to the API is known by it to come from here.
        ui.add_head_html(f'<meta name="csrf-token" content="{escape(session.csrf)}">')
    ui.colors(primary="#0b4f8a")
    embedded = view.chosen("embed") == "1"
    if embedded:
        # What leads on from an embedded view opens beside the page that holds it.
        ui.add_head_html('<base target="_blank">')
    else:
        _header(view)
    place = view.address.path.strip("/") or "start"
    with ui.element("div").classes(f"yz-page of-{place}").props("id=content tabindex=-1"):
        _synthetic(view)
        _imprint(view)
        text("h1", title)
        if lead:
            text("p", lead, "lead")
        if not embedded:
            if view.bench.plans.exists(view.study):
                reports(view)
            _share(view)
            tour(view)
        yield


def _imprint(view: View) -> None:
    """Say on paper what is above the page on the screen: the study; and as of when it is."""
    known = next((each for each in view.bench.studies.all() if each.key == view.study), None)
    titles = [] if known is None else [in_language((known.title_en, known.title_zh), view.lang)]
    as_of = view.word("as_of", at=day_of(now()))
    text("p", " · ".join((*titles, as_of)), "imprint paper-only")


def _share(view: View) -> None:
    """Offer the address of this view to send on, and the markup that embeds it."""
    buttons = "".join(
        f'<button class="tool" type="button" data-copy="{kind}" '
        f'data-done="{escape(view.word("share.done"))}">{escape(view.word(f"share.{kind}"))}</button>'
        for kind in ("link", "embed")
    )
    raw("p", f'{buttons}<span role="status"></span>', classes="tools share")


def nothing_here(view: View, refusal: Refusal) -> None:
    """Say why there is nothing to show, every problem beside its cell, and the ways back."""
    notice(refusal.said(view.lang), "bad")
    problems(view, refusal.problems)
    known = any(each.key == view.study for each in view.bench.studies.all())
    here = view.address if known else view.address.about("")
    ways = {"back.page": here.page(here.path)} if view.address.choices or not known else {}
    links = (
        f'<li><a href="{escape(way.url())}">{escape(view.word(key))}</a></li>'
        for key, way in {**ways, "back.home": here.page("/")}.items()
    )
    raw("ul", "".join(links), classes="ways-back")


def _header(view: View) -> None:
    # The browser alone knows whether it is open: asked by the server, one that has left the page by
    # then is an error, and told late, one that has become narrow would cover the page.
    drawer = ui.left_drawer(value=False, bordered=True).classes("yz-drawer")
    drawer.LOOPBACK = None
    drawer.props("width=224 show-if-above", remove="model-value")
    with drawer:
        if view.address.path != "/":
            raw("div", search_form(view, "search.name"), classes="search-place")
        raw("nav", _ways(view), view.word("navigation"))
    with ui.header().classes("yz-header"):
        skip = f'<a class="skip" href="#content">{escape(view.word("skip"))}</a>'
        raw("div", skip, classes="skip-place")
        ui.button(icon="menu").props(
            f'flat dense round aria-label="{view.word("navigation")}"'
        ).classes("yz-icon").on("click", js_handler=f"() => getElement({drawer.id}).toggle()")
        home = escape(view.address.page("/").url())
        raw("div", f'<a href="{home}">{_MARK}Yanzhen <span>雁阵</span></a>', classes="brand")
        ui.element("div").classes("grow")
        _study_choice(view)
        bell(view)
        _person(view)
        _tools(view)


def _person(view: View) -> None:
    """Say who is logged in, where anybody is, with the way to the account."""
    session = session_here()
    if session is not None:
        name = escape(session.name)
        label = escape(view.word("account.name"))
        link = f'<a class="tool" href="/account?lang={view.lang}" title="{label}">{name}</a>'
        raw("div", link, classes="tools")


def _study_choice(view: View) -> None:
    known = view.bench.studies.all()
    titles = {each.key: (each.title_zh if view.lang == "zh" else each.title_en) for each in known}
    ui.select(
        titles,
        value=view.study if view.study in titles else None,
        label=view.word("study"),
        on_change=lambda event: ui.navigate.to(view.address.about(event.value).url()),
    ).props("dense outlined options-dense").classes("study-choice")


def _tools(view: View) -> None:
    other: Lang = "en" if view.lang == "zh" else "zh"
    address = escape(view.address.speaking(other).url())
    raw(
        "div",
        f'<a class="tool" href="{address}" lang="{TAG[other]}" hreflang="{TAG[other]}">'
        f"{'English' if other == 'en' else '中文'}</a>",
        classes="tools",
    )
    for icon, key, action in (
        ("dark_mode", "ground", "yanzhen.turnDark()"),
        ("print", "print", "yanzhen.print()"),
    ):
        said = view.word(key)
        with (
            ui.button(icon=icon)
            .props(f'flat dense round aria-label="{said}"')
            .classes("yz-icon") as button
        ):
            ui.tooltip(said)
        button.on("click", js_handler=f"() => {action}")


def _ways(view: View) -> str:
    """Return the way to every page, by what one comes for."""
    said = []
    for group in GROUPS:
        pages = [page for page in every_page() if page.group == group]
        if not pages:
            continue
        links = "".join(f"<li>{_way(view.address, page, view)}</li>" for page in pages)
        said.append(f"<h2>{escape(view.word(f'group.{group}'))}</h2><ul>{links}</ul>")
    return "".join(said)


def _way(address: Address, page: Page, view: View) -> str:
    here = ' aria-current="page"' if page.path == address.path else ""
    name = escape(page.named(view.lang, "name"))
    return f'<a href="{escape(address.page(page.path).url())}"{here}>{name}</a>'


def _synthetic(view: View) -> None:
    known = next((each for each in view.bench.studies.all() if each.key == view.study), None)
    if known is not None and known.synthetic:
        notice(view.word("synthetic"), "synthetic")
    if view.bench.synthetic_exchange():
        notice(view.word("synthetic_exchange"), "synthetic")


_MARK = (
    '<svg viewBox="0 0 32 24" aria-hidden="true" fill="none" stroke="currentColor" '
    'stroke-width="2.4" stroke-linecap="round" stroke-linejoin="round">'
    '<path d="M3 16l4-3 3 2.500"/><path d="M10 9l4-3 3 2.500"/><path d="M19 4l4-3 3 2.500"/>'
    '<path d="M17 18l4-3 3 2.500"/></svg>'
)
