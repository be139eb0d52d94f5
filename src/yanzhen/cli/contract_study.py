"""`yanzhen contract gains`, `pair`, `trust`, `mode`: contracts put to the market of a study."""

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer

from yanzhen.cli.contract import (
    AsJson,
    Kinds,
    Spoken,
    TopUp,
    contract_exit,
    given_terms,
)
from yanzhen.cli.language import Language, choose, language_of
from yanzhen.cli.outcome import WRONG_INPUT
from yanzhen.cli.screen import print_json, print_list, progress, refuse, stdout, warn, working

if TYPE_CHECKING:
    from yanzhen.modes.coconstruction import Terms
    from yanzhen.modes.coconstruction.appraisal import Appraisal, Offer
    from yanzhen.modes.coconstruction.offered import Setting
    from yanzhen.study import Study

StudyName = Annotated[
    str,
    typer.Argument(
        metavar="STUDY",
        show_default=False,
        help="A study: a folder, an Excel workbook, a DuckDB file, or the name of an example. "
        "研究：文件夹、Excel 工作簿、DuckDB 文件或示例名。",
    ),
]
Home = Annotated[
    str | None,
    typer.Option(metavar="CODE", help="Region that sends, by code or name. 迁出地代码或名称。"),
]
Host = Annotated[
    str | None,
    typer.Option(
        metavar="CODE", help="Place that receives, by code or name. 承接地（代码或名称）。"
    ),
]
Industry = Annotated[
    list[str] | None,
    typer.Option(metavar="CODE", help="Industry covered; all without it. 所涵盖的行业。"),
]
TermsName = Annotated[
    str,
    typer.Option(metavar="TERMS", help="A TOML file, or a scheme's name. 条款 TOML 文件或办法名。"),
]
Folder = Annotated[
    Path | None,
    typer.Option(
        metavar="FOLDER", file_okay=False, help="Folder for page, workbook, tables. 结果文件夹。"
    ),
]
Several = Annotated[
    list[str] | None,
    typer.Option(metavar="CODE", help="Place; may be repeated; all without it. 地区，可重复。"),
]
Places = Annotated[int, typer.Option(min=0, help="Most partners of each. 各方伙伴数上限。")]
Weight = Annotated[
    float, typer.Option(min=0.0, max=1.0, help="Bargaining weight of the home. 迁出地谈判权重。")
]


def gains(
    study: StudyName,
    home: Home = None,
    host: Host = None,
    industry: Industry = None,
    terms: TermsName = "liaoning",
    agreement: Annotated[
        str | None,
        typer.Option(metavar="CODE", help="An agreement of the study. 研究中的一份协议。"),
    ] = None,
    tax_kind: Kinds = None,
    top_up_share: TopUp = None,
    home_weight: Weight = 0.5,
    start_year: Annotated[
        int | None, typer.Option(show_default="after the last year", help="First year. 合同首年。")
    ] = None,
    out: Folder = None,
    lang: Spoken = None,
    as_json: AsJson = False,
) -> None:
    """Appraise a contract of two places: gains, shares, division, break-even, sensitivity.
    测算两地一份合同：双方损益、可行份额、分配、回本年份、敏感性。

    Give --home and --host, or --agreement; with neither every agreement of the study is appraised.
    """
    language = lang or language_of()
    require_study(study, language)
    with contract_exit(language, as_json):
        setting = set_up(study, language)
        if home is not None and host is not None:
            agreed = terms_named(terms, tax_kind, top_up_share)
            offers = [
                setting.offer(
                    code_of(home, setting.homes, language),
                    code_of(host, setting.hosts, language),
                    tuple(code_of(each, setting.industries, language) for each in industry or []),
                    agreed,
                    Path(terms).stem,
                    start_year,
                )
            ]
        elif home is not None or host is not None:
            reject(
                choose(language, "--home 与 --host 须同时给出。", "Give both --home and --host.")
            )
        else:
            offers = _agreed(setting, agreement, language)
        from yanzhen.modes.coconstruction.appraisal import appraise

        with working(choose(language, "测算…", "Appraising…")):
            found = [appraise(offer, home_weight) for offer in offers]
        folders = _folders(out, offers)
        if folders:
            from yanzhen.report.contract_appraisal import write_appraisal

            for each, folder in zip(found, folders, strict=True):
                write_appraisal(each, folder, language)
    if as_json:
        plain = [plain_appraisal(each) for each in found]
        print_json(plain[0] if home is not None or agreement is not None else plain)
        return
    _show(found, folders, language)


