"""The exchange: what is listed, one listing with its documents, and what can be done with it."""

import json
from collections.abc import Callable
from html import escape

from nicegui import ui

from yanzhen.api.exchange_routes import no_listing
from yanzhen.api.permission import require
from yanzhen.api.problem_details import Refusal
from yanzhen.exchange.listings.keeping import (
    NotNow,
    confirm_listing,
    publish_listing,
    submit_listing,
    withdraw_listing,
)
from yanzhen.exchange.listings.kinds import (
    KINDS,
    Achievement,
    Content,
    Document,
    Fund,
    Need,
    Product,
    Project,
    Room,
    Site,
)
from yanzhen.exchange.listings.searching import (
    Listing,
    NoSuchListing,
    Sought,
    find_listing,
    list_listings,
)
from yanzhen.report.text.quantities import percent
from yanzhen.report.text.reader import Reader
from yanzhen.store.people.permissions import Action, Resource, permitted
from yanzhen.store.people.viewing import current_viewer
from yanzhen.study.statuses import OBSERVED, SYNTHETIC
from yanzhen.web.pages.deal_forms import listed
from yanzhen.web.pages.exchange_amounts import amount_said, unit_said
from yanzhen.web.pages.exchange_docking import docked, standing
from yanzhen.web.pages.exchange_form import edit_form, new_form
from yanzhen.web.pages.introductions import introductions, waiting
from yanzhen.web.text import facts, notice, raw, root_path, rows, text
from yanzhen.web.view import View

AT_ONCE = 50
# What may be done in each state: word, who may, and what does it.
STEPS: dict[str, tuple[tuple[str, Action, Resource], ...]] = {
    "draft": (("submit", "change", "listings"), ("withdraw", "change", "listings")),
    "in_review": (("publish", "make", "publications"), ("withdraw", "change", "listings")),
    "published": (("confirm", "change", "listings"), ("withdraw", "change", "listings")),
    "withdrawn": (),
}


def exchange(view: View) -> None:
    """Show what waits for an answer, and what is listed; or the listing that the address names."""
    if view.chosen("listing"):
        _one(view, view.chosen("listing"))
        return
    if view.chosen("new"):
        _new(view)
        return
    standing(view)
    waiting(view)
    _search(view)
    _listed(view)
    introductions(view)
    _bring(view)


def _new(view: View) -> None:
    """Offer the form of a new listing of a kind."""
    require("make", "listings")
    kind = view.one_of(KINDS, "new", "exchange.kind")
    _back(view)
    text("h2", f"{view.word('exchange.enter')}: {view.word(f'exchange.kind_name.{kind}')}")
    new_form(view, kind, reader_of(view))  # type: ignore[arg-type]


def _back(view: View) -> None:
    back = escape(view.address.page("/exchange").url())
    raw("p", f'<a href="{back}">{escape(view.word("exchange.back"))}</a>')


def _search(view: View) -> None:
    kind, mine = view.one_of(KINDS, "kind", "exchange.kind"), view.chosen("mine")
    said = {"study": view.study, "lang": view.lang}
    hidden = "".join(
        f'<input type="hidden" name="{name}" value="{escape(value)}">'
        for name, value in said.items()
    )
    options = "".join(
        f'<option value="{each}"{" selected" if each == kind else ""}>{escape(name)}</option>'
        for each, name in (
            ("", view.word("exchange.any_kind")),
            *((each, view.word(f"exchange.kind_name.{each}")) for each in KINDS),
        )
    )
    raw(
        "form",
        f"{hidden}<label>{escape(view.word('exchange.kind'))}"
        f'<select name="kind">{options}</select></label>'
        f"<label>{escape(view.word('exchange.holding'))}"
        f'<input type="search" name="holding" maxlength="200" '
        f'value="{escape(view.chosen("holding"))}"></label>'
        f'<label class="box"><input type="checkbox" name="mine" value="1"'
        f"{' checked' if mine else ''}>{escape(view.word('exchange.mine'))}</label>"
        f'<button class="plain-button">{escape(view.word("exchange.search"))}</button>',
        classes="stack",
    ).props(f'action="{escape(root_path())}/exchange" method=get role=search').props(
        f'aria-label="{escape(view.word("exchange.search"))}"'
    )

    sought = [
        (view.word("exchange.kind"), view.word(f"exchange.kind_name.{kind}") if kind else ""),
        (view.word("exchange.holding"), view.chosen("holding")),
        (view.word("exchange.mine"), "✓" if mine else ""),
    ]
    with ui.element("div").classes("paper-only"):
        facts((name, value) for name, value in sought if value)


