"""Plans as a server keeps them: made by a worker, read back without computing anything."""

import json
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from yanzhen.api.pictures import keep_picture
from yanzhen.api.problem_details import Refusal
from yanzhen.api.result_store import digest_of, keep, kept, written
from yanzhen.api.results import Results
from yanzhen.api.run_folder import MANIFEST, STAGES, take_run
from yanzhen.api.versions import Version
from yanzhen.market.plan.plan import Plan
from yanzhen.market.problem.formulation import Formulation
from yanzhen.market.problem.market import Prices
from yanzhen.market.problem.no_prices import NoPrices
from yanzhen.modes.chain import ChainAnalysis
from yanzhen.modes.coconstruction.surveys.plan_survey import PlanSurvey
from yanzhen.pipeline import Progress, formulated, run_plan
from yanzhen.pipeline.analyses import analysis_chapters
from yanzhen.pipeline.chains import chapters
from yanzhen.pipeline.cooperation import cooperation_chapters
from yanzhen.pipeline.stages import MarketStage
from yanzhen.pipeline.storage import load, store
from yanzhen.report.analyses.plan import plan_document, plan_in_word
from yanzhen.report.analyses.registry import ANALYSES
from yanzhen.report.document.chapter import Chapter
from yanzhen.report.document.folder import write_file
from yanzhen.report.document.writing import write_text
from yanzhen.report.figures import FIGURES
from yanzhen.report.tables.basis import certificate_table, parameter_table, source_table
from yanzhen.report.tables.plan import tables
from yanzhen.report.tables.table import Table
from yanzhen.report.text.reader import Reader
from yanzhen.report.text.words import LANGUAGES, Lang
from yanzhen.study.extras import lacking

PLANS = "plans"
REPORTS = "reports"
CHAINS = "chains"
COOPERATION = "cooperation"
ANALYSES_KEPT = "analyses"
TABLE_OF = {
    "history": "history",
    "macro_regions": "macro_regions",
    "flows": "moves",
    "net_arrivals": "regions",
    "prices": "prices_{own}",
    "reasons": "moves",
    "comparison": "allocation",
    "schedule": "schedule",
    "completeness": "completeness",
    "arrival_ranks": "sites",
}
"""The table that holds the figures of a picture; {own} is the resource that sizes are told in."""


class NotCertified(NoPrices):
    """Prices were found, but the certificate does not pass."""


def make_plan(store_folder: Path, subject: Mapping[str, str], progress: Progress) -> Version:
    """Make the plan of a study and write it with its pictures; the work of a job.

    Parameters
    ----------
    store_folder : of the server
    subject : study (key) and source
    progress : called with the stage that begins and the share done
    """
    folder = store_folder / PLANS / subject["study"]
    out = take_run(folder)
    run = run_plan(subject["source"], out, "zh", lambda stage, share: progress(stage, share * 0.8))
    if not run.certificate_passed:
        raise NotCertified(f"the certificate does not pass: {run.plan.certificate.checks}")
    manifest = json.loads((out / MANIFEST).read_text(encoding="utf-8"))
    progress("pictures", 0.8)

    def write(part: Path) -> None:
        keep(run.plan, part)
        store(formulated(run.plan.study), part / "formulation", part.name)
        market = load(MarketStage, out / STAGES / "market")
        store(market.prices, part / "prices", part.name)
        if run.chains is not None:
            store(run.chains, part / CHAINS, part.name)
        if run.cooperation is not None:
            store(run.cooperation, part / COOPERATION, part.name)
        for name, found in run.analyses.items():
            store(found, part / ANALYSES_KEPT / name, part.name)
        write_text(part / "summary.json", json.dumps(run.summary, ensure_ascii=False))
        for lang in LANGUAGES:
            reader = Reader(run.plan.study, lang)
            for key, figure in FIGURES.items():
                keep_picture(part, key, lang, figure(run.plan, reader))

    name = f"{digest_of(run.plan.study)}-{str(manifest['key'])[:8]}"
    return written(folder / "kept", name, write)


class Plans(Results[Plan]):
    """The plans of a server's store, by study."""

    def __init__(self, store_folder: Path) -> None:
        super().__init__(store_folder, PLANS, Plan)

    def missing(self, study: str, asked: str) -> Refusal:
        return Refusal(404, f"No plan of {study!r} has been made yet.", f"“{study}”尚无方案。")

    def versions(self, study: str, asked: str) -> Path:
        return self.folder / study / "kept"

    def market(self, study: str) -> tuple[Formulation, Prices]:
        """Return the market of a study's plan and the prices that clear it."""
        return market_of(self.place(study))

    def summary(self, study: str) -> dict[str, Any]:
        """Return the headline figures of a study's plan."""
        text = (self.place(study) / "summary.json").read_text(encoding="utf-8")
        found: dict[str, Any] = json.loads(text)
        return found

    def report(self, study: str, lang: Lang, form: str) -> Path:
        """Return the report of a study's plan as a file: html, xlsx or docx.

        Raises
        ------
        Refusal
            404 where there is no plan, 501 where Word documents cannot be written.
        """
        place = self.place(study)
        path = place / REPORTS / f"{lang}.{form}"
        if not path.exists():
            try:
                made = plan_in_word if form == "docx" else plan_document
                plan = kept(Plan, place)
                reader = Reader(plan.study, lang)
                write_file(made(plan, reader, _chapters(place, reader)), path)
            except ModuleNotFoundError as error:
                said = lacking(error)
                if said is None:
                    raise
                raise Refusal(501, *said) from None
        return path

    def tables(self, study: str, lang: Lang) -> dict[str, Table]:
        """Return every table of a study's plan as shown."""
        return _tables(self.place(study), lang)

    def table_of(self, study: str, picture: str) -> str:
        """Return the key of the table that holds the figures of a picture of a study's plan."""
        return TABLE_OF[picture].format(own=self.read(study).study.about.measured_by.resource)

    def table(self, study: str, key: str, lang: Lang) -> Table:
        """Return one table of a study's plan as shown."""
        found = self.tables(study, lang).get(key)
        if found is None:
            raise Refusal(404, f"The plan has no table {key!r}.", f"方案没有表“{key}”。")
        return found


def _chapters(place: Path, reader: Reader) -> list[Chapter]:
    study, found = reader.study, []
    if (place / CHAINS).is_dir():
        chains = load(ChainAnalysis, place / CHAINS, study)
        found += chapters(chains, reader)
    if (place / COOPERATION).is_dir():
        survey = load(PlanSurvey, place / COOPERATION, study)
        found += cooperation_chapters(survey, reader)
    kept_beside = {
        folder.name: load(ANALYSES[folder.name].work.result, folder, study)
        for folder in sorted((place / ANALYSES_KEPT).glob("*"))
    }
    found += analysis_chapters(kept_beside, reader)
    return found


@lru_cache(maxsize=2)
def market_of(place: Path) -> tuple[Formulation, Prices]:
    """Return the market of a plan's folder and the prices that clear it."""
    return load(Formulation, place / "formulation"), load(Prices, place / "prices")


@lru_cache(maxsize=4)
def _tables(place: Path, lang: Lang) -> dict[str, Table]:
    plan = kept(Plan, place)
    reader = Reader(plan.study, lang)
    shown = [
        *tables(plan, reader),
        parameter_table(plan, reader),
        certificate_table(plan, reader),
        source_table(reader),
    ]
    return {table.key: table for table in shown}
