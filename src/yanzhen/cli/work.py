"""`yanzhen work`: workers alone, for servers that share a database and a folder."""

from dataclasses import replace
from importlib.util import find_spec
from typing import Annotated

import typer

from yanzhen.cli.language import help_of, language_of, usual_of, word
from yanzhen.cli.options import Spoken
from yanzhen.cli.outcome import reject
from yanzhen.cli.screen import stderr
from yanzhen.cli.sending import MailFile, ToPrivate, sends_to
from yanzhen.cli.store_options import DatabaseUrl, StoreFolder, folder_and_address, reached
from yanzhen.cli.time_limits import time_limits
from yanzhen.cli.watching import LogFormat, begin_log

NEEDED = ("sqlalchemy", "alembic")
TimeLimit = Annotated[
    list[str] | None,
    typer.Option(metavar="[KIND=]SECONDS", show_default="21600", help=help_of("time_limit")),
]


def work(
    database: DatabaseUrl = None,
    store: StoreFolder = None,
    jobs: Annotated[
        int | None,
        typer.Option(min=1, show_default=usual_of("cores"), help=help_of("slots")),
    ] = None,
    time_limit: TimeLimit = None,
    mail: MailFile = None,
    webhooks_to_private: ToPrivate = False,
    log: LogFormat = None,
    lang: Spoken = None,
) -> None:
    """Do the jobs that servers queue, on this machine or another; ends in order on Ctrl-C.
    在本机或其他机器上执行服务端排队的任务；按 Ctrl-C 有序退出。
    """
    language = lang or language_of()
    if any(find_spec(name) is None for name in NEEDED):
        reject(word(language, "needs_web"))
    begin_log(log)
    seconds = time_limits(time_limit or [], language)
    from yanzhen.api.worker import USUAL_PACE, Worker, usual_slots, work_alone
    from yanzhen.store.jobs.limits import OF_MANY
    from yanzhen.store.people.opening import open_store

    sends = sends_to(mail, webhooks_to_private, language)
    folder, address = folder_and_address(store, database)
    slots = jobs or usual_slots()
    with reached(language):
        folder.mkdir(parents=True, exist_ok=True)
        opened = open_store(address)
    usual = seconds.pop("", OF_MANY.seconds)
    limits = replace(OF_MANY, seconds=usual, seconds_of=seconds)
    stderr().print(word(language, "worker", folder=folder, count=slots), soft_wrap=True)
    work_alone(Worker(opened, folder, slots, limits, USUAL_PACE), sends)
    opened.close()
