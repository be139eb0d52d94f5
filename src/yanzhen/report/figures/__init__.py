"""Pictures: functions from a plan and a language, or a diagnosis, to an Altair chart."""

from yanzhen.report.figures.arrival_ranks import arrival_ranks
from yanzhen.report.figures.centres import centres
from yanzhen.report.figures.comparison import comparison
from yanzhen.report.figures.completeness import completeness
from yanzhen.report.figures.flows import flows
from yanzhen.report.figures.history import history
from yanzhen.report.figures.industry_space import industry_space
from yanzhen.report.figures.macro_regions import macro_regions
from yanzhen.report.figures.net_arrivals import net_arrivals
from yanzhen.report.figures.opportunities import opportunities
from yanzhen.report.figures.prices import limited_resources, prices
from yanzhen.report.figures.rank_intervals import rank_intervals
from yanzhen.report.figures.reasons import reasons
from yanzhen.report.figures.schedule import schedule
from yanzhen.report.figures.shift_share import shift_share
from yanzhen.report.figures.specialisation import specialisation
from yanzhen.report.figures.theme import Chart

FIGURES = {
    "history": history,
    "macro_regions": macro_regions,
    "flows": flows,
    "net_arrivals": net_arrivals,
    "arrival_ranks": arrival_ranks,
    "prices": prices,
    "reasons": reasons,
    "comparison": comparison,
    "schedule": schedule,
    "completeness": completeness,
}
DIAGNOSIS_FIGURES = {
    "specialisation": specialisation,
    "industry_space": industry_space,
    "shift_share": shift_share,
    "centres": centres,
    "rank_intervals": rank_intervals,
    "opportunities": opportunities,
}

__all__ = [
    "DIAGNOSIS_FIGURES",
    "FIGURES",
    "Chart",
    "arrival_ranks",
    "centres",
    "comparison",
    "completeness",
    "flows",
    "history",
    "industry_space",
    "limited_resources",
    "macro_regions",
    "net_arrivals",
    "opportunities",
    "prices",
    "rank_intervals",
    "reasons",
    "schedule",
    "shift_share",
    "specialisation",
]
