"""A job's process of `kill_jobs.py`: it waits for a second and writes a result.

It takes the place of `yanzhen.api.work`, which needs seconds to import what real work needs.
"""

import fcntl
import json
import os
import sys
import threading
import time
from pathlib import Path

TWICE = "twice.txt"
STEPS = 10


def main() -> None:
    given = json.loads(sys.stdin.buffer.readline())
    threading.Thread(target=_end_with_the_worker, daemon=True).start()
    folder, study = Path(given["store"]), given["subject"]["study"]
    with (folder / f"{study}.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            # Another process is at the same job.
            with (folder / TWICE).open("a") as file:
                file.write(f"{study}\n")
        for step in range(STEPS):
            print(json.dumps({"stage": "waiting", "share": step / STEPS}), flush=True)
            time.sleep(1.0 / STEPS)
        made, name = folder / "results" / study, f"by-{os.getpid()}-{time.time_ns()}"
        (made / name).mkdir(parents=True)
        version = {"folder": str(made), "name": name, "made_by": ""}
        print(json.dumps({"outcome": {"state": "done", "version": version}}), flush=True)


def _end_with_the_worker() -> None:
    while os.read(sys.stdin.fileno(), 4096):
        pass
    os._exit(1)


if __name__ == "__main__":
    main()
