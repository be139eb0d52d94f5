"""Notices by e-mail: the settings of a server of mail, what is written, and sending it (SMTP)."""

import os
import smtplib
import ssl
import tomllib
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from ipaddress import ip_address
from pathlib import Path
from types import TracebackType
from typing import Any, Literal
from urllib.parse import urlsplit

from yanzhen.exchange.notices.notice import Notice
from yanzhen.exchange.notices.outcomes import ARRIVED, Outcome
from yanzhen.exchange.notices.settings import is_address
from yanzhen.exchange.notices.wording import PHRASES
from yanzhen.phrasebook import Language
from yanzhen.store.database.clock import time_of

PASSWORD = "YANZHEN_MAIL_PASSWORD"
PATIENCE = 20.0
"""Seconds that a server of mail may take to answer a command."""
Security = Literal["starttls", "tls", "none"]
PORTS: Mapping[str, int] = {"starttls": 587, "tls": 465, "none": 25}
TEXTS = ("host", "security", "user", "password", "password_file", "from", "address", "ca_file")
LONGEST_SUBJECT = 150


@dataclass(frozen=True)
class MailSettings:
    """A server of mail, and how this server writes to people.

    Attributes
    ----------
    host, port : of the server of mail
    security : starttls, tls from the start, or none, which only the same machine may have
    user, password : empty where the server asks for none
    sender : address that e-mail comes from
    address : of the workbench, before which links are put; without a slash at its end
    ca_file : certificates that are trusted beside those of the system; empty for none
    """

    host: str
    port: int
    security: Security
    user: str
    password: str
    sender: str
    address: str
    ca_file: str = ""


class WrongSettings(ValueError):
    """Settings of e-mail that cannot be used; says every reason."""


def read_mail_settings(path: Path, environment: Mapping[str, str] = os.environ) -> MailSettings:
    """Read the settings of e-mail from a TOML file.

    The password may stand in a file of its own (`password_file`) or in the environment, as
    `YANZHEN_MAIL_PASSWORD`.

    Raises
    ------
    WrongSettings
        With everything that is wrong.
    """
    # A worker that waits holds nothing of what reads studies.
    from yanzhen.study import StudyError
    from yanzhen.study.encoding import text_of

    try:
        said = tomllib.loads(text_of(path))
    except (OSError, StudyError, tomllib.TOMLDecodeError, RecursionError) as error:
        raise WrongSettings(f"{path}: {error}") from None
    wrong = [f"{key}: not known" for key in sorted({*said} - {*TEXTS, "port"})]
    wrong += [f"{key}: a text is expected" for key in TEXTS if type(said.get(key, "")) is not str]
    if wrong:
        raise WrongSettings(f"{path}: {'; '.join(wrong)}")
    security = said.get("security", "starttls")
    port: Any = said.get("port", PORTS.get(security))
    wrong += [f"{key}: missing" for key in ("host", "from", "address") if not said.get(key)]
    if security not in PORTS:
        wrong.append("security: starttls, tls or none is expected")
    elif type(port) is not int or not 0 < port < 65536:
        wrong.append("port: a number from 1 to 65535 is expected")
    if security == "none" and not _is_here(said.get("host", "")):
        wrong.append("security: none is for a server of mail on this machine alone")
    if said.get("from") and not is_address(said["from"]):
        wrong.append("from: one address of e-mail is expected, without a name")
    address = urlsplit(said.get("address", ""))
    if said.get("address") and (address.scheme not in ("http", "https") or not address.netloc):
        wrong.append("address: that of the workbench is expected, https://…")
    password, faults = _password(said, environment)
    wrong += faults
    if said.get("user") and not password and not faults:
        wrong.append(f"password: missing (here, in password_file or as {PASSWORD})")
    if said.get("ca_file") and not Path(said["ca_file"]).is_file():
        wrong.append(f"ca_file: there is no file {said['ca_file']}")
    if wrong:
        raise WrongSettings(f"{path}: {'; '.join(wrong)}")
    return MailSettings(
        said["host"],
        port,
        security,
        said.get("user", ""),
        password,
        said["from"],
        said["address"].rstrip("/"),
        said.get("ca_file", ""),
    )


