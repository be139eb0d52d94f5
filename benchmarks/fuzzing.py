"""Bytes that nobody would write, for every reader of what people bring, led by coverage.

Usage: python benchmarks/fuzzing.py FOLDER SECONDS [READER ...]

Needs Atheris (libFuzzer for Python), which is no dependency of this project: it instruments the
modules of `yanzhen` alone, so that compiled libraries (Polars, calamine, DuckDB) are led only by
what this code does with their answers. The readers share the time equally, one after another, each
in a process of its own. What a reader of `tests/fuzzing/readers.py` does besides answering or
refusing as declared is a fault: any other error, more than 10 seconds, more than 1 GiB beyond what
the process has at the start. Faults are kept below FOLDER/READER/faults and what widened coverage
below FOLDER/READER/corpus; one line of JSON a reader says executions, edges, features and faults.
"""

import hashlib
import io
import json
import random
import re
import subprocess
import sys
import tempfile
import time
import traceback
import types
import warnings
import zipfile
from collections.abc import Callable
from pathlib import Path

LONGEST, MEGABYTES, LATE = 10, 1024, 180
"""Seconds that an input may take, memory, and seconds until a process that hangs is killed."""
MOST_BYTES = 65_536
UNCOVERED = ("yanzhen.market.large", "yanzhen.market.equilibrium", "yanzhen.api.models")
ONE = "--one"
BEGUN = re.compile(r"^begun after ([0-9.]+) s", re.MULTILINE)
ENDED = re.compile(r"^#(\d+)\s+\w+\s+cov: (\d+) ft: (\d+) corp: (\d+)", re.MULTILINE)


def main(folder: Path, seconds: float, chosen: list[str]) -> None:
    """Give every reader its share of the time, in a process of its own."""
    _find_tests()
    from tests.fuzzing.readers import NAMES
    from tests.fuzzing.seeds import seeds

    names = chosen or list(NAMES)
    for name in names:
        place = folder / name
        for part in ("corpus", "faults"):
            (place / part).mkdir(parents=True, exist_ok=True)
        for content in seeds(name):
            (place / "corpus" / _digest(content)).write_bytes(content)
    for name in names:
        print(json.dumps(_share(folder / name, name, seconds / len(names))), flush=True)


def _share(place: Path, name: str, seconds: float) -> dict[str, object]:
    """Let a reader have its share of the time; what ends its process early is started anew."""
    spent, runs, edges, features, kept = 0.0, 0, 0, 0, 0
    log = place / "log"
    while (left := seconds - spent) > 5:
        command = [sys.executable, __file__, str(place), f"{left:.0f}", ONE, name]
        with log.open("w") as file:
            begun = time.monotonic()
            try:
                subprocess.run(command, stdout=file, stderr=file, timeout=left + LATE, check=False)
                killed = False
            except subprocess.TimeoutExpired:
                killed = True
        told = log.read_text("utf-8", "replace")
        spent += time.monotonic() - begun - float((BEGUN.findall(told) or [0])[-1])
        found = ENDED.findall(told)
        if found:
            runs += int(found[-1][0])
            edges, features, kept = (max(*each) for each in zip(
                (edges, features, kept), map(int, found[-1][1:]), strict=True
            ))  # fmt: skip
        log.replace(place / f"log_{len(list(place.glob('log_*')))}")
        if killed or not found:
            break
    faults = sorted(each.name for each in (place / "faults").iterdir() if each.suffix != ".txt")
    return {
        "reader": name,
        "executions": runs,
        "edges": edges,
        "features": features,
        "kept": kept,
        "faults": faults,
        "seconds": round(spent, 1),
    }


def one(place: Path, seconds: str, name: str) -> None:
    """Give a reader bytes until the time is over."""
    import atheris
    import psutil

    begun = time.monotonic()
    _find_tests()
    warnings.simplefilter("ignore")
    work = Path(tempfile.mkdtemp())
    first = [each.read_bytes() for each in (place / "corpus").iterdir()]
    with atheris.instrument_imports(include=["yanzhen"], exclude=list(UNCOVERED)):
        from tests.fuzzing.readers import ask

        for content in first:
            # What is loaded only when it is needed is loaded before anything is counted.
            _noting(place, name, content, ask, work / "x")

    def run(content: bytes) -> None:
        _noting(place, name, content, ask, work / "x")

    began = psutil.Process().memory_info().rss >> 20
    options = [
        f"-max_total_time={seconds}",
        f"-timeout={LONGEST}",
        f"-rss_limit_mb={began + MEGABYTES}",
        f"-max_len={max(MOST_BYTES, *(2 * len(each) for each in first))}",
        f"-artifact_prefix={place / 'faults'}/",
        "-len_control=0",
    ]
    print(f"begun after {time.monotonic() - begun:.1f} s", flush=True)
    atheris.Setup([sys.argv[0], *options, str(place / "corpus")], run, custom_mutator=_mutated)
    atheris.Fuzz()


def _noting(
    place: Path, name: str, content: bytes, ask: Callable[..., object], folder: Path
) -> None:
    """Ask a reader; note what it should not have done, once for each place in the code."""
    try:
        ask(name, content, folder)
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException as error:  # a panic of compiled code is no Exception
        frames = [each for each in traceback.extract_tb(error.__traceback__)]
        own = [each for each in frames if "/yanzhen/" in each.filename] or frames
        at = f"{Path(own[-1].filename).stem}_{own[-1].name}_{type(error).__name__}"
        fault = place / "faults" / at
        if not fault.exists() or len(content) < fault.stat().st_size:
            fault.write_bytes(content)
            said = "".join(traceback.format_exception(error))
            fault.with_suffix(".txt").write_text(said[-4000:], encoding="utf-8", errors="replace")


def _mutated(content: bytes, most: int, seed: int) -> bytes:
    """Change bytes; mostly those within an archive, where there is one."""
    import atheris

    draw = random.Random(seed)
    if content.startswith(b"PK\x03\x04") and draw.random() < 0.8:
        try:
            with zipfile.ZipFile(io.BytesIO(content)) as archive:
                parts = {
                    each.filename: archive.read(each)[:MOST_BYTES] for each in archive.infolist()
                }
        except Exception:  # no archive any more
            parts = {}
        if parts:
            chosen = draw.choice(sorted(parts))
            parts[chosen] = bytes(atheris.Mutate(parts[chosen], len(parts[chosen]) + 64))
            packed = io.BytesIO()
            with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
                for name, each in parts.items():
                    archive.writestr(name, each)
            if len(packed.getvalue()) <= most:
                return packed.getvalue()
    return bytes(atheris.Mutate(content, most))


def _digest(content: bytes) -> str:
    return hashlib.sha1(content, usedforsecurity=False).hexdigest()


def _find_tests() -> None:
    """The folder of the tests, whatever else is called so."""
    tests = types.ModuleType("tests")
    tests.__path__ = [str(Path(__file__).parents[1] / "tests")]
    sys.modules["tests"] = tests


if __name__ == "__main__" and ONE in sys.argv:
    one(Path(sys.argv[1]), sys.argv[2], sys.argv[4])
elif __name__ == "__main__":
    main(Path(sys.argv[1]), float(sys.argv[2]), sys.argv[3:])
