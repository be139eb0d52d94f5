"""What the matches of achievements say, in sentences."""

from typing import TYPE_CHECKING

import polars as pl

from yanzhen.modes.technology.matching.matching import MOST_EXPLAINED
from yanzhen.report.text.names import names, titles_of
from yanzhen.report.text.quantities import small
from yanzhen.report.text.words import Lang, word, word_or
from yanzhen.study.ratios import ratio

if TYPE_CHECKING:
    from yanzhen.modes.technology.matching.matching import Matching

LIKELY = 0.5
MOST_NAMED = 3


def technology_findings(matching: "Matching", lang: Lang) -> list[str]:
    """Sentences on the matches: how many, from where to where, what is scarce, what is missing."""
    certificate = matching.certificate
    likely = matching.unmatched.filter(pl.col("share") < LIKELY).height
    said = [
        word(
            lang,
            "technology.finding.count",
            achievements=matching.achievements.height,
            partners=matching.partners.height,
            kind=word(lang, f"technology.kind.{matching.kind}"),
            likely=likely,
            licences=matching.achievements["licences"].sum(),
            expected=f"{matching.partners['expected'].sum():.1f}",
        ),
        *_unanswered(matching, lang),
        *_outbid(matching, lang),
        *_moved(matching, lang),
        *_scarce(matching, lang),
        *_enclaves(matching, lang),
    ]
    if matching.silent.height:
        codes = word(lang, "comma").join(matching.silent["code"].head(MOST_NAMED))
        said.append(
            word(lang, "technology.finding.silent", count=matching.silent.height, codes=codes)
        )
    explained = matching.words.select("achievement", "partner").unique().height
    if matching.pairs.height > MOST_EXPLAINED:
        said.append(
            word(
                lang,
                "technology.finding.explained",
                count=f"{explained:,}",
                all=f"{matching.pairs.height:,}",
            )
        )
    for row in matching.not_evaluated.iter_rows(named=True):
        said.append(
            word(
                lang,
                "technology.finding.off",
                term=word(lang, f"technology.{row['term']}"),
                needs=word_or(
                    lang,
                    f"technology.needed.{row['term']}",
                    row["needs"].replace(", ", word(lang, "comma")),
                ),
            )
        )
    key = "passed" if certificate.passed else "failed"
    excess = small(certificate.relative_excess_demand)
    gap = small(abs(certificate.duality_gap))
    return [*said, word(lang, f"technology.finding.{key}", excess=excess, gap=gap)]


def _unanswered(matching: "Matching", lang: Lang) -> list[str]:
    """Needs that no achievement suits."""
    if matching.kind != "needs":
        return []
    alone = matching.partners.filter(pl.col("suitable") == 0)
    if alone.is_empty():
        return []
    titles = titles_of(matching, lang)
    named = word(lang, "comma").join(titles[code] for code in alone["partner"].head(MOST_NAMED))
    return [word(lang, "technology.finding.unanswered", count=alone.height, names=named)]


def _outbid(matching: "Matching", lang: Lang) -> list[str]:
    """Partners whose best achievement goes to others."""
    if matching.outbid.is_empty():
        return []
    titles = titles_of(matching, lang)
    named = word(lang, "comma").join(
        titles[code] for code in matching.outbid["partner"].head(MOST_NAMED)
    )
    return [word(lang, "technology.finding.outbid", count=matching.outbid.height, names=named)]


def _moved(matching: "Matching", lang: Lang) -> list[str]:
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
    said = names(matching, lang)
    first = largest.row(0, named=True)
    return [
        word(
            lang,
            "technology.finding.moved",
            share=f"{share:.0%}",
            origin=said.macro_region(first["region"]),
            destination=said.macro_region(first["home_region"]),
            count=f"{first['expected']:.1f}",
        )
    ]


def _scarce(matching: "Matching", lang: Lang) -> list[str]:
    scarce = matching.partners.filter(pl.col("price") > 0).sort(
        "price", descending=True, maintain_order=True
    )
    if scarce.is_empty():
        return []
    titles = titles_of(matching, lang)
    return [
        word(
            lang,
            "technology.finding.scarce",
            count=scarce.height,
            names=word(lang, "comma").join(
                titles[code] for code in scarce["partner"].head(MOST_NAMED)
            ),
            price=f"{scarce['price'][0]:.2f}",
        )
    ]


def _enclaves(matching: "Matching", lang: Lang) -> list[str]:
    away = matching.partners.filter(pl.col("region") != pl.col("home_region"))
    if away.is_empty():
        return []
    expected = f"{away['expected'].sum():.1f}"
    return [word(lang, "technology.finding.enclaves", count=away.height, expected=expected)]
