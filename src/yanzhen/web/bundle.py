"""The files that a browser needs beside the pages; nothing comes from a network."""

import subprocess
import sys
from concurrent.futures import Future, ThreadPoolExecutor
from functools import cache
from hashlib import sha256
from importlib.metadata import version as version_of
from importlib.resources import files

from yanzhen.report.document.vega import SNIPPET, keep_bundle, kept_bundle

VEGA = "vega.js"
_BUNDLED = (
    "import sys, vl_convert;"
    f"bundle = vl_convert.javascript_bundle({SNIPPET!r});"
    "sys.stdout.buffer.write(bundle.encode())"
)


@cache
def assets() -> dict[str, bytes]:
    """Return style and scripts of our own by name."""
    folder = files("yanzhen.web").joinpath("assets")
    return {item.name: item.read_bytes() for item in folder.iterdir()}


@cache
def version() -> str:
    """Return what changes when any of the assets or the Vega bundle does."""
    digest = sha256(version_of("vl-convert-python").encode())
    for name, content in sorted(assets().items()):
        digest.update(name.encode() + content)
    return digest.hexdigest()[:12]


@cache
def vega() -> Future[bytes]:
    """Return the Vega bundle, which begins to be made when it is first asked for.

    Making it, where none is kept, takes seconds and would hold the interpreter's lock all the
    while, so that no page could be made; hence a process of its own.
    """
    pool = ThreadPoolExecutor(1, thread_name_prefix="vega")
    made = pool.submit(_bundled)
    pool.shutdown(wait=False)
    return made


def _bundled() -> bytes:
    kept = kept_bundle()
    if kept is not None:
        return kept.encode()
    made = subprocess.run([sys.executable, "-c", _BUNDLED], stdout=subprocess.PIPE, check=True)
    keep_bundle(made.stdout.decode())
    return made.stdout
