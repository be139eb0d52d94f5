"""Statistics: what is published of all deals, and what keeps single enterprises out of it."""

from collections.abc import Iterator
from html import escape
from typing import Any

import polars as pl
from nicegui import ui

from yanzhen.api.permission import require
from yanzhen.api.statistics_routes import (
    MONEY,
    MOST_UNIT,
    ROOT,
    EnteredPublication,
    publish,
    refused_by_statistics,
)
from yanzhen.exchange.deals.register import in_yuan
from yanzhen.exchange.statistics.hierarchy import Hierarchy
from yanzhen.exchange.statistics.keeping import KeptPublication, chain_holds, list_published
from yanzhen.exchange.statistics.kept_publication import PublicTables
from yanzhen.exchange.statistics.reading import PHRASES
from yanzhen.exchange.statistics.writing import MEASURES, notes_on
from yanzhen.phrasebook import in_language
from yanzhen.store.people.permissions import permitted
from yanzhen.store.people.viewing import current_viewer
from yanzhen.study.units import UNITS
from yanzhen.web.pages.deal_forms import FIELD, trying
from yanzhen.web.text import (
    bullets,
    closed_on_paper,
    expansion,
    facts,
    main_button,
    notice,
    raw,
    text,
)
from yanzhen.web.threads import in_thread
from yanzhen.web.view import View
from yanzhen.web.view import require as known

SHORT = 12
"""Characters of a hash that are shown."""


def statistics(view: View) -> None:
    """Show the newest publication, or the one of the period that the address names."""
    found = {
        each.given.period: each for each in list_published(view.bench.database, current_viewer())
    }
    if found:
        newest = next(iter(found))
        chosen = known(view.chosen("period", newest), found, "statistics.period")
        if len(found) > 1:
            _periods(view, list(found), chosen)
        _publication(view, found[chosen])
    else:
        notice(view.word("statistics.none"), "note")
    if permitted(current_viewer(), "make", "statistics"):
        _publishing(view)


def _periods(view: View, periods: list[str], chosen: str) -> None:
    """Offer the periods that were published."""
    links = "".join(
        f'<a href="{escape(view.address.choosing(period=each).url())}"'
        f"{' aria-current=page' if each == chosen else ''}>{escape(_period(view, each))}</a>"
        for each in periods
    )
    raw("nav", links, view.word("statistics.period"), classes="role-tabs")


def _period(view: View, period: str) -> str:
    """Return a period as a reader reads it."""
    year, _, quarter = period.partition("Q")
    key = "statistics.quarter" if quarter else "statistics.year"
    return view.word(key, year=year, quarter=quarter)


def _publication(view: View, kept: KeptPublication) -> None:
    given = kept.given
    if given.synthetic:
        notice(view.word("statistics.synthetic"), "synthetic")
    text("p", _in_all(view, kept), "verdict")
    narrowest = given.narrowest
    facts(
        [
            (view.word("statistics.hidden"), f"{given.hidden:,}"),
            (
                view.word("statistics.narrowest"),
                view.word("statistics.not_worked_out")
                if given.hidden and given.intervals is None
                else "–"
                if narrowest is None
                else _interval(view, given, narrowest),
            ),
            (view.word("statistics.published_on"), kept.made_at[:10]),
            (
                view.word("statistics.attacked_with"),
                ", ".join(given.attacked_with) or view.word("statistics.none_before"),
            ),
        ]
    )
    place = f"{ROOT}/{kept.number}/file?lang={view.lang}"
    raw(
        "p",
        f"{escape(view.word('statistics.all_tables'))} "
        f'<a class="tool" download href="{escape(place)}&amp;form=xlsx">Excel</a>',
        classes="tools",
    )
    with ui.element("section").classes("card"):
        text("h2", view.word("statistics.why"))
        bullets([*notes_on(given, view.lang, given.money), *_proofs(view, kept)])
    for name in given.tables:
        _table(view, kept, name, f"{place}&form=csv&table={name}")
    _chain(view, kept)


def _in_all(view: View, kept: KeptPublication) -> str:
    """Say what all deals come to."""
    given = kept.given
    for declared in given.declared:
        table = given.tables[declared.name]
        for *codes, records, value in table.iter_rows():
            roots = [tree.root for tree in given.hierarchies.values()]
            if codes == roots and value is not None:
                unit = UNITS[given.money]
                money = in_language((unit.en, unit.zh), view.lang)
                said = {"records": f"{records:,}", "value": _number(given, value), "money": money}
                return view.word("statistics.in_all", period=_period(view, given.period), **said)
    return view.word("statistics.in_all_hidden", period=_period(view, given.period))


def _proofs(view: View, kept: KeptPublication) -> list[str]:
    closeness = f"{kept.given.rule.closeness:.0%}"
    return [
        view.word("statistics.attacked", closeness=closeness),
        view.word("statistics.which_not_said"),
        view.word("statistics.what_counts"),
    ]


