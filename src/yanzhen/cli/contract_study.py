"""`yanzhen contract gains`: contracts put to the market of a study."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from yanzhen.cli.contract import Kinds, TopUp, given_terms, require_terms
from yanzhen.cli.language import Language, help_of, language_of, usual_of, word
from yanzhen.cli.naming import require_study
from yanzhen.cli.options import AsJson, Folder, Spoken, StudyName
from yanzhen.cli.outcome import honest_exit, reject
from yanzhen.cli.screen import point_to, print_json, print_list, warn_of_synthetic, working

if TYPE_CHECKING:
    from yanzhen.market.equilibrium.cleared_study import ClearedStudy
    from yanzhen.modes import coconstruction
    from yanzhen.modes.coconstruction.gains.appraisal import Appraisal
    from yanzhen.modes.coconstruction.settlement.agreements import Agreement

Home = Annotated[str | None, typer.Option(metavar="CODE", help=help_of("home"))]
Host = Annotated[str | None, typer.Option(metavar="CODE", help=help_of("host"))]
Industries = Annotated[list[str] | None, typer.Option(metavar="CODE", help=help_of("industries"))]
TermsName = Annotated[str, typer.Option(metavar="TERMS", help=help_of("terms_name"))]
Weight = Annotated[float, typer.Option(min=0.0, max=1.0, help=help_of("home_weight"))]


# Kept whole: most of it declares the options of the command.
def gains(
    study: StudyName,
    home: Home = None,
    host: Host = None,
    industry: Industries = None,
    terms: TermsName = "liaoning",
    agreement: Annotated[
        str | None, typer.Option(metavar="CODE", help=help_of("agreement"))
    ] = None,
    tax_kind: Kinds = None,
    top_up_share: TopUp = None,
    home_weight: Weight = 0.5,
    start_year: Annotated[
        int | None,
        typer.Option(show_default=usual_of("after_last_year"), help=help_of("first_year")),
    ] = None,
    out: Folder = None,
    lang: Spoken = None,
    as_json: AsJson = False,
) -> None:
    """Appraise a contract of two places: gains, shares, division, break-even, sensitivity.
    测算两地一份合同：双方损益、可行份额、分配、回本年份、敏感性。

    Give --home and --host, or --agreement; with neither every agreement of the study is appraised.

    给出 --home 与 --host，或给出 --agreement；都不给则逐一测算研究的全部协议。
    """
    language = lang or language_of()
    require_study(study, language)
    with honest_exit(language, as_json):
        cleared = set_up(study, language)
        if home is not None and host is not None:
            from yanzhen.modes.coconstruction.contract.terms import Contract
            from yanzhen.modes.coconstruction.gains.parties import homes, hosts, industries
            from yanzhen.modes.coconstruction.settlement.agreements import Agreement

            agreed = terms_named(terms, tax_kind, top_up_share, language)
            sender = code_of(home, homes(cleared), language)
            receiver = code_of(host, hosts(cleared), language)
            covered = codes_of(industry, industries(cleared), language)
            start = start_year or cleared.inputs.period[0]
            contract = Contract(f"{sender}-{receiver}", sender, receiver, start, agreed)
            appraised = [Agreement(contract, covered, Path(terms).stem)]
        elif home is not None or host is not None:
            reject(word(language, "both_places"))
        else:
            appraised = _agreed(cleared, agreement, language)
        from yanzhen.modes.coconstruction.gains.appraisal import appraise

        with working(word(language, "appraising")):
            found = [appraise(cleared, each, home_weight) for each in appraised]
        folders = _folders(out, appraised)
        if folders:
            from yanzhen.report.analyses.contract_appraisal import appraisal_document
            from yanzhen.report.document.folder import write_report
            from yanzhen.report.text.reader import Reader

            for each, folder in zip(found, folders, strict=True):
                write_report(
                    appraisal_document(each, Reader(each.study, language)), folder, "gains"
                )
    if as_json:
        from yanzhen.report.analyses.contract_appraisal import appraisal_values

        plain = [
            {**appraisal_values(each), "sensitivity": each.sensitivity.to_dicts()} for each in found
        ]
        print_json(plain[0] if home is not None or agreement is not None else plain)
        return
    _show(found, folders, language)


def set_up(name: str, language: Language) -> "ClearedStudy":
    """Read a study and clear its market without any contract."""
    from yanzhen.market.equilibrium.cleared_study import clear_study
    from yanzhen.market.problem.study_inputs import study_inputs
    from yanzhen.modes.coconstruction.gains.contract_offer import require_movers
    from yanzhen.study import read_study, require_checked

    with working(word(language, "reading_and_clearing")):
        cleared = clear_study(study_inputs(require_checked(read_study(name))))
        require_movers(cleared.inputs.study, cleared.formulation)
        return cleared


def terms_named(
    name: str, tax_kind: list[str] | None, top_up_share: str | None, language: Language
) -> "coconstruction.Terms":
    """Terms of a scheme, completed with what is given, or of a TOML file.

    A scheme that names no tax shares value-added tax where none is given.
    """
    from yanzhen.modes.coconstruction import PRESETS, preset, read_terms

    if name not in PRESETS:
        require_terms([Path(name)], language)
        return read_terms(name)
    given = given_terms(tax_kind or ["value_added_tax"], top_up_share, None, None)
    return preset(name).complete(given)


def code_of(asked: str, named: dict[str, str], language: Language) -> str:
    """Code of a place or an industry given by code or name; ends with 2 where there is none."""
    from yanzhen.study.problem import nearest

    if asked in named:
        return named[asked]
    near = nearest(asked, named)
    hint = "" if near is None else word(language, "did_you_mean_next", name=near)
    reject(word(language, "study_has_no", asked=asked, hint=hint))


def codes_of(given: list[str] | None, named: dict[str, str], language: Language) -> tuple[str, ...]:
    """Codes of places or industries given by code or name, as `code_of` each."""
    return tuple(dict.fromkeys(code_of(each, named, language) for each in given or []))


def _agreed(cleared: "ClearedStudy", code: str | None, language: Language) -> "list[Agreement]":
    from yanzhen.modes.coconstruction.settlement.agreements import agreements

    by_name = {each.contract.name: each for each in agreements(cleared.inputs.study)}
    if not by_name:
        reject(word(language, "no_agreements"))
    if code is None:
        return list(by_name.values())
    return [by_name[code_of(code, {name: name for name in by_name}, language)]]


def _folders(out: Path | None, appraised: "list[Agreement]") -> list[Path]:
    """Where each appraisal is written: one into the folder itself, several each into its own."""
    if out is None:
        return []
    return [out] if len(appraised) == 1 else [out / each.contract.name for each in appraised]


def _show(found: "list[Appraisal]", folders: list[Path], language: Language) -> None:
    from yanzhen.report.analyses.contract_appraisal import appraisal_findings
    from yanzhen.report.text.reader import Reader

    warn_of_synthetic(found[0].study.about, language)
    for each in found:
        print_list(appraisal_findings(each, Reader(each.study, language)))
    for folder in folders:
        point_to(folder / "gains.html", language)
