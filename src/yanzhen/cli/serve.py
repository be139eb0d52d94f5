"""`yanzhen serve`: the workbench in a browser, and the JSON API."""

from importlib.util import find_spec
from pathlib import Path
from typing import Annotated

import typer

from yanzhen.cli.language import Language, choose, language_of
from yanzhen.cli.naming import require_study
from yanzhen.cli.outcome import reject
from yanzhen.cli.screen import stderr

NEEDED = ("nicegui", "fastapi", "uvicorn", "multipart")


# Kept whole: most of it declares the options of the command.
def serve(
    studies: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[STUDY]...",
            show_default=False,
            help="Studies beside the examples. 示例之外的研究。",
        ),
    ] = None,
    port: Annotated[int, typer.Option(min=1, max=65535, help="Port. 端口。")] = 8765,
    host: Annotated[
        str,
        typer.Option(
            help="Address to listen on; any but the loopback lets others in, without a password. "
            "监听地址；非本机地址则他人无需密码即可访问。"
        ),
    ] = "127.0.0.1",
    root_path: Annotated[
        str,
        typer.Option(
            metavar="/PATH",
            show_default="none",
            help="Path in front of every address, behind a reverse proxy. 反向代理下的路径前缀。",
        ),
    ] = "",
    proxy: Annotated[
        list[str] | None,
        typer.Option(
            metavar="ADDRESS",
            show_default=False,
            help="Address or network of a reverse proxy whose X-Forwarded headers are believed; "
            "none otherwise. 可信的反向代理地址或网段。",
        ),
    ] = None,
    store: Annotated[
        Path | None,
        typer.Option(
            metavar="FOLDER",
            file_okay=False,
            show_default="the user's cache",
            help="Folder that plans and jobs are kept in. 存放方案与任务的文件夹。",
        ),
    ] = None,
    lang: Annotated[
        Language | None,
        typer.Option(
            "--lang",
            show_default="from the locale, otherwise zh",
            help="Language for browsers that ask for neither. 浏览器未指明时的语言。",
        ),
    ] = None,
) -> None:
    """Open the workbench in a browser: plans, places, enterprises, contracts.
    在浏览器中打开工作台：方案、地区、企业、合同。
    """
    language = lang or language_of()
    if any(find_spec(name) is None for name in NEEDED):
        reject(
            choose(
                language,
                "工作台需要附加组件 web：pip install 'yanzhen[web]'",
                "The workbench needs the extra web: pip install 'yanzhen[web]'",
            )
        )
    for name in studies or []:
        require_study(name, language)
    from yanzhen.web.bundle import vega

    # On another core while the rest is imported.
    vega()
    import uvicorn

    from yanzhen.api.workbench import Workbench
    from yanzhen.study.caches import cache_folder
    from yanzhen.web.server import make_server

    bench = Workbench(store or cache_folder(), studies or [])
    try:
        app = make_server(bench, language, host, root_path, proxy or [])
    except ValueError as error:
        bench.close()
        reject(choose(language, f"--proxy 不是地址或网段：{error}", f"--proxy: {error}"))
    bench.prepare()
    shown = f"[{host}]" if ":" in host else host
    address = f"http://{shown}:{port}{app.root_path}/"
    stderr().print(choose(language, f"工作台：{address}", f"Workbench: {address}"))
    try:
        # Forwarded headers are read by the application, from the proxies named and nobody else.
        uvicorn.run(app, host=host, port=port, log_level="warning", proxy_headers=False)
    finally:
        bench.close()