def _table(view: View, kept: KeptPublication, name: str, file: str) -> None:
    """Show a table without its zeros: every code, the number and the sum of deals."""
    given = kept.given
    declared = next(each for each in given.declared if each.name == name)
    dimensions = [each for each in given.hierarchies if each in declared.levels]
    places = [_from_the_top(given.hierarchies[each]) for each in dimensions]
    rows = given.tables[name].filter(pl.col("records").fill_null(1) > 0).rows(named=True)
    rows.sort(key=lambda row: [of[row[each]] for of, each in zip(places, dimensions, strict=True)])
    with_intervals = bool(given.intervals) and any(row["value"] is None for row in rows)
    heads = [
        *((view.word(f"statistics.dimension.{each}"), False) for each in dimensions),
        *((PHRASES.word(view.lang, f"column_{each}"), True) for each in MEASURES),
        *([(view.word("statistics.interval"), True)] if with_intervals else []),
    ]
    body = []
    for row in rows:
        codes = (given.hierarchies[each].name(row[each], view.lang) for each in dimensions)
        cells = [f"<td>{escape(each)}</td>" for each in codes]
        cells += _figures(view, given, row, with_intervals)
        body.append(f"<tr>{''.join(cells)}</tr>")
    title = in_language(given.titles[name], view.lang)
    head = "".join(
        f'<th scope="col"{" class=number" if number else ""}>{escape(said)}</th>'
        for said, number in heads
    )
    with ui.element("section").classes("card"):
        text("h2", title)
        if not body:
            text("p", view.word("statistics.no_deals"), "reading")
            return
        caption = escape(view.word("statistics.without_zeros"))
        raw(
            "div",
            f'<table class="plain"><caption>{caption}</caption>'
            f"<thead><tr>{head}</tr></thead><tbody>{''.join(body)}</tbody></table>",
            classes="scroll tall",
        ).props(f'tabindex=0 role=region aria-label="{escape(title)}"')
        raw("p", f'<a class="tool" download href="{escape(file)}">CSV</a>', classes="tools")


def _figures(
    view: View, given: PublicTables, row: dict[str, Any], with_intervals: bool
) -> Iterator[str]:
    """Give the cells of a row behind its codes."""
    if row["value"] is not None:
        yield f'<td class="number">{row["records"]:,}</td>'
        yield f'<td class="number">{_number(given, row["value"])}</td>'
    else:
        why = escape(view.word("statistics.why_hidden"))
        said = escape(PHRASES.word(view.lang, "hidden"))
        yield from 2 * [f'<td class="number withheld" title="{why}">{said}</td>']
    if with_intervals:
        key = tuple(row[each] for each in given.hierarchies)
        found = (given.intervals or {}).get(key) if row["value"] is None else None
        interval = "" if found is None else _interval(view, given, found)
        yield f'<td class="number">{escape(interval)}</td>'


def _number(given: PublicTables, value: float) -> str:
    return f"{value:,.0f}" if given.unit >= 1 else f"{value:,.2f}"


def _interval(view: View, given: PublicTables, found: tuple[float, float]) -> str:
    low, high = (_number(given, each) for each in found)
    return view.word("statistics.from_to", low=low, high=high)


def _from_the_top(tree: Hierarchy) -> dict[str, int]:
    """Return the place of each code where what is below one follows it."""
    below: dict[str | None, list[str]] = {}
    for code, above in sorted(tree.parents.items(), reverse=True):
        below.setdefault(above, []).append(code)
    places: dict[str, int] = {}
    waiting = [tree.root]
    while waiting:
        code = waiting.pop()
        places[code] = len(places)
        waiting += below.get(code, [])
    return places


def _chain(view: View, kept: KeptPublication) -> None:
    """Say whether publications are what was given out, and by which hash this one is known."""
    if chain_holds(view.bench.database):
        notice(view.word("statistics.chain_holds", hash=kept.hash[:SHORT]), "good")
    else:
        notice(view.word("statistics.chain_broken"), "bad")
    with expansion(view.word("statistics.hashes")):
        raw("p", f"<code>{kept.previous}</code> → <code>{kept.hash}</code>", classes="reading")
    closed_on_paper(view)


def _publishing(view: View) -> None:
    """Offer to publish a period; what would be told is named where it was tried."""
    with expansion(view.word("statistics.publish")):
        text("p", view.word("statistics.publish_how"), "reading")
        with ui.element("div").classes("deal-form"):
            period = ui.input(view.word("statistics.which_period")).props(f"{FIELD} maxlength=10")
            named = {
                name: in_language((UNITS[name].en, UNITS[name].zh), view.lang) for name in in_yuan()
            }
            money = ui.select(named, value=MONEY, label=view.word("statistics.money")).props(FIELD)
            unit = ui.number(view.word("statistics.rounded_to"), value=0, min=0).props(FIELD)
            synthetic = ui.checkbox(view.word("statistics.is_synthetic"))
            wrong = ui.element("div").classes("whole-row")

            async def publish_it() -> None:
                rounded = float(unit.value or 0)
                if not 0 <= rounded <= MOST_UNIT:
                    wrong.clear()
                    with wrong:
                        notice(view.word("number.between", most=f"{MOST_UNIT:,.0f}"), "bad")
                    return
                with trying(view, wrong, refused_by_statistics):
                    require("make", "statistics")
                    asked = EnteredPublication(
                        period=period.value or "",
                        money=str(money.value),
                        unit=rounded,
                        synthetic=bool(synthetic.value),
                    )
                    button.props("loading")
                    try:
                        made = await in_thread(publish, view.bench, asked)
                    finally:
                        button.props(remove="loading")
                    # None where the server ends meanwhile.
                    if made is not None:
                        ui.navigate.to(view.address.choosing(period=made.given.period).url())

            button = main_button(view.word("statistics.publish_it"), "publish", publish_it)
