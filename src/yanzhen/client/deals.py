"""Deals between organisations: what can be asked about them, by name."""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from yanzhen.client.sending import Sending

Said = dict[str, Any]
DEALS = "/exchange/deals"


class Deals:
    """The deals to which one's organisation is a party; answers are as the API describes them.

    Parameters
    ----------
    sending : the server
    """

    def __init__(self, sending: Sending) -> None:
        self.sending = sending

    def every(self, state: str | None = None) -> Iterator[Said]:
        """Give the deals, the newest first, all or those in a state."""
        return self.sending.pages(DEALS, {"state": state})

    def deal(self, deal: str) -> Said:
        """Return a deal."""
        return self._json("GET", deal)

    def add(self, deal: Mapping[str, Any]) -> Said:
        """Make a deal; one's own organisation is among its parties."""
        return self._json("POST", body=dict(deal))

    def change(self, deal: str, version: int, **values: Any) -> Said:
        """Change title, investment or owner of the version of a deal that was read."""
        return self._json("PATCH", deal, body=values, version=version)

    def add_party(self, deal: str, organisation: str, capacity: str) -> Said:
        """Let another organisation take part."""
        body = {"organisation": organisation, "capacity": capacity}
        return self._json("POST", deal, "parties", body=body)

    def transitions(self, deal: str) -> list[Said]:
        """Return what happened to a deal, the first first."""
        return self._rows(deal, "transitions")

    def enter(self, deal: str, transitions: Iterable[Mapping[str, Any]]) -> Said:
        """Enter what happened to a deal: all of it, or nothing."""
        body = {"transitions": [dict(each) for each in transitions]}
        return self._json("POST", deal, "transitions", body=body)

    def register(self, money: str = "100 million CNY") -> str:
        """Return what happened from signing on, as a study's table `transitions` (CSV)."""
        return self.sending.ask("GET", "/exchange/register", {"money": money}).text

    def terms(self, deal: str) -> list[Said]:
        """Return the versions of a deal's terms."""
        return self._rows(deal, "terms")

    def version(self, deal: str, version: int) -> Said:
        """Return a version of a deal's terms."""
        return self._json("GET", deal, f"terms/{version}")

    def changed_clauses(self, deal: str, version: int, since: int | None = None) -> list[Said]:
        """Return what a version changes, clause by clause."""
        query = {"since": since}
        return self._rows(deal, f"terms/{version}/changes", query)

    def propose(self, deal: str, terms: str) -> Said:
        """Propose terms, as TOML."""
        return self._json("POST", deal, "terms", body={"terms": terms})

    def agree(self, deal: str, version: int, organisation: str, sha256: str) -> Said:
        """Agree to a version for one's own organisation, with the hash of what was read."""
        body = {"organisation": organisation, "sha256": sha256}
        return self._json("POST", deal, f"terms/{version}/agreements", body=body)

    def tasks(self, deal: str) -> list[Said]:
        """Return the tasks of a deal, by due day."""
        return self._rows(deal, "tasks")

    def add_task(self, deal: str, title: str, organisation: str, due: str) -> Said:
        """Add a task of a party, with the day by which it is to be done."""
        body = {"title": title, "organisation": organisation, "due": due}
        return self._json("POST", deal, "tasks", body=body)

    def change_task(self, deal: str, task: str, version: int, **values: Any) -> Said:
        """Change the version of a task that was read; `done_on` says that it is done."""
        return self._json("PATCH", deal, f"tasks/{task}", body=values, version=version)

    def reminders(self) -> list[Said]:
        """Return one's open tasks that are overdue or due within a week."""
        rows: list[Said] = self.sending.ask("GET", "/exchange/reminders").json()
        return rows

    def comments(self, deal: str) -> Iterator[Said]:
        """Give comments and one's own private notes, the newest first."""
        return self.sending.pages(f"{DEALS}/{deal}/comments")

    def comment(self, deal: str, text: str, private: bool = False, corrects: str = "") -> Said:
        """Add a comment or a private note, or a correction of one."""
        body = {"text": text, "private": private, "corrects": corrects or None}
        return self._json("POST", deal, "comments", body=body)

    def documents(self, deal: str) -> list[Said]:
        """Return the documents of a deal."""
        return self._rows(deal, "documents")

    def add_document(self, deal: str, path: Path) -> Said:
        """Keep a document."""
        files = {"file": (path.name, path.read_bytes())}
        said: Said = self.sending.ask("POST", f"{DEALS}/{deal}/documents", files=files).json()
        return said

    def document(self, deal: str, document: str) -> bytes:
        """Return the content of a document."""
        return self.sending.ask("GET", f"{DEALS}/{deal}/documents/{document}").content

    def new_calendar(self) -> str:
        """Return a new address of one's calendar, told this once; the one before ends."""
        return str(self.sending.ask("POST", "/exchange/calendars").json()["address"])

    def drop_calendar(self) -> None:
        """Let one's calendar be read no more."""
        self.sending.ask("DELETE", "/exchange/calendars")

    def calendar(self, secret: str) -> str:
        """Return the calendar that has an address ending in a secret (iCalendar)."""
        return self.sending.ask("GET", f"/exchange/calendars/{secret}").text

    def _json(
        self,
        method: str,
        deal: str = "",
        below: str = "",
        body: Any = None,
        version: int | None = None,
    ) -> Said:
        path = "/".join(each for each in (DEALS, deal, below) if each)
        headers = {} if version is None else {"If-Match": f'"{version}"'}
        said: Said = self.sending.ask(method, path, None, body, headers=headers).json()
        return said

    def _rows(self, deal: str, below: str, query: Mapping[str, Any] | None = None) -> list[Said]:
        rows: list[Said] = self.sending.ask("GET", f"{DEALS}/{deal}/{below}", query).json()
        return rows
