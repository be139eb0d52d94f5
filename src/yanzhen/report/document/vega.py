"""The scripts that draw charts in a browser, made once for each version and kept.

Making them takes seconds of every process that writes a page; what is kept between processes is
named by the version it was made by and led by its own digest, so that nothing else is ever taken.
"""

import os
import tempfile
from contextlib import suppress
from functools import cache
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path

from yanzhen.study.caches import SCRIPTS, cache_folder

SNIPPET = "window.vegaEmbed = vegaEmbed;"
_DIGEST = "// sha256 "


@cache
def vega_bundle() -> str:
    """Return the scripts: those kept, otherwise made now and kept."""
    kept = kept_bundle()
    if kept is not None:
        return kept
    import vl_convert

    made = vl_convert.javascript_bundle(SNIPPET)
    keep_bundle(made)
    return made


def kept_bundle() -> str | None:
    """Return the scripts kept by this version; None when there are none, or they are damaged."""
    try:
        text = _place().read_bytes().decode()
    except (OSError, RuntimeError, ValueError):
        return None
    first, _, bundle = text.partition("\n")
    return bundle if first == _DIGEST + sha256(bundle.encode()).hexdigest() else None


def keep_bundle(bundle: str) -> None:
    """Keep the scripts for the next process; where nothing can be written it makes them anew."""
    digest = sha256(bundle.encode()).hexdigest()
    with suppress(OSError, RuntimeError):
        place = _place()
        place.parent.mkdir(parents=True, exist_ok=True)
        # A name of its own: several processes may do the same at once.
        handle, part = tempfile.mkstemp(dir=place.parent, prefix=f".{place.name}.")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(f"{_DIGEST}{digest}\n{bundle}".encode())
            os.replace(part, place)
        finally:
            Path(part).unlink(missing_ok=True)


def _place() -> Path:
    return cache_folder() / SCRIPTS / f"vega-{version('vl-convert-python')}.js"
