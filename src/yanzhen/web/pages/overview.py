"""Overview: what the plan found, its flows on the map, and the proof."""

from functools import partial

from yanzhen.report.findings.plan import findings
from yanzhen.web.figure import figure, quality_of
from yanzhen.web.progress import ready
from yanzhen.web.text import bullets, notice, text
from yanzhen.web.view import View

SHOWN = (
    "flows", "net_arrivals", "macro_regions", "arrival_ranks", "reasons", "prices", "comparison",
    "schedule",
)  # fmt: skip
OBSERVED = ("history", "completeness")


def overview(view: View) -> None:
    """Show the plan of a study."""
    if not ready(view, "plan"):
        return
    plan = view.bench.plans.read(view.study)
    text("h2", view.word("findings"))
    bullets(findings(plan, view.reader(plan)), "findings", "ol")
    notice(
        view.word("certificate_passed" if plan.certificate.passed else "certificate_failed"),
        "good" if plan.certificate.passed else "bad",
    )
    for key in (*SHOWN, *OBSERVED):
        plan_figure(view, key)


def plan_figure(view: View, key: str) -> None:
    """Show a picture of the plan with the table that holds its numbers."""
    plans = view.bench.plans
    table = plans.table_of(view.study, key)
    root = f"/api/v1/plans/{view.study}"
    shown = partial(plans.table, view.study, table, view.lang)
    plan = plans.read(view.study)
    modelled = key not in OBSERVED
    quality = quality_of(shown(), plan.study.about.synthetic, modelled)
    if key == "completeness" and quality == "observed" and plan.completeness["estimated"].sum():
        quality = "estimated"
    figure(
        view,
        f"{root}/figures/{key}?lang={view.lang}",
        plans.kept_picture(view.study, key, view.lang),
        shown,
        f"{root}/tables/{table}",
        quality,
    )
