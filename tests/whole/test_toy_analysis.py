"""An analysis of one module has its command, addresses, job, page, chapter and sheet."""

import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest
from fastapi.testclient import TestClient

from tests.study.small import REGIONS, small, small_study
from tests.whole.toy_analysis import TOY
from yanzhen.api.app import make_app
from yanzhen.api.versions import Version, publish
from yanzhen.api.work import outcome_of
from yanzhen.api.workbench import Workbench
from yanzhen.pipeline import run_plan
from yanzhen.report.analyses.registry import ANALYSES

FOLDER = Path(__file__).parent
COMMAND = f"""
import sys
sys.path.insert(0, {str(FOLDER)!r})
from toy_analysis import TOY
from yanzhen.report.analyses.registry import ANALYSES
ANALYSES[TOY.name] = TOY
from yanzhen.cli import main
main()
"""
PAGE = f"""
import asyncio, sys
from pathlib import Path
from httpx import ASGITransport, AsyncClient
sys.path.insert(0, {str(FOLDER)!r})
from toy_analysis import TOY
from yanzhen.report.analyses.registry import ANALYSES
ANALYSES[TOY.name] = TOY
from yanzhen.api.workbench import Workbench
from yanzhen.web import server
app = server.make_server(Workbench(Path(sys.argv[1]), [sys.argv[2]]), "zh", "127.0.0.1")

async def read():
    async with AsyncClient(transport=ASGITransport(app), base_url="http://127.0.0.1") as client:
        print((await client.get("/toy", params=dict(lang="en"))).text)

asyncio.run(read())
"""


COUNT = small().tables["regions"].height
FOUND = f"Toy: {COUNT} regions."


@pytest.fixture
def study(tmp_path: Path) -> str:
    return str(small_study(tmp_path / "small"))


@pytest.fixture(autouse=True)
def registered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(ANALYSES, TOY.name, TOY)


def run(code: str, *arguments: str) -> str:
    command = [sys.executable, "-W", "ignore", "-c", code, *arguments]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8")
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_it_has_a_command_with_page_workbook_and_files(study: str, tmp_path: Path) -> None:
    said = run(COMMAND, "toy", study, "--out", str(tmp_path / "out"), "--lang", "en")
    assert FOUND in said
    assert "Toy bars" in (tmp_path / "out" / "toy.html").read_text("utf-8")
    assert "Toy sites" in pl.read_excel(tmp_path / "out" / "toy.xlsx", sheet_id=0)
    (table,) = (tmp_path / "out" / "tables").glob("*sites.csv")
    assert pl.read_csv(table).height == COUNT
    assert "Count the sites" in run(COMMAND, "--help")


def test_it_has_a_job_addresses_and_a_page(study: str, tmp_path: Path) -> None:
    bench = Workbench(tmp_path / "store", [study])
    key = bench.studies.all()[0].key
    said = outcome_of("toy", bench.folder, {"study": key, "source": study}, lambda *_: None)
    assert said["state"] == "done", said
    publish(Version(**{**said["version"], "folder": Path(said["version"]["folder"])}))
    client = TestClient(make_app(bench))
    root = f"/api/v1/toys/{key}"
    assert client.get(f"{root}/findings", params={"lang": "en"}).json() == [FOUND]
    narrowed = client.get(f"{root}/tables/sites", params={"region": REGIONS[1]}).json()
    assert [row[0] for row in narrowed["rows"]] == [REGIONS[1]]
    assert client.get(f"{root}/tables/sites", params={"region": "nowhere"}).status_code == 404
    assert client.get(f"{root}/figures/bars").json()["title"] == "Toy bars"
    assert client.get(f"{root}/report", params={"form": "docx"}).content.startswith(b"PK")
    page = run(PAGE, str(bench.folder), study)
    assert FOUND in page and "Toy sites" in page
    bench.close()


def test_it_has_a_chapter_and_a_sheet_in_the_report_of_a_plan(study: str, tmp_path: Path) -> None:
    run_plan(study, tmp_path / "plan", "en", lambda *_: None, draws=0)
    page = (tmp_path / "plan" / "report.html").read_text("utf-8")
    assert '<section id="toy">' in page and "It is a toy." in page
    assert "Toy sites" in pl.read_excel(tmp_path / "plan" / "plan.xlsx", sheet_id=0)
