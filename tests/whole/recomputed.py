"""Results computed a second time from what is published, by code that shares nothing with ours.

Each function returns how many figures it compared and the largest difference, relative to the
largest figure of its kind.
"""

from dataclasses import dataclass, field

import numpy as np
import polars as pl
from numpy.typing import NDArray

from yanzhen.accounts.input_output import InputOutputTable
from yanzhen.accounts.multiregional import nation_of
from yanzhen.advantage.diagnosis import Diagnosis
from yanzhen.market.plan.plan import Plan
from yanzhen.modes.chain.network.chain_map import chain_of, stages
from yanzhen.modes.chain.network.multiregional_flows import supply_web
from yanzhen.modes.chain.network.security import security

Floats = NDArray[np.float64]


@dataclass
class Agreement:
    """Figures compared so far, and how far the two computations lie apart."""

    figures: int = 0
    largest_difference: float = 0.0
    by_name: dict[str, float] = field(default_factory=dict)

    def compare(self, name: str, ours: Floats, theirs: Floats) -> None:
        """Compare two arrays; a figure missing in one and not in the other is a difference."""
        known, expected = np.isfinite(ours), np.isfinite(theirs)
        scale = max(float(np.abs(theirs[expected]).max(initial=0.0)), 1e-300)
        both = known & expected
        apart = float(np.abs(ours[both] - theirs[both]).max(initial=0.0)) / scale
        apart = np.inf if (known != expected).any() else apart
        self.figures += int(both.sum())
        self.largest_difference = max(self.largest_difference, apart)
        self.by_name[name] = max(self.by_name.get(name, 0.0), apart)


def flows_of_plan(plan: Plan) -> Agreement:
    """Every flow of a plan by the logit of its published gains.

    P_ij = exp(g_ij / σ) / (1 + Σ_k exp(g_ik / σ)) with g_ij the sum of the published reasons, and
    the flow is P_ij times the output of industry and origin (McFadden 1974). Rents and balances
    follow from the flows.
    """
    agreement = Agreement()
    sigma = plan.parameters.filter(parameter="sigma")["value"].item()
    route = ["industry", "origin", "destination"]
    gains = plan.reasons.group_by(route).agg(gain=pl.col("size").sum())
    mass = plan.activity.filter(year=plan.base_year).select(
        "industry", origin="region", mass="output"
    )
    odds = gains.with_columns(odds=(pl.col("gain") / sigma).exp())
    computed = odds.join(mass, on=["industry", "origin"]).with_columns(
        flow=pl.col("mass") * pl.col("odds") / (1 + pl.col("odds").sum().over("industry", "origin"))
    )
    both = plan.moves.join(computed, on=route, how="full", coalesce=True)
    agreement.compare("moves", _column(both, "output"), _column(both, "flow"))
    arrivals = computed.group_by(site="destination").agg(pl.col("flow").sum())
    sites = plan.sites.join(arrivals, on="site", how="left")
    agreement.compare("arrivals", _column(sites, "arrivals"), _column(sites, "flow"))
    left = computed.group_by(region="origin").agg(left=pl.col("flow").sum())
    regions = plan.regions.join(left, on="region", how="left")
    agreement.compare("departures", _column(regions, "departures"), _column(regions, "left"))
    return agreement


def indicators_of_diagnosis(diagnosis: Diagnosis) -> Agreement:
    """Location quotients, Krugman and Herfindahl indices and shift-share, cell by cell in loops."""
    agreement = Agreement()
    cells = diagnosis.specialisation
    output = {(r, s): y for r, s, y in cells.select("region", "industry", "output").iter_rows()}
    regions = cells["region"].unique().sort().to_list()
    industries = cells["industry"].unique().sort().to_list()
    x = np.array([[_number(output[r, s]) for s in industries] for r in regions])
    of_region, of_industry = np.nansum(x, axis=1), np.nansum(x, axis=0)
    whole = of_region.sum()
    for r, region in enumerate(regions):
        quotients = [
            x[r, s] / of_region[r] / (of_industry[s] / whole) for s in range(len(industries))
        ]
        published = cells.filter(region=region).sort("industry")
        agreement.compare(
            "location_quotient", _column(published, "location_quotient"), np.array(quotients)
        )
    for s, industry in enumerate(industries):
        shares = x[:, s] / of_industry[s]
        row = diagnosis.industries.filter(industry=industry)
        squared = np.array([np.nansum(shares**2)])
        agreement.compare("herfindahl", _column(row, "herfindahl"), squared)
    shifts = diagnosis.shift_share
    before, after = _column(shifts, "before"), _column(shifts, "after")
    growth = after.sum() / before.sum() - 1
    named = shifts["industry"].to_list()
    grown = {
        s: _column(part := shifts.filter(industry=s), "after").sum() / _column(part, "before").sum()
        - 1
        for s in set(named)
    }
    own = np.array([grown[s] for s in named])
    agreement.compare("national", _column(shifts, "national"), before * growth)
    agreement.compare("mix", _column(shifts, "mix"), before * (own - growth))
    competitive = after - before - before * own
    agreement.compare("competitive", _column(shifts, "competitive"), competitive)
    return agreement


