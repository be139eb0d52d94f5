"""`yanzhen why`: why an industry may or may not come to a place, and why it does."""

from typing import Annotated

import typer

from yanzhen.cli.language import help_of, language_of, word
from yanzhen.cli.naming import code_of, require_study
from yanzhen.cli.options import AsJson, Spoken, StudyName
from yanzhen.cli.outcome import honest_exit
from yanzhen.cli.screen import print_json, print_list, working


def why(
    study: StudyName,
    industry: Annotated[str, typer.Option(metavar="CODE", help=help_of("industry"))],
    to: Annotated[str, typer.Option(metavar="CODE", help=help_of("place"))],
    origin: Annotated[
        str | None,
        typer.Option("--from", metavar="CODE", show_default=False, help=help_of("origin")),
    ] = None,
    lang: Spoken = None,
    as_json: AsJson = False,
) -> None:
    """Say why an industry may or may not come to a place, by which rule, and why it does.
    说明某行业为何能或不能进入某地、依据哪条规则，以及转移的理由。
    """
    language = lang or language_of()
    require_study(study, language)
    with honest_exit(language, as_json):
        import polars as pl

        from yanzhen.pipeline import plan_study
        from yanzhen.report.findings.why import answer
        from yanzhen.report.findings.why import why as told
        from yanzhen.report.text.reader import Reader
        from yanzhen.study import read_study

        with working(word(language, "clearing_market")):
            read = read_study(study)
            regions, sites = read.tables["regions"], read.tables["sites"]
            places = sites.select(region="site", name_zh="name_zh", name_en="name_en")
            known = pl.concat([regions.select("region", "name_zh", "name_en"), places])
            wanted = code_of(industry, read.tables["industries"], "industry", language)
            place = code_of(to, known, "region", language)
            start = None if origin is None else code_of(origin, regions, "region", language)
            plan = plan_study(read)
        if as_json:
            print_json(answer(plan, wanted, place, start))
        else:
            print_list(told(plan, wanted, place, start, Reader(plan.study, language)))
