"""How commands that have a worker deliver notices."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from yanzhen.cli.language import Language, help_of, word
from yanzhen.cli.outcome import reject

if TYPE_CHECKING:
    from yanzhen.exchange.notices.sending import Sends

MailFile = Annotated[
    Path | None,
    typer.Option("--mail", metavar="FILE", show_default=False, help=help_of("mail")),
]
ToPrivate = Annotated[
    bool, typer.Option("--webhooks-to-private", help=help_of("webhooks_to_private"))
]


def sends_to(mail: Path | None, to_private: bool, language: Language) -> "Sends":
    """Return how notices are delivered; end the command where the settings cannot be used."""
    from yanzhen.exchange.notices.mail import WrongSettings, read_mail_settings
    from yanzhen.exchange.notices.sending import Sends

    try:
        return Sends(None if mail is None else read_mail_settings(mail), to_private)
    except WrongSettings as error:
        reject(word(language, "wrong_mail", error=error))
