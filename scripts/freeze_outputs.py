"""Keep what the examples give, and compare two states of the code byte for byte.

Usage: python scripts/freeze_outputs.py write FOLDER [--pages]
       python scripts/freeze_outputs.py compare OLD NEW

`write` runs the commands on every example in both languages and keeps what they print and write;
then it serves the examples and keeps every answer of the API to a GET, and with `--pages` what a
browser shows of every page (its text, and the pictures as drawn). Only what a user can reach is
used, so that it runs alike before and after the inside is built anew. `compare` names every file
that differs, is missing or is new, and ends with 1 where there is one.
"""

import json
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote
from zipfile import ZipFile

YANZHEN = (sys.executable, "-W", "ignore", "-m", "yanzhen")
LANGUAGES = ("zh", "en")
EXAMPLES = ("china-provinces", "china-technology-synthetic", "synthetic-docking")
WRITING = {
    "china-provinces": {
        "plan": ("plan", "--draws", "5"),
        "diagnose": ("diagnose",),
        "chain": ("chain", "--repair"),
        "backtest": ("backtest", "--train", "2007:2012", "--test", "2012:2017"),
    },
    "china-technology-synthetic": {
        "needs": ("technology", "--to", "needs"),
        "incubators": ("technology", "--to", "incubators"),
        "regions": ("technology", "--to", "regions"),
    },
    "synthetic-docking": {
        "docking": ("docking",),
        "plan": ("plan",),
    },
}
"""Commands that write a folder, by example."""
PRINTING = (
    ("examples",),
    ("contract", "presets"),
    *(("check", example) for example in EXAMPLES),
    ("why", "china-provinces", "--industry", "IO42-18", "--to", "410000"),
)
KINDS = {"plan": "plans", "diagnosis": "diagnoses", "chain": "chains"}
"""Jobs of the API on the first example, and where their results are."""
PAGES = (
    "", "region", "enterprise", "zone", "planner", "chain", "technology", "cooperation", "data",
    "how",
)  # fmt: skip
DRAWN = (
    "[...document.querySelectorAll('yz-chart')]"
    ".every(chart => !chart.seen || chart.dataset.state === 'drawn')"
)
OF_THE_SOURCES = ("stage.json", "manifest.json", "run.json")
"""Files that change with every line of the package, or with the clock."""
SERVER = re.compile(rb"http://127\.0\.0\.1:\d+")
BETWEEN_TAGS = re.compile(rb">\s+<")
ANY_CLOCK = re.compile(rb"\d+(\.\d+)? ?(s|\xe7\xa7\x92)\b")


def write(folder: Path, pages: bool) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    for lang in LANGUAGES:
        for example, commands in WRITING.items():
            for name, command in commands.items():
                out = folder / "commands" / lang / example / name
                _printed((command[0], example, *command[1:], "--out", str(out)), lang, out)
        for command in PRINTING:
            _printed(command, lang, folder / "commands" / lang / "-".join(command))
    with tempfile.TemporaryDirectory() as store, _served(Path(store)) as address:
        for kind in KINDS:
            _make(address, kind)
        for name, path in _answers(address, folder / "commands" / "en"):
            _keep(folder / "answers" / name, _get(address + path))
        if pages:
            _look(address, folder / "pages")


def _printed(command: tuple[str, ...], lang: str, beside: Path) -> None:
    """Run a command; keep what it prints, without the seconds that it took."""
    print(" ".join(command), file=sys.stderr)
    asked = command if command[0] == "check" else (*command, "--lang", lang)
    done = subprocess.run([*YANZHEN, *asked], capture_output=True, check=False)
    told = b"exit %d\n" % done.returncode + ANY_CLOCK.sub(b"# s", done.stdout)
    _keep(beside.with_name(beside.name + ".txt"), told.replace(str(beside).encode(), b"OUT"))


