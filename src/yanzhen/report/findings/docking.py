"""What docking lists come to, in sentences."""

import polars as pl

from yanzhen.modes.chain.docking.docking_lists import Docking
from yanzhen.report.text.quantities import number, percent
from yanzhen.report.text.reader import Reader


def docking_lead(found: Docking, reader: Reader) -> str:
    """Return what is listed for whom, in a sentence."""
    return reader.word(f"docking.lead_{found.basis}", inputs=found.inputs, listed=found.listed)


# Kept whole: a sentence each, in the order in which they are read.
def docking_findings(found: Docking, reader: Reader) -> list[str]:
    """Return what the lists come to, in sentences; of the whole study, then of what is shown."""
    unit, industry = reader.money, reader.names.industries
    total = (
        found.industries.select("need", "same_region", "other_regions", "no_supplier", "not_sought")
        .sum()
        .row(0, named=True)
    )
    docked = total["same_region"] + total["other_regions"]

    def amount(value: float) -> str:
        return unit.text.format(number(value * unit.factor))

    said = [
        reader.word(
            "docking.finding.total",
            need=amount(total["need"]),
            docked=amount(docked),
            share=reader.share_of(docked, total["need"]),
            across=reader.share_of(total["other_regions"], docked, scale=total["need"]),
        )
    ]
    lacking = found.industries.filter(pl.col("no_supplier") > 0).sort(
        "no_supplier", "input", descending=[True, False]
    )
    if lacking.height:
        listed = reader.word("comma").join(
            reader.word("docking.finding.each", name=industry.get(code, code), figure=amount(value))
            for code, value in lacking.select("input", "no_supplier").head(3).iter_rows()
        )
        said.append(
            reader.word(
                "docking.finding.no_supplier",
                amount=amount(total["no_supplier"]),
                share=reader.share_of(total["no_supplier"], total["need"]),
                listed=listed,
            )
        )
    if total["not_sought"] > 0:
        said.append(
            reader.word(
                "docking.finding.not_sought",
                amount=amount(total["not_sought"]),
                share=reader.share_of(total["not_sought"], total["need"]),
                inputs=number(found.inputs),
            )
        )
    scarce = found.industries.filter(pl.col("price") > 0).sort(
        "price", "input", descending=[True, False]
    )
    if scarce.height:
        listed = reader.word("comma").join(
            reader.word(
                "docking.finding.each",
                name=industry.get(code, code),
                figure=percent(price, 2),
            )
            for code, price in scarce.select("input", "price").head(3).iter_rows()
        )
        said.append(reader.word("docking.finding.scarce", listed=listed))
    if found.pairs.height:
        priced = found.suppliers.filter(pl.col("price") > 0).height
        said.append(
            reader.word(
                "docking.finding.shown",
                pairs=number(found.pairs.height),
                buyers=number(found.pairs["buyer"].n_unique()),
                suppliers=number(found.pairs["supplier"].n_unique()),
                priced=number(priced),
            )
        )
    else:
        said.append(reader.word("docking.finding.nothing"))
    checked = found.certificate
    said.append(
        reader.word(
            f"docking.finding.{'passed' if checked.passed else 'failed'}",
            regret=percent(max(checked.regret, checked.sampled_regret), 2),
            needs=number(checked.sampled_needs),
        )
    )
    return said
