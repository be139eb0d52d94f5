"""Lists a page at a time: each page says after what the next begins.

A cursor holds the key of the last item of a page, so that what is added or removed meanwhile
neither repeats nor hides another item.
"""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Iterable, Sequence
from typing import Annotated, Any, Generic, TypeVar

from fastapi import Query, Request, Response
from pydantic import BaseModel

from yanzhen.api.problem_details import Refusal

Item = TypeVar("Item")
Key = tuple[str | int | float, ...]
MOST = 500
Limit = Annotated[int, Query(ge=1, le=MOST, description="Most items of a page")]
Cursor = Annotated[
    str, Query(max_length=500, description="`next` of the page before; empty for the first page")
]


class Page(BaseModel, Generic[Item]):
    """A page of a list.

    Attributes
    ----------
    items : in the order of the list
    next : where the next page begins, null at the last
    """

    items: list[Item]
    next: str | None = None


def cursor_of(key: Sequence[Any]) -> str:
    """Return a key as it stands in an address."""
    said = json.dumps(list(key), ensure_ascii=False, separators=(",", ":"))
    return urlsafe_b64encode(said.encode()).decode().rstrip("=")


def key_of(cursor: str, like: Sequence[type]) -> Key | None:
    """Return the key that a cursor holds, None for the first page.

    Parameters
    ----------
    cursor : as an address says it
    like : types of the key's parts

    Raises
    ------
    Refusal
        422 where it is no cursor of this list.
    """
    if not cursor:
        return None
    try:
        key = json.loads(urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except ValueError:
        key = None
    # A server's database takes no text with a zero in it.
    fits = isinstance(key, list) and [type(part) for part in key] == list(like)
    if not fits or any(isinstance(part, str) and "\x00" in part for part in key):
        raise not_of_this_list()
    return tuple(key)


def not_of_this_list() -> Refusal:
    """Return the refusal of a cursor that is none of a list."""
    return Refusal(
        422,
        "`after` is no cursor of this list.",
        "`after` 不是此列表的游标。",
        errors=[{"in": "query", "pointer": "#/after", "detail": "is no cursor of this list"}],
    )


def page_of(found: Sequence[Item], limit: int, key: Callable[[Item], Sequence[Any]]) -> Page[Item]:
    """Return a page of what was found, which is asked for one item longer than the page.

    Parameters
    ----------
    found : at most `limit` + 1 items from where the page begins
    limit : most items of the page
    key : of an item, by which the list is ordered
    """
    items = list(found[:limit])
    more = len(found) > limit
    return Page(items=items, next=cursor_of(key(items[-1])) if more else None)


def page_in_memory(
    every: Iterable[Item],
    limit: int,
    after: str,
    key: Callable[[Item], tuple[Any, ...]],
    like: Sequence[type] = (str,),
) -> Page[Item]:
    """Return a page of a list that is held whole, ordered by its key."""
    last = key_of(after, like)
    ordered = sorted(every, key=key)
    rest = [item for item in ordered if last is None or key(item) > last]
    return page_of(rest[: limit + 1], limit, key)


def link_next(request: Request, response: Response, page: Page[Any]) -> None:
    """Say in the header Link where the next page is."""
    if page.next is not None:
        response.headers["Link"] = link_to(request, page.next)


def link_to(request: Request, after: str) -> str:
    """Return the header that says where the next page is (RFC 8288)."""
    address = request.url.include_query_params(after=after)
    return f'<{address.path}?{address.query}>; rel="next"'
