"""Fields whose values stand in the address."""

from collections.abc import Mapping
from types import MappingProxyType

from nicegui import ui

from yanzhen.web.view import View

NOTHING: Mapping[str, str] = MappingProxyType({})
# Going from one field of a group to the next is no leaving.
LEFT = "(event) => event.currentTarget.contains(event.relatedTarget) || emit()"


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


def number_fields(
    view: View, labels: Mapping[str, str], usual: Mapping[str, str] = NOTHING
) -> None:
    """Offer numbers; the reader goes on once they leave the fields together, or press Enter.

    Parameters
    ----------
    labels : by name in the address
    usual : what holds where a field is left empty
    """
    with ui.element("div").classes("numbers") as group:
        fields = {
            key: ui.number(label, value=number_said(view, key), min=0, format="%.12g").props(
                "outlined dense stack-label" if key in usual else "outlined dense"
            )
            for key, label in labels.items()
        }
        for key, said in usual.items():
            fields[key].props["placeholder"] = said

    def take() -> None:
        given = {key: field.value for key, field in fields.items()}
        if given != {key: number_said(view, key) for key in fields}:
            go(view, given)

    group.on("focusout", take, js_handler=LEFT)
    group.on("keydown.enter", take)
