"""`yanzhen technology`: achievements matched with needs, incubators and regions."""

from collections.abc import Callable
from datetime import date
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from yanzhen.cli.language import Language, help_of, language_of, word
from yanzhen.cli.naming import require_study
from yanzhen.cli.options import AsJson, Folder, Spoken, Weights
from yanzhen.cli.outcome import FAILED, honest_exit, reject
from yanzhen.cli.screen import (
    point_to,
    print_json,
    print_list,
    refuse,
    stderr,
    stdout,
    warn_of_synthetic,
    working,
)
from yanzhen.cli.settings import numbers_of

if TYPE_CHECKING:
    from yanzhen.modes.technology.matching.matching import Matching
    from yanzhen.study import Study

Partner = Literal["needs", "incubators", "regions"]
# The options that switch terms on.
SUPPLIES = {"meaning": "--model", "concordance": "--concordance"}


# Kept whole: most of it declares the options of the command.
def technology(
    study: Annotated[
        str,
        typer.Argument(metavar="STUDY", show_default=False, help=help_of("study_of_technologies")),
    ],
    to: Annotated[Partner, typer.Option(help=help_of("to"))] = "incubators",
    top: Annotated[int, typer.Option(min=1, help=help_of("top"))] = 5,
    achievement: Annotated[
        str | None, typer.Option(metavar="CODE", show_default=False, help=help_of("achievement"))
    ] = None,
    concordance: Annotated[
        Path | None, typer.Option(dir_okay=False, show_default=False, help=help_of("concordance"))
    ] = None,
    model: Annotated[
        Path | None, typer.Option(file_okay=False, show_default=False, help=help_of("model"))
    ] = None,
    feedback: Annotated[
        Path | None, typer.Option(dir_okay=False, show_default=False, help=help_of("feedback"))
    ] = None,
    accepted: Annotated[
        str | None,
        typer.Option(
            "--accept", metavar="ACHIEVEMENT:PARTNER", show_default=False, help=help_of("accept")
        ),
    ] = None,
    rejected: Annotated[
        str | None,
        typer.Option(
            "--reject", metavar="ACHIEVEMENT:PARTNER", show_default=False, help=help_of("reject")
        ),
    ] = None,
    reason: Annotated[str, typer.Option(show_default=False, help=help_of("reason"))] = "",
    changed: Weights = None,
    out: Folder = None,
    lang: Spoken = None,
    as_json: AsJson = False,
) -> None:
    """Match scientific and technological achievements with those who can take them up.
    把科技成果与企业需求、孵化载体、地区匹配。
    """
    language = lang or language_of()
    if find_spec("jieba") is None:
        reject(word(language, "needs_text"))
    require_study(study, language)
    with honest_exit(language, as_json):
        from yanzhen.modes.technology.matching.concordance import read_concordance
        from yanzhen.modes.technology.matching.matching import match
        from yanzhen.modes.technology.matching.parameters import match_weights
        from yanzhen.modes.technology.text.embedding import load_model
        from yanzhen.study import read_study

        weights = match_weights(numbers_of(changed or [], language))
        read = read_study(study)
        said = _feedback(read, to, feedback, accepted, rejected, reason, language)
        with working(word(language, "matching")):
            found = match(
                read,
                to,
                top,
                weights,
                concordance=None if concordance is None else read_concordance(concordance),
                encode=None if model is None else load_model(model),
                feedback=said,
                only=achievement,
                progress=_told(language),
            )
        if out is not None:
            from yanzhen.report.analyses.technology import technology_document
            from yanzhen.report.document.folder import write_report
            from yanzhen.report.text.reader import Reader

            with working(word(language, "writing_report")):
                reader = Reader(found.study, language)
                write_report(technology_document(found, reader), out, "technology")
        if as_json:
            print_json(_plain(found, study))
        else:
            _show(found, language, out)
    if not found.certificate.passed:
        refuse(word(language, "clearing_not_passed"))
        raise typer.Exit(FAILED)


def _told(language: Language) -> Callable[[float], None] | None:
    """Say each tenth of the search on stderr where no terminal shows that something is done."""
    console = stderr()
    if console.is_terminal:
        return None
    said: list[int] = []

    def tell(share: float) -> None:
        tenth = int(10 * share)
        if 0 < tenth < 10 and tenth not in said:
            said.append(tenth)
            words = word(language, "searched", tenth=tenth)
            console.print(words, soft_wrap=True)

    return tell


def _feedback(
    study: "Study",
    to: Partner,
    path: Path | None,
    accepted: str | None,
    rejected: str | None,
    reason: str,
    language: Language,
) -> Any:
    """What users said so far, the verdict of this command recorded first."""
    from yanzhen.modes.technology.matching.matching import check_pair
    from yanzhen.modes.technology.search.feedback import read_feedback, record

    verdicts = [("accept", accepted), ("reject", rejected)]
    given = [(verdict, pair) for verdict, pair in verdicts if pair is not None]
    if given and path is None:
        reject(word(language, "give_record"))
    for verdict, pair in given:
        achievement, colon, partner = pair.partition(":")
        if not (achievement and colon and partner):
            reject(word(language, "not_a_pair", pair=pair))
        assert path is not None
        check_pair(study, to, achievement, partner)
        record(path, achievement, partner, verdict, reason, date.today())
        said = word(language, "recorded", path=path)
        stderr().print(said, soft_wrap=True)
    return None if path is None else read_feedback(path)


def _plain(found: "Matching", study: str) -> dict[str, Any]:
    from yanzhen.report.analyses.technology import technology_frames

    return {
        "study": study,
        "synthetic": found.study.about.synthetic,
        "to": found.kind,
        "certificate": {"passed": found.certificate.passed, **found.certificate.checks},
        "tables": {name: frame.to_dicts() for name, frame in technology_frames(found).items()},
    }


def _show(found: "Matching", language: Language, out: Path | None) -> None:
    from yanzhen.report.findings.technology import technology_findings
    from yanzhen.report.text.reader import Reader

    warn_of_synthetic(found.study.about, language)
    print_list(technology_findings(found, Reader(found.study, language)))
    _show_options(found, language)
    _show_matches(found, language)
    if out is not None:
        point_to(out / "technology.html", language)


def _show_options(found: "Matching", language: Language) -> None:
    """Say which options supply what the findings lack."""
    from yanzhen.modes.technology.matching.matching import MOST_EXPLAINED

    lacking = [SUPPLIES[term] for term in found.not_evaluated["term"] if term in SUPPLIES]
    if found.pairs.height > MOST_EXPLAINED:
        lacking.append("--achievement CODE")
    if lacking:
        named = ", ".join(lacking)
        said = word(language, "options_for_more", named=named)
        stdout().print(said, soft_wrap=True)


def _show_matches(found: "Matching", language: Language) -> None:
    from rich.table import Table
    from rich.text import Text

    from yanzhen.report.figures.technology import best_matches
    from yanzhen.report.tables.technology import titles_of
    from yanzhen.report.text.reader import Reader

    titles = titles_of(found, Reader(found.study, language))
    table = Table(header_style="bold")
    headings = word(language, "headings.matches").split()
    for place, heading in enumerate(headings):
        table.add_column(heading, justify="right" if place > 1 else "left", overflow="fold")
    for row in best_matches(found).head(10).iter_rows(named=True):
        sides = (f"{row[side]} {titles[row[side]]}" for side in ("achievement", "partner"))
        table.add_row(*map(Text, sides), f"{row['share']:.1%}", f"{row['value']:.2f}")
    stdout().print(table)
