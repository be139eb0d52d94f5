"""Agreements that are settled: payments, statements, signatures, transfers."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Literal

from yanzhen.client.sending import Sending

Said = dict[str, Any]
AGREEMENTS = "/exchange/agreements"
Lang = Literal["zh", "en"]


class Agreements:
    """The agreements to which one's organisation is a party; answers are as the API describes them.

    Parameters
    ----------
    sending : the server
    """

    def __init__(self, sending: Sending) -> None:
        self.sending = sending

    def all(self) -> list[Said]:
        """Return the agreements."""
        return self._rows(AGREEMENTS)

    def agreement(self, agreement: str) -> Said:
        """Return an agreement."""
        return self._one("GET", agreement)

    def register(self, start_year: int, **said: Any) -> Said:
        """Register an agreement: of a signed `deal`, or with all that the API asks for."""
        return self._one("POST", body={"start_year": start_year, **said})

    def answer(
        self, agreement: str, party: str, answer: Literal["accept", "decline"], sha256: str
    ) -> Said:
        """Accept an agreement for one's own party or decline it, with the hash of what was read."""
        body = {"party": party, "answer": answer, "sha256": sha256}
        return self._one("POST", agreement, "answers", body)

    def text(self, agreement: str, form: Literal["md", "docx"], lang: Lang = "zh") -> bytes:
        """Return the text of an agreement, clause by clause."""
        query = {"form": form, "lang": lang}
        return self.sending.ask("GET", f"{AGREEMENTS}/{agreement}/text", query).content

    def declared(self, agreement: str) -> list[Said]:
        """Return the rows that were declared."""
        return self._rows(f"{AGREEMENTS}/{agreement}/declared")

    def declare(self, agreement: str, rows: Iterable[Mapping[str, str | None]]) -> Any:
        """Declare what projects paid: all rows, or none; each replaces one's own of its period."""
        body = {"rows": [dict(row) for row in rows]}
        return self.sending.ask("POST", f"{AGREEMENTS}/{agreement}/declared", None, body).json()

    def declare_file(self, agreement: str, file: Path) -> Any:
        """Declare the rows of a file (CSV, XLSX, Parquet): all of them, or none."""
        files = {"file": (file.name, file.read_bytes())}
        path = f"{AGREEMENTS}/{agreement}/declared/files"
        return self.sending.ask("POST", path, files=files).json()

    def withdraw_row(self, agreement: str, number: int) -> Any:
        """Withdraw a row that one's own organisation declared."""
        path = f"{AGREEMENTS}/{agreement}/declared/{number}"
        return self.sending.ask("DELETE", path).json()

    def give_notice(self, agreement: str, party: str, year: int) -> Said:
        """Give notice for a party of one's own."""
        return self._one("POST", agreement, "notices", {"party": party, "year": year})

    def transfer(
        self, agreement: str, debtor: str, creditor: str, fen: int, on: str, note: str = ""
    ) -> Said:
        """Record what a debtor paid a creditor, in fen, on a day."""
        body = {"debtor": debtor, "creditor": creditor, "fen": fen, "on": on, "note": note}
        return self._one("POST", agreement, "transfers", body)

    def reverse_transfer(self, agreement: str, number: int) -> Said:
        """Take a transfer back by an entry that reverses it."""
        return self._one("DELETE", agreement, f"transfers/{number}")

    def statements(self, agreement: str) -> list[Said]:
        """Return the statements of an agreement."""
        return self._rows(f"{AGREEMENTS}/{agreement}/statements")

    def statement(self, agreement: str, number: int) -> Said:
        """Return a statement."""
        return self._one("GET", agreement, f"statements/{number}")

    def issue(self, agreement: str, period: str) -> Said:
        """Issue the statement of the next period: 2025, or 2025Q1."""
        return self._one("POST", agreement, "statements", {"period": period})

    def statement_file(
        self, agreement: str, number: int, form: Literal["json", "xlsx", "pdf"], lang: Lang = "zh"
    ) -> bytes:
        """Return a statement as a file."""
        query = {"form": form, "lang": lang}
        path = f"{AGREEMENTS}/{agreement}/statements/{number}/file"
        return self.sending.ask("GET", path, query).content

    def say(
        self,
        agreement: str,
        number: int,
        party: str,
        act: Literal["sign", "dispute", "resolve"],
        note: str = "",
    ) -> Said:
        """Sign a statement for one's own party, dispute it, or resolve a dispute."""
        body = {"party": party, "act": act, "note": note}
        return self._one("POST", agreement, f"statements/{number}/signatures", body)

    def _one(self, method: str, agreement: str = "", below: str = "", body: Any = None) -> Said:
        path = "/".join(each for each in (AGREEMENTS, agreement, below) if each)
        said: Said = self.sending.ask(method, path, None, body).json()
        return said

    def _rows(self, path: str) -> list[Said]:
        rows: list[Said] = self.sending.ask("GET", path).json()
        return rows
