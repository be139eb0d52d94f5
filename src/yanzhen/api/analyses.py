"""Analyses as a server keeps them: made by a worker, read back, narrowed to what is asked for."""

from collections.abc import Callable, Mapping
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from yanzhen.api.pictures import drawn, keep_picture
from yanzhen.api.problem_details import Refusal
from yanzhen.api.result_store import digest_of, keep, kept, written
from yanzhen.api.results import Results
from yanzhen.api.versions import Version
from yanzhen.pipeline import Progress
from yanzhen.report.analyses.analysis import NOTHING, Analysis, Asked
from yanzhen.report.analyses.asked import askable, what_is_asked
from yanzhen.report.document.folder import write_file
from yanzhen.report.figures.theme import Chart
from yanzhen.report.tables.table import Table
from yanzhen.report.text.reader import Reader
from yanzhen.report.text.words import LANGUAGES, Lang
from yanzhen.study import read_study
from yanzhen.study.extras import lacking

CHINESE = {"region": "地区", "industry": "行业"}


def make_analysis(
    analysis: Analysis, store_folder: Path, subject: Mapping[str, str], progress: Progress
) -> Version:
    """Make an analysis of a study and write the result with its pictures; the work of a job.

    Parameters
    ----------
    analysis : what is made
    store_folder : of the server
    subject : study (key), source, and what the analysis asks of its result
    progress : called with the stage that begins and the share done
    """
    progress("study", 0.0)
    study, work = read_study(subject["source"]), analysis.work
    progress(analysis.stage, 0.1)
    asked = {ask.name: subject.get(ask.name) or None for ask in analysis.served("result")}
    found = work.run(study, asked, lambda share, line: progress(analysis.stage, 0.1 + 0.6 * share))
    progress("pictures", 0.7)

    def write(part: Path) -> None:
        keep(found, part)
        for lang in LANGUAGES:
            reader = Reader(study, lang)
            for key, figure in work.figures.items():
                keep_picture(part, key, lang, figure(found, NOTHING, reader))

    folder = store_folder / analysis.results / subject["study"]
    return written(_versions(folder, analysis, _joined(analysis, asked)), digest_of(study), write)


def _joined(analysis: Analysis, asked: Asked) -> str:
    """What the result is asked for as one text, empty for the usual; no code holds a line break."""
    parts = [asked.get(ask.name) or "" for ask in analysis.served("result")]
    return "\n".join(parts) if any(parts) else ""


def _versions(folder: Path, analysis: Analysis, asked: str) -> Path:
    """The folder of one result among those of a study."""
    if not analysis.served("result"):
        return folder
    # A code may hold what cannot stand in a path.
    return folder / (sha256(asked.encode()).hexdigest()[:12] if asked else "usual")


