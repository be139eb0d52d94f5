"""The documentation as it is built: without a warning, found by searching, offline, from files."""

import re
import runpy
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from tests.documentation import DOCS

SEARCHES = {
    "en": {
        "clearing price": "explanation/how-it-works",
        "location quotient": "explanation/diagnose",
    },
    "zh": {
        "出清价格": "explanation/how-it-works",
        "准入": "how-to/government",
        "转移基金": "explanation/fund",
        # In no heading and no list of terms: found by its pairs of characters alone.
        "带熵正则项": "explanation/how-it-works",
    },
}


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Both trees, built from a copy; docstrings are read by `test_docstrings.py`."""
    folder = tmp_path_factory.mktemp("documentation")
    left_out = shutil.ignore_patterns("_build", "modules", "__pycache__")
    shutil.copytree(DOCS, folder / "docs", ignore=left_out)
    shutil.copy(DOCS.parent / "CHANGELOG.md", folder)
    html = {language: folder / "html" / "9.9.9" / language for language in SEARCHES}
    for language, out in html.items():
        ended = subprocess.run(
            [
                *(sys.executable, "-m", "sphinx", "-W", "--keep-going", "-q", "-b", "html"),
                *("-t", "pages", "-t", language, "-c", str(folder / "docs")),
                *(str(folder / "docs" / language), str(out)),
            ],
            capture_output=True,
            text=True,
        )
        assert ended.returncode == 0, ended.stdout + ended.stderr
    return html


def test_each_page_leads_to_its_counterpart_and_says_its_version(built: dict[str, Path]) -> None:
    for language, out in built.items():
        for path in out.rglob("*.html"):
            text = path.read_text(encoding="utf-8")
            (there,) = re.findall(r'class="other-language"[^>]*href="([^"]+)"', text)
            counterpart = (path.parent / there).resolve()
            name = path.relative_to(out).with_suffix("").as_posix()
            assert counterpart.is_file(), (language, name)
            (versions,) = re.findall(r'class="versions" href="([^"]+)"', text)
            assert (path.parent / versions).resolve() == out.parents[1] / "versions.html"
            assert not re.search(r'<(?:script|link|img)[^>]*(?:src|href)="https?:', text), name


@pytest.mark.parametrize("language", SEARCHES)
def test_searching_finds_the_page_first_without_a_server(
    built: dict[str, Path], browser: Any, language: str
) -> None:
    opened = browser.new_page()
    for words, name in SEARCHES[language].items():
        opened.goto(f"{(built[language] / 'search.html').as_uri()}?q={quote(words)}")
        opened.wait_for_selector("#search-results ul.search li > a")
        first = opened.locator("#search-results ul.search li > a").first
        assert first.get_attribute("href").partition(".html")[0] == name, words
    opened.close()


def test_versions_stay_side_by_side_and_the_newest_leads(tmp_path: Path) -> None:
    for version in ("0.9.0", "0.10.0"):
        for language in ("en", "zh") if version == "0.10.0" else ("en",):
            page = tmp_path / version / language / "index.html"
            page.parent.mkdir(parents=True)
            page.touch()
    runpy.run_path(str(DOCS / "build.py"))["write_ways_in"](tmp_path, "0.10.0")
    listed = re.findall(r'href="([^"]+)"', (tmp_path / "versions.html").read_text("utf-8"))
    assert listed == ["0.10.0/en/index.html", "0.10.0/zh/index.html", "0.9.0/en/index.html"]
    begin = (tmp_path / "index.html").read_text("utf-8")
    assert 'href="0.10.0/zh/index.html"' in begin and "navigator.language" in begin
