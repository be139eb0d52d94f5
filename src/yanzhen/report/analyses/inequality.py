"""The report on inequality between regions."""

from yanzhen.advantage.inequality import Inequality, inequality
from yanzhen.report.analyses.from_tables import work_from_tables
from yanzhen.report.text.quantities import number, percent
from yanzhen.report.text.reader import Reader
from yanzhen.study.ratios import ratio


def _findings(found: Inequality, reader: Reader) -> list[str]:
    last = found.by_year.row(-1, named=True)
    first = found.by_year.filter(year=found.alike_since).row(0, named=True)
    figures = {"before": number(first["total"]), "after": number(last["total"])}
    moved = "moved" if found.alike_since < found.year else "one_year"
    said = [reader.word(f"inequality.{moved}", first=first["year"], last=last["year"], **figures)]
    if last["between"] is not None and last["total"] > 0:
        share = ratio(last["between"], last["total"])
        said.append(reader.word("inequality.between", share=percent(share)))
    return said


WORK = work_from_tables(
    "inequality", Inequality, lambda study, *_: inequality(study), _findings, "observed"
)
