"""The workbench's speed: first paint, rankings, a long table that scrolls, turned terms.

    python benchmarks/workbench.py [paint] [terms] [pages] [first]

`paint` loads every page of a server that runs, by the clock and by what server and browser use of
the processor until the page stands, which a busy machine changes less; `terms` turns the terms of a
contract, `pages` loads pages of a server that runs, `first` loads each page as the first of a
server, in another browser each time; all of them without any.

The zones are SYNTHETIC: the example's room divided among 2,543 sites at random. Their plan is kept
in the store before the server starts, without draws and pictures.
"""

import io
import json
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
from playwright.sync_api import Browser, Playwright, sync_playwright

from yanzhen.api.contract_query import ContractQuery
from yanzhen.api.plans import PLANS
from yanzhen.api.result_store import keep, put
from yanzhen.api.workbench import Workbench
from yanzhen.market.equilibrium.newton_dense import clear
from yanzhen.pipeline import formulated, plan_study
from yanzhen.pipeline.storage import store
from yanzhen.study import TABLES, Study, read_study, write_study
from yanzhen.web.pages import PAGES, Page, every_page

COOPERATION = "/cooperation?lang=zh&home=310000&host=340000"
TURNS = 20
CHROMIUM = ("/usr/bin/chromium-headless-shell", "/usr/bin/chromium")
# From the input event of a press on a slider until the frame with the last picture in sight is
# painted: what is posted in an animation frame comes after its painting.
WATCHED = """() => {
  window.turned = { began: 0, ended: 0 };
  if (!window.watch) document.addEventListener("mousedown", ({ timeStamp }) => {
    window.turned = { began: timeStamp, ended: 0 };
  }, true);
  window.watch?.disconnect();
  const painted = new MessageChannel();
  painted.port1.onmessage = () => { window.turned.ended = performance.now(); };
  const watch = window.watch = new MutationObserver(() => requestAnimationFrame(() => {
    painted.port2.postMessage(0);
  }));
  for (const chart of document.querySelectorAll("yz-chart")) {
    const { top, bottom } = chart.getBoundingClientRect();
    const inSight = bottom > 0 && top < innerHeight;
    if (inSight) watch.observe(chart, { attributeFilter: ["data-renewed"] });
  }
}"""
ZONES = 2543
ZONED = "synthetic-zones"
EXAMPLE = "china-provinces"
TECHNOLOGY = "china-technology-synthetic"
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


def study_of_zones() -> Study:
    """The example with its room divided among SYNTHETIC zones."""
    study = read_study(EXAMPLE)
    generator = np.random.default_rng(20261124)
    room = formulated(study).room
    regions = generator.choice(room.sites["region"].to_numpy(), ZONES)
    capacity = generator.lognormal(size=ZONES)
    capacity *= room.capacity[:, 0].sum() / capacity.sum()
    zones = [
        {
            "site": f"Z{zone:04d}",
            "region": region,
            "name_zh": f"合成园区{zone}（SYNTHETIC）",
            "name_en": f"SYNTHETIC zone {zone}",
        }
        for zone, region in enumerate(regions)
    ]
    rows = [
        {"place": zone["site"], "resource": "output", "capacity": float(each)}
        for zone, each in zip(zones, capacity, strict=True)
    ]
    tables = {"sites": _completed("sites", zones), "resources": _completed("resources", rows)}
    about = replace(
        study.about,
        synthetic=True,
        title_zh=f"{ZONES}个合成园区（SYNTHETIC）",
        title_en=f"{ZONES} SYNTHETIC zones",
    )
    return replace(study, about=about, tables={**study.tables, **tables})


