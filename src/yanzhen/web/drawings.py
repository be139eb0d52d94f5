"""Pictures that pages make themselves, kept for the next load of the same address."""

import json
from collections import OrderedDict
from collections.abc import Callable
from pathlib import Path
from typing import Any

from yanzhen.api.pictures import drawn
from yanzhen.report.figures.theme import Chart
from yanzhen.web.view import View

MOST = 64_000_000
"""Characters of specifications that are kept."""
_KEPT: OrderedDict[tuple[str, str, str], dict[str, Any]] = OrderedDict()


def kept_drawing(view: View, of: Path, key: str, draw: Callable[[], Chart]) -> dict[str, Any]:
    """Return a picture as `yanzhen.api.pictures.drawn` does, its specification as JSON beside it.

    Parameters
    ----------
    view : whose address says all that the picture depends on beside the result
    of : folder of the result's version, in that of the organisation that asks
    key : of the picture
    draw : makes it
    """
    name = (str(of), view.address.url(), key)
    if name in _KEPT:
        _KEPT.move_to_end(name)
        return _KEPT[name]
    made = drawn(key, draw())
    height = made["spec"].get("height")
    picture = {**made, "spec": {"height": height}, "json": json.dumps(made["spec"])}
    _KEPT[name] = picture
    held = sum(len(each["json"]) for each in _KEPT.values())
    while held > MOST:
        _, oldest = _KEPT.popitem(last=False)
        held -= len(oldest["json"])
    return picture
