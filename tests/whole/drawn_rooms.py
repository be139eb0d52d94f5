"""SYNTHETIC tables of the later rooms, drawn beside those of a drawn study.

Products and projects, parks, funds with limits, transitions of projects, indicators of one's own
with targets, achievements. Some figures are odd: none, nothing, very much, very little.
"""

from datetime import date, timedelta
from typing import Any

import numpy as np
from hypothesis import strategies as st

from tests.whole import drawn_policies
from tests.whole.drawn_economy import Rows
from tests.whole.drawn_study import DrawnStudy, drawn_studies
from yanzhen.study.products import NEEDED, OPTIONAL
from yanzhen.study.tables import TABLES, meanings
from yanzhen.study.tables.finance import CONVENTIONS, DAY_COUNTS, PARK_KINDS
from yanzhen.study.tables.goals import DIRECTIONS, FAMILIES, OTHER_EVENTS, STATES

ROOMS = ("finance", "parks", "fund", "track", "goals", "technology")
SHARED = ("market_rate", "default_rate", "recovery", "recovery_lag_months")
ODD = (0.0, 1e-9, 1e-4, 1e4)
FORMULAS = (
    "total(activity.output)",
    "total(activity.output, region='{region}') / total(activity.output)",
    "total(activity.employment) / total(activity.output)",
    "herfindahl(activity.output, over='industry')",
    "total(activity.output, industry='{industry}') - total(activity.output)",
    "total(indicators.gdp) / total(indicators.population)",
)


@st.composite
def studies_of_later_rooms(draw: st.DrawFn) -> DrawnStudy:
    """Draw a study and, beside its tables, those of some of the later rooms."""
    rows, settings = draw(drawn_studies())
    rooms = draw(st.sets(st.sampled_from(ROOMS), min_size=1))
    drawn = LaterRooms(np.random.default_rng(draw(st.integers(0, 2**32 - 1))), rows)
    added: dict[str, Rows] = {}
    if rooms & {"finance", "fund"}:
        rows["products"] = drawn.products()
        added["projects"] = drawn.projects()
    if "parks" in rooms:
        added["park_finance"] = drawn.park()
    if "fund" in rooms:
        added |= {"funds": drawn.funds(), "fund_limits": drawn.limits()}
        rows.pop("parameters", None)
    if "track" in rooms:
        added["transitions"] = drawn.transitions()
    if "goals" in rooms:
        added |= {"goal_indicators": drawn.indicators(), "targets": drawn.targets()}
    if "technology" in rooms:
        added |= drawn.technology()
    if drawn.chance(0.7):
        added["indicators"] = drawn.gdp()
        if drawn.chance(0.7):
            added["input_output"] = drawn.input_output()
    return {**rows, **added}, settings


