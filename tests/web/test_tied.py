"""Pages that are tied to the person whom they were made for."""

import asyncio
from types import SimpleNamespace
from typing import Any

import pytest
from nicegui import Client

from yanzhen.api.accounts import SESSION
from yanzhen.store.people.viewer import Viewer
from yanzhen.store.people.viewing import viewing_as
from yanzhen.web.accounts import _named_in_query, _tied

OWNER, OTHER = (Viewer(name, "organisation", "analyst") for name in ("owner", "other"))


@pytest.mark.parametrize(("viewer", "expected"), [(OWNER, ["page"]), (OTHER, [])])
@pytest.mark.parametrize("way", ["event", "connect"])
def test_a_page_hears_its_own_person_alone(
    viewer: Viewer, expected: list[str], way: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = SimpleNamespace(viewer=OWNER)
    page = SimpleNamespace(request=SimpleNamespace(scope={SESSION: session}))
    monkeypatch.setitem(Client.instances, "page", page)
    heard: list[str] = []

    def handle(sid: str, said: Any) -> None:
        heard.append("page")

    if way == "event":
        handler, said = _tied(handle, lambda said: str(said["client_id"])), {"client_id": "page"}
    else:
        handler, said = _tied(handle, _named_in_query), {"QUERY_STRING": "client_id=page&x=1"}
    with viewing_as(viewer):
        asyncio.run(handler("socket", said))
    assert heard == expected
