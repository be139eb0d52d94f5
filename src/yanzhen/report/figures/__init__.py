"""Pictures of a plan: functions from a plan and a language to an Altair chart."""

from yanzhen.report.figures.comparison import comparison
from yanzhen.report.figures.completeness import completeness
from yanzhen.report.figures.flows import flows
from yanzhen.report.figures.history import history
from yanzhen.report.figures.macro_regions import macro_regions
from yanzhen.report.figures.net_arrivals import net_arrivals
from yanzhen.report.figures.prices import limited_resources, prices
from yanzhen.report.figures.reasons import reasons
from yanzhen.report.figures.schedule import schedule
from yanzhen.report.figures.theme import Chart

FIGURES = {
    "history": history,
    "macro_regions": macro_regions,
    "flows": flows,
    "net_arrivals": net_arrivals,
    "prices": prices,
    "reasons": reasons,
    "comparison": comparison,
    "schedule": schedule,
    "completeness": completeness,
}

__all__ = [
    "FIGURES",
    "Chart",
    "comparison",
    "completeness",
    "flows",
    "history",
    "limited_resources",
    "macro_regions",
    "net_arrivals",
    "prices",
    "reasons",
    "schedule",
]