def keep_zones(store_folder: Path) -> None:
    """Put the study of zones and its plan into a store."""
    study = study_of_zones()
    written = io.BytesIO()
    with tempfile.TemporaryDirectory() as folder, zipfile.ZipFile(written, "w") as archive:
        write_study(study, Path(folder))
        for path in Path(folder).iterdir():
            archive.write(path, path.name)
    bench = Workbench(store_folder)
    known = bench.studies.upload(f"{ZONED}.zip", written.getvalue())
    bench.close()
    began = time.perf_counter()
    plan, formulation = plan_study(study), formulated(study)
    prices = clear(formulation.market, 1e-6).prices
    print(f"plan of {ZONES} zones: {time.perf_counter() - began:.1f} s")

    def write(part: Path) -> None:
        keep(plan, part)
        store(formulation, part / "formulation", part.name)
        store(prices, part / "prices", part.name)

    put(store_folder / PLANS / known.key / "kept", "measured", write)


def rankings(address: str, key: str) -> list[float]:
    """Milliseconds until the answer to each of 20 enterprises over all zones has arrived."""
    blocks = formulated(read_study(EXAMPLE)).blocks.sample(20, seed=1)
    taken = []
    for block in blocks.iter_rows(named=True):
        asked = {name: block[name] for name in ("industry", "origin")}
        began = time.perf_counter()
        found = _post(f"{address}/api/v1/plans/{key}/rankings", asked)
        taken.append(1000 * (time.perf_counter() - began))
        assert len(found) == ZONES
    return taken[1:]


def _completed(table: str, rows: list[dict[str, Any]]) -> pl.DataFrame:
    schema = {column: kind.dtype for column, kind in TABLES[table].columns().items()}
    return pl.DataFrame(rows, schema=schema, infer_schema_length=None)


def in_the_browser(browser: Browser, address: str, zoned: str) -> None:
    """Print first paints of the pages, and the frames while long tables scroll."""
    for page in PAGES:
        _paint(browser, page.key, f"{address}{page.path}?study={_study(page)}&lang=zh")
    zones = f"{address}/enterprise?study={zoned}&lang=zh"
    _paint(browser, f"enterprise of {ZONES} zones", zones)
    _scroll(browser, f"{ZONES} zones", zones, ".card.screen-only")
    moves = f"{address}/?study=china-provinces&lang=zh"
    _scroll(browser, "3,000 rows of moves", moves, ".figure")


def first_loads(driver: Playwright, folder: Path, address: str) -> None:
    """Print when a server listens, and when the page that is asked for at once is painted."""
    for page in PAGES:
        browser = _browser(driver)
        began = time.perf_counter()
        server = _started(folder)
        try:
            _wait_until_it_listens(server)
            listens = time.perf_counter() - began
            opened = browser.new_page()
            opened.set_default_timeout(120_000)
            opened.goto(f"{address}{page.path}?study={_study(page)}&lang=zh")
            opened.wait_for_selector("h1")
            painted = opened.evaluate(PAINTED)
            print(f"first load {page.key}: {painted:.0f} ms; the server listens in {listens:.1f} s")
        finally:
            browser.close()
            server.terminate()
            server.wait()


def _wait_until_it_listens(server: subprocess.Popen[bytes]) -> None:
    while True:
        assert server.poll() is None
        try:
            socket.create_connection(("127.0.0.1", PORT), timeout=1).close()
            return
        except OSError:
            time.sleep(0.01)


def _study(page: Page) -> str:
    return TECHNOLOGY if page.key == "technology" else EXAMPLE


def _paint(browser: Browser, what: str, address: str) -> None:
    painted = []
    for _ in range(TIMES):
        page = browser.new_page()
        page.set_default_timeout(120_000)
        page.goto(address)
        page.wait_for_selector("h1")
        painted.append(page.evaluate(PAINTED))
        page.close()
    print(f"first paint {what}: {statistics.median(painted):.0f} ms, {max(painted):.0f} ms worst")


