"""`yanzhen contract pair`, `trust`, `mode`: every pair of places of a study, or one."""

from collections.abc import Callable
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

import typer

from yanzhen.cli.contract import Kinds, TopUp
from yanzhen.cli.contract_study import (
    Industries,
    TermsName,
    code_of,
    codes_of,
    set_up,
    terms_named,
)
from yanzhen.cli.language import Language, help_of, language_of, word
from yanzhen.cli.naming import require_study
from yanzhen.cli.options import AsJson, Folder, Spoken, StudyName
from yanzhen.cli.outcome import honest_exit, reject
from yanzhen.cli.screen import point_to, print_json, print_list, progress, warn_of_synthetic

if TYPE_CHECKING:
    from yanzhen.market.equilibrium.cleared_study import ClearedStudy
    from yanzhen.modes.coconstruction.surveys.surveys import (
        ModeSurvey,
        PairSurvey,
        TrusteeshipSurvey,
    )
    from yanzhen.report.document.document import Document
    from yanzhen.report.text.reader import Reader

Survey = TypeVar("Survey", "PairSurvey", "TrusteeshipSurvey", "ModeSurvey")

Several = Annotated[list[str] | None, typer.Option(metavar="CODE", help=help_of("several_places"))]
Places = Annotated[int, typer.Option(min=0, help=help_of("most_partners"))]


def pair(
    study: StudyName,
    home: Several = None,
    host: Several = None,
    industry: Industries = None,
    terms: TermsName = "liaoning",
    tax_kind: Kinds = None,
    top_up_share: TopUp = None,
    home_places: Places = 3,
    host_places: Places = 3,
    out: Folder = None,
    lang: Spoken = None,
    as_json: AsJson = False,
) -> None:
    """Pair homes with hosts for the largest joint gain, with the transfers that hold the pairs.
    为迁出地与承接地结对：合计得益最大，并给出维系结对的另付。
    """
    language = lang or language_of()
    require_study(study, language)
    with honest_exit(language, as_json):
        from yanzhen.modes.coconstruction.gains.parties import industries
        from yanzhen.modes.coconstruction.surveys.surveys import survey_pairs
        from yanzhen.report.analyses.contract_surveys import pair_findings, pairs_document

        agreed = terms_named(terms, tax_kind, top_up_share, language)
        cleared, homes, hosts = _set_up(study, home, host, language)
        covered = codes_of(industry, industries(cleared), language)
        most, scheme = (home_places, host_places), Path(terms).stem
        with progress(language, not as_json) as update:
            survey = survey_pairs(cleared, agreed, scheme, homes, hosts, covered, most, update)
        numbers = {"worth": survey.worth, "gap": survey.gap, "blocking": survey.blocking}
        frames = {name: getattr(survey, name).to_dicts() for name in ("pairs", "prices", "gains")}
        _answer(
            survey, pairs_document, pair_findings, numbers | frames, out, "pairs", language, as_json
        )


