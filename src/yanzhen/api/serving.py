"""The API alone, without any page: one process or several that share a store.

Processes are begun anew, so that each reads what it serves from the environment, and not from a
command line, which everybody on the machine can read.
"""

import json
import os
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import uvicorn

from yanzhen.api.accounts import OPEN_TO_ALL, Accounts
from yanzhen.api.app import make_app
from yanzhen.api.body_size import BodySize
from yanzhen.api.logs import for_uvicorn, set_logs
from yanzhen.api.proxies import LOOPBACK, BehindProxies
from yanzhen.api.request_log import RequestLog, counting
from yanzhen.api.safe_headers import SafeHeaders
from yanzhen.api.workbench import Workbench
from yanzhen.collecting import collect_seldom
from yanzhen.exchange.notices.sending import NOTHING_SENT, Sends
from yanzhen.store.jobs.limits import OF_ONE, Limits
from yanzhen.store.people.viewing import NOBODY, set_viewer

SETTINGS = "YANZHEN_API"
"""Environment variable with the settings."""


@dataclass(frozen=True)
class Served:
    """What is served, where, and to whom.

    Attributes
    ----------
    store : folder
    studies : named on the command line
    database : its address, None for the file in the store
    host, port : to listen on
    root_path, proxies : as for `BehindProxies`
    accounts : whether whoever comes needs a token or a session
    slots : jobs at once, None for as many as the machine can well do
    limits : of persons and kinds of work
    sends : how the worker delivers notices
    """

    store: str
    studies: tuple[str, ...] = ()
    database: str | None = None
    host: str = "127.0.0.1"
    port: int = 8765
    root_path: str = ""
    proxies: tuple[str, ...] = ()
    accounts: bool = False
    slots: int | None = None
    limits: Limits = OF_ONE
    sends: Sends = NOTHING_SENT


def open_bench(served: Served) -> Workbench:
    """Return the workbench that is served."""
    where = (Path(served.store), served.studies, served.database)
    return Workbench(*where, served.slots, served.limits, sends=served.sends)


def serve_api(served: Served, bench: Workbench, processes: int) -> None:
    """Answer until the process is asked to end.

    One worker does the jobs of all processes; it lives with this one, which minds the others.

    Parameters
    ----------
    bench : with the worker
    processes : that answer

    Raises
    ------
    ValueError
        A proxy is no address and no network.
    """
    alone = application_of(served, bench)
    if served.accounts:
        # Whatever runs outside a request may do nothing.
        set_viewer(NOBODY)
    else:
        bench.prepare()
    bench.work()
    # The one worker delivers: what it logs in to a server of mail with is nothing for the others.
    os.environ[SETTINGS] = json.dumps(asdict(replace(served, sends=NOTHING_SENT)))
    uvicorn.run(
        "yanzhen.api.serving:application" if processes > 1 else alone,
        factory=processes > 1,
        workers=processes,
        host=served.host,
        port=served.port,
        # Forwarded headers are read by the application, from the proxies named and nobody else.
        proxy_headers=False,
        **for_uvicorn(),
    )


def application() -> BehindProxies:
    """Return the application that the environment describes; once in a process."""
    collect_seldom()
    set_logs()
    said = json.loads(os.environ[SETTINGS])
    lists = {name: tuple(said[name]) for name in ("studies", "proxies")}
    own = {"limits": Limits(**said["limits"]), "sends": NOTHING_SENT, "slots": 0}
    served = Served(**{**said, **lists, **own})
    if served.accounts:
        set_viewer(NOBODY)
    return application_of(served, open_bench(served))


def application_of(served: Served, bench: Workbench) -> BehindProxies:
    """Return the application that answers for a workbench.

    Raises
    ------
    ValueError
        A proxy is no address and no network.
    """
    app = make_app(bench)
    hosts = LOOPBACK if served.host in LOOPBACK else ()
    demanding = Accounts(app, bench.database, OPEN_TO_ALL) if served.accounts else app
    logged = RequestLog(BodySize(demanding), counting())
    return BehindProxies(SafeHeaders(logged), served.root_path, served.proxies, hosts)
