"""Writes of a command fail from each of them on, the disk being full, or it is killed; then it
is run again.

Usage: python benchmarks/failing_writes.py [COMMAND ...] [--one-of NUMBER]

Commands by their first words, all of them unless told: what each does with SYNTHETIC small studies
of the tests. A full disk is met in a new folder; killed, a command writes over what it wrote in the
other language, an import over the year before. Of a command of very many writes one of a number may
be tried. Two lines of JSON for each: how many writes there were and were tried, what was not as it
should be (nothing), seconds.
"""

import argparse
import json
import shutil
import sys
import tempfile
import time
import types
from pathlib import Path

COMMANDS = {
    "new": "new {out}",
    "diagnose": "diagnose {small} --out {out} --lang en",
    "plan": "plan {small} --out {out} --draws 0 --lang en",
    "chain": "chain {modes} --out {out} --lang en",
    "inequality": "inequality china-provinces --out {out} --lang en",
    "goals": "goals {small} --out {out} --draws 2 --lang en",
    "effects": "effects {modes} --out {out} --lang en",
    "fund": "fund {fund} --out {out} --lang en",
    "finance": "finance {finance} --out {out} --lang en",
    "brief": "brief {small} --for ministry --out {out}/brief.pdf --lang en",
    "settle": "exchange settle {terms} {payments} --start-year 2024 --out {out} --lang en",
    "import": "import {second} --into {out} --write --lang en",
}
HEAD = "地区,行业,年份,总产值(亿元)\n"
ROWS = "".join(
    f"{region},{industry},{{year}},{10 * i + j}\n"
    for i, region in enumerate(("济南市", "青岛市"), 1)
    for j, industry in enumerate(("纺织业", "食品制造业"))
)


def main(chosen: list[str], one_of: int) -> None:
    # The folder of the tests, whatever else is called so.
    tests = types.ModuleType("tests")
    tests.__path__ = [str(Path(__file__).parents[1] / "tests")]
    sys.modules["tests"] = tests
    from tests.whole.failing_writes import faults_of, faults_of_killed, made_over, undisturbed

    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        out, older, files = place / "out", place / "older", _files(place)
        for name, command in COMMANDS.items():
            if chosen and name not in chosen:
                continue
            asked = command.format(out=out, **files).split()
            begun = time.perf_counter()
            written, count = undisturbed(asked, out)
            numbers = range(1, count + 1, one_of)
            _tell(name, "full", count, len(numbers), faults_of(asked, out, written, numbers), begun)
            if name == "new":  # which writes over nothing
                continue
            begun = time.perf_counter()
            shutil.rmtree(older, ignore_errors=True)
            before = [files["first"] if each == files["second"] else each for each in asked]
            undisturbed([*before[:-1], "zh"], out)
            out.rename(older)
            written, count = made_over(asked, out, older)
            numbers = range(1, count + 1, one_of)
            found = faults_of_killed(asked, out, older, written, numbers)
            _tell(name, "killed", count, len(numbers), found, begun)


def _tell(name: str, how: str, count: int, tried: int, faults: object, begun: float) -> None:
    told = {"command": name, "how": how, "writes": count, "tried": tried, "faults": list(faults)}
    print(json.dumps(told | {"seconds": time.perf_counter() - begun}), flush=True)


def _files(place: Path) -> dict[str, str]:
    """What the commands are about, by what it is called in them."""
    from tests.exchange.settlement.example import HEAD as DECLARED
    from tests.exchange.settlement.example import ROWS as PAID
    from tests.exchange.settlement.example import TERMS
    from tests.finance.fund.studies import small_fund
    from tests.study.small import small_study
    from tests.study.small_finance import small_finance_study
    from tests.study.small_modes import small_modes_study
    from yanzhen.study import write_study

    texts = {
        "terms.toml": TERMS,
        "payments.csv": "\n".join([DECLARED, *PAID]) + "\n",
        "first.csv": HEAD + ROWS.format(year=2016),
        "second.csv": HEAD + ROWS.format(year=2017),
    }
    for name, text in texts.items():
        (place / name).write_text(text, encoding="utf-8")
    studies = {
        "small": small_study(place / "small"),
        "finance": small_finance_study(place / "finance"),
        "modes": small_modes_study(place / "modes"),
        "fund": place / "fund",
    }
    write_study(small_fund(), studies["fund"])
    files = {name.partition(".")[0]: place / name for name in texts}
    return {name: str(path) for name, path in (files | studies).items()}


if __name__ == "__main__":
    parser = argparse.ArgumentParser(usage=__doc__)
    parser.add_argument("commands", nargs="*", choices=[*COMMANDS, []])
    parser.add_argument("--one-of", type=int, default=1)
    given = parser.parse_args()
    main(given.commands, given.one_of)
