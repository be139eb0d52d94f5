"""The part of the planner's page that moves a cap of the server's SYNTHETIC nation.

No figure is shown that the certificate has not passed. While prices are found for a cap that has
been moved, those before are marked as such.
"""

import asyncio
import json
from collections.abc import Callable
from html import escape
from typing import Any

from nicegui import background_tasks, ui
from nicegui.events import GenericEventArguments

from yanzhen.api.nation import TOLERANCE, NationCaps, ServedNation
from yanzhen.api.pictures import drawn
from yanzhen.market.equilibrium.certificate import CHECKS
from yanzhen.market.equilibrium.newton_dense import NotCleared
from yanzhen.report.figures.caps import cap_prices
from yanzhen.report.tables.caps import caps_table
from yanzhen.report.text.quantities import percent, small
from yanzhen.report.text.reader import Reader
from yanzhen.web.deferred import follow
from yanzhen.web.figure import badge, live_chart, shown_table
from yanzhen.web.slider import slider
from yanzhen.web.text import facts, text
from yanzhen.web.threads import in_thread
from yanzhen.web.view import View

MOST, OWN = 200, 100
"""Ends of the slider and the region's own cap, in per cent of it."""
LEAST = 5
SHOWN_CHECKS = ("relative_excess_demand", "complementary_slackness", "duality_gap")


def moved_cap(view: View, nation: ServedNation) -> None:
    """Offer the caps of the nation, the map of their prices and what certifies them."""
    with ui.element("section").classes("card"):
        with ui.element("div").classes("head"):
            text("h2", view.word("moved_cap.title"))
            badge(view, "synthetic")
        text("p", nation.title_zh if view.lang == "zh" else nation.title_en, "reading")
        text("p", view.word("moved_cap.how"), "reading")
        place = ui.element("div")
    if nation.first is not None:
        with place:
            _Caps(view, nation, nation.first)
        return
    with place:
        said = text("p", view.word("moved_cap.first"), "reading").props("role=status")

    async def clear() -> None:
        try:
            found = await in_thread(nation.clear)
        except NotCleared as error:
            said.set_content(escape(view.word("moved_cap.not_cleared", why=str(error))))
            return
        if found is not None:
            place.clear()
            with place:
                _Caps(view, nation, found)

    def begin() -> None:
        background_tasks.create(clear())

    follow(begin)


class _Caps:
    """The slider of one reader, and what is shown of the answer to it.

    Parameters
    ----------
    first : the nation under its own caps
    """

    def __init__(self, view: View, nation: ServedNation, first: NationCaps) -> None:
        self.view, self.nation, self.shown = view, nation, first
        self.reader = Reader(first.study, view.lang)
        dearest = first.regions.sort("price", descending=True)
        # Prices rise where a cap falls: the scale leaves room for it.
        self.most = max(2.0 * float(dearest["price"][0]), 1e-6)
        self.region = str(dearest["region"][0])
        self.shares: dict[str, int] = {}
        self.wanted = self.answered = 0
        self.busy = False
        names = self.reader.names.regions
        with ui.element("div").classes("choices"):
            self.choice = ui.select(
                {region: names.get(region, region) for region in nation.regions},
                value=self.region,
                label=view.word("moved_cap.region"),
            ).props("outlined dense options-dense")
        with ui.element("div").classes("dial"):
            with ui.element("div").classes("dial-head"):
                text("span", view.word("moved_cap.cap"))
                self.value = ui.label(self._said(OWN)).classes("dial-value")
            self.dial = slider(view.word("moved_cap.cap"), MOST, OWN, self._said)
            self.dial.props["min"] = LEAST
            self.dial.on_value_change(lambda: self.value.set_text(self._said(int(self.dial.value))))
        self.status = text("p", "", "reading").props("role=status aria-live=polite")
        with ui.element("div").classes("renewed") as self.answer:
            picture = self._picture()
            text("p", picture["reading"], "reading")
            self.chart = live_chart(view, picture)
            self.proof = ui.element("div")
            self.table = ui.element("div")
        self._show(first)
        self.choice.on_value_change(self._chosen)
        self.dial.on("change", self._moved)

    def _said(self, at: int) -> str:
        return self.view.word("moved_cap.of_own", share=percent(at / 100, 0))

    def _chosen(self) -> None:
        self.region = str(self.choice.value)
        self.dial.set_value(self.shares.get(self.region, OWN))
        self._draw()

    async def _moved(self, event: GenericEventArguments) -> None:
        at = max(int(event.args), LEAST)
        if self.shares.get(self.region, OWN) == at:
            return
        self.shares[self.region] = at
        self.wanted += 1
        self._mark(self.view.word("moved_cap.renewing"))
        if self.busy:
            return
        self.busy = True
        try:
            while self.answered != self.wanted:
                self.answered = self.wanted
                await self._renew(self.wanted)
        finally:
            self.busy = False

    async def _renew(self, asked: int) -> None:
        """Show every certified answer to the caps as they stand, unless they were moved again."""
        loop = asyncio.get_running_loop()
        shares = {region: at / 100 for region, at in self.shares.items()}

        def tell(found: NationCaps) -> bool:
            loop.call_soon_threadsafe(self._answered, asked, found)
            return asked == self.wanted

        try:
            await in_thread(self.nation.move, shares, tell)
        except NotCleared as error:
            self.status.set_content(escape(self.view.word("moved_cap.not_cleared", why=str(error))))

    def _answered(self, asked: int, found: NationCaps) -> None:
        if asked == self.wanted and not self.answer.is_deleted:
            with self.answer:
                self._show(found)
                self._draw()

    def _mark(self, said: str) -> None:
        """Mark what is shown as being of the caps before."""
        self.answer.classes(add="stale")
        self.answer.props("aria-busy=true")
        self.status.set_content(escape(said))

    def _show(self, found: NationCaps) -> None:
        view, certificate = self.view, found.standing.certificate
        self.shown = found
        last = certificate.tolerance <= TOLERANCE
        said = view.word(
            "moved_cap.certified" if last else "moved_cap.nearly",
            bound=small(certificate.tolerance),
            passes=found.standing.passes,
        )
        self.status.set_content(escape(said))
        self.answer.classes(remove="stale")
        self.answer.props(remove="aria-busy")
        measured = certificate.checks
        checks = ((CHECKS[name][view.lang == "zh"], measured[name]) for name in SHOWN_CHECKS)
        _refill(self.proof, lambda: facts((name, small(value)) for name, value in checks))
        _refill(self.table, lambda: shown_table(view, caps_table(found, self.reader), "18rem"))

    def _picture(self) -> dict[str, Any]:
        made = cap_prices(self.shown, self.reader, self.most, self.region)
        return drawn("cap_prices", made)

    def _draw(self) -> None:
        picture = self._picture()
        self.chart.props["spec"] = json.dumps(picture["spec"])
        self.chart.update()


def _refill(place: ui.element, fill: Callable[[], None]) -> None:
    place.clear()
    with place:
        fill()
