"""The first page of a plan's report: the verdict, five figures, and what they rest on."""

from typing import TYPE_CHECKING, Any

import polars as pl

from yanzhen.report.findings.plan import flagged, observed, sure
from yanzhen.report.text.limits import origins
from yanzhen.report.text.quantities import amount
from yanzhen.report.text.reader import Reader
from yanzhen.report.text.routes import routes

if TYPE_CHECKING:
    from yanzhen.market.plan.plan import Plan


def verdict(plan: "Plan", reader: Reader) -> str:
    """Return the plan in one sentence."""
    down, up = _ends(plan)
    return reader.word(
        "first_page.verdict" if up else "first_page.verdict_within",
        first=plan.period[0],
        last=plan.period[1],
        base=plan.base_year,
        output=amount(_moved(plan), reader.size),
        share=reader.share_of(_moved(plan), float(plan.industries["output"].sum())),
        up=reader.names.macro_region(up["macro_region"]) if up else "",
        down=reader.names.macro_region(down["macro_region"]) if down else "",
        certificate=reader.word(
            f"first_page.certificate_{'passed' if plan.certificate.passed else 'failed'}"
        ),
    )


def figures(plan: "Plan", reader: Reader) -> tuple[tuple[str, str], ...]:
    """Return five figures under their names, with the interval over the draws if there is one."""
    coin, said = reader.size, reader.names
    shown = [(reader.word("first_page.moved"), amount(_moved(plan), coin))]
    for key, row in zip(("down", "up"), _ends(plan), strict=True):
        if row:
            within = reader.within(row["net_low"], row["net_high"], coin)
            shown.append(
                (
                    reader.word(f"first_page.{key}", name=said.macro_region(row["macro_region"])),
                    f"{amount(row['net'], coin)}{within}",
                )
            )
    largest = routes(plan).filter(pl.col("in_findings")).head(1)
    for row in largest.iter_rows(named=True):
        within = reader.within(row["output_low"], row["output_high"], coin)
        named = reader.named(row, "industry origin destination")
        label = reader.word("first_page.largest", **named)
        shown.append((label, f"{amount(row['output'], coin)}{within}"))
    scarce = plan.prices.filter(pl.col("scarce"))
    places = plan.prices["place"].n_unique()
    shown.append((reader.word("first_page.full"), f"{scarce['place'].n_unique()} / {places}"))
    return tuple(shown)


def rests_on(plan: "Plan", reader: Reader) -> list[str]:
    """Return what the figures rest on: an illustration, its assumptions, and how sure they are."""
    source = plan.parameters["source"]
    assumed = int((source == "assumption").sum())
    return [
        reader.word(
            "first_page.illustration",
            first=plan.period[0],
            last=plan.period[1],
            base=plan.base_year,
        ),
        reader.word("first_page.assumed", assumed=assumed, count=len(source)),
        *flagged(plan, reader),
        *observed(plan, reader),
        *sure(plan, reader)[:1],
        origins(reader),
    ]


def _moved(plan: "Plan") -> float:
    return float(plan.leaving["output"].sum())


def _ends(plan: "Plan") -> tuple[dict[str, Any], dict[str, Any]]:
    """The macro-regions that lose and gain most; empty where there is no such difference."""
    ranked = plan.macro_regions.sort("net", "macro_region")
    if ranked.height < 2 or not (ranked["net"] != 0).any():
        return {}, {}
    return ranked.row(0, named=True), ranked.row(-1, named=True)
