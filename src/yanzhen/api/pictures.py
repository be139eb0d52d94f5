"""Pictures as a browser draws them: a Vega-Lite specification with its title and reading line."""

import json
from functools import lru_cache
from pathlib import Path
from typing import Any

from yanzhen.api.problem_details import Refusal
from yanzhen.report.document.parts import picture
from yanzhen.report.document.writing import write_text
from yanzhen.report.figures import Chart
from yanzhen.report.text.words import Lang

FOLDER = "pictures"


def drawn(key: str, chart: Chart) -> dict[str, Any]:
    """Return a chart's key, title, reading line, aspect (empty unless fixed) and specification."""
    made = picture(key, chart)
    return {
        "key": made.key,
        "title": made.title,
        "reading": made.reading,
        "aspect": made.aspect,
        "spec": made.spec,
    }


def keep_picture(folder: Path, key: str, lang: Lang, chart: Chart) -> None:
    """Keep a picture in a result's folder."""
    said = json.dumps(drawn(key, chart), ensure_ascii=False, separators=(",", ":"))
    write_text(folder / FOLDER / lang / f"{key}.json", said)


# The folder is that of a version, whose files change no more.
@lru_cache(maxsize=128)
def kept_picture(folder: Path, key: str, lang: Lang) -> dict[str, Any]:
    """Read a picture that was kept; those read last are remembered.

    Raises
    ------
    Refusal
        404 where there is none of that name.
    """
    known = {path.stem: path for path in (folder / FOLDER / lang).glob("*.json")}
    if key not in known:
        raise Refusal(404, f"There is no picture {key!r}.", f"没有图“{key}”。")
    found: dict[str, Any] = json.loads(known[key].read_text(encoding="utf-8"))
    return found
