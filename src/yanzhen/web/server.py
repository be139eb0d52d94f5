"""One ASGI application: the JSON API, the pages, and the files that these need."""

from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path

from fastapi import FastAPI, Request, Response
from nicegui import app as nicegui
from nicegui import ui

from yanzhen.api.app import make_app
from yanzhen.api.jobs import ENDED
from yanzhen.api.problem_details import Refusal
from yanzhen.api.proxies import BehindProxies
from yanzhen.api.workbench import Workbench
from yanzhen.report.text.words import Lang
from yanzhen.web.address import Address, spoken
from yanzhen.web.bundle import VEGA, assets, vega
from yanzhen.web.pages import Page, every_page
from yanzhen.web.prerender import Readers, make_pages
from yanzhen.web.shell import frame, nothing_here
from yanzhen.web.view import View

FOREVER = {"Cache-Control": "public, max-age=31536000, immutable"}
MEDIA = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
LOOPBACK = ("127.0.0.1", "localhost", "::1")
# Seconds that a page is kept for a browser that sleeps or is busy; after them it loads anew.
KEPT_FOR = 60.0


def make_server(
    bench: Workbench,
    lang: Lang,
    host: str,
    root_path: str = "",
    proxies: Sequence[str] = (),
) -> BehindProxies:
    """Return the whole workbench as one application; once in a process.

    Parameters
    ----------
    bench : studies, plans, diagnoses and jobs
    lang : language of those whose browser asks for neither
    host : that it listens on; on the loopback other names are refused
    root_path, proxies : as for `BehindProxies`

    Raises
    ------
    ValueError
        A proxy is no address and no network.
    """
    app = make_app(bench)
    _add_assets(app)
    for page in every_page():
        _add_page(page, bench, lang)
    ui.run_with(
        app,
        title="Yanzhen 雁阵",
        favicon=Path(str(files("yanzhen.web").joinpath("assets", "goose.svg"))),
        dark=None,
        tailwind=False,
        show_welcome_message=False,
        reconnect_timeout=KEPT_FOR,
    )
    _warm(app, bench, lang)
    return BehindProxies(app, root_path, proxies, LOOPBACK if host in LOOPBACK else ())


def _warm(app: FastAPI, bench: Workbench, lang: Lang) -> None:
    """Make every page once when nobody is reading and nothing is being made."""
    readers = Readers()
    app.middleware("http")(readers.see)

    def may_go_on() -> bool:
        return readers.rest and all(job.state in ENDED for job in bench.jobs.all())

    nicegui.on_startup(
        lambda: make_pages(app, [page.path for page in every_page()], lang, may_go_on)
    )


def _add_page(page: Page, bench: Workbench, lang: Lang) -> None:
    @ui.page(page.path)
    def shown(request: Request) -> None:
        asked = request.query_params
        language = spoken(asked.get("lang"), request.headers.get("accept-language", ""), lang)
        first = bench.studies.all()[0].key
        choices = {key: value for key, value in asked.items() if key not in ("lang", "study")}
        view = View(bench, Address(page.path, language, asked.get("study") or first, choices))
        with frame(view, page):
            try:
                bench.studies.find(view.study)
                page.show(view)
            except Refusal as refusal:
                nothing_here(view, refusal)


def _add_assets(app: FastAPI) -> None:
    @app.get("/assets/{version}/{name}", include_in_schema=False)
    def asset(version: str, name: str) -> Response:
        content = vega().result() if name == VEGA else assets().get(name)
        if content is None:
            raise Refusal(404, f"There is no file {name!r}.", f"没有文件“{name}”。")
        kind = MEDIA[Path(name).suffix]
        return Response(content, media_type=f"{kind}; charset=utf-8", headers=FOREVER)
