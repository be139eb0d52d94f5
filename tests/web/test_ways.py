"""The ways between pages: beside a wide page, behind a button on a narrow one."""

from typing import Any

from tests.web.conftest import Opened

SHOWN = (
    "(wide) => (document.querySelector('.yz-drawer').getBoundingClientRect().right > 0) === wide"
)


def without_updates(page: Any) -> None:
    """Pass on all between a page and its server but what the server changes on it."""
    server = page.connect_to_server()
    server.on_message(lambda message: None if '["update"' in str(message) else page.send(message))


def test_ways_leave_a_page_that_becomes_narrow_without_asking_the_server(opened: Opened) -> None:
    opened.speaks_through("**/socket.io/**", without_updates)
    opened.go(f"/overview?study={opened.served.study}&lang=en")
    opened.view.wait_for_function(SHOWN, arg=True)
    opened.view.set_viewport_size({"width": 390, "height": 900})
    opened.view.wait_for_function(SHOWN, arg=False)


def test_the_button_of_ways_opens_them_and_the_page_beside_closes_them(opened: Opened) -> None:
    opened.view.set_viewport_size({"width": 390, "height": 900})
    opened.go(f"/overview?study={opened.served.study}&lang=zh")
    opened.view.wait_for_function(SHOWN, arg=False)
    opened.view.locator("header button[aria-label]").first.click()
    opened.view.wait_for_function(SHOWN, arg=True)
    opened.view.locator(".q-drawer__backdrop").click(position={"x": 380, "y": 500})
    opened.view.wait_for_function(SHOWN, arg=False)
