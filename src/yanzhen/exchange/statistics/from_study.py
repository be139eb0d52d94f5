"""The hierarchies of regions and industries that a study declares."""

from collections.abc import Iterable, Mapping
from typing import Any

from yanzhen.exchange.statistics.from_deals import ROOT
from yanzhen.exchange.statistics.hierarchy import Hierarchy
from yanzhen.exchange.statistics.reading import PHRASES
from yanzhen.phrasebook import Words
from yanzhen.report.text.words import word_or
from yanzhen.study import Study
from yanzhen.study.macro_regions import standard_name

MANUFACTURING = "manufacturing"


def hierarchies_in(study: Study) -> dict[str, Hierarchy]:
    """Return regions below their macro-regions and the industries that may move, each below all."""
    regions = study.tables["regions"].iter_rows(named=True)
    industries = study.tables["industries"].iter_rows(named=True)
    moving = [row for row in industries if row.get("sector") in (None, MANUFACTURING)]
    return {"region": _regions(list(regions)), "industry": _tree(moving, "industry")}


def _regions(rows: list[dict[str, Any]]) -> Hierarchy:
    """Regions without one above them that have others below are all of them."""
    above = {row["parent"] for row in rows} - {None}
    tops = {row["region"] for row in rows if row["parent"] is None and row["region"] in above}
    below = [row for row in rows if row["region"] not in tops]
    found = _tree(below, "region")
    parents, names = dict(found.parents), dict(found.names)
    for row in below:
        macro = row["macro_region"]
        if macro is not None and parents[row["region"]] == ROOT:
            code = standard_name(macro)
            parents |= {code: ROOT, row["region"]: code}
            key = f"macro_region.{code}"
            names[code] = word_or("en", key, macro), word_or("zh", key, macro)
    return Hierarchy(parents, names)


def _tree(rows: Iterable[Mapping[str, Any]], key: str) -> Hierarchy:
    rows = list(rows)
    codes = {row[key] for row in rows}
    parents: dict[str, str | None] = {ROOT: None}
    names: dict[str, Words] = {ROOT: PHRASES.words("state.all")}
    for row in rows:
        code = row[key]
        parents[code] = row["parent"] if row["parent"] in codes else ROOT
        english = row["name_en"] or row["name_zh"] or code
        names[code] = english, row["name_zh"] or english
    return Hierarchy(parents, names)