def _listed(view: View) -> None:
    sought = Sought(
        kind=view.chosen("kind"), own=bool(view.chosen("mine")), said=view.chosen("holding")
    )
    try:
        after = view.chosen("after") or None
        page = list_listings(view.bench.database, current_viewer(), sought, after, AT_ONCE)
    except NoSuchListing as error:
        raise no_listing(str(error)) from None
    if not page.listings:
        notice(view.word("exchange.none"), "note")
        return
    reader = reader_of(view)
    keys = ("name", "kind_name", "of", "region", "industry", "state")
    heads = "".join(
        f'<th scope="col">{escape(view.word(f"exchange.head.{key}"))}</th>' for key in keys
    )
    lines = "".join(_line(view, each, reader) for each in page.listings)
    label = escape(view.word("exchange.listed"))
    raw(
        "div",
        f'<table class="plain"><caption>{label}</caption><thead><tr>{heads}</tr></thead>'
        f"<tbody>{lines}</tbody></table>",
        classes="scroll",
    ).props(f'tabindex=0 role=region aria-label="{label}"')
    if page.after is not None:
        more = escape(view.address.choosing(after=page.after).url())
        raw("p", f'<a href="{more}">{escape(view.word("exchange.older"))}</a>')


def _line(view: View, each: Listing, reader: Reader) -> str:
    content = each.content
    address = escape(view.address.page("/exchange").choosing(listing=each.id).url())
    region = content.origin if isinstance(content, Project) else content.region
    one, several = getattr(content, "industry", ""), getattr(content, "industries", ())
    industries = (one,) if one else several
    state = view.word(f"exchange.state.{each.state}")
    if content.status != OBSERVED:
        state += f" · {view.word(f'quality.{content.status}')}"
    if each.stale_since:
        state += f" · {view.word('exchange.stale', day=each.stale_since)}"
    cells = (
        view.word(f"exchange.kind_name.{each.kind}"),
        each.organisation_name,
        reader.names.regions.get(region, region),
        listed(view, (reader.names.industries.get(each, each) for each in industries)),
        state,
    )
    faded = ' class="quiet"' if each.stale_since else ""
    return (
        f'<tr{faded}><td><a href="{address}">{escape(content.name)}</a></td>'
        + "".join(f"<td>{escape(cell)}</td>" for cell in cells)
        + "</tr>"
    )


def _bring(view: View) -> None:
    """Offer to make listings of a file, once a kind is chosen."""
    if not permitted(current_viewer(), "make", "listings"):
        return
    with ui.element("section").classes("card"):
        text("h2", view.word("exchange.bring"))
        kind = view.chosen("kind")
        if not kind:
            text("p", view.word("exchange.bring_which"), "reading")
            return
        name = view.word(f"exchange.kind_name.{kind}")
        text("p", view.word("exchange.bring_how", kind=name), "reading")
        target = f"/api/v1/exchange/files/{kind}"
        new = escape(view.address.page("/exchange").choosing(new=kind).url())
        raw("p", f'<a href="{new}">{escape(view.word("exchange.enter"))}</a>')
        raw("p", f'<a href="{target}">{escape(view.word("exchange.template"))}</a>')
        kept = {"study": view.study, "kind": kind, "mine": "1"}
        _upload(view, view.word("exchange.choose_csv"), target, ".csv,.xlsx,.parquet", kept)


def _upload(view: View, label: str, target: str, accept: str, kept: dict[str, str]) -> None:
    """Offer to send a file; afterwards the page stands at the choices that are kept."""
    raw(
        "form",
        f'<label>{escape(label)} <input type="file" accept="{accept}" '
        f'data-target="{escape(target)}" data-after="/exchange" data-lang="{view.lang}" '
        f'data-kept="{escape(json.dumps(kept))}" onchange="yanzhen.send(this)"></label>'
        '<div role="status" class="sent"></div>',
        classes="upload",
    )


def _one(view: View, listing: str) -> None:
    try:
        found = find_listing(view.bench.database, current_viewer(), listing)
    except NoSuchListing as error:
        raise no_listing(str(error)) from None
    reader, content = reader_of(view), found.content
    _back(view)
    text("h2", content.name)
    if found.own and view.chosen("edit") and permitted(current_viewer(), "change", "listings"):
        edit_form(view, found, reader)
        return
    if content.status == SYNTHETIC:
        notice(view.word("exchange.synthetic"), "synthetic")
    if found.stale_since:
        notice(view.word("exchange.stale", day=found.stale_since), "warn")
    region = content.origin if isinstance(content, Project) else content.region
    said = [
        ("kind", view.word(f"exchange.kind_name.{found.kind}")),
        ("of", found.organisation_name),
        ("state_label", view.word(f"exchange.state.{found.state}")),
        ("region", reader.names.regions.get(region, region) or "–"),
        ("figures", view.word(f"quality.{content.status}")),
        ("expires", content.expires_on),
        ("confirmed", found.confirmed_at[:10]),
    ]
    if isinstance(content, Project) and content.confidential:
        notice(view.word("exchange.confidential"), "note")
    facts(
        (
            *((view.word(f"exchange.{key}"), value) for key, value in said),
            *_facts_of_kind(view, content),
        )
    )
    if content.text:
        text("p", content.text, "reading")
    if isinstance(content, Site):
        _amounts(view, reader, content.room, "exchange.room")
    elif isinstance(content, Project):
        _amounts(view, reader, content.needs, "exchange.needs")
    _documents(view, found, content.documents)
    if found.own:
        _steps(view, found)
    docked(view, found, reader)


