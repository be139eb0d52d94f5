"""Which places' distances are assumed: said wherever distance counts."""

from yanzhen.report.text.names import names
from yanzhen.report.text.protocols import Result
from yanzhen.report.text.words import Lang, word
from yanzhen.study.coverage import leaves
from yanzhen.study.distances import MOST_NAMED, distances, without_distance


def unknown_distances(result: Result, lang: Lang) -> list[str]:
    """Return a sentence on the regions whose distances are not known, none where all are."""
    tables = result.study.tables
    regions = leaves(tables["regions"])
    lacking = without_distance(tables, regions)
    if not lacking:
        return []
    if not distances(tables, regions).known:
        return [word(lang, "limit.no_distance")]
    name = names(result, lang).regions
    listed = word(lang, "comma").join(name.get(code, code) for code in lacking[:MOST_NAMED])
    return [word(lang, "limit.distance_assumed", regions=listed, count=len(lacking))]
