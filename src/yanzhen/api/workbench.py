"""What pages and programs ask: the studies, plans, diagnoses and jobs of one server."""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from functools import cached_property
from pathlib import Path
from typing import Any

from yanzhen.api.analyses import KeptAnalyses
from yanzhen.api.comparisons import Comparisons, scenario_source
from yanzhen.api.contracts import Contracts
from yanzhen.api.enterprise_lists import EnterpriseLists
from yanzhen.api.exchange import Exchange
from yanzhen.api.imports import Imports
from yanzhen.api.jobs import Job, Jobs
from yanzhen.api.nation import ServedNation
from yanzhen.api.own_worker import OwnWorker
from yanzhen.api.permission import require
from yanzhen.api.plans import Plans
from yanzhen.api.problem_details import Refusal
from yanzhen.api.results import Results
from yanzhen.api.studies import Studies
from yanzhen.api.technologies import Technologies
from yanzhen.api.worker import DATABASE, usual_slots
from yanzhen.exchange.demonstration.mark import is_synthetic
from yanzhen.exchange.notices.sending import NOTHING_SENT, Sends
from yanzhen.report.analyses.analysis import NOTHING
from yanzhen.report.analyses.registry import ANALYSES
from yanzhen.store.database.connection import Database, Unavailable, sqlite_url
from yanzhen.store.jobs.limits import OF_ONE, Limits
from yanzhen.store.ownership.own_folder import own_folder
from yanzhen.store.people.opening import open_store

PREPARED = ("plan", "diagnosis", "chain")