def _keep(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


@contextmanager
def _served(store: Path) -> Iterator[str]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = subprocess.Popen(
        [*YANZHEN, "serve", "china-provinces", "--port", str(port), "--store", str(store)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    address = f"http://127.0.0.1:{port}"
    try:
        while True:
            try:
                urllib.request.urlopen(f"{address}/api/v1/studies").close()
                break
            except OSError:
                time.sleep(0.2)
        yield address
    finally:
        server.terminate()
        server.wait()


def _make(address: str, kind: str) -> None:
    """Have a result made, and wait for it."""
    asked = json.dumps({"kind": kind, "study": "china-provinces"}).encode()
    request = urllib.request.Request(
        f"{address}/api/v1/jobs", asked, {"Content-Type": "application/json"}
    )
    with urllib.request.urlopen(request) as answer:
        job = json.load(answer)
    while job["state"] not in ("done", "failed", "cancelled"):
        time.sleep(0.5)
        job = json.loads(_get(f"{address}/api/v1/jobs/{job['job']}"))
    assert job["state"] == "done", job


def _answers(address: str, commands: Path) -> Iterator[tuple[str, str]]:
    """Name and path of every answer: findings, tables and pictures of each result, and the rest."""
    yield "openapi.json", "/api/v1/openapi.json"
    yield "template.xlsx", "/api/v1/template"
    yield "scenarios.json", "/api/v1/scenarios"
    yield "contracts.json", "/api/v1/contracts"
    yield "study.json", "/api/v1/studies/china-provinces"
    yield "problems.json", "/api/v1/studies/china-provinces/problems"
    for kind, results in KINDS.items():
        made = commands / "china-provinces" / {"diagnosis": "diagnose"}.get(kind, kind)
        tables = sorted(path.stem for path in (made / "tables").glob("*.csv"))
        page = next(made.glob("*.html")).read_text("utf-8")
        figures = sorted(set(re.findall(r'id="figure-(?:chain-)?([^"]+)"', page)))
        for lang in LANGUAGES:
            root, at = f"{results}/{lang}", f"/api/v1/{results}/china-provinces"
            yield f"{root}/findings.json", f"{at}/findings?lang={lang}"
            for table in tables:
                for form in ("json", "csv", "xlsx"):
                    yield (
                        f"{root}/{table}.{form}",
                        f"{at}/tables/{quote(table)}?lang={lang}&form={form}",
                    )
            for figure in figures:
                yield f"{root}/{figure}.json", f"{at}/figures/{quote(figure)}?lang={lang}"


def _get(address: str) -> bytes:
    """Return what an address answers; a refusal is an answer too."""
    try:
        with urllib.request.urlopen(address) as answer:
            content: bytes = answer.read()
    except urllib.error.HTTPError as refused:
        content = b"%d " % refused.code + refused.read()
    return content


def _look(address: str, folder: Path) -> None:
    """Keep what every page shows, as text and with the drawn pictures."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        shell = shutil.which("chromium-headless-shell") or shutil.which("chromium")
        browser = driver.chromium.launch(executable_path=shell)
        for lang in LANGUAGES:
            for page in PAGES:
                print(f"page /{page} {lang}", file=sys.stderr)
                view: Any = browser.new_page(viewport={"width": 1400, "height": 4000})
                view.set_default_timeout(600_000)
                view.goto(f"{address}/{page}?study=china-provinces&lang={lang}")
                view.wait_for_selector("h1")
                view.wait_for_load_state("networkidle")
                view.wait_for_function(DRAWN)
                drawn = view.eval_on_selector_all("svg.marks", "all => all.map(e => e.outerHTML)")
                name = folder / lang / (page or "overview")
                _keep(name.with_suffix(".txt"), view.inner_text("body").encode())
                _keep(name.with_suffix(".svg.txt"), "\n".join(drawn).encode())
                view.close()
        browser.close()


def _read(path: Path) -> bytes:
    """A file's bytes, without what nobody sees or no two servers share."""
    content = path.read_bytes()
    if path.suffix == ".html":
        return BETWEEN_TAGS.sub(b"><", content)
    if path.name.endswith(".svg.txt"):
        return SERVER.sub(b"", content)
    if path.name == "template.xlsx":
        # Made anew for every server, and dated.
        with ZipFile(path) as book:
            names = [name for name in book.namelist() if not name.startswith("docProps")]
            return b"".join(book.read(name) for name in names)
    return content


def compare(old: Path, new: Path) -> int:
    """Print every file that differs; return 1 where there is one."""
    kept = {path.relative_to(old) for path in old.rglob("*") if path.is_file()}
    made = {path.relative_to(new) for path in new.rglob("*") if path.is_file()}
    differing = sorted(
        path
        for path in kept & made
        if path.name not in OF_THE_SOURCES and _read(old / path) != _read(new / path)
    )
    for heading, paths in (
        ("differs", differing),
        ("missing", sorted(kept - made)),
        ("new", sorted(made - kept)),
    ):
        for path in paths:
            print(f"{heading}: {path}")
    print(f"{len(kept & made) - len(differing)} of {len(kept | made)} files the same")
    return 1 if kept != made or differing else 0


if __name__ == "__main__":
    if sys.argv[1:2] == ["compare"] and len(sys.argv) == 4:
        raise SystemExit(compare(Path(sys.argv[2]), Path(sys.argv[3])))
    if sys.argv[1:2] != ["write"] or not 3 <= len(sys.argv) <= 4:
        raise SystemExit(__doc__)
    write(Path(sys.argv[2]).resolve(), "--pages" in sys.argv)
