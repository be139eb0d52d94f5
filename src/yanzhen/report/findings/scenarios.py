"""Findings of a comparison: a few sentences on each scenario, every number computed."""

from typing import TYPE_CHECKING

import polars as pl

from yanzhen.market.problem.tolerance import NOTHING
from yanzhen.report.tables.scenarios import titles
from yanzhen.report.text.quantities import amount, percent
from yanzhen.report.text.reader import Reader

if TYPE_CHECKING:
    from yanzhen.market.counterfactuals.comparison import Comparison
    from yanzhen.market.plan.plan import Plan


def scenario_findings(plan: "Plan", comparison: "Comparison", reader: Reader) -> list[str]:
    """Return what each scenario does, in the order in which they were asked for."""
    found = []
    for name, title in titles(comparison, reader).items():
        totals = _totals(comparison, name)
        said = [
            *_moved(plan, comparison, name, totals, reader),
            *_money(totals, reader),
            *_race(comparison, name, reader),
            *_gates(comparison, name, reader),
        ]
        stop = "" if reader.lang == "zh" else " "
        found.append(reader.word("scenario_finding.each", title=title, said=stop.join(said)))
    return found


def _totals(comparison: "Comparison", name: str) -> dict[str, dict[str, float]]:
    rows = comparison.totals.filter(pl.col("scenario") == name).iter_rows(named=True)
    return {row["measure"]: row for row in rows}


def _moved(
    plan: "Plan",
    comparison: "Comparison",
    name: str,
    totals: dict[str, dict[str, float]],
    reader: Reader,
) -> list[str]:
    changes = comparison.macro_regions.filter(pl.col("scenario") == name).sort(
        "change", "macro_region"
    )
    flows = comparison.flows.filter(pl.col("scenario") == name)
    elsewhere = float(flows["change"].abs().sum())
    if elsewhere <= NOTHING * totals["moving_output"]["before"]:
        return [reader.word("scenario_finding.same")]
    unit, named = reader.size, reader.names
    more = totals["moving_output"]["change"]
    made = float(plan.industries["output"].sum())
    said = [
        reader.word(
            "scenario_finding.more_moves" if more >= 0 else "scenario_finding.fewer_moves",
            change=amount(abs(more), unit),
            share=reader.share_of(abs(more), totals["moving_output"]["before"], scale=made),
        )
    ]
    if changes.height > 1:
        lost, won = changes.row(0, named=True), changes.row(-1, named=True)
        said.append(
            reader.word(
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


def _money(totals: dict[str, dict[str, float]], reader: Reader) -> list[str]:
    unit = reader.money
    said = []
    paid = totals["subsidy"]["change"]
    # Null where sizes are no money.
    if paid is not None and paid > 0:
        owned = totals["rents"]["change"]
        said.append(
            reader.word(
                "scenario_finding.paid" if owned > 0 else "scenario_finding.paid_no_rent",
                paid=amount(paid, unit),
                raising=amount(totals["public_funds"]["change"], unit),
                owners=reader.share_of(owned, paid, 0),
                enterprises=reader.share_of(totals["enterprise_surplus"]["change"], paid, 0),
            )
        )
        jobs, cost = totals["jobs_at_paying_places"]["change"], totals["cost_per_job"]["after"]
        if cost is not None:
            people = reader.persons
            said.append(
                reader.word(
                    "scenario_finding.cost_per_job",
                    jobs=amount(jobs, people),
                    cost=amount(cost / people.factor, unit),
                    people=people.name,
                )
            )
    social = totals["social_surplus"]["change"]
    if social is not None and abs(social) > NOTHING * totals["moving_output"]["before"]:
        key = "social_more" if social > 0 else "social_less"
        said.append(reader.word(f"scenario_finding.{key}", change=amount(abs(social), unit)))
    return said


def _race(comparison: "Comparison", name: str, reader: Reader) -> list[str]:
    found = comparison.races.filter(pl.col("scenario") == name)
    if found.is_empty():
        return []
    unit, race = reader.money, found.row(0, named=True)
    regimes = comparison.regimes.filter(pl.col("scenario") == name)
    of = {row["regime"]: row for row in regimes.iter_rows(named=True)}
    if max(of["nash"]["outlay"], of["coordinated"]["outlay"]) <= 0:
        return [reader.word("scenario_finding.nobody_pays", localities=race["localities"])]
    said = [
        reader.word(
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
        reader.word(
            f"scenario_finding.{key}",
            starts=race["starts"],
            equilibria=race["equilibria"],
            failed=race["failed_starts"],
        )
    )
    return said


def _gates(comparison: "Comparison", name: str, reader: Reader) -> list[str]:
    changed = comparison.gates.filter(pl.col("scenario") == name)
    if changed.is_empty():
        return []
    count = {change: changed.filter(change=change).height for change in ("closed", "opened")}
    return [reader.word("scenario_finding.gates", **count)]
