"""The figures of one drawn study: places, what they make, what it needs. All SYNTHETIC."""

from typing import Any

import numpy as np

Rows = list[dict[str, Any]]
SECTORS = ("manufacturing", "manufacturing", "manufacturing", "producer_services")
CLASSES = ("labour", "energy", "technology", None)


class Economy:
    """Regions, industries and years drawn from one seed, each table by a method."""

    def __init__(
        self,
        rng: np.random.Generator,
        leaves: list[str],
        industries: list[str],
        years: tuple[int, ...],
        hierarchy: str,
        gaps: float,
        odd: float,
    ) -> None:
        self.rng, self.leaves, self.names, self.years = rng, leaves, industries, years
        self.hierarchy, self.gaps, self.odd = hierarchy, gaps, odd
        self.sectors = [SECTORS[k] for k in range(len(industries))]
        self.movable = [i for i, s in zip(industries, self.sectors, strict=True) if s == SECTORS[0]]
        self.parent = self._parents()
        growth = rng.uniform(0.6, 1.8, (len(leaves), len(industries), len(years)))
        start = rng.lognormal(5, 1.2, (len(leaves), len(industries), 1))
        self.output = np.round(start * np.cumprod(growth, axis=2), 2)

    def _parents(self) -> dict[str, str | None]:
        if self.hierarchy == "flat":
            return dict.fromkeys(self.leaves)
        if self.hierarchy == "nation":
            return {"CN": None, **dict.fromkeys(self.leaves, "CN")}
        half = (len(self.leaves) + 1) // 2
        roots = {"P0": None, "P1": None} if half < len(self.leaves) else {"P0": None}
        if self.hierarchy == "three_levels":
            roots = {"CN": None, **dict.fromkeys(roots, "CN")}
        return roots | {leaf: "P0" if k < half else "P1" for k, leaf in enumerate(self.leaves)}

    def maybe(self, value: Any, chance: float | None = None) -> Any:
        return None if self.rng.random() < (self.gaps if chance is None else chance) else value

    def pick(self, values: Any) -> Any:
        return values[int(self.rng.integers(len(values)))]

    def regions(self, located: str) -> Rows:
        rows = []
        for code, parent in self.parent.items():
            row: dict[str, Any] = {
                "region": code,
                "name_zh": f"合成区{code}",
                "name_en": f"SYNTHETIC {code}",
                "parent": parent,
                "macro_region": self.pick(["East", "West", "West", None]),
            }
            here = located in ("all", "alike") or (located == "some" and self.rng.random() < 0.6)
            if code in self.leaves and here:
                east, north = self.rng.uniform((75, 20), (130, 45)).round(3).tolist()
                alike = located == "alike"
                row |= {"longitude": 105.0 if alike else east, "latitude": 30.0 if alike else north}
            rows.append(row)
        return rows

    def industry_rows(self) -> Rows:
        return [
            {
                "industry": code,
                "name_zh": f"合成行业{code}",
                "name_en": f"SYNTHETIC industry {code}",
                "sector": sector,
                "class": CLASSES[k],
            }
            for k, (code, sector) in enumerate(zip(self.names, self.sectors, strict=True))
        ]

    def activity(self, measures: int) -> Rows:
        rows = []
        for r, region in enumerate(self.leaves):
            for s, industry in enumerate(self.names):
                for t, year in enumerate(self.years):
                    output = float(self.output[r, s, t])
                    if self.rng.random() < self.odd:
                        output = self.pick([0.0, 0.0, 0.01, output * 20])
                        self.output[r, s, t] = output
                    row: dict[str, Any] = {"region": region, "industry": industry, "year": year}
                    row["output"] = self.maybe(output)
                    row["output_status"] = self.pick([None, "synthetic", "estimated"])
                    if measures > 0:
                        row["employment"] = self.maybe(round(output * 0.012, 4))
                        row["tax"] = self.maybe(round(output * 0.04, 3))
                    if measures > 1:
                        row["value_added"] = self.maybe(round(output * 0.25, 3))
                        row["energy"] = self.maybe(round(output * 0.3, 3))
                        row["emissions"] = self.maybe(round(output * 0.002, 5))
                    rows.append(row)
        return rows + self._totals()

    def _totals(self) -> Rows:
        rows = []
        for code in self.parent:
            below = [r for r, leaf in enumerate(self.leaves) if self._is_above(code, leaf)]
            if not below or self.rng.random() < 0.3:
                continue
            for s, industry in enumerate(self.names):
                for t, year in enumerate(self.years):
                    total = float(self.output[below, s, t].sum())
                    rows.append(
                        {
                            "region": code,
                            "industry": industry,
                            "year": year,
                            "output": self.maybe(round(total, 2)),
                        }
                    )
        return rows

    def _is_above(self, code: str, leaf: str) -> bool:
        above = self.parent.get(leaf)
        while above is not None:
            if above == code:
                return True
            above = self.parent.get(above)
        return False

    def sites(self) -> Rows:
        return [
            {
                "site": f"S{k}",
                "region": self.pick(self.leaves),
                "name_zh": f"合成园区{k}",
                "name_en": f"SYNTHETIC park {k}",
                "longitude": self.maybe(round(float(self.rng.uniform(75, 130)), 2), 0.5),
                "latitude": self.maybe(round(float(self.rng.uniform(20, 45)), 2), 0.5),
            }
            for k in range(int(self.rng.integers(1, 4)))
        ]

    def resources(self, with_sites: bool) -> Rows:
        places = [*self.leaves, *(["S0"] if with_sites else []), *self.parent]
        rows: dict[tuple[str, str], dict[str, Any]] = {}
        for _ in range(int(self.rng.integers(1, 6))):
            place, resource = self.pick(places), self.pick(["output", "output", "jobs", "land"])
            scale = {"output": 400.0, "jobs": 4.0, "land": 200.0}[resource]
            rows[place, resource] = {
                "place": place,
                "resource": resource,
                "capacity": self.maybe(round(float(self.rng.lognormal(0, 1) * scale), 2), 0.2),
                "posted_price": self.maybe(round(float(self.rng.uniform(0, 0.02)), 4), 0.5),
                "price_floor": self.maybe(round(float(self.rng.uniform(0, 0.03)), 4), 0.7),
                "rent_recipient": self.pick(["site", "locality", "none", None]),
                "one_off": self.pick([True, False, None]),
            }
        return list(rows.values())

    def enterprises(self) -> Rows:
        rows = []
        for k in range(int(self.rng.integers(1, 7))):
            r, s = int(self.rng.integers(len(self.leaves))), int(self.rng.integers(len(self.names)))
            output = max(0.0, float(self.output[r, s, -1])) * 0.02
            rows.append(
                {
                    "enterprise": f"E{k}",
                    "industry": self.names[s],
                    "origin": self.leaves[r],
                    "count": int(self.rng.integers(1, 5)),
                    "output": self.maybe(round(output, 4), 0.1),
                    "spare_output": self.maybe(round(output * 0.2, 4), 0.5),
                    "land": self.maybe(round(output * 0.5, 4), 0.3),
                    "jobs": self.maybe(round(output * 0.01, 5), 0.3),
                }
            )
        return rows

    def moves(self) -> Rows:
        rows = []
        for k in range(int(self.rng.integers(1, 5))):
            origin = self.pick([*self.leaves, "abroad"])
            rows.append(
                {
                    "move": f"M{k}",
                    "industry": self.pick(self.names),
                    "origin": origin,
                    "destination": self.pick([d for d in [*self.leaves, "abroad"] if d != origin]),
                    "year": int(self.rng.integers(self.years[0], self.years[-1] + 1)),
                    "output": self.maybe(round(float(self.rng.lognormal(2, 1)), 2), 0.2),
                    "count": self.maybe(1, 0.5),
                }
            )
        return rows

    def distances(self) -> Rows:
        return [
            {"origin": start, "destination": end, "kilometres": self.kilometres()}
            for start in self.leaves
            for end in self.leaves
            if start != end and self.rng.random() < 0.6
        ]

    def kilometres(self) -> float:
        return round(float(self.rng.uniform(5, 3000)), 1)

    def factor_prices(self) -> Rows:
        priced = {
            "wage": ("CNY per person-year", 40_000.0, 120_000.0),
            "electricity": ("CNY per kWh", 0.3, 0.9),
            "land": self.pick([("CNY per m2", 300.0, 900.0), ("10,000 CNY per mu per year", 1, 3)]),
        }
        return [
            {
                "place": place,
                "factor": factor,
                "year": self.years[-1],
                "price": round(float(self.rng.uniform(low, high)), 3),
                "unit": unit,
            }
            for place in self.leaves
            for factor, (unit, low, high) in priced.items()
            if self.rng.random() < 0.8
        ]

    def intensities(self) -> Rows:
        needs = {
            "electricity": ("kWh per 10,000 CNY", 50.0, 900.0),
            "land": ("10,000 CNY per mu", 100.0, 600.0),
        }
        return [
            {
                "industry": industry,
                "resource": resource,
                "amount": round(float(self.rng.uniform(low, high)), 2),
                "unit": unit,
            }
            for industry in self.names
            for resource, (unit, low, high) in needs.items()
            if self.rng.random() < 0.8
        ]

    def indicators(self) -> Rows:
        rows = []
        for r, region in enumerate(self.leaves):
            for year in self.years:
                gdp = max(1.0, float(self.output[r, :, -1].sum()) * 0.8)
                for indicator, value in (("gdp", gdp), ("population", gdp / 6.0)):
                    rows.append(
                        {
                            "region": region,
                            "year": year,
                            "indicator": indicator,
                            "value": self.maybe(round(value, 3)),
                        }
                    )
        return rows

    def input_output(self, kind: str) -> Rows:
        """A balanced table of the nation or of all regions; rounded, or without an industry."""
        names = self.names[:-1] if kind == "without_one" and len(self.names) > 1 else self.names
        n, made = len(names), self.output[:, : len(names), -1]
        a = self.rng.uniform(0, 0.6 / n, (n, n))
        places = self.leaves if kind == "regions" else [next(iter(self.parent))]
        x = made if kind == "regions" else made.sum(axis=0, keepdims=True)
        shares = self.rng.dirichlet(np.ones(len(places)), (n, len(places)))
        digits = 1 if kind == "rounded" else 9
        flows = np.einsum("irk,ij,rj->kirj", shares, a, x)
        rows = []

        def add(k: int, supplier: str, r: int, user: str, origin: str, value: float) -> None:
            rows.append(
                {
                    "year": self.years[0],
                    "supplier_region": places[k],
                    "supplier": supplier,
                    "user_region": places[r],
                    "user": user,
                    "origin": origin,
                    "value": round(float(value), digits),
                }
            )

        for k in range(len(places)):
            for i, supplier in enumerate(names):
                for r in range(len(places)):
                    for j, user in enumerate(names):
                        add(k, supplier, r, user, "domestic", flows[k, i, r, j])
                rest = x[k, i] - flows[k, i].sum()
                use = "consumption" if rest >= 0 else "capital_formation"
                add(k, supplier, k, use, "domestic", rest)
                add(k, "surplus", k, supplier, "value_added", x[k, i] - flows[:, :, k, i].sum())
        return rows