def set_up(name: str, language: Language) -> "Setting":
    """Read a study and clear its market without any contract."""
    from yanzhen.market.clearing import clear
    from yanzhen.modes.coconstruction.counterfactual import TOLERANCE
    from yanzhen.modes.coconstruction.offered import Setting
    from yanzhen.pipeline import formulated
    from yanzhen.study import read_study
    from yanzhen.study.assumptions import used_parameters

    with working(choose(language, "读取研究并求市场出清…", "Reading and clearing the market…")):
        read = read_study(name)
        formulation = formulated(read)
        return Setting(
            read, formulation, clear(formulation.market, TOLERANCE), used_parameters(read)
        )


def terms_named(name: str, tax_kind: list[str] | None, top_up_share: str | None) -> "Terms":
    """Terms of a scheme, completed with what is given, or of a TOML file.

    A scheme that names no tax shares value-added tax where none is given.
    """
    from yanzhen.modes.coconstruction import PRESETS, preset, read_terms

    if name not in PRESETS:
        return read_terms(name)
    given = given_terms(tax_kind or ["value_added_tax"], top_up_share, None, None)
    return preset(name).complete(given)


def require_study(name: str, language: Language) -> None:
    """End with 2 where there is no such study."""
    from yanzhen.cli.naming import missing_study
    from yanzhen.study import examples

    missing = missing_study(name, (example.name for example in examples()), language)
    if missing is not None:
        reject(missing)


def code_of(asked: str, named: dict[str, str], language: Language) -> str:
    """Code of a place or an industry given by code or name; ends with 2 where there is none."""
    from yanzhen.study.problem import nearest

    if asked in named:
        return named[asked]
    near = nearest(asked, named)
    hint = "" if near is None else choose(language, f"是否指 {near}？", f" Did you mean {near}?")
    reject(choose(language, f"本研究没有 {asked}。{hint}", f"The study has no {asked}.{hint}"))


def reject(message: str) -> NoReturn:
    """Say what is wrong with the command and end with 2."""
    refuse(message)
    raise typer.Exit(WRONG_INPUT)


def say_synthetic(study: "Study", language: Language) -> None:
    """Say that a study is made up, where it is."""
    if study.about.synthetic:
        warn(
            choose(
                language,
                "合成数据（SYNTHETIC）：本研究的数据系编造。",
                "SYNTHETIC: the figures of this study are made up.",
            )
        )


def plain_appraisal(found: "Appraisal") -> dict[str, Any]:
    """An appraisal as JSON-able values, in the study's units."""
    return {
        "home": found.home,
        "host": found.host,
        "industries": list(found.industries),
        "scheme": found.scheme,
        "synthetic": found.study.about.synthetic,
        "money_unit": found.study.about.units.money,
        "first_year": found.start_year,
        "years": found.years,
        "home_gain": found.home_gain,
        "host_gain": found.host_gain,
        "third_gain": found.third_gain,
        "enterprise_gain": found.enterprise_gain,
        "interval": [list(run) for run in found.interval.intervals],
        "nash_share": found.nash_share,
        "home_weight": found.home_weight,
        "break_even": dict(found.break_even),
        **{
            name: getattr(found, name).to_dicts()
            for name in ("projects", "parts", "yearly", "statistics", "division", "sensitivity")
        },
    }


def _agreed(setting: "Setting", code: str | None, language: Language) -> "list[Offer]":
    offers = {offer.contract: offer for offer in setting.agreed()}
    if not offers:
        reject(
            choose(
                language,
                "研究没有 agreements 表；请给出 --home 与 --host。",
                "The study has no agreements; give --home and --host.",
            )
        )
    if code is None:
        return list(offers.values())
    return [offers[code_of(code, {name: name for name in offers}, language)]]


