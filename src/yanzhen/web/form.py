"""Fields whose values stand in the address."""

from collections.abc import Mapping

from nicegui import ui

from yanzhen.web.view import View


def go(view: View, chosen: Mapping[str, object]) -> None:
    """Go to the same page with other choices."""
    said = {key: "" if value is None else str(value) for key, value in chosen.items()}
    ui.navigate.to(view.address.choosing(**said).url())


def number_said(view: View, key: str) -> float | None:
    """Return a number that stands in the address; None where none does."""
    try:
        value = float(view.chosen(key))
    except ValueError:
        return None
    return value if 0 <= value < float("inf") else None


def number_field(view: View, key: str, label: str, usual: str = "") -> None:
    """Offer a number; `usual` is what holds where the field is left empty."""
    field = ui.number(label, value=number_said(view, key), min=0, format="%.12g")
    field.props("outlined dense stack-label" if usual else "outlined dense")
    if usual:
        field.props["placeholder"] = usual
    field.on("change", lambda: go(view, {key: field.value}))
