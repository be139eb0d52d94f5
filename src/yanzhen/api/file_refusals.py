"""Why a file that somebody brings to the exchange was not taken, as problem details."""

from collections.abc import Mapping
from typing import Literal

from yanzhen.api.problem_details import Refusal
from yanzhen.exchange.files.kinds import Refused

STATUS: Mapping[str, Literal[413, 415, 422]] = {
    "large": 413,
    "kind": 415,
    "other": 415,
    "empty": 422,
    "name": 422,
}


def refused_file(error: Refused) -> Refusal:
    """Return the refusal of a file."""
    return Refusal(STATUS[error.key], *error.words)
