"""One ASGI application: the JSON API, the pages, and the files that these need."""

import logging
from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path

from fastapi import FastAPI, Request, Response
from fastapi.middleware.gzip import GZipMiddleware
from nicegui import Client, ui
from nicegui import app as nicegui
from starlette.types import ASGIApp

from yanzhen.api.accounts import OPEN_TO_ALL, Accounts
from yanzhen.api.app import make_app
from yanzhen.api.body_size import BodySize
from yanzhen.api.permission import require
from yanzhen.api.problem_details import Refusal, refusal_of, unread
from yanzhen.api.proxies import LOOPBACK, BehindProxies
from yanzhen.api.request_log import RequestLog, counting
from yanzhen.api.safe_headers import SafeHeaders
from yanzhen.api.workbench import Workbench
from yanzhen.report.text.words import LANGUAGES, Lang
from yanzhen.store.people.viewer import LOCAL
from yanzhen.store.people.viewing import viewing_as
from yanzhen.web.accounts import Demanded, add_accounts, tie_events
from yanzhen.web.address import Address, spoken
from yanzhen.web.broken import FOR_PROGRAMS, broken_page, explain_failures
from yanzhen.web.bundle import VEGA, assets, vega
from yanzhen.web.kept_files import KeptFiles
from yanzhen.web.leaving import forget_left_pages
from yanzhen.web.pages import Page, every_page
from yanzhen.web.prerender import Readers, make_pages
from yanzhen.web.shell import frame, nothing_here
from yanzhen.web.view import View
from yanzhen.web.words import word

FOREVER = {"Cache-Control": "public, max-age=31536000, immutable"}
MEDIA = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
LOG = logging.getLogger(__name__)
# Seconds that a page is kept for a browser that sleeps or is busy; after them it loads anew.
KEPT_FOR = 60.0


def make_server(
    bench: Workbench,
    lang: Lang,
    host: str,
    root_path: str = "",
    proxies: Sequence[str] = (),
    accounts: Demanded | None = None,
) -> BehindProxies:
    """Return the whole workbench as one application; once in a process.

    Parameters
    ----------
    bench : studies, plans, diagnoses and jobs
    lang : language of those whose browser asks for neither
    host : that it listens on; on the loopback other names are refused
    root_path, proxies : as for `BehindProxies`
    accounts : how people log in; None for one local user without a password

    Raises
    ------
    ValueError
        A proxy is no address and no network.
    """
    # The tabulator moves on and takes nothing.
    ui.select.default_props("disable-tab-selection")
    app = make_app(bench)
    _add_assets(app)
    explain_failures(app)
    for page in every_page():
        _add_page(page, bench, lang)
    _add_errors(bench, lang)
    if accounts is not None:
        # Before NiceGUI takes every address that is left.
        add_accounts(app, bench.database, lang, accounts)
        tie_events()
    ui.run_with(
        app,
        title="Yanzhen 雁阵",
        favicon=Path(str(files("yanzhen.web").joinpath("assets", "goose.svg"))),
        dark=None,
        tailwind=False,
        show_welcome_message=False,
        reconnect_timeout=KEPT_FOR,
        gzip_middleware_factory=_compressed,
    )
    forget_left_pages()
    _warm(app, bench, lang)
    own_names = LOOPBACK if host in LOOPBACK else ()
    files_kept = KeptFiles(app)
    inner: ASGIApp = files_kept
    if accounts is not None:
        inner = Accounts(files_kept, bench.database, OPEN_TO_ALL, broken_page)
    logged = RequestLog(BodySize(inner), counting())
    return BehindProxies(SafeHeaders(logged), root_path, proxies, own_names)


def _compressed(app: ASGIApp) -> GZipMiddleware:
    """Compress answers with less than half of the best level's work; they are some 7 % larger."""
    return GZipMiddleware(app, compresslevel=4)


def _warm(app: FastAPI, bench: Workbench, lang: Lang) -> None:
    """Make every page once when nobody is reading and nothing is being made."""
    readers = Readers()
    app.middleware("http")(readers.see)

    def may_go_on() -> bool:
        return readers.rest and not bench.jobs.busy()

    async def warm() -> None:
        with viewing_as(LOCAL):
            await make_pages(app, [page.path for page in every_page()], lang, may_go_on)

    nicegui.on_startup(warm)


def _add_page(page: Page, bench: Workbench, lang: Lang) -> None:
    @ui.page(page.path)
    def shown(request: Request) -> Response | None:
        view = _view(request, bench, page.path, lang)
        lead = page.named(view.lang, "lead")
        with frame(view, page.named(view.lang, "title"), lead), ui.element("div") as place:
            try:
                require("read", page.reads)
                bench.studies.find(view.study)
                page.show(view)
                return None
            except Exception as error:
                refusal = refusal_of(error)
                if refusal.status == 500:
                    LOG.exception("%r", request.url.path)
            # What a study lacks is said below what can be shown; what is not there stands alone.
            alone = refusal.status in (403, 404, 500)
            if alone:
                place.clear()
            nothing_here(view, refusal)
        return ui.context.client.build_response(request, refusal.status) if alone else None


def _view(request: Request, bench: Workbench, path: str, lang: Lang) -> View:
    asked = request.query_params
    language = spoken(asked.get("lang"), request.headers.get("accept-language", ""), lang)
    first = bench.studies.all()[0].key
    choices = {key: value for key, value in asked.items() if key not in ("lang", "study")}
    return View(bench, Address(path, language, asked.get("study") or first, choices))


def _add_errors(bench: Workbench, lang: Lang) -> None:
    """Answer for addresses without a page, and for faults around a page, as pages do."""

    @nicegui.exception_handler(404)
    async def lost(request: Request, error: Exception) -> Response:
        path = request.scope["path"].removeprefix(request.scope.get("root_path", ""))
        if path.startswith(FOR_PROGRAMS):
            return await unread(request, error)
        with Client(ui.page(""), request=request) as client:
            view = _view(request, bench, "/", lang)
            with frame(view, view.word("lost.title")):
                said = {each: word(each, "lost.said") for each in LANGUAGES}
                nothing_here(view, Refusal(404, said["en"], said["zh"]))
        return client.build_response(request, 404)

    @nicegui.exception_handler(Exception)
    async def failed(request: Request, error: Exception) -> Response:
        return broken_page(refusal_of(error), request.scope.get("root_path", ""))


def _add_assets(app: FastAPI) -> None:
    @app.get("/assets/{version}/{name}", include_in_schema=False)
    def asset(version: str, name: str) -> Response:
        content = vega().result() if name == VEGA else assets().get(name)
        if content is None:
            raise Refusal(404, f"There is no file {name!r}.", f"没有文件“{name}”。")
        kind = MEDIA[Path(name).suffix]
        return Response(content, media_type=f"{kind}; charset=utf-8", headers=FOREVER)