def written(
    settings: MailSettings, delivery: str, notice: Notice, to: str, language: Language
) -> EmailMessage:
    """Return the e-mail that tells somebody of a notice.

    Parameters
    ----------
    delivery : identity, which is the same where the e-mail is sent again
    to : address
    """
    title, details = notice.title(language), notice.details(language)
    # What somebody wrote into a name cannot end the line of a header.
    subject = " ".join(" · ".join((title, *details[:1])).split())[:LONGEST_SUBJECT]
    message = EmailMessage(SMTP)
    message["Subject"] = PHRASES.word(language, "mail.subject", said=subject)
    message["From"] = settings.sender
    message["To"] = to
    message["Date"] = format_datetime(time_of(notice.made_at))
    message["Message-ID"] = f"<{delivery}@{settings.sender.rpartition('@')[2]}>"
    message["Auto-Submitted"] = "auto-generated"
    link = f"{settings.address}{notice.page}"
    own = f"{settings.address}/notices"
    lines = (
        title,
        *details,
        "",
        PHRASES.word(language, "mail.link", link=link),
        "",
        PHRASES.word(language, "mail.why", link=own),
    )
    message.set_content("\n".join(lines) + "\n", cte="base64")
    return message


class MailServer:
    """A connection to a server of mail, made with the first message.

    Parameters
    ----------
    settings : of the server
    """

    def __init__(self, settings: MailSettings) -> None:
        self.settings = settings
        self._open: smtplib.SMTP | None = None

    def __enter__(self) -> "MailServer":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._close()

    def send(self, message: EmailMessage) -> Outcome:
        """Send a message to its one recipient; say whether the server took it, or why not."""
        try:
            if self._open is None:
                self._open = self._connected()
            self._open.send_message(message, self.settings.sender, [message["To"]])
        except smtplib.SMTPRecipientsRefused as error:
            self._close()
            code, said = next(iter(error.recipients.values()))
            return Outcome(False, _said(code, said), final=500 <= code < 600)
        except smtplib.SMTPDataError as error:
            self._close()
            refused = 500 <= error.smtp_code < 600
            return Outcome(False, _said(error.smtp_code, error.smtp_error), final=refused)
        except smtplib.SMTPResponseException as error:
            # Of the server's operator, not of this message: it may do once he has mended it.
            self._close()
            return Outcome(False, _said(error.smtp_code, error.smtp_error))
        except (OSError, smtplib.SMTPException) as error:
            self._close()
            return Outcome(False, f"{type(error).__name__}: {error}")
        return ARRIVED

    def _connected(self) -> smtplib.SMTP:
        settings = self.settings
        where: dict[str, Any] = {"host": settings.host, "port": settings.port, "timeout": PATIENCE}
        trusted = ssl.create_default_context(cafile=settings.ca_file or None)
        if settings.security == "tls":
            server: smtplib.SMTP = smtplib.SMTP_SSL(**where, context=trusted)
        else:
            server = smtplib.SMTP(**where)
        try:
            if settings.security == "starttls":
                server.starttls(context=trusted)
            if settings.user:
                server.login(settings.user, settings.password)
        except BaseException:
            server.close()
            raise
        return server

    def _close(self) -> None:
        if self._open is not None:
            with suppress(OSError, smtplib.SMTPException):
                self._open.quit()
            self._open.close()
            self._open = None


def _password(said: Mapping[str, Any], environment: Mapping[str, str]) -> tuple[str, list[str]]:
    """The password from where it stands, and what is wrong with that."""
    if "password" in said and "password_file" in said:
        return "", ["password: stands in password_file too"]
    if "password_file" not in said:
        return said.get("password", environment.get(PASSWORD, "")), []
    try:
        return Path(said["password_file"]).read_text(encoding="utf-8").strip(), []
    except (OSError, UnicodeDecodeError) as error:
        return "", [f"password_file: {error}"]


def _is_here(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def _said(code: int, said: bytes | str) -> str:
    text = said.decode("utf-8", "replace") if isinstance(said, bytes) else said
    return f"{code} {text}"
