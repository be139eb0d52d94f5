"""Print every page of a workbench that runs, and say what paper lacks of the screen.

    python benchmarks/prints.py http://127.0.0.1:8765 OUT [zh] [en]

For instance of `yanzhen serve`, once its plan, diagnosis and chains are made. The folder OUT gets
each page as PDF and its sheets as PNG, to look at. Ends with 1 where something is missing.
"""

import argparse
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image
from playwright.sync_api import sync_playwright

sys.path.insert(0, str(Path(__file__).parents[1]))

from tests.printed import missing_on_paper, sheets_of
from yanzhen.web.pages import Page, every_page

CHROMIUM = ("/usr/bin/chromium-headless-shell", "/usr/bin/chromium")
CHARTS = "yz-chart svg.marks"
ALL_DRAWN = "Promise.all([...document.querySelectorAll('yz-chart')].map((chart) => chart.show()))"
STUDIES = {"technology": "china-technology-synthetic"}
PAIR = "&home=310000&host=340000"


def walk(view: Any, address: str, page: Page, lang: str, out: Path) -> list[str]:
    """Print one page; return what its sheets lack."""
    study = STUDIES.get(page.key, "china-provinces")
    pair = PAIR if page.key == "cooperation" else ""
    view.goto(f"{address}{page.path}?study={study}&lang={lang}{pair}")
    view.wait_for_selector("h1")
    view.wait_for_function("window.did_handshake")
    view.evaluate(ALL_DRAWN)
    began = time.process_time()
    lacking = missing_on_paper(view, CHARTS)
    taken = time.process_time() - began
    path = out / f"{page.key}-{lang}.pdf"
    path.write_bytes(view.pdf(format="A4", prefer_css_page_size=True))
    sheets = sheets_of(path.read_bytes()).pictures
    for i, sheet in enumerate(sheets):
        picture = Image.fromarray(np.uint8(255 * (1 - sheet)))
        picture.save(out / f"{page.key}-{lang}-{i + 1}.png")
    charts = view.locator(CHARTS).count()
    print(f"{page.key} {lang}: {len(sheets)} sheets, {charts} pictures, compared in {taken:.1f} s")
    for each in lacking:
        print(f"  missing: {each}")
    return lacking


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("address")
    parser.add_argument("out", type=Path)
    parser.add_argument("langs", nargs="*", default=("zh", "en"))
    asked = parser.parse_args()
    asked.out.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as driver:
        path = next(path for path in CHROMIUM if Path(path).exists())
        browser = driver.chromium.launch(executable_path=path, args=["--no-sandbox"])
        view = browser.new_page(viewport={"width": 1280, "height": 900}, color_scheme="light")
        view.set_default_timeout(120_000)
        lacking = [
            each
            for lang in asked.langs
            for page in every_page()
            for each in walk(view, asked.address, page, lang, asked.out)
        ]
        browser.close()
    sys.exit(bool(lacking))


if __name__ == "__main__":
    main()
