"""Print every page of a workbench that runs, and say what paper lacks of the screen.

    python benchmarks/prints.py http://127.0.0.1:8765 OUT [zh] [en] [--exchange LOGINS]

For instance of `yanzhen serve`, once its plan, diagnosis and chains are made. The folder OUT gets
each page as PDF and its sheets as PNG, to look at. Ends with 1 where something is missing.

With `--exchange` the pages of the SYNTHETIC exchange instead, each as a role that sees something
there: LOGINS is what `yanzhen demo exchange --out FOLDER --json` printed, and the workbench is
`yanzhen serve china-zones --store FOLDER --accounts`.
"""

import argparse
import json
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image
from playwright.sync_api import sync_playwright

sys.path.insert(0, str(Path(__file__).parents[1]))

from tests.printed import sheets_of
from tests.web.conftest import Opened, Served
from tests.web.on_paper import CHARTS, lacking, publish_statistics, stops
from tests.web.transfer.people import log_in
from yanzhen.web.pages import every_page

CHROMIUM = ("/usr/bin/chromium-headless-shell", "/usr/bin/chromium")
STUDIES = {"technology": "china-technology-synthetic"}
PAIR = "&home=310000&host=340000"


def every(opened: Opened, langs: list[str], out: Path) -> list[str]:
    """Print every page of a workbench without accounts; return what sheets lack."""
    lacks = []
    for lang in langs:
        for page in every_page():
            study = STUDIES.get(page.key, "china-provinces")
            pair = PAIR if page.key == "cooperation" else ""
            opened.go(f"{page.path}?study={study}&lang={lang}{pair}")
            lacks += printed(opened.view, f"{page.key}-{lang}", out)
    return lacks


def of_exchange(browser: Any, address: str, logins: Path, langs: list[str], out: Path) -> list[str]:
    """Print what each role sees of the SYNTHETIC exchange; return what sheets lack."""
    given = json.loads(logins.read_text(encoding="utf-8"))["logins"]
    pages = {}
    for each in given:
        context = browser.new_context(color_scheme="light")
        pages[each["login"]] = Opened(context, Served(address, 0, "china-zones"))
        log_in(pages[each["login"]], each["login"], each["password"])
    publish_statistics(pages["administrator"].view, address)

    def asked(who: str, path: str) -> Any:
        return pages[who].view.request.get(f"{address}/api/v1/exchange{path}").json()

    lacks = []
    for stop in list(stops(asked)):
        for lang in langs:
            page = pages[stop.who]
            page.go(f"{stop.path}{'&' if '?' in stop.path else '?'}lang={lang}")
            lacks += printed(page.view, f"{stop.key}-{lang}", out)
    return lacks


def printed(view: Any, name: str, out: Path) -> list[str]:
    """Print a page that stands in a browser; return what its sheets lack."""
    began = time.process_time()
    found = lacking(view)
    taken = time.process_time() - began
    path = out / f"{name}.pdf"
    path.write_bytes(view.pdf(format="A4", prefer_css_page_size=True))
    sheets = sheets_of(path.read_bytes()).pictures
    for i, sheet in enumerate(sheets):
        picture = Image.fromarray(np.uint8(255 * (1 - sheet)))
        picture.save(out / f"{name}-{i + 1}.png")
    charts = view.locator(CHARTS).count()
    print(f"{name}: {len(sheets)} sheets, {charts} pictures, compared in {taken:.1f} s")
    for each in found:
        print(f"  missing: {each}")
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("address")
    parser.add_argument("out", type=Path)
    parser.add_argument("langs", nargs="*", default=["zh", "en"])
    parser.add_argument("--exchange", type=Path, metavar="LOGINS")
    asked = parser.parse_args()
    asked.out.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as driver:
        path = next(path for path in CHROMIUM if Path(path).exists())
        browser = driver.chromium.launch(executable_path=path, args=["--no-sandbox"])
        if asked.exchange is None:
            context = browser.new_context(color_scheme="light")
            opened = Opened(context, Served(asked.address, 0, "china-provinces"))
            lacks = every(opened, asked.langs, asked.out)
        else:
            lacks = of_exchange(browser, asked.address, asked.exchange, asked.langs, asked.out)
        browser.close()
    sys.exit(bool(lacks))


if __name__ == "__main__":
    main()
