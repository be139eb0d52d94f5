"""`yanzhen serve`: the workbench in a browser, and the JSON API."""

from importlib.util import find_spec
from pathlib import Path
from typing import Annotated

import typer

from yanzhen.cli.language import Language, help_of, language_of, word
from yanzhen.cli.naming import require_study
from yanzhen.cli.outcome import reject
from yanzhen.cli.screen import stderr

NEEDED = ("nicegui", "fastapi", "uvicorn", "multipart")


# Kept whole: most of it declares the options of the command.
def serve(
    studies: Annotated[
        list[str] | None,
        typer.Argument(metavar="[STUDY]...", show_default=False, help=help_of("studies")),
    ] = None,
    port: Annotated[int, typer.Option(min=1, max=65535, help=help_of("port"))] = 8765,
    host: Annotated[str, typer.Option(help=help_of("address"))] = "127.0.0.1",
    root_path: Annotated[
        str, typer.Option(metavar="/PATH", show_default="none", help=help_of("root_path"))
    ] = "",
    proxy: Annotated[
        list[str] | None, typer.Option(metavar="ADDRESS", show_default=False, help=help_of("proxy"))
    ] = None,
    store: Annotated[
        Path | None,
        typer.Option(
            metavar="FOLDER",
            file_okay=False,
            show_default="the user's cache",
            help=help_of("store"),
        ),
    ] = None,
    nation: Annotated[
        Path | None,
        typer.Option(metavar="FOLDER", show_default=False, help=help_of("served_nation")),
    ] = None,
    lang: Annotated[
        Language | None,
        typer.Option(
            "--lang", show_default="from the locale, otherwise zh", help=help_of("browser_language")
        ),
    ] = None,
) -> None:
    """Open the workbench in a browser: plans, places, enterprises, contracts.
    在浏览器中打开工作台：方案、地区、企业、合同。
    """
    language = lang or language_of()
    if any(find_spec(name) is None for name in NEEDED):
        reject(word(language, "needs_web"))
    for name in studies or []:
        require_study(name, language)
    from yanzhen.web.bundle import vega

    # On another core while the rest is imported.
    vega()
    import uvicorn

    from yanzhen.api.workbench import Workbench
    from yanzhen.market.large.nation import NotANation
    from yanzhen.study.caches import cache_folder
    from yanzhen.web.server import make_server

    try:
        bench = Workbench(store or cache_folder(), studies or [], nation)
    except NotANation as error:
        reject(str(error))
    try:
        app = make_server(bench, language, host, root_path, proxy or [])
    except ValueError as error:
        bench.close()
        reject(word(language, "not_a_proxy", error=error))
    bench.prepare()
    shown = f"[{host}]" if ":" in host else host
    address = f"http://{shown}:{port}{app.root_path}/"
    stderr().print(word(language, "workbench", address=address))
    try:
        # Forwarded headers are read by the application, from the proxies named and nobody else.
        uvicorn.run(app, host=host, port=port, log_level="warning", proxy_headers=False)
    finally:
        bench.close()
