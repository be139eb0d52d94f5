"""SYNTHETIC listings over the small study, and the market that clears over them."""

from dataclasses import dataclass
from datetime import date
from functools import cache

import numpy as np

from tests.study.small import REGIONS
from tests.study.small_modes import small_modes
from yanzhen.exchange.docking.clearing import ExchangeClearing, clear_listed
from yanzhen.exchange.listings.kinds import Content, Need, Project, Room, Site
from yanzhen.market.problem.study_inputs import StudyInputs, study_inputs

DAY = date(2026, 12, 1)
MANUFACTURING = ("06", "13", "20")


@dataclass(frozen=True)
class Cleared:
    """What was listed, over which study, and the clearing."""

    listed: dict[str, Content]
    inputs: StudyInputs
    clearing: ExchangeClearing


def identity(kind: str, number: int) -> str:
    return f"{'a' if kind == 'site' else 'b'}{number:031x}"


@cache
def listed(sites: int = 6, projects: int = 12, seed: int = 0) -> dict[str, Content]:
    """Sites with scarce land and output room, and projects; all made up."""
    random = np.random.default_rng(seed)
    found: dict[str, Content] = {}
    for number in range(sites):
        found[identity("site", number)] = Site(
            name=f"SYNTHETIC site {number}",
            expires_on="2999-12-31",
            region=REGIONS[number % len(REGIONS)],
            room=(
                Room("output", float(random.uniform(2, 6)), "100 million CNY"),
                Room("land", 4.0, "ha", 50.0, "10,000 CNY", one_off=True),
            ),
        )
    for number in range(projects):
        output = float(random.uniform(1, 5))
        found[identity("project", number)] = Project(
            name=f"SYNTHETIC project {number}",
            expires_on="2999-12-31",
            industry=MANUFACTURING[number % len(MANUFACTURING)],
            origin=REGIONS[number % 2],
            needs=(
                Need("output", output * 1e4, "10,000 CNY"),
                Need("land", output * float(random.uniform(5, 20)), "mu"),
            ),
            investment=1.0,
            investment_unit="100 million CNY",
        )
    return found


@cache
def cleared() -> Cleared:
    """Clear the market over them."""
    inputs = study_inputs(small_modes())
    found = listed()
    return Cleared(found, inputs, clear_listed(inputs, list(found.items()), DAY))
