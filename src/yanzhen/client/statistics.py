"""Statistics of the exchange, published by period."""

from typing import Any, Literal

from yanzhen.client.sending import Sending

Said = dict[str, Any]
STATISTICS = "/exchange/statistics"
Lang = Literal["zh", "en"]


class Statistics:
    """Published statistics; answers are as the API describes them.

    Parameters
    ----------
    sending : the server
    """

    def __init__(self, sending: Sending) -> None:
        self.sending = sending

    def all(self) -> list[Said]:
        """Return what was published, the newest first."""
        found: list[Said] = self.sending.ask("GET", STATISTICS).json()
        return found

    def publication(self, number: int, lang: Lang = "zh") -> Said:
        """Return a publication with its tables."""
        return self._one("GET", f"{STATISTICS}/{number}", {"lang": lang})

    def file(self, number: int, table: str | None = None, lang: Lang = "zh") -> bytes:
        """Return all tables as an Excel workbook, or one of them as CSV."""
        query = {"lang": lang, **({"form": "csv", "table": table} if table else {"form": "xlsx"})}
        return self.sending.ask("GET", f"{STATISTICS}/{number}/file", query).content

    def publish(self, period: str, **said: Any) -> Said:
        """Publish the statistics of a year (`2025`) or a quarter (`2025Q1`) that is over."""
        return self._one("POST", STATISTICS, body={"period": period, **said})

    def chain_holds(self) -> bool:
        """Return whether no publication was changed, taken out or put in."""
        return bool(self._one("GET", f"{STATISTICS}/verification")["holds"])

    def _one(self, method: str, path: str, query: Any = None, body: Any = None) -> Said:
        found: Said = self.sending.ask(method, path, query, body).json()
        return found
