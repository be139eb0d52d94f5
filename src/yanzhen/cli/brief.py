"""`yanzhen brief`: one page of A4 as PDF for the ministry, a province, a zone or an enterprise."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from yanzhen.cli.language import Language, help_of, language_of, word
from yanzhen.cli.naming import code_of, require_study
from yanzhen.cli.options import Spoken, StudyName
from yanzhen.cli.outcome import honest_exit, reject
from yanzhen.cli.screen import point_to, warn_of_synthetic, working

if TYPE_CHECKING:
    from yanzhen.pipeline.recall import Planned
    from yanzhen.report.findings.briefs import Answer
    from yanzhen.report.text.reader import Reader

Role = Literal["enterprise", "zone", "province", "ministry"]
NEEDED: dict[Role, tuple[str, ...]] = {
    "ministry": (),
    "province": ("region",),
    "zone": ("site",),
    "enterprise": ("industry", "region"),
}
"""What each has to say of itself."""


def brief(
    study: StudyName,
    role: Annotated[Role, typer.Option("--for", show_default=False, help=help_of("brief_for"))],
    region: Annotated[
        str | None, typer.Option(metavar="CODE", show_default=False, help=help_of("brief_region"))
    ] = None,
    site: Annotated[
        str | None, typer.Option(metavar="CODE", show_default=False, help=help_of("brief_site"))
    ] = None,
    industry: Annotated[
        str | None,
        typer.Option(metavar="CODE", show_default=False, help=help_of("brief_industry")),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(metavar="FILE", dir_okay=False, show_default=False, help=help_of("brief_out")),
    ] = None,
    fonts: Annotated[
        Path | None,
        typer.Option(
            metavar="FOLDER",
            exists=True,
            file_okay=False,
            show_default=False,
            help=help_of("brief_fonts"),
        ),
    ] = None,
    lang: Spoken = None,
) -> None:
    """Write one page of A4 as PDF for an enterprise, a zone, a province or the ministry.
    生成一页A4简报（PDF），供企业、园区、省级部门或部委参阅。

    STUDY may be the folder of a finished plan, which takes seconds; of a study one is made first.

    以已完成方案的文件夹代替研究（STUDY），数秒即成；给出研究时先做方案。
    """
    language = lang or language_of()
    require_study(study, language)
    asked = {"region": region, "site": site, "industry": industry}
    _require(role, asked, language)
    path = out or Path(f"brief-{role}.pdf")
    if path.suffix.lower() != ".pdf":
        reject(word(language, "brief_is_pdf", name=path.name))
    with honest_exit(language, as_json=False):
        from yanzhen.report.analyses.brief import brief_of
        from yanzhen.report.document.brief import NoChineseFont, write_brief
        from yanzhen.report.text.reader import Reader

        with working(word(language, "reading_and_clearing")):
            made = _planned(study, language)
        reader = Reader(made.plan.study, language)
        answer = _answer(role, asked, made, reader)
        with working(word(language, "writing_report")):
            try:
                page = brief_of(made.plan, answer, made.key, made.made, reader)
                write_brief(page, path, fonts)
            except NoChineseFont:
                reject(word(language, "no_chinese_font"))
    warn_of_synthetic(made.plan.study.about, language)
    point_to(path, language)


def _require(role: Role, asked: dict[str, str | None], language: Language) -> None:
    """End with 2 where something is missing, or asked for that the page is not about."""
    missing = [name for name in NEEDED[role] if asked[name] is None]
    beside = [name for name, value in asked.items() if value and name not in NEEDED[role]]
    for key, names in (("brief_needs", missing), ("brief_takes_no", beside)):
        if names:
            options = word(language, "comma").join(f"--{name}" for name in names)
            reject(word(language, key, role=role, options=options))


def _planned(study: str, language: Language) -> "Planned":
    from yanzhen.pipeline.recall import StalePlan, is_plan, plan_now, recall_plan
    from yanzhen.study import read_study

    if not is_plan(Path(study)):
        return plan_now(read_study(study))
    try:
        return recall_plan(Path(study))
    except StalePlan:
        reject(word(language, "stale_plan", folder=study))


def _answer(
    role: Role, asked: dict[str, str | None], made: "Planned", reader: "Reader"
) -> "Answer":
    import polars as pl

    from yanzhen.market.plan.destinations import NotInMarket
    from yanzhen.report.findings import briefs

    plan, language = made.plan, reader.lang
    tables = plan.study.tables
    regions = tables["regions"].filter(pl.col("region").is_in(plan.regions["region"].to_list()))

    def code(name: str, table: pl.DataFrame) -> str:
        return code_of(asked[name] or "", table, name, language)

    if role == "ministry":
        return briefs.for_ministry(plan, reader)
    if role == "province":
        return briefs.for_province(plan, code("region", regions), reader)
    if role == "zone":
        named = "name_zh", "name_en"
        places = pl.concat(
            [
                tables["sites"].select("site", *named),
                tables["regions"].select(pl.col("region").alias("site"), *named),
            ]
        ).filter(pl.col("site").is_in(plan.sites["site"].to_list()))
        return briefs.for_zone(plan, made.cleared, code("site", places), reader)
    trade = code("industry", tables["industries"])
    try:
        return briefs.for_enterprise(plan, made.cleared, trade, code("region", regions), reader)
    except NotInMarket as unknown:
        reject(unknown.text(language))
