"""`yanzhen brief`: one page of A4 for whom it is, from a finished plan."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from typer.testing import CliRunner, Result

from tests.printed import A4, sheets_of
from tests.study.small import REGIONS, small_study
from yanzhen import pipeline
from yanzhen.cli.app import app
from yanzhen.pipeline import run_plan

pytest.importorskip("typst")
PLACE = "SYNTHETIC region 3"
ASKED = {
    "ministry": [],
    "province": ["--region", PLACE],
    "zone": ["--site", REGIONS[2]],
    "enterprise": ["--industry", "13", "--region", REGIONS[0]],
}


@pytest.fixture(scope="module")
def plan(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("brief")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pipeline, "write_plan", lambda plan, out, lang, chapters: None)
        study = str(small_study(folder / "study"))
        run_plan(study, folder / "plan", "zh", lambda stage, done: None, draws=2)
    yield folder / "plan"


def asked(plan: Path, role: str, *options: str, lang: str = "en") -> Result:
    return CliRunner().invoke(app, ["brief", str(plan), "--for", role, *options, "--lang", lang])


@pytest.mark.parametrize("role", ASKED)
def test_it_is_one_tagged_page_and_the_same_again(plan: Path, role: str, tmp_path: Path) -> None:
    before = {path: path.stat().st_mtime_ns for path in plan.rglob("*")}
    pages = []
    for name in ("first.pdf", "again.pdf"):
        out = tmp_path / name
        said = asked(plan, role, *ASKED[role], "--out", str(out), lang="zh")
        assert said.exit_code == 0, said.output
        assert "SYNTHETIC" in said.stdout and name in said.stdout
        pages.append(out.read_bytes())
    assert pages[0] == pages[1]
    assert pages[0].startswith(b"%PDF") and b"/MarkInfo" in pages[0]
    assert b"/Type/Pages/Count 1/" in pages[0]
    assert {path: path.stat().st_mtime_ns for path in plan.rglob("*")} == before


@pytest.mark.parametrize(
    ("role", "options", "said"),
    [
        ("province", (), "needs --region"),
        ("enterprise", ("--region", PLACE), "needs --industry"),
        ("ministry", ("--site", REGIONS[2]), "takes no --site"),
        ("province", ("--region", "SYNTHETIC region 33"), "Did you mean"),
        ("province", ("--region", "100000"), "no region 100000"),
        ("zone", ("--site", "nowhere"), "no site nowhere"),
        ("enterprise", ("--industry", "99", "--region", PLACE), "no industry 99"),
        ("enterprise", ("--industry", "30", "--region", PLACE), "no enterprises"),
        ("ministry", ("--out", "page.docx"), "should end with .pdf"),
        ("nobody", (), "nobody"),
    ],
)
def test_what_is_asked_wrongly_ends_with_2(
    plan: Path, role: str, options: tuple[str, ...], said: str
) -> None:
    told = asked(plan, role, *options)
    assert told.exit_code == 2, told.output
    assert said in told.stderr


def test_a_plan_of_other_figures_is_refused(plan: Path, tmp_path: Path) -> None:
    other = tmp_path / "plan"
    other.mkdir()
    for name in ("manifest.json", "run.json"):
        (other / name).write_bytes((plan / name).read_bytes())
    (other / "stages").symlink_to(plan / "stages")
    manifest = json.loads((other / "manifest.json").read_text("utf-8")) | {"draws": 3}
    (other / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    told = asked(other, "ministry")
    assert told.exit_code == 2 and "run yanzhen plan" in told.stderr


def test_without_a_chinese_font_it_says_what_to_install(
    plan: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import typst

    none = SimpleNamespace(families=lambda: ["Libertinus Serif"])
    monkeypatch.setattr(typst, "Fonts", lambda **folders: none)
    told = asked(plan, "ministry", "--out", str(tmp_path / "page.pdf"), lang="zh")
    assert told.exit_code == 2 and "fonts-noto-cjk" in told.stderr
    assert not (tmp_path / "page.pdf").exists()


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_reader_gets_a_sheet_of_a4_that_printers_can_print(
    plan: Path, lang: str, tmp_path: Path
) -> None:
    for role, options in ASKED.items():
        out = tmp_path / f"{role}.pdf"
        told = asked(plan, role, *options, "--out", str(out), lang=lang)
        assert told.exit_code == 0, told.output
        sheets = sheets_of(out.read_bytes())
        assert [tuple(map(round, size)) for size in sheets.sizes] == [A4], role
        (sheet,) = sheets.pictures
        # Nothing is drawn to the edge, where printers cut; the sheet is used.
        inked = np.argwhere(sheet.max(axis=2) > 0.1)
        height, width = sheet.shape[:2]
        (top, left), (bottom, right) = inked.min(axis=0), inked.max(axis=0)
        assert min(top, left, height - bottom, width - right) > 18, role
        assert bottom > height / 2, role
        assert "synthetic" in sheets.text
        # A glyph that no font has is drawn as an empty box, and has no text.
        assert "�" not in sheets.text and "\u25a1" not in sheets.text
        if lang == "zh":
            assert len(re.findall(r"[一-鿿]", sheets.text)) > 150, role
