"""The exchange: what is listed, what it costs at clearing prices, who is introduced to whom."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from yanzhen.client.sending import Sending

Said = dict[str, Any]
EXCHANGE = "/exchange"
LISTINGS = f"{EXCHANGE}/listings"
INTRODUCTIONS = f"{EXCHANGE}/introductions"


class Exchange:
    """Listings, the clearing over them and introductions; answers are as the API describes them.

    Parameters
    ----------
    sending : the server
    """

    def __init__(self, sending: Sending) -> None:
        self.sending = sending

    def listings(self, **conditions: Any) -> Iterator[Said]:
        """Give what is listed: by `kind`, `industry`, `region`, `holding`, or one's own `mine`."""
        return self.sending.pages(LISTINGS, conditions)

    def listing(self, listing: str) -> Said:
        """Return a listing."""
        return self._one("GET", f"{LISTINGS}/{listing}")

    def versions(self, listing: str) -> list[Said]:
        """Return the versions of a listing, the newest first."""
        return self._rows(f"{LISTINGS}/{listing}/versions")

    def add(self, content: Mapping[str, Any]) -> Said:
        """Make a listing, a draft of its `kind`."""
        return self._one("POST", LISTINGS, dict(content))

    def revise(self, listing: str, content: Mapping[str, Any], based_on: int | None = None) -> Said:
        """Give a listing a new version, made from the one that was read."""
        query = {"based_on": based_on}
        return self._one("PUT", f"{LISTINGS}/{listing}", dict(content), query)

    def take(self, kind: str, file: Path) -> list[str]:
        """Make listings of a kind from a file; all of its rows or none. Return who they are."""
        files = {"file": (file.name, file.read_bytes())}
        answer = self.sending.ask("POST", f"{EXCHANGE}/files/{kind}", files=files)
        made: list[str] = answer.json()["listings"]
        return made

    def template(self, kind: str) -> str:
        """Return the head of such a file (CSV)."""
        return self.sending.ask("GET", f"{EXCHANGE}/files/{kind}").text

    def submit(self, listing: str) -> Said:
        """Send a listing to the review of one's organisation."""
        return self._one("POST", f"{LISTINGS}/{listing}/submission")

    def publish(self, listing: str) -> Said:
        """Publish what is in review."""
        return self._one("POST", f"{LISTINGS}/{listing}/publication")

    def withdraw(self, listing: str) -> Said:
        """Take a listing back."""
        return self._one("POST", f"{LISTINGS}/{listing}/withdrawal")

    def confirm(self, listing: str) -> Said:
        """Say that a listing still holds."""
        return self._one("POST", f"{LISTINGS}/{listing}/confirmation")

    def add_document(self, listing: str, file: Path) -> Said:
        """Add a photograph or a document."""
        files = {"file": (file.name, file.read_bytes())}
        path = f"{LISTINGS}/{listing}/documents"
        said: Said = self.sending.ask("POST", path, files=files).json()
        return said

    def document(self, listing: str, sha256: str) -> bytes:
        """Return the content of a document."""
        return self.sending.ask("GET", f"{LISTINGS}/{listing}/documents/{sha256}").content

    def clear(self) -> Said:
        """Start clearing the market over what is listed; return the job."""
        return self._one("POST", f"{EXCHANGE}/clearings")

    def clearing(self) -> Said:
        """Return the latest clearing, with its certificate."""
        return self._one("GET", f"{EXCHANGE}/clearings/latest")

    def prices(self) -> Iterator[Said]:
        """Give the indicative prices of the latest clearing."""
        return self.sending.pages(f"{EXCHANGE}/prices")

    def shortlist(self, listing: str) -> Said:
        """Return where a project of one's own would go, with reasons."""
        return self._one("GET", f"{EXCHANGE}/shortlists/{listing}")

    def prospects(self, listing: str) -> list[Said]:
        """Return who may come to a site of one's own."""
        return self._rows(f"{EXCHANGE}/prospects/{listing}")

    def left_out(self, listing: str) -> Said:
        """Return what the latest clearing left out of a listing of one's own, and why."""
        return self._one("GET", f"{EXCHANGE}/left-out/{listing}")

    def introductions(self) -> Iterator[Said]:
        """Give the introductions that one's organisation asked for or was asked."""
        return self.sending.pages(INTRODUCTIONS)

    def introduction(self, introduction: str) -> Said:
        """Return an introduction."""
        return self._one("GET", f"{INTRODUCTIONS}/{introduction}")

    def ask(self, project: str, site: str, text: str = "") -> Said:
        """Ask a site for an introduction of a project of one's own; it sees then who asks."""
        return self._one("POST", INTRODUCTIONS, {"project": project, "site": site, "text": text})

    def answer(self, introduction: str, answer: str, text: str = "") -> Said:
        """Say `accepted`, `declined`, `withdrawn`, or a `message`."""
        body = {"answer": answer, "text": text}
        return self._one("POST", f"{INTRODUCTIONS}/{introduction}/answers", body)

    def answers(self, introduction: str) -> list[Said]:
        """Return what both sides said."""
        return self._rows(f"{INTRODUCTIONS}/{introduction}/answers")

    def _one(
        self, method: str, path: str, body: Any = None, query: Mapping[str, Any] | None = None
    ) -> Said:
        said: Said = self.sending.ask(method, path, query, body).json()
        return said

    def _rows(self, path: str) -> list[Said]:
        rows: list[Said] = self.sending.ask("GET", path).json()
        return rows
