"""Amounts of listings with their units, as a reader reads them."""

from yanzhen.report.text.quantities import number
from yanzhen.study.units import UNITS
from yanzhen.web.view import View


def unit_said(view: View, unit: str) -> str:
    """Return the name of a unit."""
    return UNITS[unit].zh if view.lang == "zh" else UNITS[unit].en


def amount_said(view: View, amount: float, unit: str) -> str:
    """Return an amount with its unit: `250 mu`, `8 × 100 million CNY`."""
    name = unit_said(view, unit)
    return f"{number(amount)}{' × ' if name[:1].isdigit() else ' '}{name}"