class Workbench:
    """One server's studies, plans, diagnoses and jobs.

    Parameters
    ----------
    folder : the store, made if it is not there
    named : studies named on the command line
    database : its address; a file in the store without one
    slots : jobs at once; as many as the machine can well do without a number, and 0 where other
        workers do them
    limits : of persons and kinds of work
    nation : folder of a SYNTHETIC nation whose caps a planner may move
    sends : how its worker delivers notices
    """

    def __init__(
        self,
        folder: Path,
        named: Iterable[str] = (),
        database: str | None = None,
        slots: int | None = None,
        limits: Limits = OF_ONE,
        nation: Path | None = None,
        sends: Sends = NOTHING_SENT,
    ) -> None:
        self.folder = folder
        self.studies = Studies(folder, named, lambda: self.database)
        self.imports = Imports(folder, self.studies)
        self.plans = Plans(folder)
        self.comparisons = Comparisons(folder)
        self.enterprise_lists = EnterpriseLists(folder)
        self.technologies = Technologies(folder)
        self.exchange = Exchange(folder, self.studies, lambda: self.database)
        self.contracts = Contracts(self.plans)
        self.nation = None if nation is None else ServedNation(nation)
        self.analyses = {
            name: KeptAnalyses(folder, analysis) for name, analysis in ANALYSES.items()
        }
        self._results: Mapping[str, Results[Any]] = {
            "plan": self.plans,
            "technology": self.technologies,
            **self.analyses,
        }
        self._url = database or sqlite_url(folder / DATABASE)
        self._slots = usual_slots() if slots is None else slots
        self.sends = sends
        self.worker = OwnWorker(self._url, folder, self._slots, limits, sends=sends)
        self.jobs = Jobs(lambda: self.database, limits, self.work)
        self._is_synthetic: bool | None = None

    def make(self, kind: str, study: str, asked: Mapping[str, object] = NOTHING) -> Job:
        """Start work on a study.

        Parameters
        ----------
        kind : plan, technology, or an analysis
        study : key
        asked : what the result depends on; the rest is passed over

        Raises
        ------
        Refusal
            404 where there is no such study, kind of work or industry.
        """
        if kind not in self._results:
            raise Refusal(404, f"There is no work {kind!r}.", f"没有任务“{kind}”。")
        require("make", "jobs")
        known = self.studies.find(study)
        self._require_industry(study, str(asked.get("industry", "")))
        return self.jobs.start(kind, {"source": known.source, **_subject(kind, known.key, asked)})

    def clear_exchange(self) -> Job:
        """Start clearing the market over what is listed.

        Raises
        ------
        Refusal
            403 for who may not.
        """
        require("make", "jobs")
        known = self.studies.of_all
        return self.jobs.start("clearing", {"source": known.source, "study": known.key})

    def clearing_exchange(self) -> Job | None:
        """Return the latest job that clears the market over what is listed."""
        return self.jobs.latest("clearing", {"study": self.studies.of_all.key})

    def exists(self, kind: str, study: str, asked: Mapping[str, object] = NOTHING) -> bool:
        """Whether the result of some work is there."""
        return self._results[kind].exists(*_subject(kind, study, asked).values())

    def compare(self, study: str, scenarios: Sequence[str]) -> Job:
        """Start setting scenarios beside a study's plan.

        Raises
        ------
        Refusal
            404 where there is no such study or scenario, 422 without any.
        """
        require("make", "jobs")
        if not scenarios:
            raise Refusal(422, "There is no scenario to compare.", "没有要比较的情景。")
        for name in scenarios:
            scenario_source(own_folder(self.folder), self.studies.find(study).key, name)
        return self.jobs.start("comparison", self._compared(study, scenarios))

    def comparing(self, study: str, scenarios: Sequence[str]) -> Job | None:
        """Return the latest job that sets these scenarios beside a study's plan."""
        return self.jobs.latest("comparison", self._compared(study, scenarios))

    def _compared(self, study: str, scenarios: Sequence[str]) -> dict[str, str]:
        known = self.studies.find(study)
        return {"study": known.key, "source": known.source, "scenarios": ",".join(scenarios)}

    def prepare(self) -> None:
        """Bring results up to date: of the studies named, or of the first example."""
        for each in self.studies.named or self.studies.all()[:1]:
            if not self.studies.readable(each.key):
                continue
            study = self.studies.read(each.key)
            for kind in PREPARED:
                lacking = any(study.tables[name].is_empty() for name in needed(kind))
                if not lacking and not self._results[kind].is_of(study, each.key):
                    self.make(kind, each.key)

    @cached_property
    def database(self) -> Database:
        """The store's database, made where there is none.

        Raises
        ------
        NotADatabase
            The address names no database that the store can use.
        Unavailable
            The database does not answer.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        return open_store(self._url)

    def synthetic_exchange(self) -> bool:
        """Whether the exchange is a demonstration; not while the database does not answer."""
        if self._is_synthetic is None:
            with suppress(Unavailable):
                self._is_synthetic = is_synthetic(self.database)
        return bool(self._is_synthetic)

    def work(self) -> None:
        """Let this server's worker look for jobs at once, those of an earlier server too."""
        if self._slots:
            _ = self.database  # which is ready for use only once it was opened
            self.worker.wake()

    def close(self) -> None:
        """End the worker; what is not finished is gone on with when a server starts again."""
        self.worker.close()
        if "database" in self.__dict__:
            self.database.close()

    def job_of(self, kind: str, study: str, asked: Mapping[str, object] = NOTHING) -> Job | None:
        """Return the latest job of a kind about a study."""
        return self.jobs.latest(kind, _subject(kind, study, asked))

    def again(self, job: Job) -> Job:
        """Start the work of a job once more."""
        require("make", "jobs")
        return self.jobs.start(job.kind, job.subject)

    def _require_industry(self, study: str, code: str) -> None:
        if code and code not in self.studies.read(study).tables["industries"]["industry"]:
            raise Refusal(404, f"There is no industry {code!r}.", f"没有行业“{code}”。")


def needed(kind: str) -> tuple[str, ...]:
    """Return the tables without which work cannot begin."""
    if kind == "technology":
        return ("technologies",)
    return ANALYSES[kind].needs if kind in ANALYSES else ()


def _subject(kind: str, study: str, asked: Mapping[str, object]) -> dict[str, str]:
    """What work is about, beside the source: the study, and what it was asked for."""
    asks = ANALYSES[kind].served("result") if kind in ANALYSES else ()
    usual = {"partner": "incubators"} if kind == "technology" else {ask.name: "" for ask in asks}
    return {"study": study, **{name: str(asked.get(name) or usual[name]) for name in usual}}