# Kept whole: most of it declares the options of the command.
def trust(
    study: StudyName,
    home: Annotated[str, typer.Option(metavar="CODE", help=help_of("managing_home"))],
    host: Annotated[str, typer.Option(metavar="CODE", help=help_of("managed_host"))],
    industry: Industries = None,
    productivity: Annotated[float | None, typer.Option(help=help_of("productivity"))] = None,
    running_cost: Annotated[float | None, typer.Option(help=help_of("running_cost"))] = None,
    home_part: Annotated[
        float | None, typer.Option(min=0.0, max=1.0, help=help_of("home_part"))
    ] = None,
    source: Annotated[str | None, typer.Option(help=help_of("source"))] = None,
    out: Folder = None,
    lang: Spoken = None,
    as_json: AsJson = False,
) -> None:
    """Say what it is worth to both that the home manages the park of its enterprises.
    测算迁出地托管承接地园区对双方的价值。
    """
    language = lang or language_of()
    require_study(study, language)
    if (productivity is not None or running_cost is not None) and source is None:
        reject(word(language, "figures_need_source"))
    if min(productivity or 0.0, running_cost or 0.0) < -1:
        reject(word(language, "fall_beyond_whole"))
    with honest_exit(language, as_json):
        from yanzhen.modes.coconstruction.gains.parties import homes, hosts, industries
        from yanzhen.modes.coconstruction.surveys.surveys import (
            assumed_trusteeship,
            survey_trusteeship,
        )
        from yanzhen.report.analyses.contract_surveys import (
            trusteeship_document,
            trusteeship_findings,
        )

        cleared = set_up(study, language)
        managed = assumed_trusteeship(cleared.inputs.values, source or "assumption")
        survey = survey_trusteeship(
            cleared,
            terms_named("liaoning", None, None, language),
            code_of(home, homes(cleared), language),
            code_of(host, hosts(cleared), language),
            codes_of(industry, industries(cleared), language),
            replace(
                managed,
                productivity=managed.productivity if productivity is None else productivity,
                running_cost=managed.running_cost if running_cost is None else running_cost,
                home_part=managed.home_part if home_part is None else home_part,
            ),
        )
        keys = ("home", "host", "output", "home_gain", "host_gain", "interval")
        plain = {key: getattr(survey, key) for key in keys}
        plain["trusteeship"] = asdict(survey.trusteeship)
        _answer(
            survey,
            trusteeship_document,
            trusteeship_findings,
            plain,
            out,
            "trusteeship",
            language,
            as_json,
        )


def mode(
    study: StudyName,
    home: Several = None,
    host: Several = None,
    terms: TermsName = "liaoning",
    tax_kind: Kinds = None,
    top_up_share: TopUp = None,
    out: Folder = None,
    lang: Spoken = None,
    as_json: AsJson = False,
) -> None:
    """Say which mode is for whom: benefit sharing, trusteeship, both, or the market alone.
    哪种模式适合谁：利益分享、托管、两者并用，或只靠市场。
    """
    language = lang or language_of()
    require_study(study, language)
    with honest_exit(language, as_json):
        from yanzhen.modes.coconstruction.surveys.surveys import survey_modes
        from yanzhen.report.analyses.contract_surveys import mode_findings, modes_document

        agreed = terms_named(terms, tax_kind, top_up_share, language)
        cleared, homes, hosts = _set_up(study, home, host, language)
        with progress(language, not as_json) as update:
            survey = survey_modes(cleared, agreed, Path(terms).stem, homes, hosts, update)
        frames = {name: getattr(survey, name).to_dicts() for name in ("modes", "pairs")}
        _answer(survey, modes_document, mode_findings, frames, out, "modes", language, as_json)


def _set_up(
    study: str, home: list[str] | None, host: list[str] | None, language: Language
) -> "tuple[ClearedStudy, tuple[str, ...], tuple[str, ...]]":
    """The cleared market, and codes of the places asked for; all of them where none is."""
    from yanzhen.modes.coconstruction.gains.parties import homes, hosts

    cleared = set_up(study, language)
    sides = ((home, homes(cleared)), (host, hosts(cleared)))
    senders, receivers = (
        codes_of(given, named, language) or tuple(sorted(set(named.values())))
        for given, named in sides
    )
    return cleared, senders, receivers


def _answer(
    survey: "Survey",
    document: "Callable[[Survey, Reader], Document]",
    findings: "Callable[[Survey, Reader], tuple[str, ...]]",
    plain: dict[str, Any],
    out: Path | None,
    stem: str,
    language: Language,
    as_json: bool,
) -> None:
    """Write the document of a survey if a folder is given, and print its JSON or its findings."""
    from yanzhen.report.document.folder import write_report
    from yanzhen.report.text.reader import Reader

    about, reader = survey.study.about, Reader(survey.study, language)
    if out is not None:
        write_report(document(survey, reader), out, stem)
    if as_json:
        print_json({"synthetic": about.synthetic, "money_unit": about.units.money} | plain)
        return
    warn_of_synthetic(about, language)
    print_list(findings(survey, reader))
    if out is not None:
        point_to(out / f"{stem}.html", language)
