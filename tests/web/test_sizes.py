"""Every page of a study whose sizes are jobs or energy is shown, in both languages."""

from pathlib import Path

from tests.study.small import small_in
from tests.web.apart import said_apart
from yanzhen.api.analyses import make_analysis
from yanzhen.api.plans import make_plan
from yanzhen.api.versions import publish
from yanzhen.api.workbench import Workbench
from yanzhen.report.analyses.registry import DIAGNOSIS
from yanzhen.study import write_study

SIZES = ("employment", "energy")
READER = """
import asyncio, re, sys
from pathlib import Path
from httpx import ASGITransport, AsyncClient
from yanzhen.api.workbench import Workbench
from yanzhen.web.pages import every_page
from yanzhen.web.server import make_server

store, *studies = sys.argv[1:]
bench = Workbench(Path(store), studies)
app = make_server(bench, "zh", "127.0.0.1")

async def reader():
    transport = ASGITransport(app, raise_app_exceptions=False)
    async with AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
        for known in bench.studies.named:
            for page in every_page():
                for lang in ("zh", "en"):
                    answer = await client.get(f"{page.path}?lang={lang}&study={known.key}")
                    print(answer.status_code, known.key, page.path, lang)
        # Whoever names none in the address gets the one that was named first on the command line.
        answer = await client.get("/overview")
        print(200, "first", *sorted(set(re.findall(r"study=([\\w-]+)", answer.text))))

asyncio.run(reader())
bench.close()
"""


def test_every_page_is_shown(tmp_path: Path) -> None:
    """Of both sizes by one server: its start costs as much as the pages of one."""
    studies, store = [tmp_path / size for size in SIZES], tmp_path / "store"
    for size, study in zip(SIZES, studies, strict=True):
        write_study(small_in(size), study)
    bench = Workbench(store, list(map(str, studies)))
    for known in bench.studies.named:
        subject = {"study": known.key, "source": known.source}
        publish(make_plan(bench.folder, subject, lambda stage, share: None))
        publish(make_analysis(DIAGNOSIS, bench.folder, subject, lambda stage, share: None))
    bench.close()
    shown = said_apart(READER, str(store), *map(str, studies)).splitlines()
    for size in SIZES:
        assert sum(f" {size}" in each for each in shown) > 20
    assert [each for each in shown if not each.startswith("200 ")] == []
    *_, opens = shown
    assert opens.split()[:2] == ["200", "first"] and len(opens.split()) == 3
    assert opens.split()[2].startswith(SIZES[0])
