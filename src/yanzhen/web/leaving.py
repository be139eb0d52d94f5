"""Pages whose reader has left for good: they are not kept for a browser that only sleeps."""

from copy import copy

from nicegui import Client, core


def forget_left_pages() -> None:
    """Let a page go with its socket once the browser has said that nobody will come back to it.

    `workbench.js` says so. A browser that says nothing is waited for, as `KEPT_FOR` has it: with
    many readers who reload, those kept in vain would be more than those that are open.
    """
    core.sio.on("left", _left)


def _left(socket: str, *_: object) -> None:
    # The handshake put the socket in a room named after its page; no other can be named.
    for room in core.sio.rooms(socket):
        if room in Client.instances:
            page = Client.instances[room]
            page.page = copy(page.page)
            page.page.reconnect_timeout = 0.0
