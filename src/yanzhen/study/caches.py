"""Where the system keeps what can be made again."""

import os
from pathlib import Path


def cache_folder() -> Path:
    """Return Yanzhen's folder in the system's place for caches; it need not exist yet."""
    if os.name == "nt":
        base = Path(os.environ.get("LOCALAPPDATA", str(Path.home() / "AppData" / "Local")))
    else:
        base = Path(os.environ.get("XDG_CACHE_HOME", str(Path.home() / ".cache")))
    return base / "yanzhen"
