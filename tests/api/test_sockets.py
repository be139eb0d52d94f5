"""WebSockets where accounts are demanded: asked again at every message."""

from collections.abc import Iterator
from typing import Any

import pytest
from fastapi.testclient import TestClient
from starlette.responses import PlainTextResponse
from starlette.websockets import WebSocket, WebSocketDisconnect

from tests.api.people import CHEAP, PASSWORD, SITE, Guarded, guarded
from yanzhen.api.accounts import COOKIE, Accounts
from yanzhen.api.own_site import OwnSiteOnly
from yanzhen.store.people.logging_in import log_in, log_out
from yanzhen.store.people.persons import change_role, disable_person
from yanzhen.store.people.viewing import current_viewer


@pytest.fixture(scope="module")
def guard(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Guarded]:
    with guarded(tmp_path_factory.mktemp("sockets")) as made:
        yield made


HEARD: list[str] = []


SOCKET = "/_nicegui_ws/socket.io/"


async def echo(scope: Any, receive: Any, send: Any) -> None:
    """Say who asks, at every message."""
    socket = WebSocket(scope, receive, send)
    await socket.accept()
    try:
        while True:
            HEARD.append(await socket.receive_text())
            await socket.send_text(current_viewer().person)
    except WebSocketDisconnect:
        HEARD.append("gone")


def browser(guard: Guarded, login: str) -> tuple[TestClient, str]:
    reader = TestClient(Accounts(echo, guard.bench.database), base_url=SITE)
    token = log_in(guard.bench.database, login, PASSWORD, "192.0.2.1", passwords=CHEAP)
    reader.cookies.set(COOKIE, token)
    return reader, token


@pytest.mark.parametrize("end", ["log out", "disable", "change role"])
def test_what_has_ended_does_nothing_more(guard: Guarded, end: str) -> None:
    viewer = guard.person(end.replace(" ", "-"), "analyst")
    reader, token = browser(guard, viewer.person and end.replace(" ", "-"))
    HEARD.clear()
    with reader.websocket_connect(SOCKET) as socket:
        socket.send_text("4first")
        assert socket.receive_text() == viewer.person
        match end:
            case "log out":
                log_out(guard.bench.database, viewer, token)
            case "disable":
                disable_person(guard.bench.database, None, viewer.person)
            case _:
                change_role(guard.bench.database, None, viewer.person, "fund")
        socket.send_text("4second")
        with pytest.raises(WebSocketDisconnect) as closed:
            socket.receive_text()
        assert closed.value.code == 1008
    assert HEARD == ["4first", "gone"]


def test_nobody_is_let_in_without_a_session_or_from_another_site(guard: Guarded) -> None:
    guard.person("socket", "analyst")
    reader, _ = browser(guard, "socket")
    stranger = TestClient(Accounts(echo, guard.bench.database), base_url=SITE)
    for who, headers in ((stranger, {}), (reader, {"origin": "https://evil.example"})):
        with (
            pytest.raises(WebSocketDisconnect),
            who.websocket_connect(SOCKET, headers=headers),
        ):
            pass
    with reader.websocket_connect("/x", headers={"origin": "http://testserver"}) as socket:
        socket.send_text("4")
        assert socket.receive_text()


async def answering(scope: Any, receive: Any, send: Any) -> None:
    """Take a socket, or say that all is well."""
    if scope["type"] == "websocket":
        await echo(scope, receive, send)
    else:
        await PlainTextResponse("well")(scope, receive, send)


def test_without_accounts_too_another_site_opens_no_socket_here() -> None:
    reader = TestClient(OwnSiteOnly(answering), base_url=SITE)
    elsewhere = {"origin": "https://evil.example"}
    with (
        pytest.raises(WebSocketDisconnect) as closed,
        reader.websocket_connect(SOCKET, headers=elsewhere),
    ):
        pass
    assert closed.value.code == 1008
    for method in ("GET", "POST"):
        assert reader.request(method, SOCKET, headers=elsewhere).status_code == 403
    assert reader.get("/zone", headers=elsewhere).status_code == 200
    with reader.websocket_connect(SOCKET, headers={"origin": "http://testserver"}) as socket:
        socket.send_text("4")
        assert socket.receive_text() == "local"
    assert reader.get(SOCKET, headers={"origin": SITE}).text == "well"
