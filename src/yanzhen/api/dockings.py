"""Docking lists as a server keeps them: cleared by a worker, read back, narrowed to a party."""

from collections.abc import Mapping
from pathlib import Path

from yanzhen.api.pictures import keep_picture
from yanzhen.api.problem_details import Refusal
from yanzhen.api.result_store import digest_of, keep, put
from yanzhen.api.results import Results
from yanzhen.modes.chain.docking.docking_lists import Docking, dock
from yanzhen.pipeline import Progress
from yanzhen.report.analyses.docking import (
    KINDS,
    docking_certificate_table,
    docking_findings,
    docking_table,
    narrowed,
)
from yanzhen.report.figures.docking import docking as docking_figure
from yanzhen.report.tables.table import Table
from yanzhen.report.text.words import LANGUAGES, Lang
from yanzhen.study import read_study

DOCKINGS = "dockings"
PICTURE = "docking"
CERTIFICATE = "certificate"
EXPECTED_ROUNDS = 8


def make_docking(store_folder: Path, subject: Mapping[str, str], progress: Progress) -> None:
    """Make the docking lists of a study and keep them; the work of a job.

    Parameters
    ----------
    store_folder : of the server
    subject : study (key) and source
    progress : called with the stage that begins and the share done
    """
    progress("study", 0.0)
    study = read_study(subject["source"])
    progress("docking", 0.1)
    rounds = 0

    def told(*_: int) -> None:
        # How many rounds there will be is not known; each brings the end nearer.
        nonlocal rounds
        rounds += 1
        progress("docking", 0.1 + 0.8 * rounds / (rounds + EXPECTED_ROUNDS))

    found = dock(study, progress=told)
    progress("pictures", 0.9)

    def write(part: Path) -> None:
        keep(found, part)
        for lang in LANGUAGES:
            keep_picture(part, PICTURE, lang, docking_figure(found, lang))

    put(store_folder / DOCKINGS / subject["study"], digest_of(study), write)
    progress("done", 1.0)


class Dockings(Results[Docking]):
    """The docking lists of a server's store, by study."""

    def __init__(self, store_folder: Path) -> None:
        super().__init__(store_folder / DOCKINGS, Docking)

    def missing(self, study: str, asked: str) -> Refusal:
        said = f"No docking lists of {study!r} have been made yet."
        return Refusal(404, said, f"“{study}”尚无对接名单。")

    def findings(self, study: str, lang: Lang) -> list[str]:
        """Return what the lists come to, in sentences."""
        return docking_findings(self.read(study), lang)

    def table(
        self,
        study: str,
        key: str,
        lang: Lang,
        region: str | None = None,
        industry: str | None = None,
        enterprise: str | None = None,
    ) -> Table:
        """Return one list, of all buyers or of those in a region, an industry, or of one party.

        Raises
        ------
        Refusal
            404 where there is no such list.
        """
        found = self.read(study)
        if key == CERTIFICATE:
            return docking_certificate_table(found, lang)
        if key not in KINDS:
            raise Refusal(404, f"Docking has no table {key!r}.", f"对接没有表“{key}”。")
        shown = narrowed(found, enterprise, region, industry)
        return docking_table(shown, lang, key, max(1, getattr(shown, key).height))
