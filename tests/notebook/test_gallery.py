"""The gallery: eight pages that are notebooks, all run here, in one process."""

import json
import runpy
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from yanzhen.notebook import plans
from yanzhen.pipeline import planned_study
from yanzhen.study import Study

DOCS = Path(__file__).parents[2] / "docs"
PAGES = sorted((DOCS / "en/tutorials/gallery").glob("*.md"))
IN_CHINESE = sorted((DOCS / "zh/tutorials/gallery").glob("*.md"))


@pytest.fixture(scope="module")
def notebooks() -> SimpleNamespace:
    return SimpleNamespace(**runpy.run_path(str(DOCS / "notebooks.py")))


def test_there_are_eight_and_the_gallery_names_each() -> None:
    assert len(PAGES) == 8
    for pages in (PAGES, IN_CHINESE):
        listed = pages[0].parent.with_suffix(".md").read_text(encoding="utf-8")
        assert [page.name for page in pages if f"(gallery/{page.name})" not in listed] == []


def test_every_notebook_is_what_its_page_makes(notebooks: SimpleNamespace) -> None:
    """`python docs/notebooks.py` writes them anew."""
    for page in (*PAGES, *IN_CHINESE):
        made = notebooks.notebook_of(page.read_text(encoding="utf-8"))
        assert page.with_suffix(".ipynb").read_text(encoding="utf-8") == made, page.name
        whole = json.loads(made)
        assert {cell["cell_type"] for cell in whole["cells"]} == {"markdown", "code"}
        assert (whole["nbformat"], whole["nbformat_minor"]) == (4, 5)


@pytest.fixture
def planned_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let pages that ask for the same plan of the same study be given the same one."""
    made: dict[tuple[int, int], tuple[Study, Any]] = {}

    def planned(study: Study, draws: int, tell: Any) -> Any:
        if (id(study), draws) not in made:
            made[id(study), draws] = study, planned_study(study, draws, tell)
        return made[id(study), draws][1]

    monkeypatch.setattr(plans, "planned_study", planned)


@pytest.mark.usefixtures("planned_once")
def test_every_cell_runs_and_shows_what_it_is_for(notebooks: SimpleNamespace) -> None:
    """Those in Chinese have the same cells, which `tests/test_documentation.py` holds."""
    for page in PAGES:
        shown = [
            each for _, each in notebooks.run(page.read_text(encoding="utf-8")) if each is not None
        ]
        assert len(shown) >= 3, page.name
        silent = [number for number, each in enumerate(shown) if not (each.text or each.printed)]
        assert silent == [], page.name
        drawn = "".join(each.html for each in shown)
        assert page.name[0] in "146" or "data:image/svg+xml;base64," in drawn, page.name


def test_a_page_is_rendered_with_what_its_cells_show(notebooks: SimpleNamespace) -> None:
    page = "# A title\n\nA word.\n\n```python\nprint('said')\n1 + 1\n```\n"
    rendered = notebooks.rendered(page, "a-page")
    assert "{download}`This page as a notebook <a-page.ipynb>`" in rendered
    assert "~~~~text\nsaid\n2\n~~~~" in rendered
