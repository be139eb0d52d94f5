"""Where a job's stages lie: in a folder of its own, with what an earlier one finished."""

import secrets
import shutil
from pathlib import Path

MANIFEST = "manifest.json"
STAGES = "stages"


def take_run(folder: Path) -> Path:
    """Return a folder for a run, which begins with the stages that an earlier one finished.

    The earlier folder is renamed: a process that was given up and still writes to it finds nothing
    at its path any more, so that two attempts at a job cannot mix. Of a report that was not
    finished nothing stays.

    Parameters
    ----------
    folder : of all runs of one result
    """
    folder.mkdir(parents=True, exist_ok=True)
    taken = folder / f"run-{secrets.token_hex(4)}"
    earlier = sorted(folder.glob("run*"), key=lambda path: path.stat().st_mtime)
    if earlier:
        earlier.pop().rename(taken)
    taken.mkdir(exist_ok=True)
    for left in earlier:
        shutil.rmtree(left, ignore_errors=True)
    if not (taken / MANIFEST).exists():
        for left in taken.iterdir():
            if left.is_dir() and left.name != STAGES:
                shutil.rmtree(left, ignore_errors=True)
            elif left.is_file():
                left.unlink()
    return taken
