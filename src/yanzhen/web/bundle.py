"""The files that a browser needs beside the pages; nothing comes from a network."""

from functools import cache
from hashlib import sha256
from importlib.resources import files

import vl_convert


@cache
def assets() -> dict[str, bytes]:
    """Return style, scripts and the Vega bundle by name."""
    folder = files("yanzhen.web").joinpath("assets")
    own = {item.name: item.read_bytes() for item in folder.iterdir()}
    vega = vl_convert.javascript_bundle("window.vegaEmbed = vegaEmbed;")
    return {**own, "vega.js": vega.encode("utf-8")}


@cache
def version() -> str:
    """Return what changes when any of the assets does."""
    digest = sha256()
    for name, content in sorted(assets().items()):
        digest.update(name.encode() + content)
    return digest.hexdigest()[:12]
