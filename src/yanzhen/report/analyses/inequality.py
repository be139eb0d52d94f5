"""The report on inequality between regions."""

from yanzhen.advantage.inequality import Inequality, inequality
from yanzhen.report.analyses.from_tables import work_from_tables
from yanzhen.report.text.quantities import number
from yanzhen.report.text.words import Lang, word


def _findings(found: Inequality, lang: Lang) -> list[str]:
    first, last = (found.by_year.row(k, named=True) for k in (0, -1))
    figures = {"before": number(first["total"]), "after": number(last["total"])}
    share = number(100 * last["between"] / last["total"]) if last["total"] else number(0)
    years = {"first": first["year"], "last": last["year"]}
    return [word(lang, "inequality.finding", share=share, **figures, **years)]


WORK = work_from_tables("inequality", Inequality, lambda study, *_: inequality(study), _findings)
