"""One page for each role: verdict, three figures, a map to press, grounds, the next step."""

from collections.abc import Mapping
from functools import partial
from html import escape
from urllib.parse import urlencode

from nicegui import ui

from yanzhen.api.roles import role_answer, role_picture, who_asks
from yanzhen.market.plan.plan import Plan
from yanzhen.report.findings.asker import ROLES, Asker
from yanzhen.report.findings.roles import KeyFigure
from yanzhen.web.combobox import combobox
from yanzhen.web.figure import badge, room_of
from yanzhen.web.form import go
from yanzhen.web.progress import ready
from yanzhen.web.text import bullets, raw, text, under_root
from yanzhen.web.view import View

CHOICES = ("region", "industry", "site")


def role(view: View) -> None:
    """Show what the plan says to one reader."""
    chosen = view.one_of(ROLES, "role", "role.role", ROLES[0])
    raw("nav", _roles(view, chosen), view.word("role.role"), classes="role-tabs")
    if not ready(view, "plan"):
        return
    plan = view.bench.plans.read(view.study)
    who = who_asks(plan, chosen, *(view.chosen(name) for name in CHOICES))
    _choices(view, plan, who)
    answer = role_answer(view.bench.plans, view.study, who, view.lang)
    quality = "synthetic" if plan.study.about.synthetic else "modelled"
    with ui.element("section").classes("card answer"):
        with ui.element("div").classes("head"):
            text("p", answer.verdict, "verdict")
            badge(view, quality)
        raw("dl", "".join(map(_figure, answer.figures)), classes="key-figures")
        raw("p", _next(view, who), classes="next-step")
    _map(view, who)
    with ui.element("section").classes("card"):
        text("h2", view.word("role.rests_on"))
        bullets(answer.rests_on)
        how = escape(view.address.page("/how").url())
        raw("p", f'<a href="{how}">{escape(view.word("how_it_works"))}</a>')


def _roles(view: View, chosen: str) -> str:
    links = (
        f'<a href="{escape(view.address.page(view.address.path).choosing(role=each).url())}"'
        f"{' aria-current=page' if each == chosen else ''}>"
        f"{escape(view.word(f'role.{each}.name'))}</a>"
        for each in ROLES
    )
    return "".join(links)


def _choices(view: View, plan: Plan, who: Asker) -> None:
    """Offer the places and industries that the role asks about."""
    named = view.reader(plan).names
    if who.role == "enterprise":
        regions = plan.leaving["origin"].unique().sort()
        here = plan.leaving.filter(origin=who.region)["industry"].unique().sort()
        offered: dict[str, Mapping[str, str]] = {
            "region": {code: named.regions.get(code, code) for code in regions},
            "industry": {code: named.industries.get(code, code) for code in here},
        }
    elif who.role == "zone":
        offered = {"site": {code: named.places.get(code, code) for code in plan.sites["site"]}}
    elif who.role == "province":
        regions = plan.regions["region"]
        offered = {"region": {code: named.regions.get(code, code) for code in regions}}
    else:
        return
    with ui.element("div").classes("choices"):
        for name, options in offered.items():
            label = view.word(f"role.{who.role}.{name}")
            combobox(options, getattr(who, name), label, partial(_choose, view, name))


def _choose(view: View, name: str, value: str | None) -> None:
    """Go to another choice; another region leaves its sites behind."""
    go(view, {**({"site": ""} if name == "region" else {}), name: value})


def _figure(figure: KeyFigure) -> str:
    return (
        f"<div><dt>{escape(figure.label)}</dt><dd><b>{escape(figure.value)}</b>"
        f"<span>{escape(figure.interval)}</span></dd></div>"
    )


def _next(view: View, who: Asker) -> str:
    """Return the way on: the page where the reader decides."""
    ways = {
        "enterprise": ("/enterprise", {"industry": who.industry, "origin": who.region}),
        "zone": ("/zone", {"site": who.site}),
        "province": ("/region", {"region": who.region}),
        "ministry": ("/planner", {}),
        "researcher": ("/overview", {}),
    }
    path, choices = ways[who.role]
    address = escape(view.address.page(path).choosing(**choices).url())
    return f'<a class="next" href="{address}">{escape(view.word(f"role.{who.role}.next"))}</a>'


def _map(view: View, who: Asker) -> None:
    """Show the map; a press on a region chooses it."""
    picture = role_picture(view.bench.plans, view.study, who, view.lang)
    asked = {name: getattr(who, name) for name in CHOICES if getattr(who, name)}
    source = (
        f"/api/v1/plans/{view.study}/roles/{who.role}/map?{urlencode({**asked, 'lang': view.lang})}"
    )
    follows = "province" if who.role in ("ministry", "researcher") else who.role
    with ui.element("section").classes("figure"):
        text("h2", picture["title"])
        text("p", picture["reading"], "reading")
        ui.element("yz-chart").props(
            under_root(f'src="{source}" data-key="role_map" role=img ')
            + f'aria-label="{escape(picture["title"])}" data-waiting="{view.word("not_drawn")}" '
            + f"data-choose=region data-role={follows}"
        ).style(room_of(picture))
