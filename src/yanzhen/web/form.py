"""Fields whose values stand in the address."""

from collections.abc import Mapping
from math import inf
from types import MappingProxyType

from nicegui import ui

from yanzhen.web.text import notice
from yanzhen.web.view import View

NOTHING: Mapping[str, str] = MappingProxyType({})
NO_LIMITS: Mapping[str, float] = MappingProxyType({})
# Going from one field of a group to the next is no leaving.
LEFT = "(event) => event.currentTarget.contains(event.relatedTarget) || emit()"


def go(view: View, chosen: Mapping[str, object]) -> None:
    """Go to the same page with other choices."""
    said = {key: _said(value) for key, value in chosen.items()}
    ui.navigate.to(view.address.choosing(**said).url())


def _said(value: object) -> str:
    if value is None:
        return ""
    return f"{value:.12g}" if isinstance(value, float) else str(value)


def choose(view: View, key: str, value: str | None) -> None:
    """Go to the same page with another choice."""
    go(view, {key: value})


def number_said(view: View, key: str) -> float | None:
    """Return a number that stands in the address; None where none does."""
    try:
        return float(view.chosen(key))
    except ValueError:
        return None


def sound_numbers(
    view: View, labels: Mapping[str, str], most: Mapping[str, float] = NO_LIMITS
) -> bool:
    """Whether the numbers of the address can be reckoned with; says what is wrong with each.

    Parameters
    ----------
    labels : by name in the address
    most : largest value of those that have one
    """
    wrong = [
        f"{label}: {_range(view, most.get(key))}"
        for key, label in labels.items()
        if view.chosen(key) and not _fits(number_said(view, key), most.get(key))
    ]
    for each in wrong:
        notice(each, "bad")
    return not wrong


def _fits(value: float | None, most: float | None) -> bool:
    return value is not None and 0 <= value < inf and (most is None or value <= most)


def _range(view: View, most: float | None) -> str:
    key = "number.from_zero" if most is None else "number.between"
    return view.word(key, most=f"{most or 0:g}")


def number_fields(
    view: View,
    labels: Mapping[str, str],
    usual: Mapping[str, str] = NOTHING,
    most: Mapping[str, float] = NO_LIMITS,
) -> None:
    """Offer numbers; the reader goes on once they leave the fields together, or press Enter.

    Parameters
    ----------
    labels : by name in the address
    usual : what holds where a field is left empty
    most : largest value of those that have one
    """

    def field(key: str, label: str) -> ui.number:
        limit = most.get(key)
        refusal = {_range(view, limit): lambda value: value is None or _fits(value, limit)}
        shown = ui.number(
            label, value=number_said(view, key), format="%.12g", validation=refusal
        ).props("outlined dense stack-label" if key in usual else "outlined dense")
        shown.validate()
        return shown

    with ui.element("div").classes("numbers") as group:
        fields = {key: field(key, label) for key, label in labels.items()}
        for key, said in usual.items():
            fields[key].props["placeholder"] = said

    def take() -> None:
        given = {key: field.value for key, field in fields.items()}
        sound = [each.validate() for each in fields.values()]
        if all(sound) and given != {key: number_said(view, key) for key in fields}:
            go(view, given)

    group.on("focusout", take, js_handler=LEFT)
    group.on("keydown.enter", take)
