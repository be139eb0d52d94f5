"""`yanzhen serve`: the workbench in a browser, and the JSON API."""

from contextlib import closing
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from yanzhen.cli.language import Language, help_of, language_of, usual_of, word
from yanzhen.cli.naming import require_study
from yanzhen.cli.outcome import reject
from yanzhen.cli.screen import stderr
from yanzhen.cli.sending import MailFile, ToPrivate, sends_to
from yanzhen.cli.store_options import DatabaseUrl, reached, usual_store
from yanzhen.cli.time_limits import time_limits
from yanzhen.cli.watching import (
    LogFormat,
    MetricsAddress,
    answering_prometheus,
    begin_log,
    counted,
)
from yanzhen.cli.work import TimeLimit

if TYPE_CHECKING:
    from yanzhen.api.workbench import Workbench
    from yanzhen.web.accounts import Demanded

NEEDED = ("fastapi", "uvicorn", "multipart", "sqlalchemy", "alembic")
PAGES = "nicegui"


# Kept whole: most of it declares the options of the command.
def serve(
    studies: Annotated[
        list[str] | None,
        typer.Argument(metavar="[STUDY]...", show_default=False, help=help_of("studies")),
    ] = None,
    port: Annotated[int, typer.Option(min=1, max=65535, help=help_of("port"))] = 8765,
    host: Annotated[str, typer.Option(help=help_of("address"))] = "127.0.0.1",
    root_path: Annotated[
        str, typer.Option(metavar="/PATH", show_default=usual_of("none"), help=help_of("root_path"))
    ] = "",
    proxy: Annotated[
        list[str] | None, typer.Option(metavar="ADDRESS", show_default=False, help=help_of("proxy"))
    ] = None,
    accounts: Annotated[bool, typer.Option("--accounts", help=help_of("accounts"))] = False,
    open_to_all: Annotated[bool, typer.Option("--open", help=help_of("open"))] = False,
    openid: Annotated[
        Path | None, typer.Option(metavar="FILE", show_default=False, help=help_of("openid"))
    ] = None,
    database: DatabaseUrl = None,
    store: Annotated[
        Path | None,
        typer.Option(
            metavar="FOLDER",
            file_okay=False,
            show_default=usual_of("user_data"),
            help=help_of("store"),
        ),
    ] = None,
    jobs: Annotated[
        int | None,
        typer.Option(min=0, show_default=usual_of("cores"), help=help_of("slots_or_none")),
    ] = None,
    time_limit: TimeLimit = None,
    api_only: Annotated[bool, typer.Option("--api-only", help=help_of("api_only"))] = False,
    processes: Annotated[int, typer.Option(min=1, max=64, help=help_of("processes"))] = 1,
    nation: Annotated[
        Path | None,
        typer.Option(metavar="FOLDER", show_default=False, help=help_of("served_nation")),
    ] = None,
    mail: MailFile = None,
    webhooks_to_private: ToPrivate = False,
    log: LogFormat = None,
    metrics: MetricsAddress = None,
    lang: Annotated[
        Language | None,
        typer.Option("--lang", show_default=usual_of("locale"), help=help_of("browser_language")),
    ] = None,
) -> None:
    """Open the workbench in a browser: plans, places, enterprises, contracts.
    在浏览器中打开工作台：方案、地区、企业、合同。
    """
    language = lang or language_of()
    if any(find_spec(name) is None for name in (*NEEDED, *(() if api_only else (PAGES,)))):
        reject(word(language, "needs_web"))
    begin_log(log)
    for name in studies or []:
        require_study(name, language)
    seconds = time_limits(time_limit or [], language)
    from yanzhen.api.proxies import LOOPBACK

    if open_to_all and (accounts or host not in LOOPBACK):
        reject(word(language, "open_or_accounts" if accounts else "open_to_others"))
    demands = accounts or host not in LOOPBACK or bool(proxy and not open_to_all)
    from yanzhen.store.jobs.limits import OF_MANY, OF_ONE

    usual = OF_MANY if demands else OF_ONE
    at_most = seconds.pop("", usual.seconds)
    limits = replace(usual, seconds=at_most, seconds_of=seconds)
    sends = sends_to(mail, webhooks_to_private, language)
    if api_only:
        from yanzhen.api.serving import Served
        from yanzhen.cli.serve_api import serve_api_alone

        where = (str(store or usual_store()), tuple(studies or ()), database, host, port)
        served = Served(*where, root_path, tuple(proxy or ()), demands, jobs, limits, sends)
        serve_api_alone(served, processes, metrics, language)
        return
    if processes > 1:
        reject(word(language, "processes_of_api"))
    from yanzhen.web.bundle import vega

    # On another core while the rest is imported.
    vega()
    import uvicorn

    from yanzhen.api.logs import for_uvicorn
    from yanzhen.api.workbench import Workbench
    from yanzhen.market.large.nation import NotANation
    from yanzhen.store.people.viewing import NOBODY, set_viewer
    from yanzhen.web.server import make_server

    folder = store or usual_store()
    try:
        bench = Workbench(folder, studies or [], database, jobs, limits, nation, sends)
    except NotANation as error:
        reject(str(error))
    with counted(metrics), closing(bench):
        try:
            demanded = _demanded(bench, openid, language) if demands else None
            app = make_server(bench, language, host, root_path, proxy or [], demanded)
        except ValueError as error:
            reject(word(language, "not_a_proxy", error=error))
        if demanded is None:
            bench.prepare()
        else:
            # Whatever runs outside a request may do nothing.
            set_viewer(NOBODY)
            stderr().print(word(language, "nothing_prepared"), soft_wrap=True)
        bench.work()
        shown = f"[{host}]" if ":" in host else host
        address = f"http://{shown}:{port}{app.root_path}/"
        stderr().print(word(language, "workbench", address=address))
        with answering_prometheus(metrics, lambda: bench.database, language):
            # Forwarded headers are read by the application, from the proxies named, nobody else.
            uvicorn.run(app, host=host, port=port, proxy_headers=False, **for_uvicorn())


def _demanded(bench: "Workbench", openid: Path | None, language: Language) -> "Demanded":
    """Return how people log in; end the command where nobody could."""
    from yanzhen.store.people.persons import somebody_can_log_in
    from yanzhen.web.accounts import Demanded
    from yanzhen.web.openid import WrongSettings, read_provider

    try:
        provider = None if openid is None else read_provider(openid)
    except WrongSettings as error:
        reject(word(language, "wrong_openid", error=error))
    with reached(language):
        may = somebody_can_log_in(bench.database, provider is not None)
    takes_newcomers = provider is not None and provider.newcomers is not None
    if not may and not takes_newcomers:
        reject(word(language, "needs_accounts"))
    return Demanded(provider)
