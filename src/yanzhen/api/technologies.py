"""Matches of achievements as a server keeps them, and the verdicts of its readers."""

import threading
from collections.abc import Mapping
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Literal, cast

import polars as pl

from yanzhen.api.permission import require
from yanzhen.api.pictures import keep_picture
from yanzhen.api.problem_details import Refusal
from yanzhen.api.result_store import digest_of, keep, written
from yanzhen.api.results import Results
from yanzhen.api.versions import Version
from yanzhen.modes.technology.matching.matching import Matching, match
from yanzhen.modes.technology.matching.partners import KINDS, TABLE_OF, Kind, achievements, partners
from yanzhen.modes.technology.search.feedback import no_feedback, read_feedback, record
from yanzhen.pipeline import Progress
from yanzhen.report.analyses.technology import technology_document
from yanzhen.report.document.folder import write_file
from yanzhen.report.figures.technology import achievement_flows, match_terms
from yanzhen.report.findings.technology import technology_findings
from yanzhen.report.tables.table import Table
from yanzhen.report.tables.technology import KEYS, Key, technology_table
from yanzhen.report.text.reader import Reader
from yanzhen.report.text.words import LANGUAGES, Lang
from yanzhen.store.ownership.own_folder import own_folder
from yanzhen.study import Study, read_study

TECHNOLOGIES = "technologies"
FEEDBACK = "feedback"
FIGURES = {"flows": achievement_flows, "terms": match_terms}
FIGURE_TABLES: Mapping[str, Key] = {"flows": "flows", "terms": "matches"}
Verdict = Literal["accept", "reject"]
_TURN = threading.Lock()


def make_technology(store_folder: Path, subject: Mapping[str, str], progress: Progress) -> Version:
    """Match the achievements of a study and write the matches; the work of a job.

    Parameters
    ----------
    store_folder : of the server
    subject : study (key), source, and partner: needs, incubators or regions
    progress : called with the stage that begins and the share done
    """
    progress("study", 0.0)
    study, kind = read_study(subject["source"]), cast(Kind, subject["partner"])
    progress("matching", 0.1)
    said = _feedback(store_folder, subject["study"], kind, study)
    found = match(
        study, kind, feedback=said, progress=lambda share: progress("matching", 0.1 + 0.7 * share)
    )
    progress("pictures", 0.8)

    def write(part: Path) -> None:
        keep(found, part)
        for lang in LANGUAGES:
            reader = Reader(found.study, lang)
            for key, figure in FIGURES.items():
                keep_picture(part, key, lang, figure(found, reader))

    version = f"{digest_of(study)}-{_digest(said)}"
    return written(store_folder / TECHNOLOGIES / subject["study"] / kind, version, write)


class Technologies(Results[Matching]):
    """The matches of a server's store, by study and kind of partner."""

    def __init__(self, store_folder: Path) -> None:
        super().__init__(store_folder, TECHNOLOGIES, Matching)

    @property
    def store(self) -> Path:
        return own_folder(self.store_folder)

    def missing(self, study: str, asked: str) -> Refusal:
        said = f"The achievements of {study!r} have not been matched with {asked!r} yet."
        return Refusal(404, said, f"“{study}”的成果尚未与“{asked}”匹配。")

    def versions(self, study: str, asked: str) -> Path:
        if asked not in KINDS:
            raise self.missing(study, asked)
        return self.folder / study / asked

    def heeds(self, study: Study, key: str, kind: str) -> bool:
        """Whether the matches were made with every verdict given since."""
        said = _feedback(self.store, key, cast(Kind, kind), study)
        return self.place(key, kind).name.endswith(_digest(said))

    def findings(self, study: str, kind: str, lang: Lang) -> list[str]:
        """Return what the matches say, in sentences."""
        found = self.read(study, kind)
        return technology_findings(found, Reader(found.study, lang))

    def table(
        self, study: str, kind: str, key: str, lang: Lang, region: str = "", said: str = ""
    ) -> Table:
        """Return one table, narrowed to a region and to rows that hold a text.

        Raises
        ------
        Refusal
            404 where there is no such table.
        """
        if key not in KEYS:
            raise Refusal(404, f"Matches have no table {key!r}.", f"匹配没有表“{key}”。")
        found = self.read(study, kind)
        return technology_table(found, key, Reader(found.study, lang), region, said)

    def report(self, study: str, kind: str, lang: Lang) -> Path:
        """Return the report as an HTML file."""
        place = self.place(study, kind)
        path = place / "reports" / f"technology-{lang}.html"
        if not path.exists():
            found = self.read(study, kind)
            write_file(technology_document(found, Reader(found.study, lang)), path)
        return path

    def verdicts(self, study: str) -> pl.DataFrame:
        """Return what readers said: achievement, partner, verdict, reason, day."""
        path = _verdicts(self.store, study)
        return read_feedback(path) if path.exists() else no_feedback()

    def judge(
        self, study: Study, key: str, achievement: str, partner: str, verdict: Verdict, reason: str
    ) -> pl.DataFrame:
        """Keep a reader's verdict on a pair; return all of them.

        Raises
        ------
        Refusal
            404 where the study has no such achievement or partner.
        """
        require("make", "verdicts")
        known = [
            ("achievement", "成果", achievement, _all_achievements(study)),
            ("partner", "承接方", partner, _all_partners(study)),
        ]
        for what, zh, code, there in known:
            if code not in there:
                raise Refusal(404, f"There is no {what} {code!r}.", f"没有{zh}“{code}”。")
        with _TURN:
            path = _verdicts(self.store, key)
            return record(path, achievement, partner, verdict, reason, date.today())


def _all_achievements(study: Study) -> list[str]:
    if study.tables["technologies"].is_empty():
        return []
    return achievements(study)["achievement"].to_list()


def _all_partners(study: Study) -> list[str]:
    return [
        code
        for kind in KINDS
        if not study.tables[TABLE_OF[kind]].is_empty()
        for code in partners(study, kind)["partner"]
    ]


def _verdicts(store_folder: Path, study: str) -> Path:
    return store_folder / FEEDBACK / f"{study}.csv"


def _feedback(store_folder: Path, key: str, kind: Kind, study: Study) -> pl.DataFrame:
    """The verdicts on pairs with partners of one kind that the study still has."""
    path = _verdicts(store_folder, key)
    if not path.exists():
        return no_feedback()
    return read_feedback(path).filter(
        pl.col("partner").is_in(partners(study, kind)["partner"].implode()),
        pl.col("achievement").is_in(achievements(study)["achievement"].implode()),
    )


def _digest(feedback: pl.DataFrame) -> str:
    return sha256(feedback.write_csv().encode()).hexdigest()[:8]