class KeptAnalyses(Results[Any]):
    """The results of one analysis in a server's store, by study and what it was asked for."""

    def __init__(self, store_folder: Path, analysis: Analysis) -> None:
        super().__init__(store_folder, analysis.results, analysis.work.result)
        self.analysis = analysis

    def missing(self, study: str, asked: str) -> Refusal:
        of, zh = (f" of {asked!r}", f"（{asked}）") if asked else ("", "")
        name_zh, name = self.analysis.title
        return Refusal(
            404,
            f"{name}{of}: not made yet for {study!r}.",
            f"“{study}”的{name_zh}{zh}尚未完成。",
        )

    def versions(self, study: str, asked: str) -> Path:
        return _versions(self.folder / study, self.analysis, asked)

    def findings(self, study: str, lang: Lang, asked: Asked = NOTHING) -> list[str]:
        """Return what was found, in sentences."""
        found, view = self.of(study, asked), self._view(study, asked)
        return self.analysis.work.findings(found, view, Reader(found.study, lang))

    def table(self, study: str, key: str, lang: Lang, asked: Asked = NOTHING) -> Table:
        """Return one table, narrowed to what is asked for.

        Raises
        ------
        Refusal
            404 where there is no such table, region or industry.
        """
        if key not in self.analysis.work.tables:
            name_zh, name = self.analysis.title
            raise Refusal(404, f"{name} has no table {key!r}.", f"{name_zh}没有表“{key}”。")
        place, view = self.place_of(study, asked), self._view(study, asked)
        narrowed = tuple(sorted(view.items()))
        return _shown(self.analysis.work.table, self.kind, place, key, lang, narrowed)  # type: ignore[arg-type]

    def picture(self, study: str, key: str, lang: Lang, asked: Asked = NOTHING) -> dict[str, Any]:
        """Return a picture: title, reading, aspect, spec; of the whole it is kept."""
        view = self._view(study, asked)
        if not view:
            return self.kept_picture(study, key, lang, self._key(asked))
        if key not in self.analysis.work.figures:
            raise Refusal(404, f"There is no picture {key!r}.", f"没有图“{key}”。")
        figure, place = self.analysis.work.figures[key], self.place(study, self._key(asked))
        narrowed = tuple(sorted(view.items()))
        return _drawn(figure, self.kind, place, key, lang, narrowed)  # type: ignore[arg-type]

    def meanings(self, study: str, lang: Lang) -> list[Table]:
        """Return every table with what its columns hold."""
        return [self.table(study, key, lang) for key in self.analysis.work.tables]

    def report(self, study: str, lang: Lang, form: str, asked: Asked = NOTHING) -> Path:
        """Return the report as a file: html, xlsx or docx.

        Raises
        ------
        Refusal
            501 where Word documents cannot be written.
        """
        place = self.place(study, self._key(asked))
        path = place / "reports" / f"{self.analysis.name}-{lang}.{form}"
        if not path.exists():
            try:
                found = self.of(study, asked)
                reader = Reader(found.study, lang)
                write_file(self.analysis.work.document(found, NOTHING, reader), path)
            except ModuleNotFoundError as error:
                said = lacking(error)
                if said is None:
                    raise
                raise Refusal(501, *said) from None
        return path

    def _key(self, asked: Asked) -> str:
        return _joined(self.analysis, asked)

    def of(self, study: str, asked: Asked = NOTHING) -> Any:
        """Return the result that is asked for."""
        return self.read(study, self._key(asked))

    def place_of(self, study: str, asked: Asked = NOTHING) -> Path:
        """Return the folder of the result that is asked for."""
        return self.place(study, self._key(asked))

    def _view(self, study: str, asked: Asked) -> dict[str, str]:
        """What narrows the view, each region and industry known."""
        view = {
            ask.name: asked[ask.name]
            for ask in self.analysis.served("view")
            if asked.get(ask.name) not in (None, "")
        }
        read = self.of(study, asked).study
        for ask in self.analysis.served("view"):
            what, code = what_is_asked(ask.kind), view.get(ask.name)
            if what is not None and code and code not in askable(read, ask.kind)[what]:
                raise Refusal(
                    404, f"There is no {what} {code!r}.", f"没有{CHINESE[what]}“{code}”。"
                )
        return view


Narrowed = tuple[tuple[str, str], ...]


@lru_cache(maxsize=128)
def _shown(
    table: Callable[[Any, str, Asked, Reader], Table],
    kind: type[Any],
    place: Path,
    key: str,
    lang: Lang,
    view: Narrowed,
) -> Table:
    found = kept(kind, place)
    return table(found, key, dict(view), Reader(found.study, lang))


@lru_cache(maxsize=256)
def _drawn(
    figure: Callable[[Any, Asked, Reader], Chart],
    kind: type[Any],
    place: Path,
    key: str,
    lang: Lang,
    view: Narrowed,
) -> dict[str, Any]:
    found = kept(kind, place)
    return drawn(key, figure(found, dict(view), Reader(found.study, lang)))