def _facts_of_kind(view: View, content: Content) -> list[tuple[str, str]]:
    """What a fund, a product or an achievement says beside what all listings say."""
    match content:
        case Fund():
            most, share = content.most, content.grant_equivalent
            said = [
                ("size", amount_said(view, content.size, content.unit)),
                ("most", "" if most is None else amount_said(view, most, content.unit)),
                ("grant_equivalent", percent(share) if share is not None else ""),
            ]
        case Product():
            rate = percent(content.rate) if content.rate is not None else ""
            said = [("type", view.word(f"exchange.type.{content.type}")), ("rate", rate)]
        case Achievement():
            said = [("readiness", str(content.readiness or ""))]
        case _:
            said = []
    unsaid = view.word("exchange.not_stated")
    return [(view.word(f"exchange.field.{key}"), value or unsaid) for key, value in said]


def _amounts(
    view: View, reader: Reader, entries: tuple[Room, ...] | tuple[Need, ...], label: str
) -> None:
    lines: list[tuple[str, ...]] = []
    for each in entries:
        amount = view.word("exchange.unlimited")
        if each.amount is not None:
            amount = amount_said(view, each.amount, each.unit)
        price = "–"
        if isinstance(each, Room) and each.price is not None:
            asked = amount_said(view, each.price, each.price_unit)
            once = view.word("exchange.once" if each.one_off else "exchange.yearly")
            price = f"{asked} / {unit_said(view, each.unit)} ({once})"
        lines.append((reader.names.resource(each.resource), amount, price))
    heads = [view.word(f"exchange.head.{key}") for key in ("resource", "amount", "price")]
    if label == "exchange.needs":
        heads, lines = heads[:2], [line[:2] for line in lines]
    if lines:
        rows(heads, lines, view.word(label))


def _documents(view: View, found: Listing, documents: tuple[Document, ...]) -> None:
    may = found.own and permitted(current_viewer(), "change", "listings")
    if not documents and not may:
        return
    text("h3", view.word("exchange.documents"))
    root = f"/api/v1/exchange/listings/{found.id}/documents"
    links = "".join(
        f'<li><a href="{root}/{each.sha256}">{escape(each.name)}</a> '
        f"({max(1, round(each.size / 1024)):,} kB)</li>"
        for each in documents
    )
    raw("ul", links or f"<li>{escape(view.word('exchange.no_documents'))}</li>")
    if may:
        kept = {"study": view.study, "listing": found.id}
        label = view.word("exchange.choose_document")
        _upload(view, label, root, ".pdf,.png,.jpg,.jpeg", kept)


def _steps(view: View, found: Listing) -> None:
    """Offer what may be done with a listing in its state."""
    do: dict[str, Callable[[], object]] = {
        "submit": lambda: submit_listing(view.bench.database, current_viewer(), found.id),
        "publish": lambda: publish_listing(view.bench.database, current_viewer(), found.id),
        "withdraw": lambda: withdraw_listing(view.bench.database, current_viewer(), found.id),
        "confirm": lambda: confirm_listing(view.bench.database, current_viewer(), found.id),
    }
    offered = [each for each in STEPS[found.state] if permitted(current_viewer(), *each[1:])]
    if found.state == "in_review" and len(offered) < 2:
        notice(view.word("exchange.waits"), "note")
    if permitted(current_viewer(), "change", "listings"):
        form = escape(view.address.choosing(edit="1").url())
        raw("p", f'<a href="{form}">{escape(view.word("exchange.edit"))}</a>')
    with ui.element("div").classes("tools"):
        for key, action, resource in offered:

            def press(key: str = key, action: Action = action, of: Resource = resource) -> None:
                try:
                    require(action, of)
                    do[key]()
                except NotNow as error:
                    ui.notify(error.words[view.lang == "zh"])
                    return
                except Refusal as refusal:
                    ui.notify(refusal.said(view.lang))
                    return
                ui.navigate.to(view.address.url())

            ui.button(view.word(f"exchange.do.{key}"), on_click=press).props("outline no-caps")


def reader_of(view: View) -> Reader:
    """Return names and units of the study that the exchange clears over."""
    return Reader(view.bench.studies.read(view.bench.studies.of_all.key), view.lang)
