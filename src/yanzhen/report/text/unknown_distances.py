"""Which places' distances are assumed: said wherever distance counts."""

from yanzhen.report.text.reader import Reader
from yanzhen.study.coverage import leaves
from yanzhen.study.distances import MOST_NAMED, distances, without_distance


def unknown_distances(reader: Reader) -> list[str]:
    """Return a sentence on the regions whose distances are not known, none where all are."""
    tables = reader.study.tables
    regions = leaves(tables["regions"])
    lacking = without_distance(tables, regions)
    if not lacking:
        return []
    if not distances(tables, regions).known:
        return [reader.word("limit.no_distance")]
    name = reader.names.regions
    listed = reader.word("comma").join(name.get(code, code) for code in lacking[:MOST_NAMED])
    return [reader.word("limit.distance_assumed", regions=listed, count=len(lacking))]
