"""`yanzhen docking`: lists of suppliers for buyers, within what both sides can, with reasons."""

from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer

from yanzhen.cli.language import Language, choose, language_of
from yanzhen.cli.naming import code_of, require_study
from yanzhen.cli.options import AsJson, Folder, Spoken, StudyName, Weights
from yanzhen.cli.outcome import FAILED, honest_exit, reject
from yanzhen.cli.screen import (
    point_to,
    print_json,
    print_list,
    refuse,
    stderr,
    warn_of_synthetic,
    working,
)
from yanzhen.cli.settings import numbers_of

if TYPE_CHECKING:
    from rich.status import Status

    from yanzhen.modes.chain.docking.clearing import Progress
    from yanzhen.modes.chain.docking.docking_lists import Docking

MOST_PRINTED = 10_000


def docking(
    study: StudyName,
    enterprise: Annotated[
        str | None,
        typer.Option(
            metavar="CODE", show_default=False, help="Only one enterprise. 只看一家企业。"
        ),
    ] = None,
    region: Annotated[
        str | None,
        typer.Option(metavar="CODE", show_default=False, help="Buyers of one region. 买方地区。"),
    ] = None,
    industry: Annotated[
        str | None,
        typer.Option(metavar="CODE", show_default=False, help="Buyers of one industry. 买方行业。"),
    ] = None,
    inputs: Annotated[
        int, typer.Option(min=1, max=50, help="Largest inputs of each buyer. 每家最大的几项投入。")
    ] = 5,
    suppliers: Annotated[
        int, typer.Option(min=1, max=100, help="Suppliers listed for each. 每项列几家供应商。")
    ] = 4,
    value: Weights = None,
    out: Folder = None,
    lang: Spoken = None,
    as_json: AsJson = False,
) -> None:
    """List suppliers for each buyer's largest inputs, cleared within both sides' capacity.
    供需对接：为每家企业的主要投入列出供应商，双方能力以内出清，逐对说明理由。
    """
    language = lang or language_of()
    require_study(study, language)
    with honest_exit(language, as_json):
        from yanzhen.modes.chain.docking.docking_lists import dock
        from yanzhen.modes.chain.docking.parties import BLOCKS
        from yanzhen.modes.chain.docking.weights import docking_parameters, with_values
        from yanzhen.study import read_study

        changed = numbers_of(value or [], language)
        parameters = with_values(docking_parameters(), changed)
        read = read_study(study)
        places, trades = read.tables["regions"], read.tables["industries"]
        of_region = region and code_of(region, places, "region", language)
        of_industry = industry and code_of(industry, trades, "industry", language)
        enterprises = read.tables["enterprises"]["enterprise"]
        if enterprise is not None and len(enterprises) and enterprise not in enterprises:
            _reject_enterprise(enterprise, language)
        with working(choose(language, "对接供需…", "Docking…")) as status:
            told = _told(status, language)
            found = dock(read, inputs, suppliers, parameters, progress=told)
        from yanzhen.report.analyses.docking import (
            docking_document,
            docking_findings,
            docking_lead,
            narrowed,
        )
        from yanzhen.report.document.folder import write_report

        if enterprise is not None and not _listed(found, enterprise):
            _reject_enterprise(enterprise, language)
        shown = narrowed(found, enterprise, of_region, of_industry)
        if out is not None:
            with working(choose(language, "撰写报告…", "Writing the report…")):
                write_report(docking_document(shown, language), out, "docking")
        if as_json:
            print_json(_plain(shown, study))
        else:
            warn_of_synthetic(read.about, language)
            said = docking_findings(shown, language)
            print_list([docking_lead(shown, language), *said] if found.basis == BLOCKS else said)
            if out is not None:
                point_to(out / "docking.html", language)
    if not found.certificate.passed:
        refuse(
            choose(
                language,
                "证明未通过：名单或价格不符合要求，不可采用。",
                "The certificate did not pass: these lists must not be used.",
            )
        )
        raise typer.Exit(FAILED)


def _told(status: "Status", language: Language) -> "Progress":
    """Say each round on stderr, a terminal in its one moving line."""
    console = stderr()

    def told(needs: int, rounds: int, changed: int) -> None:
        line = choose(
            language,
            f"第{rounds}轮：{needs:,}项需求中，{changed:,}项的名单有变动",
            f"Round {rounds}: the lists of {changed:,} of {needs:,} needs change",
        )
        if console.is_terminal:
            status.update(line)
        else:
            console.print(line, soft_wrap=True)

    return told


def _listed(found: "Docking", enterprise: str) -> bool:
    return enterprise in found.needs["buyer"] or enterprise in found.suppliers["supplier"]


def _reject_enterprise(enterprise: str, language: Language) -> NoReturn:
    reject(
        choose(
            language,
            f"名单中没有可对接的企业 {enterprise}。",
            f"There is no enterprise {enterprise} on the list that could dock.",
        )
    )


def _plain(found: "Docking", study: str) -> dict[str, Any]:
    from yanzhen.study.distances import assumed_regions

    certificate = found.certificate
    return {
        "study": study,
        "synthetic": found.study.about.synthetic,
        "basis": found.basis,
        "unit": found.study.about.units.money,
        "distances_assumed": assumed_regions(found.study.tables),
        "certificate": {
            "passed": certificate.passed,
            "left_out_share": certificate.left_out_share,
            "indifference": certificate.indifference,
            **{name: value for name, (value, _) in certificate.checks.items()},
        },
        "parameters": found.parameters.select("parameter", "value", "unit", "source").to_dicts(),
        "industries": found.industries.to_dicts(),
        "pairs_in_all": found.pairs.height,
        "pairs": found.pairs.head(MOST_PRINTED).to_dicts(),
        "needs_in_all": found.needs.height,
        "needs": found.needs.head(MOST_PRINTED).to_dicts(),
    }