def _folders(out: Path | None, offers: "list[Offer]") -> list[Path]:
    """Where each appraisal is written: one into the folder itself, several each into its own."""
    if out is None:
        return []
    return [out] if len(offers) == 1 else [out / offer.contract for offer in offers]


def _show(found: "list[Appraisal]", folders: list[Path], language: Language) -> None:
    from yanzhen.report.contract_appraisal import appraisal_findings

    say_synthetic(found[0].study, language)
    for each in found:
        print_list(appraisal_findings(each, language))
    for folder in folders:
        page = folder / "gains.html"
        stdout().print(choose(language, f"打开 {page}", f"Open {page}"), soft_wrap=True)


def pair(
    study: StudyName,
    home: Several = None,
    host: Several = None,
    industry: Industry = None,
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
    with contract_exit(language, as_json):
        from yanzhen.modes.coconstruction.surveys import survey_pairs

        agreed = terms_named(terms, tax_kind, top_up_share)
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
            from yanzhen.report.contract_surveys import write_pairs

            write_pairs(found, out, language)
    if as_json:
        numbers = {"worth": found.worth, "gap": found.gap, "blocking": found.blocking}
        frames = {name: getattr(found, name).to_dicts() for name in ("pairs", "prices", "gains")}
        print_json(_about(found.study) | numbers | frames)
        return
    from yanzhen.report.contract_surveys import pair_findings

    _say(found.study, pair_findings(found, language), out, "pairs", language)


def trust(
    study: StudyName,
    home: Annotated[str, typer.Option(metavar="CODE", help="Region that manages. 托管方。")],
    host: Annotated[str, typer.Option(metavar="CODE", help="Place of the park. 园区所在地。")],
    industry: Industry = None,
    productivity: Annotated[
        float | None, typer.Option(help="Relative rise of the park's local tax. 税收提高比例。")
    ] = None,
    running_cost: Annotated[
        float | None, typer.Option(help="Relative change of its running cost. 费用变动比例。")
    ] = None,
    home_part: Annotated[
        float | None, typer.Option(min=0.0, max=1.0, help="Home's part of it. 增量归迁出地的部分。")
    ] = None,
    source: Annotated[
        str | None, typer.Option(help="Where these figures are from. 上述数字的出处。")
    ] = None,
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
        reject(
            choose(
                language,
                "自己给出的比例须以 --source 注明出处，或写 assumption（假设）。",
                "Figures of your own need --source, or --source assumption.",
            )
        )
    if min(productivity or 0.0, running_cost or 0.0) < -1:
        reject(choose(language, "比例不得小于 -1。", "Neither may fall by more than the whole."))
    with contract_exit(language, as_json):
        from dataclasses import replace

        from yanzhen.modes.coconstruction.surveys import assumed_trusteeship, survey_trusteeship

        setting = set_up(study, language)
        managed = assumed_trusteeship(setting.values, source or "assumption")
        found = survey_trusteeship(
            setting,
            terms_named("liaoning", None, None),
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
            from yanzhen.report.contract_surveys import write_trusteeship

            write_trusteeship(found, out, language)
    if as_json:
        keys = ("home", "host", "output", "home_gain", "host_gain", "interval")
        plain = {key: getattr(found, key) for key in keys}
        managed_as = asdict(found.trusteeship)
        print_json(_about(found.study) | plain | {"trusteeship": managed_as})
        return
    from yanzhen.report.contract_surveys import trusteeship_findings

    _say(found.study, trusteeship_findings(found, language), out, "trusteeship", language)


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
    with contract_exit(language, as_json):
        from yanzhen.modes.coconstruction.surveys import survey_modes

        agreed = terms_named(terms, tax_kind, top_up_share)
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
            from yanzhen.report.contract_surveys import write_modes

            write_modes(found, out, language)
    if as_json:
        frames = {name: getattr(found, name).to_dicts() for name in ("modes", "pairs")}
        print_json(_about(found.study) | frames)
        return
    from yanzhen.report.contract_surveys import mode_findings

    _say(found.study, mode_findings(found, language), out, "modes", language)


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
    say_synthetic(study, language)
    print_list(findings)
    if out is not None:
        page = out / f"{stem}.html"
        stdout().print(choose(language, f"打开 {page}", f"Open {page}"), soft_wrap=True)
