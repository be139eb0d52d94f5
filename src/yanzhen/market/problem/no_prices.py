"""What every market of the package raises where it finds no prices."""

from typing import Literal


class NoPrices(Exception):
    """No prices that clear a market were found, or none that its certificate passes."""

    def text(self, language: Literal["zh", "en"] = "en") -> str:
        """Return one sentence that says so, in the language asked."""
        return str(self) if language == "en" else f"市场没有出清：{self}"
