"""What follows a page once the browser has painted it, so that long lists keep no page waiting."""

from collections.abc import Callable, Mapping
from typing import Any

from nicegui import ui

# More than a screen holds.
FIRST = 60


def follow(fill: Callable[[], None]) -> None:
    """Do something as soon as the browser has the page; at once where it has it already."""
    client = ui.context.client
    if client.has_socket_connection:
        fill()
    else:
        client.on_connect(fill)


def long_select(
    options: Mapping[str, str],
    value: str | list[str] | None,
    label: str,
    choose: Callable[[Any], None],
) -> ui.select:
    """Offer a choice of however many; those beyond the first follow the page.

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

    follow(fill)
    return select


# What the reader has typed by then picks from the options that came.
_FILTER = """{
  const { qRef } = getElement(%d).$refs;
  const typed = qRef.$el.querySelector("input[type=search]")?.value;
  if (typed) qRef.filter(typed);
}"""
