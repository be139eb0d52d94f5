"""The main job on the embedded example: time, memory, and ten kills on the way to the same bytes.

Usage: python benchmarks/plan.py [KILLS]

Prints the seconds and peak memory of `yanzhen plan china-provinces`, first (in a fresh environment:
nothing compiled yet) and warm, then kills runs with SIGKILL at random moments, runs them again, and
compares all bytes.
"""

import random
import resource
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

COMMAND = [sys.executable, "-m", "yanzhen", "plan", "china-provinces", "--out"]
WARM_RUNS = 3


def run(out: Path) -> float:
    began = time.perf_counter()
    subprocess.run([*COMMAND, str(out)], check=True, capture_output=True)
    return time.perf_counter() - began


def content(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and path.name != "run.json"
    }


def main(kills: int) -> None:
    moments = random.Random(20220114)
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        print(f"first run   {run(root / 'first'):6.1f} s")
        warm = [run(root / f"warm{k}") for k in range(WARM_RUNS)]
        print(f"warm runs   {sorted(warm)[WARM_RUNS // 2]:6.1f} s (median of {WARM_RUNS})")
        peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
        print(f"peak memory {peak:6.0f} MiB")
        expected = content(root / "first")
        same = killed = 0
        for k in range(kills):
            out = root / f"killed{k}"
            process = subprocess.Popen(
                [*COMMAND, str(out)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
            )
            time.sleep(moments.uniform(0.1, 1.0) * min(warm))
            process.send_signal(signal.SIGKILL)
            killed += process.wait() == -signal.SIGKILL
            run(out)
            same += content(out) == expected
        print(f"{kills} runs stopped, {killed} before their end; {same} gave the same bytes")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 10)
