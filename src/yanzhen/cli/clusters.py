"""The option `--cluster`: workers that do what is heavy in a command."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated

import typer

from yanzhen.cli.language import Language, help_of, word
from yanzhen.cli.outcome import reject
from yanzhen.cli.screen import stderr

if TYPE_CHECKING:
    from distributed import Client

METAVAR = "ADDRESS|local:N"

DrawsOnCluster = Annotated[
    str | None,
    typer.Option("--cluster", metavar=METAVAR, show_default=False, help=help_of("cluster_draws")),
]
EstimateOnCluster = Annotated[
    str | None,
    typer.Option(
        "--cluster", metavar=METAVAR, show_default=False, help=help_of("cluster_estimate")
    ),
]


@contextmanager
def client_of(where: str, language: Language) -> Iterator["Client"]:
    """A client of a cluster, whose dashboard's address is said; ends with 2 where there is none."""
    from yanzhen.market.large.cluster import NoCluster, connected

    try:
        with connected(where) as client:
            said = word(language, "dashboard", address=client.dashboard_link)
            stderr().print(said, soft_wrap=True)
            yield client
    except NoCluster as error:
        reject(word(language, "no_cluster", where=str(error)))
