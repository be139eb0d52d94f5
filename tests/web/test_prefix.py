"""Under a path that a reverse proxy puts before: every page and all that it asks for."""

from pathlib import Path

from tests.study.small_modes import small_modes_study
from tests.web.apart import said_apart

READER = """
import asyncio, re, sys
from pathlib import Path
from httpx import ASGITransport, AsyncClient
from yanzhen.api.workbench import Workbench
from yanzhen.web.pages import PAGES
from yanzhen.web.server import make_server

store, study = sys.argv[1:]
bench = Workbench(Path(store), [study])
app = make_server(bench, "zh", "127.0.0.1", "/yanzhen", ["127.0.0.1"])
ADDRESS = re.compile(r'(?:href|src|data-target|data-after)=(?:\\\\"|"|&quot;)(/[^"&\\\\?]*)')
FORM = re.compile(r'action(?:\\\\"|"|&quot;)?[:=](?:\\\\"|"|&quot;)(/[^"&\\\\?]*)')
LAZY = re.compile(r'"(/(?:assets|api)/[^"]*)"')

async def reader():
    transport = ASGITransport(app, raise_app_exceptions=False)
    async with AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
        first = await client.get("/yanzhen")
        assert first.status_code == 307 and first.headers["location"].endswith("/yanzhen/"), first
        asked, forms = set(), set()
        for page in PAGES:
            for before in ("/yanzhen", ""):
                answer = await client.get(before + page.path)
                assert answer.status_code == 200, page.path
                found = ADDRESS.findall(answer.text)
                assert len(found) > 10, page.path
                outside = [each for each in found if not each.startswith("/yanzhen/")]
                assert not outside, (page.path, outside)
                forms.update(FORM.findall(answer.text))
                asked.update(found)
        # Behind the path and, asked for without it, the same.
        assert {"/yanzhen/exchange", "/yanzhen/sources"} <= forms, forms
        assert all(each.startswith("/yanzhen/") for each in forms), forms
        assets = [each for each in asked if "/assets/" in each or "/_nicegui/" in each]
        assert len(assets) > 4
        for each in sorted(assets):
            for path in (each, each.removeprefix("/yanzhen")):
                assert (await client.get(path)).status_code == 200, path
        for path in ("/yanzhen/api/v1/studies", "/yanzhen/api/v1/template"):
            assert (await client.get(path)).status_code == 200, path
        print(len(asked), "addresses")

asyncio.run(reader())
bench.close()
"""


def test_every_address_on_every_page_is_under_the_prefix(tmp_path: Path) -> None:
    study = small_modes_study(tmp_path / "small")
    assert "addresses" in said_apart(READER, str(tmp_path / "store"), str(study))
