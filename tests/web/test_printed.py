"""What every page shows is on paper, as a picture or in its text; nothing is cut or too small."""

import shutil
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from tests.finance.fund.studies import small_fund
from tests.goals.made_up import transitions
from tests.made_once import made_once
from tests.printed import missing_on_paper
from tests.study.small import REGIONS
from tests.web.conftest import Opened, Served
from tests.web.on_paper import ALL_DRAWN, CHARTS, lacking
from yanzhen.api.analyses import make_analysis
from yanzhen.api.versions import publish
from yanzhen.api.workbench import Workbench
from yanzhen.report.analyses.registry import FINANCE, FUND, TRACK
from yanzhen.study import write_study
from yanzhen.web.pages import every_page
from yanzhen.web.words import word

FURTHER = {"cooperation": f"&home={REGIONS[0]}&host={REGIONS[2]}"}


def shown(opened: Opened, path: str) -> None:
    """Open a page with every picture drawn."""
    opened.go(path)
    assert opened.view.evaluate(ALL_DRAWN) == []


@pytest.mark.parametrize("page", every_page(), ids=lambda page: page.key)
def test_what_a_page_shows_is_on_paper(opened: Opened, page: Any) -> None:
    further = FURTHER.get(page.key, "")
    shown(opened, f"{page.path}?study={opened.served.study}&lang=zh{further}")
    listed = opened.served.json("/api/v1/studies?limit=100")["items"]
    title = next(each["title_zh"] for each in listed if each["study"] == opened.served.study)
    beside = (f"{title} · {word('zh', 'as_of', at='20')}", "SYNTHETIC")
    assert missing_on_paper(opened.view, CHARTS, beside=beside) == []


@pytest.fixture
def followed(served: Served) -> str:
    """A study with products, a fund and projects that were signed, and what is made of them."""
    assert served.store is not None
    return made_once("followed", partial(_follow, served.store))


def _follow(store: Path, folder: Path) -> str:
    study = small_fund()
    tables = {**study.tables, "transitions": transitions(30, 7)}
    write_study(replace(study, tables=tables), folder / "study")
    packed = shutil.make_archive(str(folder / "followed"), "zip", folder / "study")
    bench = Workbench(store)
    known = bench.studies.upload("followed.zip", Path(packed).read_bytes())
    subject = {"study": known.key, "source": known.source}
    for analysis in (FINANCE, FUND, TRACK):
        publish(make_analysis(analysis, bench.folder, subject, lambda stage, share: None))
    bench.close()
    return known.key


@pytest.mark.parametrize("path", ["/finance", "/fund", "/projects"])
def test_what_was_financed_and_followed_is_on_paper(
    opened: Opened, followed: str, path: str
) -> None:
    opened.go(f"{path}?study={followed}&lang=zh")
    assert opened.view.locator("yz-chart").count() > 2
    assert lacking(opened.view, beside=("SYNTHETIC",)) == []


FAULTS = {
    "hidden": ("yz-chart[data-key=macro_regions] { display: none }", "picture: macro_regions"),
    "cut": ("yz-chart[data-key=flows] svg { clip-path: inset(0 0 40% 0) }", "picture: flows"),
    "small": ("yz-chart[data-key=flows] svg { max-height: 90mm }", "too small to read: flows"),
    "text": (".findings li:nth-child(2) { display: none }", "text: "),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_what_is_hidden_cut_or_small_on_paper_is_told(opened: Opened, fault: str) -> None:
    style, told = FAULTS[fault]
    shown(opened, f"/overview?study={opened.served.study}&lang=zh")
    opened.view.add_style_tag(content=f"@media print {{ {style.replace(' }', ' !important }')} }}")
    found = missing_on_paper(opened.view, CHARTS)
    assert len(found) == 1 and found[0].startswith(told)
