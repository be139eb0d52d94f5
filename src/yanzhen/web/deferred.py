"""What need not be there at once: what follows a page, and what comes when a reader turns to it."""

from collections.abc import Callable

from nicegui import ui

# More than a screen holds.
FIRST = 60
TURNED_TO = ("pointerenter", "focusin", "focus")
"""What a browser says when pointer, finger or keyboard come to an element; lists say the last."""


def follow(fill: Callable[[], None]) -> None:
    """Do something as soon as the browser has the page; at once where it has it already."""
    client = ui.context.client
    if client.has_socket_connection:
        fill()
    else:
        client.on_connect(fill)


def when_turned_to(element: ui.element, fill: Callable[[], None]) -> None:
    """Do something when the reader turns to an element, again each time.

    Long lists come then: of many pages open at once few are searched to the end.
    """
    for event in TURNED_TO:
        element.on(event, fill, args=[], throttle=1.0)
