"""The workbench's speed: first paint, rankings, a long table that scrolls, terms that are turned.

    python benchmarks/workbench.py [terms]

With `terms` only the terms of a contract are turned.

The zones are SYNTHETIC: the example's room divided among 2,543 sites at random.
"""

import json
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
from playwright.sync_api import Browser, sync_playwright

from yanzhen.api.asked import Asked
from yanzhen.api.rankings import Enterprise, ranking
from yanzhen.api.workbench import Workbench
from yanzhen.market.clearing import clear
from yanzhen.pipeline import formulated
from yanzhen.study import TABLES, read_study

COOPERATION = "/cooperation?lang=zh&home=310000&host=340000"
TURNS = 20
# From a press on a slider until the last picture in sight is drawn and painted.
WATCHED = """() => {
  window.turned = { began: 0, ended: 0 };
  document.addEventListener("mousedown", () => { window.turned.began = performance.now(); }, true);
  const watch = new MutationObserver(() => requestAnimationFrame(() => {
    window.turned.ended = performance.now();
  }));
  for (const chart of document.querySelectorAll("yz-chart")) {
    watch.observe(chart, { attributeFilter: ["data-renewed"] });
  }
}"""
ZONES = 2543
PORT = 8917
TIMES = 5
PAINTED = "performance.getEntriesByName('first-contentful-paint')[0].startTime"
FRAMES = """async (table) => {
  const times = [];
  for (let step = 0; step < 90; step++) {
    table.scrollTop += 120;
    times.push(await new Promise(requestAnimationFrame));
  }
  return times.slice(1).map((time, i) => time - times[i]);
}"""


def ranking_over_zones() -> list[float]:
    """Milliseconds of rankings over all zones, each of another enterprise."""
    study = read_study("china-provinces")
    generator = np.random.default_rng(20261124)
    room = formulated(study).room
    regions = generator.choice(room.sites["region"].to_numpy(), ZONES)
    sites = [f"Z{zone:04d}" for zone in range(ZONES)]
    zones = pl.DataFrame({"site": sites, "region": regions})
    capacity = generator.lognormal(size=ZONES)
    capacity *= room.capacity[:, 0].sum() / capacity.sum()
    rows = [
        {"place": site, "resource": "output", "capacity": float(each)}
        for site, each in zip(sites, capacity, strict=True)
    ]
    tables = {
        "sites": _completed("sites", zones.to_dicts()),
        "resources": _completed("resources", rows),
    }
    divided = replace(study, tables={**study.tables, **tables})
    formulation = formulated(divided)
    began = time.perf_counter()
    prices = clear(formulation.market, 1e-6).prices
    print(f"{ZONES} zones cleared in {time.perf_counter() - began:.1f} s")
    taken = []
    for block in formulation.blocks.sample(20, seed=1).iter_rows(named=True):
        began = time.perf_counter()
        found = ranking(formulation, prices, Enterprise(block["industry"], block["origin"]))
        taken.append(1000 * (time.perf_counter() - began))
        assert found.height == ZONES
    return taken


def _completed(table: str, rows: list[dict[str, Any]]) -> pl.DataFrame:
    schema = {column: kind.dtype for column, kind in TABLES[table].columns().items()}
    return pl.DataFrame(rows, schema=schema, infer_schema_length=None)


def in_the_browser(browser: Browser) -> None:
    """Print first paints of the pages, and the frames while a long table scrolls."""
    address = f"http://127.0.0.1:{PORT}"
    for path in ("/", "/region", "/planner", "/data", "/how"):
        painted = []
        for _ in range(TIMES):
            page = browser.new_page()
            page.set_default_timeout(120_000)
            page.goto(f"{address}{path}?lang=zh")
            page.wait_for_selector("h1")
            painted.append(page.evaluate(PAINTED))
            page.close()
        print(
            f"first paint {path}: {statistics.median(painted):.0f} ms, {max(painted):.0f} ms worst"
        )
    page = browser.new_page()
    page.set_default_timeout(120_000)
    page.goto(f"{address}/?lang=zh")
    first = page.locator(".figure").first
    first.locator(".opened .q-item").click()
    first.locator(".q-table tbody td.q-td").first.wait_for()
    frames = sorted(first.locator(".q-table__middle").evaluate(FRAMES))
    tail = frames[int(0.95 * len(frames))]
    middle = statistics.median(frames)
    print(f"scrolling 3,000 rows: frame {middle:.1f} ms, {tail:.1f} ms at the 95th percentile")


