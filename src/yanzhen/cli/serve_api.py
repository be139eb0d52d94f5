"""`yanzhen serve --api-only`: the JSON API in one process or several, without pages."""

from contextlib import closing
from typing import TYPE_CHECKING

from yanzhen.cli.language import Language, word
from yanzhen.cli.outcome import reject
from yanzhen.cli.screen import stderr
from yanzhen.cli.store_options import reached
from yanzhen.cli.watching import answering_prometheus, counted

if TYPE_CHECKING:
    from yanzhen.api.serving import Served


def serve_api_alone(
    served: "Served", processes: int, metrics: str | None, language: Language
) -> None:
    """Serve until interrupted; end the command where nobody could log in, or nothing be served."""
    from yanzhen.api.serving import open_bench, serve_api
    from yanzhen.store.people.api_tokens import somebody_has_a_token
    from yanzhen.store.people.persons import somebody_can_log_in

    bench = open_bench(served)
    try:
        with counted(metrics), closing(bench), reached(language):
            asked = (somebody_can_log_in, somebody_has_a_token) if served.accounts else ()
            if asked and not any(may(bench.database) for may in asked):
                reject(word(language, "needs_accounts"))
            shown = f"[{served.host}]" if ":" in served.host else served.host
            address = f"http://{shown}:{served.port}{served.root_path}/api/v1/openapi.json"
            stderr().print(word(language, "api_alone", address=address))
            with answering_prometheus(metrics, lambda: bench.database, language):
                serve_api(served, bench, processes)
    except ValueError as error:
        reject(word(language, "not_a_proxy", error=error))
