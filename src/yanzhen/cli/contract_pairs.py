"""`yanzhen contract pair`, `trust`, `mode`: every pair of places of a study, or one."""

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from yanzhen.cli.contract import Kinds, TopUp
from yanzhen.cli.contract_study import Industries, TermsName, code_of, set_up, terms_named
from yanzhen.cli.language import Language, help_of, language_of, word
from yanzhen.cli.naming import require_study
from yanzhen.cli.options import AsJson, Folder, Spoken, StudyName
from yanzhen.cli.outcome import honest_exit, reject
from yanzhen.cli.screen import point_to, print_json, print_list, progress, warn_of_synthetic

if TYPE_CHECKING:
    from yanzhen.study import Study

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
        from yanzhen.modes.coconstruction.surveys.surveys import survey_pairs
        from yanzhen.report.text.reader import Reader

        agreed = terms_named(terms, tax_kind, top_up_share, language)
        setting = set_up(study, language)
        with progress(language, not as_json) as update:
            found = survey_pairs(
                setting,
                agreed,
                Path(terms).stem,
                _codes(home, setting.homes, language),
                _codes(host, setting.hosts, language),
                tuple(code_of(each, setting.industries, language) for each in industry or []),
                (home_places, host_places),
                update,
            )
        if out is not None:
            from yanzhen.report.analyses.contract_surveys import pairs_document
            from yanzhen.report.document.folder import write_report

            write_report(pairs_document(found, Reader(found.study, language)), out, "pairs")
    if as_json:
        numbers = {"worth": found.worth, "gap": found.gap, "blocking": found.blocking}
        frames = {name: getattr(found, name).to_dicts() for name in ("pairs", "prices", "gains")}
        print_json(_about(found.study) | numbers | frames)
        return
    from yanzhen.report.analyses.contract_surveys import pair_findings

    _say(found.study, pair_findings(found, Reader(found.study, language)), out, "pairs", language)


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
        from dataclasses import replace

        from yanzhen.modes.coconstruction.surveys.surveys import (
            assumed_trusteeship,
            survey_trusteeship,
        )
        from yanzhen.report.text.reader import Reader

        setting = set_up(study, language)
        managed = assumed_trusteeship(setting.values, source or "assumption")
        found = survey_trusteeship(
            setting,
            terms_named("liaoning", None, None, language),
            code_of(home, setting.homes, language),
            code_of(host, setting.hosts, language),
            tuple(code_of(each, setting.industries, language) for each in industry or []),
            replace(
                managed,
                productivity=managed.productivity if productivity is None else productivity,
                running_cost=managed.running_cost if running_cost is None else running_cost,
                home_part=managed.home_part if home_part is None else home_part,
            ),
        )
        if out is not None:
            from yanzhen.report.analyses.contract_surveys import trusteeship_document
            from yanzhen.report.document.folder import write_report

            write_report(
                trusteeship_document(found, Reader(found.study, language)), out, "trusteeship"
            )
    if as_json:
        keys = ("home", "host", "output", "home_gain", "host_gain", "interval")
        plain = {key: getattr(found, key) for key in keys}
        managed_as = asdict(found.trusteeship)
        print_json(_about(found.study) | plain | {"trusteeship": managed_as})
        return
    from yanzhen.report.analyses.contract_surveys import trusteeship_findings

    _say(
        found.study,
        trusteeship_findings(found, Reader(found.study, language)),
        out,
        "trusteeship",
        language,
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
        from yanzhen.report.text.reader import Reader

        agreed = terms_named(terms, tax_kind, top_up_share, language)
        setting = set_up(study, language)
        with progress(language, not as_json) as update:
            found = survey_modes(
                setting,
                agreed,
                Path(terms).stem,
                _codes(home, setting.homes, language),
                _codes(host, setting.hosts, language),
                update,
            )
        if out is not None:
            from yanzhen.report.analyses.contract_surveys import modes_document
            from yanzhen.report.document.folder import write_report

            write_report(modes_document(found, Reader(found.study, language)), out, "modes")
    if as_json:
        frames = {name: getattr(found, name).to_dicts() for name in ("modes", "pairs")}
        print_json(_about(found.study) | frames)
        return
    from yanzhen.report.analyses.contract_surveys import mode_findings

    _say(found.study, mode_findings(found, Reader(found.study, language)), out, "modes", language)


def _codes(asked: list[str] | None, named: dict[str, str], language: Language) -> tuple[str, ...]:
    """Codes of the places asked for; all of them where none is."""
    if not asked:
        return tuple(sorted(set(named.values())))
    return tuple(dict.fromkeys(code_of(each, named, language) for each in asked))


def _about(study: "Study") -> dict[str, Any]:
    return {"synthetic": study.about.synthetic, "money_unit": study.about.units.money}


def _say(
    study: "Study", findings: tuple[str, ...], out: Path | None, stem: str, language: Language
) -> None:
    warn_of_synthetic(study.about, language)
    print_list(findings)
    if out is not None:
        point_to(out / f"{stem}.html", language)
