"""What the matches of achievements say, in sentences."""

from typing import TYPE_CHECKING

import polars as pl

from yanzhen.modes.technology.matching.matching import MOST_EXPLAINED
from yanzhen.report.tables.technology import titles_of
from yanzhen.report.text.quantities import small
from yanzhen.report.text.reader import Reader
from yanzhen.study.ratios import ratio

if TYPE_CHECKING:
    from yanzhen.modes.technology.matching.matching import Matching

LIKELY = 0.5
MOST_NAMED = 3


def technology_findings(matching: "Matching", reader: Reader) -> list[str]:
    """Sentences on the matches: how many, from where to where, what is scarce, what is missing."""
    certificate = matching.certificate
    likely = matching.unmatched.filter(pl.col("share") < LIKELY).height
    said = [
        reader.word(
            "technology.finding.count",
            achievements=matching.achievements.height,
            partners=matching.partners.height,
            kind=reader.word(f"technology.kind.{matching.kind}"),
            likely=likely,
            licences=matching.achievements["licences"].sum(),
            expected=f"{matching.partners['expected'].sum():.1f}",
        ),
        *_unanswered(matching, reader),
        *_outbid(matching, reader),
        *_moved(matching, reader),
        *_scarce(matching, reader),
        *_enclaves(matching, reader),
    ]
    if matching.silent.height:
        codes = reader.word("comma").join(matching.silent["code"].head(MOST_NAMED))
        said.append(
            reader.word("technology.finding.silent", count=matching.silent.height, codes=codes)
        )
    explained = matching.words.select("achievement", "partner").unique().height
    if matching.pairs.height > MOST_EXPLAINED:
        said.append(
            reader.word(
                "technology.finding.explained",
                count=f"{explained:,}",
                all=f"{matching.pairs.height:,}",
            )
        )
    for row in matching.not_evaluated.iter_rows(named=True):
        said.append(
            reader.word(
                "technology.finding.off",
                term=reader.word(f"technology.{row['term']}"),
                needs=reader.word_or(
                    f"technology.needed.{row['term']}",
                    row["needs"].replace(", ", reader.word("comma")),
                ),
            )
        )
    key = "passed" if certificate.passed else "failed"
    excess = small(certificate.relative_excess_demand)
    gap = small(abs(certificate.duality_gap))
    return [*said, reader.word(f"technology.finding.{key}", excess=excess, gap=gap)]


def _unanswered(matching: "Matching", reader: Reader) -> list[str]:
    """Needs that no achievement suits."""
    if matching.kind != "needs":
        return []
    alone = matching.partners.filter(pl.col("suitable") == 0)
    if alone.is_empty():
        return []
    titles = titles_of(matching, reader)
    named = reader.word("comma").join(titles[code] for code in alone["partner"].head(MOST_NAMED))
    return [reader.word("technology.finding.unanswered", count=alone.height, names=named)]


def _outbid(matching: "Matching", reader: Reader) -> list[str]:
    """Partners whose best achievement goes to others."""
    if matching.outbid.is_empty():
        return []
    titles = titles_of(matching, reader)
    named = reader.word("comma").join(
        titles[code] for code in matching.outbid["partner"].head(MOST_NAMED)
    )
    return [reader.word("technology.finding.outbid", count=matching.outbid.height, names=named)]


def _moved(matching: "Matching", reader: Reader) -> list[str]:
    """What of the matches goes to another macro-region than the owner's."""
    macro = dict(matching.study.tables["regions"].select("region", "macro_region").iter_rows())
    flows = matching.flows.with_columns(
        pl.col(name).replace_strict(macro, default=None) for name in ("region", "home_region")
    ).drop_nulls()
    total = float(flows["expected"].sum())
    apart = flows.filter(pl.col("region") != pl.col("home_region"))
    largest = (
        apart.group_by("region", "home_region", maintain_order=True)
        .agg(pl.sum("expected"))
        .sort("expected", descending=True, maintain_order=True)
    )
    share = ratio(float(apart["expected"].sum()), total)
    if largest.is_empty() or share is None:
        return []
    said = reader.names
    first = largest.row(0, named=True)
    return [
        reader.word(
            "technology.finding.moved",
            share=f"{share:.0%}",
            origin=said.macro_region(first["region"]),
            destination=said.macro_region(first["home_region"]),
            count=f"{first['expected']:.1f}",
        )
    ]


def _scarce(matching: "Matching", reader: Reader) -> list[str]:
    scarce = matching.partners.filter(pl.col("price") > 0).sort(
        "price", descending=True, maintain_order=True
    )
    if scarce.is_empty():
        return []
    titles = titles_of(matching, reader)
    return [
        reader.word(
            "technology.finding.scarce",
            count=scarce.height,
            names=reader.word("comma").join(
                titles[code] for code in scarce["partner"].head(MOST_NAMED)
            ),
            price=f"{scarce['price'][0]:.2f}",
        )
    ]


def _enclaves(matching: "Matching", reader: Reader) -> list[str]:
    away = matching.partners.filter(pl.col("region") != pl.col("home_region"))
    if away.is_empty():
        return []
    expected = f"{away['expected'].sum():.1f}"
    return [reader.word("technology.finding.enclaves", count=away.height, expected=expected)]
