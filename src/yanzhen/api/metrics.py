"""What Prometheus reads of a server, on an address of its own that no reader of pages reaches.

The figures are of the whole server, of all organisations together: whoever runs the machine may
see them, and no role of an organisation. Processes of one server count together.
"""

from collections.abc import Callable, Iterable, Mapping

from prometheus_client import CollectorRegistry, Counter, Histogram, start_http_server
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from yanzhen import __version__
from yanzhen.store.database.connection import Database, Unavailable
from yanzhen.store.jobs.queue import outstanding_by_state

SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)


class Counted:
    """Requests by method, route and status, and their durations."""

    def __init__(self) -> None:
        # Read from the folder, and not from here.
        registry = CollectorRegistry()
        self._requests = Counter(
            "yanzhen_requests", "Requests answered", ("method", "route", "status"),
            registry=registry,
        )  # fmt: skip
        self._seconds = Histogram(
            "yanzhen_request_seconds", "Seconds until a request was answered to its end",
            ("method", "route"), registry=registry, buckets=SECONDS,
        )  # fmt: skip

    def count(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count one request that was answered."""
        self._requests.labels(method, route, str(status)).inc()
        self._seconds.labels(method, route).observe(seconds)


class ServerState(Collector):
    """Version, database and jobs, as they are when somebody asks.

    Parameters
    ----------
    database : of the server
    """

    def __init__(self, database: Database) -> None:
        self.database = database

    def collect(self) -> Iterable[GaugeMetricFamily]:
        """Return the figures of this moment."""
        version = GaugeMetricFamily("yanzhen_version", "Always 1", labels=("version",))
        version.add_metric((__version__,), 1)
        yield version
        jobs: Mapping[str, int] | None
        try:
            jobs = outstanding_by_state(self.database)
        except Unavailable:
            jobs = None
        said = "Whether the database answers"
        yield GaugeMetricFamily("yanzhen_database_up", said, float(jobs is not None))
        if jobs is not None:
            waiting = GaugeMetricFamily("yanzhen_jobs", "Jobs outstanding", labels=("state",))
            for state, count in jobs.items():
                waiting.add_metric((state,), count)
            yield waiting


def serve_metrics(database: Database, host: str, port: int) -> Callable[[], None]:
    """Answer Prometheus at `/metrics` of an address of its own; return what ends that.

    Raises
    ------
    OSError
        The address is taken, or none of this machine's.
    """
    registry = CollectorRegistry()
    MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    registry.register(ServerState(database))
    server, thread = start_http_server(port, host, registry)

    def end() -> None:
        server.shutdown()
        server.server_close()
        thread.join()

    return end
