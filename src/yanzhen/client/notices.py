"""Notices: what one's organisation was told, and what of it comes by e-mail and webhook."""

from collections.abc import Iterable, Iterator
from typing import Any

from yanzhen.client.sending import Sending

Said = dict[str, Any]
NOTICES = "/notices"
WEBHOOKS = "/webhooks"


class Notices:
    """What one's organisation was told; answers are as the API describes them.

    Parameters
    ----------
    sending : the server
    """

    def __init__(self, sending: Sending) -> None:
        self.sending = sending

    def every(self, unread: bool = False) -> Iterator[Said]:
        """Give the notices, the newest first, all or those that one has not read."""
        return self.sending.pages(NOTICES, {"unread": unread})

    def unread(self) -> int:
        """Return how many notices one has not read, 100 for so many or more."""
        return int(self.sending.ask("GET", f"{NOTICES}/unread").json()["unread"])

    def mark_read(self, notices: Iterable[str] = (), up_to: str | None = None) -> None:
        """Mark notices as read, or one and all before it."""
        body = {"notices": list(notices), "up_to": up_to}
        self.sending.ask("POST", f"{NOTICES}/readings", None, body)

    def settings(self) -> Said:
        """Return what one gets by e-mail."""
        said: Said = self.sending.ask("GET", f"{NOTICES}/settings").json()
        return said

    def change_settings(
        self, mail_address: str | None, mail_kinds: Iterable[str], language: str = "zh"
    ) -> Said:
        """Say what one wants by e-mail; without an address, nothing."""
        body = {
            "mail_address": mail_address,
            "mail_kinds": list(mail_kinds),
            "language": language,
        }
        said: Said = self.sending.ask("PUT", f"{NOTICES}/settings", None, body).json()
        return said

    def webhooks(self) -> Iterator[Said]:
        """Give the webhooks of one's organisation, without their secrets."""
        return self.sending.pages(WEBHOOKS)

    def add_webhook(self, address: str, kinds: Iterable[str]) -> Said:
        """Make a webhook; its `secret` is told this once."""
        body = {"address": address, "kinds": list(kinds)}
        said: Said = self.sending.ask("POST", WEBHOOKS, None, body).json()
        return said

    def enable_webhook(self, webhook: str) -> Said:
        """Let a webhook that was disabled be sent to again."""
        said: Said = self.sending.ask("POST", f"{WEBHOOKS}/{webhook}/enabled").json()
        return said

    def remove_webhook(self, webhook: str) -> None:
        """Remove a webhook."""
        self.sending.ask("DELETE", f"{WEBHOOKS}/{webhook}")
