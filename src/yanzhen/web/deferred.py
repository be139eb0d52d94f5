"""What follows a page once the browser has painted it, so that long lists keep no page waiting."""

from collections.abc import Callable

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
