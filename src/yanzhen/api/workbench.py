"""What pages and programs ask: the studies, plans, diagnoses and jobs of one server."""

import os
from collections.abc import Iterable
from pathlib import Path

from yanzhen.api.diagnoses import Diagnoses
from yanzhen.api.jobs import ENDED, Job, Jobs
from yanzhen.api.plans import Plans
from yanzhen.api.refusal import Refusal
from yanzhen.api.studies import Studies

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

    def prepare(self) -> None:
        """Bring plans and diagnoses up to date: of the studies named, without any the examples."""
        known = self.studies.all()
        named = [each for each in known if each.origin == "path"]
        for each in named or [each for each in known if each.origin == "example"]:
            if not self.studies.problems(each.key):
                for kind in KINDS:
                    self.make(kind, each.key)

    def close(self) -> None:
        """Cancel what is being made."""
        self.jobs.close()

    def job_of(self, kind: str, study: str) -> Job | None:
        """Return the latest job of a kind about a study."""
        for job in self.jobs.all():
            if job.kind == kind and job.subject["study"] == study:
                return job
        return None

    def working(self, kind: str, study: str) -> Job | None:
        """Return the job that is making a result of a study now."""
        job = self.job_of(kind, study)
        return None if job is None or job.state in ENDED else job


def default_store() -> Path:
    """Return the folder that results are kept in: the system's place for caches."""
    if os.name == "nt":
        base = Path(os.environ.get("LOCALAPPDATA", str(Path.home() / "AppData" / "Local")))
    else:
        base = Path(os.environ.get("XDG_CACHE_HOME", str(Path.home() / ".cache")))
    return base / "yanzhen"
