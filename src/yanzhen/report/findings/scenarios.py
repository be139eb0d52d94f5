"""Findings of a comparison: a few sentences on each scenario, every number computed."""

from typing import TYPE_CHECKING

import polars as pl

from yanzhen.market.problem.tolerance import NOTHING
from yanzhen.report.tables.scenarios import titles
from yanzhen.report.text.names import names
from yanzhen.report.text.quantities import amount, money, percent, persons, share_of
from yanzhen.report.text.words import Lang, word

if TYPE_CHECKING:
    from yanzhen.market.counterfactuals.comparison import Comparison
    from yanzhen.market.plan.plan import Plan


def scenario_findings(plan: "Plan", comparison: "Comparison", lang: Lang) -> list[str]:
    """Return what each scenario does, in the order in which they were asked for."""
    found = []
    for name, title in titles(comparison, lang).items():
        totals = _totals(comparison, name)
        said = [
            *_moved(plan, comparison, name, totals, lang),
            *_money(plan, totals, lang),
            *_race(plan, comparison, name, lang),
            *_gates(comparison, name, lang),
        ]
        stop = "" if lang == "zh" else " "
        found.append(word(lang, "scenario_finding.each", title=title, said=stop.join(said)))
    return found


def _totals(comparison: "Comparison", name: str) -> dict[str, dict[str, float]]:
    rows = comparison.totals.filter(pl.col("scenario") == name).iter_rows(named=True)
    return {row["measure"]: row for row in rows}


def _moved(
    plan: "Plan",
    comparison: "Comparison",
    name: str,
    totals: dict[str, dict[str, float]],
    lang: Lang,
) -> list[str]:
    changes = comparison.macro_regions.filter(pl.col("scenario") == name).sort(
        "change", "macro_region"
    )
    flows = comparison.flows.filter(pl.col("scenario") == name)
    elsewhere = float(flows["change"].abs().sum())
    if elsewhere <= NOTHING * totals["moving_output"]["before"]:
        return [word(lang, "scenario_finding.same")]
    unit, named = money(plan, lang), names(plan, lang)
    more = totals["moving_output"]["change"]
    made = float(plan.industries["output"].sum())
    said = [
        word(
            lang,
            "scenario_finding.more_moves" if more >= 0 else "scenario_finding.fewer_moves",
            change=amount(abs(more), unit),
            share=share_of(abs(more), totals["moving_output"]["before"], lang, scale=made),
        )
    ]
    if changes.height > 1:
        lost, won = changes.row(0, named=True), changes.row(-1, named=True)
        said.append(
            word(
                lang,
                "scenario_finding.macro_regions",
                up=named.macro_region(won["macro_region"]),
                up_change=amount(won["change"], unit),
                up_before=amount(won["before"], unit),
                up_after=amount(won["after"], unit),
                down=named.macro_region(lost["macro_region"]),
                down_change=amount(-lost["change"], unit),
            )
        )
    return said


def _money(plan: "Plan", totals: dict[str, dict[str, float]], lang: Lang) -> list[str]:
    unit = money(plan, lang)
    said = []
    paid = totals["subsidy"]["change"]
    if paid > 0:
        owned = totals["rents"]["change"]
        said.append(
            word(
                lang,
                "scenario_finding.paid" if owned > 0 else "scenario_finding.paid_no_rent",
                paid=amount(paid, unit),
                raising=amount(totals["public_funds"]["change"], unit),
                owners=share_of(owned, paid, lang, 0),
                enterprises=share_of(totals["enterprise_surplus"]["change"], paid, lang, 0),
            )
        )
        jobs, cost = totals["jobs_at_paying_places"]["change"], totals["cost_per_job"]["after"]
        if cost is not None:
            people = persons(plan, lang)
            said.append(
                word(
                    lang,
                    "scenario_finding.cost_per_job",
                    jobs=amount(jobs, people),
                    cost=amount(cost / people.factor, unit),
                    people=people.name,
                )
            )
    social = totals["social_surplus"]["change"]
    if social is not None and abs(social) > NOTHING * totals["moving_output"]["before"]:
        key = "social_more" if social > 0 else "social_less"
        said.append(word(lang, f"scenario_finding.{key}", change=amount(abs(social), unit)))
    return said


def _race(plan: "Plan", comparison: "Comparison", name: str, lang: Lang) -> list[str]:
    found = comparison.races.filter(pl.col("scenario") == name)
    if found.is_empty():
        return []
    unit, race = money(plan, lang), found.row(0, named=True)
    regimes = comparison.regimes.filter(pl.col("scenario") == name)
    of = {row["regime"]: row for row in regimes.iter_rows(named=True)}
    if max(of["nash"]["outlay"], of["coordinated"]["outlay"]) <= 0:
        return [word(lang, "scenario_finding.nobody_pays", localities=race["localities"])]
    said = [
        word(
            lang,
            "scenario_finding.race",
            localities=race["localities"],
            nash=amount(of["nash"]["outlay"], unit),
            nash_highest=percent(of["nash"]["highest"], 2),
            coordinated=amount(of["coordinated"]["outlay"], unit),
            coordinated_highest=percent(of["coordinated"]["highest"], 2),
            waste=amount(race["waste"], unit),
        )
    ]
    converged = of["nash"]["converged"] and of["coordinated"]["converged"]
    key = "settled" if converged else "unsettled"
    said.append(
        word(
            lang,
            f"scenario_finding.{key}",
            starts=race["starts"],
            equilibria=race["equilibria"],
            failed=race["failed_starts"],
        )
    )
    return said


def _gates(comparison: "Comparison", name: str, lang: Lang) -> list[str]:
    changed = comparison.gates.filter(pl.col("scenario") == name)
    if changed.is_empty():
        return []
    count = {change: changed.filter(change=change).height for change in ("closed", "opened")}
    return [word(lang, "scenario_finding.gates", **count)]