def paints(browser: Browser, address: str, server: int) -> None:
    """Print first paints of every page, warm, and the processor that each load took."""
    for page in every_page():
        pair = "&home=310000&host=340000" if page.key == "cooperation" else ""
        asked = f"{address}{page.path}?study={_study(page)}&lang=zh{pair}"
        painted, answered, drawn = [], [], []
        for _ in range(TIMES + 1):
            opened = browser.new_page(viewport={"width": 1280, "height": 900})
            opened.set_default_timeout(120_000)
            before, serving = _used(os.getpid()), _used(server)
            opened.goto(asked)
            opened.wait_for_selector("h1")
            opened.wait_for_function(
                "performance.getEntriesByName('first-contentful-paint').length"
            )
            painted.append(opened.evaluate(PAINTED))
            used = _used(server) - serving
            answered.append(used)
            drawn.append(_used(os.getpid()) - before - used)
            opened.close()
        # The first load may be the first of the page.
        said = [sorted(each[1:]) for each in (painted, answered, drawn)]
        middle, served, seen = (statistics.median(each) for each in said)
        print(
            f"paint {page.key}: {middle:.0f} ms, {said[0][-1]:.0f} ms worst; processor of the "
            f"server {served:.0f} ms, of browser and driver {seen:.0f} ms"
        )


def _used(process: int) -> float:
    """Milliseconds of the processor that a process and those it started have used."""
    began_by: dict[int, list[int]] = {}
    ticks = {}
    for held in Path("/proc").glob("[0-9]*/stat"):
        try:
            said = held.read_text().rpartition(") ")[2].split()
        except OSError:
            continue
        began_by.setdefault(int(said[1]), []).append(int(held.parent.name))
        ticks[int(held.parent.name)] = sum(map(int, said[11:15]))
    family, found = [process], 0
    while family:
        one = family.pop()
        found += ticks.get(one, 0)
        family += began_by.get(one, [])
    return 1000 * found / os.sysconf("SC_CLK_TCK")


def _scroll(browser: Browser, what: str, address: str, place: str) -> None:
    page = browser.new_page()
    page.set_default_timeout(120_000)
    page.goto(address)
    page.wait_for_selector("h1")
    first = page.locator(place).first
    closed = first.locator(".opened .q-item")
    if closed.count():
        closed.click()
    first.locator(".q-table tbody td.q-td").first.wait_for()
    page.wait_for_timeout(2000)
    frames = sorted(first.locator(".q-table__middle").evaluate(FRAMES))
    tail, middle = frames[int(0.95 * len(frames))], statistics.median(frames)
    print(f"scrolling {what}: frame {middle:.1f} ms, {tail:.1f} ms at the 95th percentile")
    page.close()


def terms_turned(bench: Workbench) -> tuple[list[float], list[float]]:
    """Clock and processor milliseconds of answers to terms of one pair, each time with others."""
    taken, worked = [], []
    for turn in range(TURNS + 1):
        asked = ContractQuery(home="310000", host="340000", share=20 + turn, years=3 + turn % 20)
        began, idle = time.perf_counter(), time.process_time()
        answer = bench.contracts.answer(EXAMPLE, asked)
        taken.append(1000 * (time.perf_counter() - began))
        worked.append(1000 * (time.process_time() - idle))
        assert answer.ledger.yearly.height > 0
    # The first clears the market for the pair.
    return taken[1:], worked[1:]


