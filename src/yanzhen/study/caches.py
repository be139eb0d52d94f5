"""Where the system keeps what can be made again, and what people would miss."""

import os
from pathlib import Path

SCRIPTS, SHARDS, WORKERS = "scripts", "shards", "workers"
"""What is made again where it is lost, in the folder of caches."""


def cache_folder() -> Path:
    """Return Yanzhen's folder in the system's place for caches; it need not exist yet."""
    if os.name == "nt":
        base = Path(os.environ.get("LOCALAPPDATA", str(Path.home() / "AppData" / "Local")))
    else:
        base = Path(os.environ.get("XDG_CACHE_HOME", str(Path.home() / ".cache")))
    return base / "yanzhen"


def data_folder() -> Path:
    """Return Yanzhen's folder in the system's place for a user's data; it need not exist yet."""
    if os.name == "nt":
        return cache_folder()
    base = Path(os.environ.get("XDG_DATA_HOME", str(Path.home() / ".local" / "share")))
    return base / "yanzhen"
