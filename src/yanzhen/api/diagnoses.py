"""Diagnoses as a server keeps them: made by a worker, read back, pictures drawn for a focus."""

from functools import lru_cache
from pathlib import Path
from typing import Any

from yanzhen.advantage.diagnosis import Diagnosis, diagnose
from yanzhen.api.pictures import drawn, keep_picture
from yanzhen.api.problem_details import Refusal
from yanzhen.api.result_store import digest_of, keep, kept, put
from yanzhen.api.results import Results
from yanzhen.pipeline import Progress
from yanzhen.report.figures import DIAGNOSIS_FIGURES
from yanzhen.report.findings.diagnosis import diagnosis_findings
from yanzhen.report.tables.diagnosis import COLUMNS, diagnosis_table
from yanzhen.report.tables.table import Table
from yanzhen.report.text.focus import WHOLE, Focus, focused
from yanzhen.report.text.words import LANGUAGES, Lang
from yanzhen.study import read_study

DIAGNOSES = "diagnoses"
TABLE_OF = {
    "specialisation": "specialisation",
    "industry_space": "proximities",
    "shift_share": "shift_share",
    "centres": "centres",
    "rank_intervals": "capacity",
    "opportunities": "opportunities",
}


def make_diagnosis(store_folder: Path, subject: dict[str, str], progress: Progress) -> None:
    """Diagnose a study and keep the result with its pictures; the work of a job.

    Parameters
    ----------
    store_folder : of the server
    subject : study (key) and source
    progress : called with the stage that begins and the share done
    """
    progress("study", 0.0)
    study = read_study(subject["source"])
    progress("advantage", 0.1)
    found = diagnose(study)
    progress("pictures", 0.7)

    def write(part: Path) -> None:
        keep(found, part)
        for lang in LANGUAGES:
            for key, figure in DIAGNOSIS_FIGURES.items():
                keep_picture(part, key, lang, figure(found, lang, WHOLE))

    put(store_folder / DIAGNOSES / subject["study"], digest_of(study), write)
    progress("done", 1.0)


class Diagnoses(Results[Diagnosis]):
    """The diagnoses of a server's store, by study."""

    def __init__(self, store_folder: Path) -> None:
        super().__init__(store_folder / DIAGNOSES, Diagnosis)

    def missing(self, study: str, asked: str) -> Refusal:
        return Refusal(404, f"No diagnosis of {study!r} has been made yet.", f"“{study}”尚未诊断。")

    def findings(self, study: str, lang: Lang, focus: Focus = WHOLE) -> list[str]:
        """Return what the diagnosis found, in sentences."""
        return diagnosis_findings(self.read(study), lang, self._known(study, focus))

    def picture(self, study: str, figure: str, lang: Lang, focus: Focus = WHOLE) -> dict[str, Any]:
        """Return a picture: title, reading, aspect, spec; of the whole it is kept."""
        if focus == WHOLE:
            return self.kept_picture(study, figure, lang)
        if figure not in DIAGNOSIS_FIGURES:
            raise Refusal(404, f"There is no picture {figure!r}.", f"没有图“{figure}”。")
        return _focused_picture(self.place(study), figure, lang, self._known(study, focus))

    def table(self, study: str, key: str, lang: Lang, focus: Focus = WHOLE) -> Table:
        """Return one table with the rows of the focus."""
        if key not in COLUMNS:
            raise Refusal(404, f"The diagnosis has no table {key!r}.", f"诊断没有表“{key}”。")
        found = self.read(study)
        return diagnosis_table(found, key, focused(found, self._known(study, focus))[key], lang)

    def meanings(self, study: str, lang: Lang) -> list[Table]:
        """Return every table without its rows: what it shows, and what its columns hold."""
        found = self.read(study)
        frames = focused(found, WHOLE)
        return [diagnosis_table(found, key, frames[key].head(0), lang) for key in COLUMNS]

    def _known(self, study: str, focus: Focus) -> Focus:
        """Return a focus whose region and industry there are."""
        found = self.read(study)
        for frame, key, code in (
            (found.regions, "region", focus.region),
            (found.industries, "industry", focus.industry),
        ):
            if code is not None and code not in frame[key]:
                what = {"region": "地区", "industry": "行业"}[key]
                raise Refusal(404, f"There is no {key} {code!r}.", f"没有{what}“{code}”。")
        return focus


@lru_cache(maxsize=64)
def _focused_picture(place: Path, figure: str, lang: Lang, focus: Focus) -> dict[str, Any]:
    return drawn(figure, DIAGNOSIS_FIGURES[figure](kept(Diagnosis, place), lang, focus))