def sliders_in_the_browser(browser: Browser) -> None:
    """Print how long it takes from a press on a slider to the pictures in sight painted anew."""
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.set_default_timeout(120_000)
    page.goto(f"http://127.0.0.1:{PORT}{COOPERATION}")
    page.locator(".facts").wait_for()
    page.evaluate("document.querySelectorAll('yz-chart').forEach(chart => chart.scrollIntoView())")
    page.wait_for_timeout(3000)
    for term in ("share", "years", "recovery"):
        slider = page.locator(f"[data-dial={term}]")
        slider.evaluate("dial => dial.scrollIntoView({ block: 'center' })")
        page.evaluate(WATCHED)
        box = slider.bounding_box()
        assert box is not None
        taken = []
        for turn in range(TURNS):
            part = 0.2 + 0.6 * ((7 * turn) % TURNS) / TURNS
            slider.click(position={"x": part * box["width"], "y": box["height"] / 2})
            page.wait_for_timeout(1000)
            found = page.evaluate("window.turned.ended - window.turned.began")
            if found > 0:
                taken.append(found)
        if not taken:
            print(f"slider {term}: no picture in sight changes")
            continue
        tail = sorted(taken)[int(0.95 * len(taken))]
        print(
            f"slider {term}: {statistics.median(taken):.0f} ms until painted, {tail:.0f} ms at the "
            f"95th percentile, {max(taken):.0f} ms worst of {len(taken)}"
        )


def served(folder: Path, address: str) -> subprocess.Popen[bytes]:
    """Serve the example and wait until all that the pages show has been made."""
    server = _started(folder)
    asked = [
        {"kind": "docking", "study": EXAMPLE},
        {"kind": "technology", "study": TECHNOLOGY},
    ]
    while True:
        time.sleep(0.3)
        assert server.poll() is None
        try:
            while asked:
                _post(f"{address}/api/v1/jobs", asked[-1])
                asked.pop()
            with urllib.request.urlopen(f"{address}/api/v1/jobs") as answer:
                if all(job["state"] == "done" for job in json.load(answer)["items"]):
                    return server
        except urllib.error.URLError:
            continue


def _started(folder: Path) -> subprocess.Popen[bytes]:
    command = ["serve", "--port", str(PORT), "--store", str(folder)]
    return subprocess.Popen([sys.executable, "-m", "yanzhen", *command])


def _browser(driver: Playwright) -> Browser:
    path = next(path for path in CHROMIUM if Path(path).exists())
    return driver.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-gpu"])


def _post(address: str, said: dict[str, Any]) -> Any:
    headers = {"content-type": "application/json"}
    request = urllib.request.Request(address, json.dumps(said).encode(), headers)
    with urllib.request.urlopen(request) as answer:
        return json.load(answer)


def _key_of_zones(address: str) -> str:
    with urllib.request.urlopen(f"{address}/api/v1/studies") as answer:
        keys = [each["study"] for each in json.load(answer)["items"]]
    return next(key for key in keys if key.startswith(ZONED))


def steady(driver: Playwright, address: str, zoned: str) -> None:
    """Print what a server that runs takes: rankings, pages, long tables."""
    taken = rankings(address, zoned)
    print(f"ranking: {statistics.median(taken):.0f} ms, {max(taken):.0f} ms worst")
    browser = _browser(driver)
    in_the_browser(browser, address, zoned)
    browser.close()


def turned(driver: Playwright, folder: Path) -> None:
    """Print what turned terms take, in the server and in the browser."""
    taken, worked = terms_turned(Workbench(folder))
    print(
        f"terms: {statistics.median(taken):.0f} ms, {max(taken):.0f} ms worst of {len(taken)}; "
        f"{statistics.median(worked):.0f} ms of processor"
    )
    browser = _browser(driver)
    sliders_in_the_browser(browser)
    browser.close()


def main(parts: list[str]) -> None:
    address = f"http://127.0.0.1:{PORT}"
    with tempfile.TemporaryDirectory() as store_folder, sync_playwright() as driver:
        folder = Path(store_folder)
        if "pages" in parts:
            keep_zones(folder)
        server = served(folder, address)
        try:
            if "paint" in parts:
                browser = _browser(driver)
                paints(browser, address, server.pid)
                browser.close()
            if "terms" in parts:
                turned(driver, folder)
            if "pages" in parts:
                steady(driver, address, _key_of_zones(address))
        finally:
            server.terminate()
            server.wait()
        if "first" in parts:
            first_loads(driver, folder, address)


if __name__ == "__main__":
    main(sys.argv[1:] or ["paint", "terms", "pages", "first"])
