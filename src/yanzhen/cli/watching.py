"""What whoever runs a server asks it to tell of itself: lines of a log, figures for Prometheus."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Annotated, Literal

import typer

from yanzhen.cli.language import Language, help_of, usual_of, word
from yanzhen.cli.outcome import reject

LogFormat = Annotated[
    Literal["text", "json"] | None,
    typer.Option(
        "--log", envvar="YANZHEN_LOG", show_default=usual_of("warnings"), help=help_of("log_format")
    ),
]
MetricsAddress = Annotated[
    str | None,
    typer.Option("--metrics", metavar="HOST:PORT", show_default=False, help=help_of("metrics")),
]


def begin_log(log: str | None) -> None:
    """Log in a format, in this process and those that it starts."""
    if log is not None:
        from yanzhen.api.logs import SETTING, set_logs

        os.environ[SETTING] = log
        set_logs()


@contextmanager
def counted(metrics: str | None) -> Iterator[None]:
    """Count requests while a server runs, where somebody asked for figures."""
    if metrics is None:
        yield
        return
    from yanzhen.api.request_log import shared_counts

    with shared_counts():
        yield


@contextmanager
def answering_prometheus(
    metrics: str | None, database: Callable[[], object], language: Language
) -> Iterator[None]:
    """Answer Prometheus while a server runs; end the command where the address cannot be had."""
    if metrics is None:
        yield
        return
    from yanzhen.api.metrics import serve_metrics
    from yanzhen.store.database.connection import Database

    host, port = host_and_port(metrics, language)
    store = database()
    assert isinstance(store, Database)
    try:
        end = serve_metrics(store, host, port)
    except OSError as error:
        reject(word(language, "no_metrics", address=metrics, error=error))
    try:
        yield
    finally:
        end()


def host_and_port(address: str, language: Language) -> tuple[str, int]:
    """Return the parts of HOST:PORT or [HOST]:PORT; end the command where it is neither."""
    host, _, port = address.rpartition(":")
    if not host or not port.isdecimal() or not 0 < int(port) < 65536:
        reject(word(language, "not_host_and_port", address=address))
    return host.removeprefix("[").removesuffix("]"), int(port)
