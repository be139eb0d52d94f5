"""Write what a release is made of (CycloneDX), and ask whether any of it has a known fault.

`make bill-of-materials` makes the environment that this needs and runs it. For each lock file,
`dist/yanzhen-VERSION-LOCK.cdx.json` names every package with its version and hashes. pip-audit then
asks PyPI's advisory service about each of them. A package that could not be asked about is a
failure, and so is a service that cannot be reached: pip-audit itself passes over what it does not
find and ends with 0.
"""

import json
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
LOCKS = ("demo", "test")


def main() -> int:
    """Write the bills and audit what they name; return 1 where anything is wrong or not known."""
    version = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["version"]
    (ROOT / "dist").mkdir(exist_ok=True)
    wrong: list[str] = []
    for lock in LOCKS:
        bill = ROOT / "dist" / f"yanzhen-{version}-{lock}.cdx.json"
        write_bill(ROOT / "locks" / f"{lock}.txt", bill)
        print(
            f"{bill.relative_to(ROOT)}: {len(json.loads(bill.read_text())['components'])} packages"
        )
        wrong += audited(ROOT / "locks" / f"{lock}.txt")
    for each in sorted(set(wrong)):
        print(each, file=sys.stderr)
    return 1 if wrong else 0


def write_bill(lock: Path, bill: Path) -> None:
    """Write the bill of a lock file, the same bytes each time."""
    options = ("--pyproject", str(ROOT / "pyproject.toml"), "--output-reproducible")
    command = ("-W", "ignore", "-m", "cyclonedx_py", "requirements", str(lock), *options)
    subprocess.run([sys.executable, *command, "-o", str(bill)], check=True)


def audited(lock: Path) -> list[str]:
    """Return what is wrong with the packages of a lock file, or could not be asked about."""
    options = ("--disable-pip", "--require-hashes", "--progress-spinner", "off", "--format", "json")
    command = (sys.executable, "-m", "pip_audit", "-r", str(lock), *options)
    done = subprocess.run(command, capture_output=True, text=True)
    try:
        told = json.loads(done.stdout)
    except ValueError:
        last = done.stderr.strip().splitlines()[-1:] or ["pip-audit said nothing"]
        return [f"{lock.name}: not audited: {last[0]}"]
    return findings(lock.name, told, lock.read_text("utf-8"))


def findings(name: str, told: dict[str, Any], locked: str) -> list[str]:
    """Return what an audit found, and which locked packages it says nothing of.

    Parameters
    ----------
    name : of the lock file
    told : JSON of pip-audit
    locked : text of the lock file
    """
    wrong, known = [], set()
    for each in told.get("dependencies", []):
        if "skip_reason" in each:
            continue
        known.add(each["name"].casefold().replace("_", "-"))
        wrong += [f"{name}: {each['name']} {each['version']}: {v['id']}" for v in each["vulns"]]
    pinned = (line.partition("==")[0] for line in locked.splitlines() if line[:1].isalnum())
    lacking = [each for each in pinned if each.casefold().replace("_", "-") not in known]
    if lacking:
        wrong.append(f"{name}: not audited ({len(lacking)}): {', '.join(lacking)}")
    return wrong


if __name__ == "__main__":
    sys.exit(main())
