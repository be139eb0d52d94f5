"""Webhooks on the page of notices: for administrators, and for auditors to read."""

from functools import partial
from html import escape

from nicegui import ui

from yanzhen.api.permission import require
from yanzhen.api.webhook_routes import refused_by_webhooks
from yanzhen.exchange.notices.hooks import (
    LONGEST,
    Webhook,
    enable_webhook,
    make_webhook,
    remove_webhook,
    webhooks_of,
)
from yanzhen.exchange.notices.wording import PHRASES
from yanzhen.store.outbox.kinds import kinds_for
from yanzhen.store.people.permissions import permitted
from yanzhen.store.people.viewing import current_viewer
from yanzhen.web.pages.deal_forms import FIELD, listed, trying
from yanzhen.web.text import expansion, main_button, raw, text
from yanzhen.web.view import View


def by_webhook(view: View) -> None:
    """Show the webhooks of one's organisation, and offer to make and remove them."""
    viewer = current_viewer()
    if not permitted(viewer, "read", "webhooks"):
        return
    with expansion(view.word("notices.webhooks")):
        text("p", view.word("notices.webhooks_how"), "reading")
        wrong = ui.element("div").classes("whole-row")
        found = webhooks_of(view.bench.database, viewer)
        if not found:
            text("p", view.word("notices.no_webhooks"), "reading")
        for each in found:
            _one(view, each, wrong)
        if permitted(viewer, "make", "webhooks"):
            _making(view, wrong)


def _one(view: View, hook: Webhook, wrong: ui.element) -> None:
    with ui.element("article").classes("meaning"):
        text("p", hook.address)
        names = [PHRASES.word(view.lang, f"kind.{kind}") for kind in hook.kinds]
        text("p", listed(view, names), "reading")
        text("p", _state(view, hook), "late" if hook.disabled_at else "reading")
        if permitted(current_viewer(), "change", "webhooks"):
            with ui.element("div").classes("tools"):
                if hook.disabled_at:
                    on = partial(_do, view, wrong, "change", enable_webhook, hook)
                    _button(view, "enable_webhook", hook, on)
                off = partial(_do, view, wrong, "remove", remove_webhook, hook)
                _button(view, "remove_webhook", hook, off)


def _state(view: View, hook: Webhook) -> str:
    if hook.disabled_at:
        at = hook.disabled_at[:16].replace("T", " ")
        return view.word("notices.webhook_off", at=at, error=hook.last_error)
    if hook.failures:
        return view.word("notices.webhook_fails", count=hook.failures, error=hook.last_error)
    if hook.delivered_at is None:
        return view.word("notices.webhook_new")
    return view.word("notices.webhook_works", at=hook.delivered_at[:16].replace("T", " "))


def _button(view: View, key: str, hook: Webhook, press: "partial[None]") -> None:
    said = view.word(f"notices.{key}")
    button = ui.button(said, on_click=press).props("flat dense no-caps")
    button.props["aria-label"] = f"{said} {hook.address}"


# Kept wide: where the reader is, and what is done to which.
def _do(view: View, wrong: ui.element, action: str, act: object, hook: Webhook) -> None:
    require(action, "webhooks")  # type: ignore[arg-type]
    with trying(view, wrong, refused_by_webhooks):
        act(view.bench.database, current_viewer(), hook.id)  # type: ignore[operator]
        ui.navigate.to(view.address.url())


def _making(view: View, wrong: ui.element) -> None:
    with ui.element("div").classes("deal-form"):
        address = ui.input(view.word("notices.webhook_address"))
        address.props(f"{FIELD} type=url maxlength={LONGEST}")
        options = {
            kind: PHRASES.word(view.lang, f"kind.{kind}") for kind in kinds_for(current_viewer())
        }
        kinds = ui.select(options, multiple=True, label=view.word("notices.webhook_kinds"))
        kinds.props(f"{FIELD} options-dense use-chips")
        made = ui.element("div").classes("whole-row")

        def make() -> None:
            require("make", "webhooks")
            with trying(view, wrong, refused_by_webhooks):
                said = ((address.value or "").strip(), tuple(kinds.value or ()))
                _, secret = make_webhook(view.bench.database, current_viewer(), *said)
                made.clear()
                with made:
                    text("p", view.word("notices.secret"), "reading")
                    raw("p", f'<code class="secret">{escape(secret)}</code>')

        main_button(view.word("notices.make_webhook"), "add_link", make)
