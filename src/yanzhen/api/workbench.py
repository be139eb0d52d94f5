"""What pages and programs ask: the studies, plans, diagnoses and jobs of one server."""

import os
from collections.abc import Iterable, Sequence
from pathlib import Path

from yanzhen.api.comparisons import Comparisons, scenario_source
from yanzhen.api.diagnoses import Diagnoses
from yanzhen.api.jobs import Job, Jobs
from yanzhen.api.plans import Plans
from yanzhen.api.refusal import Refusal
from yanzhen.api.studies import Studies
from yanzhen.report.words import LANGUAGES

KINDS = ("plan", "diagnosis")


class Workbench:
    """One server's studies, plans, diagnoses and jobs.

    Parameters
    ----------
    folder : the store, made if it is not there
    named : studies named on the command line
    """

    def __init__(self, folder: Path, named: Iterable[str] = ()) -> None:
        self.folder = folder
        self.studies = Studies(folder / "studies", named)
        self.plans = Plans(folder)
        self.diagnoses = Diagnoses(folder)
        self.comparisons = Comparisons(folder)
        self.jobs = Jobs(folder / "jobs", folder, max(1, (os.cpu_count() or 2) - 1))

    def make(self, kind: str, study: str) -> Job:
        """Start making the plan or the diagnosis of a study.

        Raises
        ------
        Refusal
            404 where there is no such study or no such kind of work.
        """
        if kind not in KINDS:
            raise Refusal(404, f"There is no work {kind!r}.", f"没有任务“{kind}”。")
        known = self.studies.find(study)
        return self.jobs.start(kind, {"study": known.key, "source": known.source})

    def compare(self, study: str, scenarios: Sequence[str]) -> Job:
        """Start setting scenarios beside a study's plan.

        Raises
        ------
        Refusal
            404 where there is no such study or scenario, 422 without any.
        """
        if not scenarios:
            raise Refusal(422, "There is no scenario to compare.", "没有要比较的情景。")
        for name in scenarios:
            scenario_source(self.folder, name)
        return self.jobs.start("comparison", self._compared(study, scenarios))

    def comparing(self, study: str, scenarios: Sequence[str]) -> Job | None:
        """Return the latest job that sets these scenarios beside a study's plan."""
        subject = self._compared(study, scenarios)
        return next((job for job in self.jobs.all() if job.subject == subject), None)

    def _compared(self, study: str, scenarios: Sequence[str]) -> dict[str, str]:
        known = self.studies.find(study)
        return {"study": known.key, "source": known.source, "scenarios": ",".join(scenarios)}

    def prepare(self) -> None:
        """Bring plans and diagnoses up to date: of the studies named, or of the first example."""
        known = self.studies.all()
        named = [each for each in known if each.origin == "path"]
        for each in named or known[:1]:
            if not self.studies.problems(each.key):
                for kind in KINDS:
                    self.make(kind, each.key)

    def warm(self) -> None:
        """Read what is kept of the first study, so that its first reader need not wait."""
        study = self.studies.all()[0].key
        for lang in LANGUAGES:
            if self.plans.exists(study):
                self.plans.market(study)
                self.plans.tables(study, lang)
            if self.diagnoses.exists(study):
                self.diagnoses.findings(study, lang)

    def close(self) -> None:
        """Cancel what is being made."""
        self.jobs.close()

    def job_of(self, kind: str, study: str) -> Job | None:
        """Return the latest job of a kind about a study."""
        for job in self.jobs.all():
            if job.kind == kind and job.subject["study"] == study:
                return job
        return None


def default_store() -> Path:
    """Return the folder that results are kept in: the system's place for caches."""
    if os.name == "nt":
        base = Path(os.environ.get("LOCALAPPDATA", str(Path.home() / "AppData" / "Local")))
    else:
        base = Path(os.environ.get("XDG_CACHE_HOME", str(Path.home() / ".cache")))
    return base / "yanzhen"
