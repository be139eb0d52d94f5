"""Names for the codes in a result's frames."""

import weakref
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from yanzhen.report.text.words import Lang, size_words, word, word_or
from yanzhen.study import Study
from yanzhen.study.macro_regions import standard_name
from yanzhen.study.names import name_in
from yanzhen.study.size import Size

if TYPE_CHECKING:
    from yanzhen.market.plan.plan import Plan


_KNOWN: dict[int, dict[Lang, "Names"]] = {}
"""By the study, which a page asks for again and again."""


@dataclass(frozen=True)
class Names:
    """Names of regions, industries, places and rules; a code without a name is itself."""

    lang: Lang
    size: Size
    regions: dict[str, str]
    industries: dict[str, str]
    places: dict[str, str]
    rules: dict[str, str]

    def macro_region(self, code: str | None) -> str:
        """Return the name of a macro-region; one that is unknown stays as the study writes it."""
        if code is None:
            return word(self.lang, "macro_region_unknown")
        return word_or(self.lang, f"macro_region.{standard_name(code)}", code)

    def term(self, code: str) -> str:
        """Return the name of a reason."""
        return word_or(self.lang, f"term.{code}", code)

    def resource(self, code: str) -> str:
        """Return the name of a resource; `output:CODE` is the room for one industry."""
        kind, _, industry = code.partition(":")
        name = word_or(self.lang, f"resource.{kind}", kind)
        if kind == self.size.resource:
            name = size_words(self.size.measure, self.lang)["room"]
        if not industry:
            return name
        return f"{name} ({self.industries.get(industry, industry)})"


def names(study: Study, lang: Lang) -> Names:
    """Return the names of everything in a study; found once as long as the study is held."""
    known = _KNOWN.get(id(study))
    if known is None:
        known = _KNOWN[id(study)] = {}
        weakref.finalize(study, _KNOWN.pop, id(study), None)
    if lang not in known:
        known[lang] = _names(study, lang)
    return known[lang]


def _names(study: Study, lang: Lang) -> Names:
    tables = study.tables
    regions = _named(tables["regions"], "region", lang)
    return Names(
        lang,
        study.about.measured_by,
        regions,
        _named(tables["industries"], "industry", lang),
        regions | _named(tables["sites"], "site", lang),
        _named(tables["rules"], "rule", lang, "title"),
    )


def regions_in_order(plan: "Plan") -> list[str]:
    """Return the plan's regions by macro-region, in the study's own order."""
    order = {code: i for i, code in enumerate(plan.study.tables["regions"]["region"])}
    macro_order = {code: i for i, code in enumerate(macro_regions_in_order(plan))}
    rows = plan.regions.select("region", "macro_region").iter_rows()
    ranked = sorted(
        (macro_order.get(macro, len(macro_order)), order.get(region, len(order)), region)
        for region, macro in rows
    )
    return [region for _, _, region in ranked]


def macro_regions_in_order(plan: "Plan") -> list[str]:
    """Return the macro-regions by their output, largest first."""
    return plan.macro_regions.sort("output", "macro_region", descending=[True, False])[
        "macro_region"
    ].to_list()


def industries_in_order(plan: "Plan") -> list[str]:
    """Return the plan's industries by what leaves, most first."""
    return plan.industries.sort(
        "departures", "industry", descending=[True, False], nulls_last=True
    )["industry"].to_list()


def _named(table: pl.DataFrame, key: str, lang: Lang, column: str = "name") -> dict[str, str]:
    own = table.select(key, name=name_in(lang, column))
    found = {code: name or code for code, name in own.iter_rows()}
    uses = Counter(found.values())
    # Two places of one name would be added up by a chart that groups by name.
    return {code: name if uses[name] == 1 else f"{name} ({code})" for code, name in found.items()}
