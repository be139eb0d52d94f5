"""What somebody gets by e-mail, chosen on the page of notices."""

from nicegui import ui

from yanzhen.api.notice_routes import refused_by_notices
from yanzhen.api.permission import require
from yanzhen.exchange.notices.settings import LONGEST, Settings, change_settings, settings_of
from yanzhen.exchange.notices.wording import PHRASES
from yanzhen.report.text.words import LANGUAGES
from yanzhen.store.outbox.kinds import kinds_for
from yanzhen.store.people.viewing import current_viewer
from yanzhen.web.pages.deal_forms import FIELD, trying
from yanzhen.web.text import expansion, main_button, notice, text
from yanzhen.web.view import View


def by_mail(view: View) -> None:
    """Offer to choose what comes by e-mail, where to and in which language."""
    now = settings_of(view.bench.database, current_viewer())
    with expansion(view.word("notices.by_mail")):
        if view.bench.sends.mail is None:
            notice(view.word("notices.no_mail"), "note")
        if now.mail_error:
            notice(view.word("notices.mail_failed", said=now.mail_error), "bad")
        text("p", view.word("notices.by_mail_how"), "reading")
        with ui.element("div").classes("deal-form"):
            address = ui.input(view.word("notices.address"), value=now.mail_address or "")
            address.props(f"{FIELD} type=email maxlength={LONGEST} autocomplete=email")
            options = {each: view.word(f"notices.language.{each}") for each in LANGUAGES}
            language = ui.select(
                options, value=now.language, label=view.word("notices.mail_language")
            )
            language.props(f"{FIELD} options-dense")
            with ui.element("fieldset").classes("whole-row kinds"):
                text("legend", view.word("notices.mail_kinds"))
                wanted = {
                    kind: ui.checkbox(
                        PHRASES.word(view.lang, f"kind.{kind}"), value=kind in now.mail_kinds
                    ).props("dense")
                    for kind in kinds_for(current_viewer())
                }
            wrong = ui.element("div").classes("whole-row")

            def save() -> None:
                require("change", "notices")
                chosen = tuple(kind for kind, box in wanted.items() if box.value)
                said = (address.value or "").strip() or None
                with trying(view, wrong, refused_by_notices):
                    settings = Settings(said, chosen, language.value)
                    change_settings(view.bench.database, current_viewer(), settings)
                    ui.navigate.to(view.address.url())

            main_button(view.word("notices.save"), "save", save)