def terms_turned(bench: Workbench) -> list[float]:
    """Milliseconds in which the server answers terms of one pair, each time with others."""
    taken = []
    for turn in range(TURNS + 1):
        asked = Asked(home="310000", host="340000", share=20 + turn, years=3 + turn % 20)
        began = time.perf_counter()
        answer = bench.contracts.answer("china-provinces", asked)
        taken.append(1000 * (time.perf_counter() - began))
        assert answer.ledger.yearly.height > 0
    # The first clears the market for the pair.
    return taken[1:]


def sliders_in_the_browser(browser: Browser) -> None:
    """Print how long a turned slider takes until every picture in sight is painted anew."""
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.set_default_timeout(120_000)
    page.goto(f"http://127.0.0.1:{PORT}{COOPERATION}")
    page.locator(".facts").wait_for()
    page.evaluate("document.querySelectorAll('yz-chart').forEach(chart => chart.scrollIntoView())")
    page.wait_for_timeout(3000)
    page.evaluate("scrollTo(0, 0)")
    page.evaluate(WATCHED)
    for term in ("share", "years", "recovery"):
        slider = page.locator(f"[data-dial={term}]")
        box = slider.bounding_box()
        assert box is not None
        taken = []
        for turn in range(TURNS):
            part = 0.2 + 0.6 * ((7 * turn) % TURNS) / TURNS
            slider.click(position={"x": part * box["width"], "y": box["height"] / 2})
            page.wait_for_timeout(700)
            found = page.evaluate("window.turned.ended - window.turned.began")
            if found > 0:
                taken.append(found)
        tail = sorted(taken)[int(0.95 * len(taken))]
        print(
            f"slider {term}: {statistics.median(taken):.0f} ms until painted, {tail:.0f} ms at the "
            f"95th percentile, {max(taken):.0f} ms worst of {len(taken)}"
        )


def served(folder: Path) -> subprocess.Popen[bytes]:
    """Serve the example and wait until its plan and diagnosis are there."""
    command = [
        sys.executable,
        "-m",
        "yanzhen",
        "serve",
        "--port",
        str(PORT),
        "--store",
        str(folder),
    ]
    server = subprocess.Popen(command)
    while True:
        time.sleep(0.3)
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{PORT}/api/jobs") as answer:
                if all(job["state"] == "done" for job in json.load(answer)):
                    return server
        except OSError:
            assert server.poll() is None


def main(terms_alone: bool) -> None:
    if not terms_alone:
        taken = ranking_over_zones()
        middle = statistics.median(taken)
        print(f"ranking: {middle:.1f} ms, {max(taken):.1f} ms worst of {len(taken)}")
    with tempfile.TemporaryDirectory() as folder:
        server = served(Path(folder))
        taken = terms_turned(Workbench(Path(folder)))
        middle = statistics.median(taken)
        print(f"terms: {middle:.0f} ms, {max(taken):.0f} ms worst of {len(taken)}")
        try:
            with sync_playwright() as driver:
                chromium = driver.chromium.launch(
                    executable_path="/usr/bin/chromium", args=["--no-sandbox", "--disable-gpu"]
                )
                if not terms_alone:
                    in_the_browser(chromium)
                sliders_in_the_browser(chromium)
                chromium.close()
        finally:
            server.terminate()
            server.wait()


if __name__ == "__main__":
    main(sys.argv[1:] == ["terms"])