def _column(frame: pl.DataFrame, name: str) -> Floats:
    return frame[name].cast(pl.Float64).fill_null(np.nan).to_numpy()


def _number(value: float | None) -> float:
    return np.nan if value is None else float(value)


def chains_by_inverses(seed: int, regions: int, sectors: int) -> Agreement:
    """Security, positions and chains of a random multi-regional table, by explicit inverses.

    Every user of a region buys a product from each region in that region's shares (Chenery 1953,
    Moses 1955).
    What is lost with a supplier is found by striking its rows out of the allocation coefficients
    and solving the supply-driven model again (Ghosh 1958; Dietzenbacher and van der Linden 1997);
    a chain by giving an industry's output and solving for that of the others (Miller and Blair
    2009, mixed model).
    """
    table = _random_table(seed, regions, sectors)
    web = supply_web(table)
    n, s = regions, sectors
    x, bought = table.output, table.domestic.reshape(n, s, n, s)
    agreement = Agreement()
    purchases = bought.sum(axis=0)
    trade = bought.sum(axis=3) + table.final_domestic.reshape(n, s, n, -1).sum(axis=3)
    tau = trade / trade.sum(axis=0, keepdims=True)
    z = np.einsum("kir,irj->kirj", tau, purchases).reshape(n * s, n * s)
    found = security(web)
    agreement.compare("need", found.need, purchases.sum(axis=2).T)
    agreement.compare("herfindahl", found.herfindahl, (tau**2).sum(axis=0).T)
    b = z / x[:, None]
    primary = x - z.sum(axis=0)
    for k in range(n):
        lost = x - _supplied(b, primary, list(range(k * s, (k + 1) * s)))
        share = lost.reshape(n, s).sum(axis=1) / x.reshape(n, s).sum(axis=1)
        others = np.arange(n) != k
        agreement.compare("exposure", found.exposure[others, k], share[others])
        for i in range(s):
            gone = (x - _supplied(b, primary, [k * s + i])).reshape(n, s)
            elsewhere = np.array([gone.sum() - gone[k].sum()])
            agreement.compare("lost elsewhere", found.lost_elsewhere[k, i : i + 1], elsewhere)
    a = z / x[None]
    for j, sector in enumerate(table.sectors[:s]):
        own = [k * s + j for k in range(n)]
        rest = [k for k in range(n * s) if k not in own]
        chain = np.empty(n * s)
        chain[own] = x[own]
        chain[rest] = np.linalg.inv(np.eye(len(rest)) - a[np.ix_(rest, rest)]) @ (
            a[np.ix_(rest, own)] @ x[own]
        )
        published = chain_of(web, sector).sort("region", "industry")
        agreement.compare("chain", _column(published, "in_chain"), chain)
    nation = nation_of(table, "nation")
    position = stages(nation).sort("industry")
    national_b = nation.domestic / nation.output[:, None]
    upstream = np.linalg.inv(np.eye(s) - national_b).sum(axis=1)
    agreement.compare("upstreamness", _column(position, "upstreamness"), upstream)
    return agreement


def _supplied(b: Floats, primary: Floats, gone: list[int]) -> Floats:
    """Output of the supply-driven model when some rows sell to nobody's production."""
    left = b.copy()
    left[gone] = 0.0
    return np.linalg.inv(np.eye(len(b)) - left.T) @ primary


def _random_table(seed: int, regions: int, sectors: int) -> InputOutputTable:
    """A random balanced multi-regional table, every final use bought from every region."""
    rng = np.random.default_rng(seed)
    n, s = regions, sectors
    labels = [chr(ord("A") + k) for k in range(n)]
    products = [f"p{i}" for i in range(s)]
    z = rng.uniform(0, 10, (n * s, n * s))
    final = rng.uniform(5, 40, (n * s, n))
    x = z.sum(axis=1) + final.sum(axis=1)
    x *= np.maximum(1.0, (z.sum(axis=0) * 1.1 / x).max())
    final += ((x - z.sum(axis=1)) - final.sum(axis=1))[:, None] / n
    return InputOutputTable(
        year=2020,
        status="synthetic",
        regions=tuple(label for label in labels for _ in range(s)),
        sectors=tuple(products) * n,
        domestic=z,
        imported=np.zeros_like(z),
        final_regions=tuple(labels),
        final_uses=("consumption",) * n,
        final_domestic=final,
        final_imported=np.zeros_like(final),
        value_added_items=("surplus",),
        value_added=(x - z.sum(axis=0))[None],
        output=x,
    )
