"""Chains as a server keeps them: analysed by a worker for one industry, read back, narrowed."""

from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path

from yanzhen.api.pictures import keep_picture
from yanzhen.api.problem_details import Refusal
from yanzhen.api.result_store import digest_of, keep, put
from yanzhen.api.results import Results
from yanzhen.modes.chain import ChainAnalysis, chain_analysis
from yanzhen.pipeline import Progress
from yanzhen.report.analyses.chain import CHAIN_FIGURES, chain_document
from yanzhen.report.document.folder import write_file
from yanzhen.report.findings.chain import chain_findings
from yanzhen.report.tables.chain import COLUMNS, chain_frames, chain_table
from yanzhen.report.tables.table import Table
from yanzhen.report.text.focus import WHOLE, Focus
from yanzhen.report.text.words import LANGUAGES, Lang
from yanzhen.study import read_study

CHAINS = "chains"
TABLE_OF = {
    "stages": "chain",
    "gaps": "gaps",
    "exposure": "exposure",
    "concentration": "concentration",
    "services": "services",
}


def make_chain(store_folder: Path, subject: Mapping[str, str], progress: Progress) -> None:
    """Analyse the chains of a study and keep the result with its pictures; the work of a job.

    Parameters
    ----------
    store_folder : of the server
    subject : study (key), source, and industry, whose chain is followed; the largest where empty
    progress : called with the stage that begins and the share done
    """
    progress("study", 0.0)
    study = read_study(subject["source"])
    progress("chain", 0.1)
    found = chain_analysis(study, subject["industry"] or None)
    progress("pictures", 0.6)

    def write(part: Path) -> None:
        keep(found, part)
        for lang in LANGUAGES:
            for key, figure in CHAIN_FIGURES.items():
                keep_picture(part, key, lang, figure(found, lang))

    folder = store_folder / CHAINS / subject["study"] / _of_industry(subject["industry"])
    put(folder, digest_of(study), write)
    progress("done", 1.0)


class Chains(Results[ChainAnalysis]):
    """The analyses of chains in a server's store, by study and industry."""

    def __init__(self, store_folder: Path) -> None:
        super().__init__(store_folder / CHAINS, ChainAnalysis)

    def missing(self, study: str, asked: str) -> Refusal:
        of = f" of {asked!r}" if asked else ""
        zh = f"“{study}”的产业链{f'（{asked}）' if asked else ''}尚未分析。"
        return Refusal(404, f"The chain{of} in {study!r} has not been analysed yet.", zh)

    def versions(self, study: str, asked: str) -> Path:
        return self.folder / study / _of_industry(asked)

    def findings(self, study: str, industry: str, lang: Lang, region: str | None) -> list[str]:
        """Return what was found, in sentences, of all regions or of one."""
        found = self.read(study, industry)
        return chain_findings(found, lang, _focus(found, region))

    def table(self, study: str, industry: str, key: str, lang: Lang, region: str | None) -> Table:
        """Return one table, of all regions or of one.

        Raises
        ------
        Refusal
            404 where there is no such table or region.
        """
        if key not in COLUMNS:
            said = f"An analysis of chains has no table {key!r}."
            raise Refusal(404, said, f"产业链分析没有表“{key}”。")
        found = self.read(study, industry)
        return chain_table(found, key, chain_frames(found, _focus(found, region))[key], lang)

    def meanings(self, study: str, lang: Lang) -> list[Table]:
        """Return every table without its rows: what it shows, and what its columns hold."""
        found = self.read(study)
        frames = chain_frames(found, WHOLE)
        return [chain_table(found, key, frames[key].head(0), lang) for key in COLUMNS]

    def report(self, study: str, industry: str, lang: Lang, form: str) -> Path:
        """Return the report as a file: html or xlsx."""
        place = self.place(study, industry)
        path = place / "reports" / f"chain-{lang}.{form}"
        if not path.exists():
            found = self.read(study, industry)
            write_file(chain_document(found, lang), path)
        return path


def _of_industry(code: str) -> str:
    # A code may hold what cannot stand in a path.
    return sha256(code.encode()).hexdigest()[:12] if code else "largest"


def _focus(found: ChainAnalysis, region: str | None) -> Focus:
    if region is not None and region not in found.regions["region"]:
        said = f"The chains have no region {region!r}."
        raise Refusal(404, said, f"产业链中没有地区“{region}”。")
    return Focus(region)
