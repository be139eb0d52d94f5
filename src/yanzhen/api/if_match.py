"""Changes of what others may change too: the reader says which version he had (RFC 9110)."""

import re
from typing import Annotated

from fastapi import Header, Response

from yanzhen.api.problem_details import Refusal
from yanzhen.api.responses import Responses, refused

TAG = re.compile(r'(?:W/)?"([0-9]{1,9})"')
IfMatch = Annotated[str | None, Header(alias="If-Match", description="ETag of what the reader had")]
CHANGED: Responses = {
    **refused(412, "It was changed since the reader had it."),
    **refused(428, "The request says no version (If-Match)."),
}


def version_in(said: str | None) -> int:
    """Return the version that a request says.

    Raises
    ------
    Refusal
        428 where it says none, 412 where that is no version of such things.
    """
    if said is None:
        raise Refusal(
            428,
            "Say in the header If-Match which version this is a change of.",
            "请在请求头 If-Match 中给出所改内容的版本。",
        )
    found = TAG.fullmatch(said.strip())
    if found is None:
        raise changed_meanwhile()
    return int(found[1])


def version_or_any(said: str | None) -> int | None:
    """Return the version that a request says, None where it says none."""
    return None if said is None else version_in(said)


def tag_version(response: Response, version: int) -> None:
    """Say which version an answer is of."""
    response.headers["ETag"] = f'"{version}"'


def changed_meanwhile() -> Refusal:
    """Return the refusal of a change of what somebody changed meanwhile."""
    return Refusal(
        412,
        "It was changed meanwhile: read it again.",
        "内容已被更改，请重新读取。",
    )
