"""The built wheel in an environment of its own for each extra alone, and for none.

python scripts/try_extras.py WHEEL [EXTRA ...]

Every command is run on what comes with the wheel. It must end well or name the extra that it
lacks; anything else is a fault, a traceback above all. Ends with 1 where there is one. Needs the
network, and some minutes for each extra.
"""

import subprocess
import sys
import tempfile
from pathlib import Path

EXTRAS = (
    *("", "web", "client", "maps", "history", "io", "cluster"),
    *("text", "office", "pdf", "sources", "survival"),
)
COMMANDS = (
    "--version",
    "--help",
    "examples",
    "new mine",
    "check china-provinces",
    "plan china-provinces --draws 5 --out plan --lang zh",
    "brief plan --for province --region 340000 --lang en",
    "diagnose china-provinces --out diagnosis --lang zh",
    "chain china-provinces --out chain --lang en",
    "docking synthetic-docking --out docking --lang en",
    "inequality china-provinces --out inequality --lang zh",
    "goals china-provinces --draws 5 --out goals --lang zh",
    "effects china-provinces --out effects --lang zh",
    "backtest china-provinces --train 2012:2015 --test 2015:2017 --out backtest --lang zh",
    "estimate china-provinces --out estimate",
    "technology china-technology-synthetic --out technology --lang zh",
    "contract presets",
    "synth nation --enterprises 1000 --zones 31",
    "clear nation",
    "serve --help",
)


def tried(wheel: Path, extra: str, folder: Path) -> list[str]:
    """Return what went wrong with an extra, command by command."""
    python = folder / "environment" / "bin" / "python"
    subprocess.run([sys.executable, "-m", "venv", folder / "environment"], check=True)
    named = f"{wheel}[{extra}]" if extra else str(wheel)
    subprocess.run([python, "-m", "pip", "install", "-qq", named], check=True)
    faults = []
    for command in COMMANDS:
        done = subprocess.run(
            [python, "-m", "yanzhen", *command.split()],
            cwd=folder,
            capture_output=True,
            text=True,
        )
        said = done.stdout + done.stderr
        lacking = "pip install 'yanzhen[" in " ".join(said.split())
        verdict = "done" if done.returncode == 0 else f"exit {done.returncode}"
        print(
            f"{extra or 'none':8} {verdict:8} {command}{'  (lacks an extra)' * lacking}", flush=True
        )
        if "Traceback" in said or not (done.returncode == 0 or lacking):
            faults.append(f"{extra or 'none'}: {command}: {said[-600:]}")
    return faults


def main(wheel: Path, extras: tuple[str, ...]) -> int:
    faults = []
    for extra in extras:
        with tempfile.TemporaryDirectory() as folder:
            faults += tried(wheel.resolve(), extra, Path(folder))
    print(*faults, sep="\n\n")
    return 1 if faults else 0


if __name__ == "__main__":
    raise SystemExit(main(Path(sys.argv[1]), tuple(sys.argv[2:]) or EXTRAS))