class LaterRooms:
    """The tables, each by a method, of the regions, industries and years of a drawn study."""

    def __init__(self, rng: np.random.Generator, rows: dict[str, Rows]) -> None:
        self.rng, self.rows = rng, rows
        parents = {row.get("parent") for row in rows["regions"]}
        self.leaves = [r["region"] for r in rows["regions"] if r["region"] not in parents]
        self.industries = [row["industry"] for row in rows["industries"]]
        self.years = sorted({row["year"] for row in rows["activity"]})
        self.sites = [row["site"] for row in rows.get("sites", [])]
        if not self.sites:
            rows["sites"] = [
                {"site": "S0", "region": self.pick(self.leaves), "name_zh": "合成园区"}
            ]
            self.sites = ["S0"]

    def chance(self, of: float) -> bool:
        return bool(self.rng.random() < of)

    def pick(self, values: Any) -> Any:
        return values[int(self.rng.integers(len(values)))]

    def amount(self, scale: float, odd: float = 0.1) -> float:
        if self.chance(odd):
            return float(self.pick(ODD))
        return round(float(self.rng.lognormal(0, 1) * scale), 4)

    def maybe(self, value: Any, chance: float = 0.2) -> Any:
        return None if self.chance(chance) else value

    def products(self) -> Rows:
        kinds = [str(self.pick(list(NEEDED))) for _ in range(int(self.rng.integers(1, 5)))]
        return [self.product(f"X{k}", kind) for k, kind in enumerate(kinds)]

    def product(self, code: str, kind: str) -> dict[str, Any]:
        row: dict[str, Any] = {"product": code, "kind": kind}
        optional = [name for name in (*OPTIONAL[kind], *SHARED) if self.chance(0.3)]
        if self.chance(0.6):
            row["financed_share"] = self.pick([0.2, 0.5, 1.0, 1e-6, 0.001])
        if self.chance(0.7):
            row["provider"] = self.pick(["fund", "fund", "fund", "lender", "treasury", "investor"])
        for name in (*NEEDED[kind], *optional):
            row[name] = self.term(name)
        if row.get("exit") == "sale":
            row["exit_multiple"] = self.pick([0.0, 1.2, 3.0])
        elif row.get("exit") == "buyback":
            row["rate"] = self.pick([0.0, 0.04])
        if row.get("recovery") and not row.get("recovery_lag_months"):
            row["recovery"] = self.pick([0.0, None])
        if "recovery_lag_months" in row and not row.get("recovery"):
            row["recovery_lag_months"] = None
        if row.get("grace_months") is not None:
            row["grace_months"] = self.pick([0, 12]) if row["tenor_months"] > 12 else 0
        if row.get("turns") is not None:
            row["turns"] = self.pick([1, 4]) if row["tenor_months"] <= 120 else 1
        if row.get("advance_share") is not None:
            row["advance_share"] = max(row["advance_share"], 0.01)
        row["day_count"], row["convention"] = self.pick(DAY_COUNTS), self.pick(CONVENTIONS)
        return row

    def term(self, name: str) -> Any:
        column, said = TABLES["products"].columns()[name], meanings("products")[name]
        if said.kind == "choice":
            return self.pick(said.values)
        if said.kind == "flag":
            return self.chance(0.5)
        if name == "payments_per_year":
            return self.pick([1, 2, 4, 12])
        if said.kind == "integer":
            return self.pick([12, 24, 36, 60, 120])
        low, high = column.min, min(column.max, 2.0)  # type: ignore[attr-defined]
        return round(float(self.pick([low, high, *self.rng.uniform(low, min(high, 0.1), 4)])), 4)

    def projects(self) -> Rows:
        offered = [row["product"] for row in self.rows.get("products", [])] or ["X0"]
        return [self.project(f"J{k}", offered) for k in range(int(self.rng.integers(1, 5)))]

    def project(self, code: str, offered: list[str]) -> dict[str, Any]:
        """A part of what its region makes of its industry, or anything."""
        made = self.pick(self.rows["activity"])
        output = (made.get("output") or 1.0) * self.pick([0.001, 0.01])
        here = self.chance(0.8)
        return {
            "project": code,
            "origin": made["region"] if here else self.maybe(self.pick([*self.leaves, "abroad"])),
            "site": self.maybe(self.pick([*self.sites, *self.leaves]), 0.1),
            "industry": made["industry"] if here else self.maybe(self.pick(self.industries)),
            "output": round(output, 6) if self.chance(0.9) else self.maybe(self.amount(3.0)),
            "jobs": self.maybe(self.amount(0.05)),
            "investment": max(round(output * 0.4, 6) if here else self.amount(3.0), 1e-6),
            "start": f"{self.years[-1] + int(self.rng.integers(1, 8))}-03-31",
            "products": self.maybe(";".join(sorted({self.pick(offered) for _ in range(2)}))),
        }

    def park(self) -> Rows:
        first = self.years[-1] + 1
        rows = []
        for k, kind in enumerate(PARK_KINDS):
            if self.chance(0.3):
                continue
            start = first + int(self.rng.integers(0, 4))
            row: dict[str, Any] = {"site": self.sites[0], "item": f"I{k}", "kind": kind}
            if kind == "reserve":
                rows.append({**row, "reserve_share": self.pick([0.0, 0.5, 2.0])})
                continue
            row |= {"amount": self.amount(2.0), "from_year": start}
            row["to_year"] = self.maybe(start + int(self.rng.integers(0, 15)))
            if kind == "rent":
                row["lease_up_years"] = self.maybe(self.pick([1, 4, 50]))
            if kind in ("special_bond", "loan"):
                row |= {"rate": self.pick([0.0, 0.03, 0.5]), "rank": 1 if kind == "loan" else 2}
                row |= {"tenor_years": self.pick([1, 8, 60]), "grace_years": self.maybe(0, 0.5)}
            rows.append(row)
        return rows

    def funds(self) -> Rows:
        return [
            {"fund": "F0", "name_zh": "合成基金", "size": self.maybe(self.amount(5.0), 0.1)},
            *([{"fund": "F1", "size": 2.0}] if self.chance(0.1) else []),
        ]

    def limits(self) -> Rows:
        whats = {
            "year": str(self.years[-1] + 2),
            "region": self.pick(self.leaves),
            "industry": self.pick(self.industries),
            "product": "X0",
            "aid": self.pick(self.leaves),
        }
        rows = []
        for kind, of in whats.items():
            if self.chance(0.7):
                continue
            said = "most_share" if kind == "aid" else self.pick(["least", "most", "most_share"])
            value = self.pick([0.0, 0.3, 1.0]) if said == "most_share" else self.amount(0.5)
            rows.append({"fund": "F0", "kind": kind, "of": of, said: value})
        return rows

    def transitions(self) -> Rows:
        rows: dict[tuple[str, str, str], dict[str, Any]] = {}
        for k in range(int(self.rng.integers(1, 12))):
            day = date(2018, 1, 1) + timedelta(days=int(self.rng.integers(0, 1500)))
            first = True
            events = [*STATES[: int(self.rng.integers(1, 5))]]
            if self.chance(0.4):
                events.append(str(self.pick([*STATES[4:], *OTHER_EVENTS])))
            for event in events:
                row: dict[str, Any] = {"project": f"J{k}", "date": str(day), "event": event}
                if first:
                    row["region"] = self.maybe(self.pick(self.leaves))
                    row["industry"] = self.maybe(self.pick(self.industries))
                if event in ("signed", "increase", "funds"):
                    row["amount"] = self.maybe(self.amount(3.0)) if first else self.amount(1.0)
                if event == "owner":
                    row["owner"] = "合成投资方"
                rows[row["project"], row["date"], event] = row
                day += timedelta(days=int(self.pick([1, 30, 400])))
                first = False
        return list(rows.values())

    def indicators(self) -> Rows:
        return [
            {
                "indicator": f"own_{k}",
                "family": self.pick(FAMILIES),
                "name_zh": "合成指标",
                "formula": self.pick(FORMULAS).format(
                    region=self.pick(self.leaves), industry=self.pick(self.industries)
                ),
                "direction": self.maybe(self.pick(DIRECTIONS)),
            }
            for k in range(int(self.rng.integers(1, 4)))
        ]

    def targets(self) -> Rows:
        wanted = ["own_0", "gdp", "inequality", "western_share"]
        return [
            {
                "target": f"G{k}",
                "indicator": self.pick(wanted),
                "region": self.maybe(self.pick(self.leaves), 0.7),
                "year": self.pick([self.years[0], self.years[-1], 2030]),
                "value": self.maybe(self.pick([0.0, -1.0, 100.0, 1e-9]), 0.1),
                "source": "SYNTHETIC",
            }
            for k in range(int(self.rng.integers(1, 3)))
        ]

    def technology(self) -> dict[str, Rows]:
        # What the drawn policies ask of an economy is here too.
        return {
            "technologies": drawn_policies.technologies(self),  # type: ignore[arg-type]
            "technology_needs": drawn_policies.needs(self),  # type: ignore[arg-type]
            "incubators": drawn_policies.incubators(self),  # type: ignore[arg-type]
        }

    @property
    def names(self) -> list[str]:
        """The industries, as an economy calls them."""
        return self.industries

    def input_output(self) -> Rows:
        """A balanced table of the nation whose output is what the regions make."""
        place = next((r["region"] for r in self.rows["regions"] if not r.get("parent")), "R0")
        made = [
            sum(
                row.get("output") or 0.0
                for row in self.rows["activity"]
                if row["year"] == self.years[-1]
                and (row["region"] in self.leaves and row["industry"] == industry)
            )
            for industry in self.industries
        ]
        rows = []

        def add(supplier: str, user: str, origin: str, value: float) -> None:
            rows.append(
                {
                    "year": self.years[-1],
                    "supplier_region": place,
                    "supplier": supplier,
                    "user_region": place,
                    "user": user,
                    "origin": origin,
                    "value": value,
                }
            )

        n = len(made)
        flows = self.rng.uniform(0, 0.6 / n, (n, n)) * np.array(made)[None, :]
        for i, supplier in enumerate(self.industries):
            for j, user in enumerate(self.industries):
                add(supplier, user, "domestic", float(flows[i, j]))
            rest = made[i] - float(flows[i].sum())
            final = "consumption" if rest >= 0 else "capital_formation"
            add(supplier, final, "domestic", rest)
            added = made[i] - float(flows[:, i].sum())
            add("compensation", supplier, "value_added", 0.4 * added)
            add("surplus", supplier, "value_added", 0.6 * added)
        return rows

    def gdp(self) -> Rows:
        rows = []
        for region in self.leaves:
            for year in self.years:
                made = sum(
                    row.get("output") or 0.0
                    for row in self.rows["activity"]
                    if (row["region"], row["year"]) == (region, year)
                )
                gdp = max(1.0, made * self.pick([1.0, 1.0, 2.0, 0.7]))
                for indicator, value in (("gdp", gdp), ("population", gdp / 6.0)):
                    row = {"region": region, "year": year, "indicator": indicator}
                    rows.append({**row, "value": self.maybe(round(value, 3), 0.02)})
        return rows
