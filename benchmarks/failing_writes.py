"""Writes of a command fail from each of them on, the disk being full; then it is run again.

Usage: python benchmarks/failing_writes.py [COMMAND ...]

Commands by their first word, all of them unless told: what each does with the SYNTHETIC small
study of the tests. One line of JSON for each: how many writes there were, what was not as it
should be (nothing), seconds.
"""

import json
import sys
import tempfile
import time
import types
from pathlib import Path

COMMANDS = (
    "new {out}",
    "diagnose {study} --out {out} --lang en",
    "plan {study} --out {out} --draws 0 --lang en",
    "chain {study} --out {out} --lang en",
    "inequality {study} --out {out} --lang en",
    "goals {study} --out {out} --draws 0 --lang en",
)


def main(chosen: list[str]) -> None:
    # The folder of the tests, whatever else is called so.
    tests = types.ModuleType("tests")
    tests.__path__ = [str(Path(__file__).parents[1] / "tests")]
    sys.modules["tests"] = tests
    from tests.study.small import small_study
    from tests.whole.failing_writes import faults_of, undisturbed

    with tempfile.TemporaryDirectory() as place:
        study, out = small_study(Path(place) / "small"), Path(place) / "out"
        for command in COMMANDS:
            if chosen and command.split()[0] not in chosen:
                continue
            begun = time.perf_counter()
            asked = command.format(study=study, out=out).split()
            written, count = undisturbed(asked, out)
            found = list(faults_of(asked, out, written, range(1, count + 1)))
            told = {"command": command, "writes": count, "faults": found}
            print(json.dumps(told | {"seconds": time.perf_counter() - begun}), flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
