"""A list with a type box: Enter takes the first hit of what was typed, Tab and Escape take none."""

from collections.abc import Callable, Mapping
from typing import Any

from nicegui import ui

from yanzhen.web.deferred import FIRST, when_turned_to


def combobox(
    options: Mapping[str, str],
    value: str | list[str] | None,
    label: str,
    choose: Callable[[Any], None],
) -> ui.select:
    """Offer a choice of however many; those beyond the first come when it is turned to.

    The keys are in `workbench.js`: Quasar's own list takes no hit on Enter, so that what is typed
    stands in the box while the page is that of the choice before.

    Parameters
    ----------
    options : what each value is called
    value : what is chosen; a list where several can be
    label : of the field
    choose : called with what is chosen next
    """
    chosen = value if isinstance(value, list) else [value]
    shown = [*list(options)[:FIRST], *(each for each in chosen if each in options)]
    select = ui.select(
        {each: options[each] for each in shown if each is not None},
        value=value,
        label=label,
        with_input=True,
        multiple=isinstance(value, list),
        on_change=lambda event: choose(event.value),
    ).props("outlined dense options-dense")

    def fill() -> None:
        if len(select.options) < len(options):
            select.set_options(dict(options))
            ui.run_javascript(_FILTER % select.id)

    if len(select.options) < len(options):
        when_turned_to(select, fill)
    return select


# What the reader has typed by then picks from the options that came.
_FILTER = """{
  const { qRef } = getElement(%d).$refs;
  const typed = qRef.$el.querySelector("input[type=search]")?.value;
  if (typed) qRef.filter(typed);
}"""
