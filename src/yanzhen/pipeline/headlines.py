"""Headline figures of a run, JSON-able."""

import polars as pl

from yanzhen.market.counterfactuals.comparison import Comparison
from yanzhen.market.plan.plan import Plan
from yanzhen.modes.chain import ChainAnalysis
from yanzhen.study.coverage import without_site
from yanzhen.study.distances import assumed_regions
from yanzhen.study.ratios import ratio

LARGEST = 10


def summary(plan: Plan) -> dict[str, object]:
    """Headline figures of a plan, with their units and intervals."""
    about = plan.study.about
    moving = float(plan.leaving["output"].to_numpy().sum())
    return {
        "study": about.title_en,
        "study_zh": about.title_zh,
        "synthetic": about.synthetic,
        "period": list(plan.period),
        "money_unit": about.units.money,
        "size": {"measure": about.size, "unit": about.size_unit},
        "moving_output": moving,
        "moving_share": ratio(moving, float(plan.regions["output"].to_numpy().sum())),
        "draws": {"made": plan.uncertainty.draws, "cleared": plan.uncertainty.cleared},
        "macro_regions": plan.macro_regions.to_dicts(),
        "macro_flows": plan.macro_flows.to_dicts(),
        "largest_moves": plan.moves.head(10).to_dicts(),
        "scarce_sites": plan.prices.filter(pl.col("binding")).to_dicts(),
        "site_ranks": plan.sites.sort("rank", "site")
        .head(10)
        .select(
            "site", "arrivals", "arrivals_low", "arrivals_high", "rank", "rank_low", "rank_high"
        )
        .to_dicts(),
        "without_site": without_site(
            about.coverage, plan.study.tables, plan.regions["region"].to_list()
        ),
        "distances_assumed": assumed_regions(plan.study.tables),
        "certificate": {**plan.certificate.checks, "tolerance": plan.certificate.tolerance},
        "certificate_passed": plan.certificate.passed,
    }


def compared(comparison: Comparison) -> list[dict[str, object]]:
    """What each scenario changes, JSON-able."""
    return [
        {
            **one,
            **{
                name: frame.filter(pl.col("scenario") == one["scenario"])
                .drop("scenario")
                .to_dicts()
                for name, frame in (
                    ("totals", comparison.totals),
                    ("macro_regions", comparison.macro_regions),
                    ("rents", comparison.rents),
                    ("races", comparison.races),
                    ("regimes", comparison.regimes),
                )
            },
        }
        for one in comparison.scenarios.to_dicts()
    ]


def in_chains(found: ChainAnalysis) -> dict[str, object]:
    """What the chains lack and depend on, and whether the plan keeps the guard."""
    open_gaps = found.gaps.filter(pl.col("gap_beyond_reach") > 0)
    return {
        "table_year": found.table_year,
        "table_status": found.table_status,
        "guarded": found.guarded,
        "guard_holds": found.guard_holds,
        "broken": found.broken.to_dicts(),
        "largest_gaps": open_gaps.head(LARGEST).to_dicts(),
        "largest_exposures": found.exposure.head(LARGEST).to_dicts(),
        "critical": found.critical.head(LARGEST).to_dicts(),
    }
