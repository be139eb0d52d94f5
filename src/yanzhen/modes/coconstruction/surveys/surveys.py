"""All pairs of a study surveyed: who pairs with whom, what a trusteeship is worth, which mode.

Amounts in the study's money, expected and discounted to the first year.
"""

from dataclasses import dataclass, replace
from typing import Annotated

import numpy as np
import polars as pl

from yanzhen.market.equilibrium.cleared_study import ClearedStudy
from yanzhen.modes.coconstruction.contract.terms import Terms
from yanzhen.modes.coconstruction.gains.contract_offer import ContractOffer, contract_offer
from yanzhen.modes.coconstruction.gains.pair_gains import (
    PairGains,
    Progress,
    induced_moves,
    pair_gains,
)
from yanzhen.modes.coconstruction.surveys.mode_choice import MODES, choose_mode
from yanzhen.modes.coconstruction.surveys.pairing import PAIRS, pair
from yanzhen.modes.coconstruction.surveys.trusteeship import (
    Trusteeship,
    trusteeship_gains,
    trusteeship_parts,
)
from yanzhen.study import Study
from yanzhen.study.result_columns import PARAMETERS, columns

SHARING, MANAGING = "sharing", "trusteeship"
BOTH = f"{SHARING} + {MANAGING}"
CURVE_STEPS = 20
GAINS = columns("home host home_gain host_gain joint paired")
PRICES = columns("side place price", price="money")
"""What one more partner is worth to it."""
UPLIFT = columns("share home host", home="money", host="money")
"""Over the home's part of the uplift."""
PAIR_MODES = columns("home host mode joint")
"""The mode that is worth most over the industries of a pair, each industry at its own best counted
for it."""


@dataclass(frozen=True)
class Survey:
    """Terms put to many pairs of a study.

    Attributes
    ----------
    study, parameters : the study and the parameters used
    scheme : what the terms are called
    start_year, years : first year and horizon
    """

    study: Study
    parameters: Annotated[pl.DataFrame, PARAMETERS]
    scheme: str
    start_year: int
    years: int


@dataclass(frozen=True)
class PairSurvey(Survey):
    """Homes paired with hosts under one kind of contract.

    Attributes
    ----------
    industries : covered; empty for all
    places : most partners of each home and of each host
    gains : of every pair that can be formed
    worth : joint gain of all pairs
    gap : dual less primal value
    blocking : largest amount by which two not paired could both do better together
    """

    industries: tuple[str, ...]
    places: tuple[int, int]
    gains: Annotated[pl.DataFrame, GAINS]
    pairs: Annotated[pl.DataFrame, PAIRS]
    prices: Annotated[pl.DataFrame, PRICES]
    worth: float
    gap: float
    blocking: float


@dataclass(frozen=True)
class ModeSurvey(Survey):
    """Which mode for whom."""

    modes: Annotated[pl.DataFrame, MODES]
    pairs: Annotated[pl.DataFrame, PAIR_MODES]


@dataclass(frozen=True)
class TrusteeshipSurvey:
    """What it is worth that a home manages the park of its enterprises at a host.

    Attributes
    ----------
    study, parameters : the study and the parameters used
    home, host, industries : region, site, and which industries the park holds; empty for all
    start_year, years : first year and horizon
    trusteeship : what management does
    output : yearly output of the park once all has arrived, as the market has it
    home_gain, host_gain : of each
    interval : lowest and highest part of the uplift for which neither loses; None for none
    """

    study: Study
    parameters: Annotated[pl.DataFrame, PARAMETERS]
    home: str
    host: str
    industries: tuple[str, ...]
    start_year: int
    years: int
    trusteeship: Trusteeship
    output: float
    home_gain: float
    host_gain: float
    interval: tuple[float, float] | None
    curve: Annotated[pl.DataFrame, UPLIFT]


def survey_pairs(
    cleared: ClearedStudy,
    terms: Terms,
    scheme: str,
    homes: tuple[str, ...],
    hosts: tuple[str, ...],
    industries: tuple[str, ...],
    places: tuple[int, int],
    progress: Progress = lambda stage, share: None,
) -> PairSurvey:
    """Pair homes with hosts for the largest joint gain.

    Parameters
    ----------
    homes, hosts : regions and sites
    industries : covered; empty for all
    places : most partners of each home and each host; the scheme's own limit binds the homes too
    """
    offer = contract_offer(cleared, terms)
    gained = pair_gains(cleared, offer, homes, hosts, industries, progress)
    most = places[0] if terms.most_parks is None else min(places[0], terms.most_parks)
    matched = pair(
        homes,
        hosts,
        gained.home_gain / offer.fen,
        gained.host_gain / offer.fen,
        np.full(len(homes), most),
        np.full(len(hosts), places[1]),
    )
    sides = [("home", homes, matched.home_price), ("host", hosts, matched.host_price)]
    prices = [
        (side, place, float(price))
        for side, named, of_side in sides
        for place, price in zip(named, of_side, strict=True)
        if price > 0
    ]
    return PairSurvey(
        study=cleared.inputs.study,
        parameters=cleared.inputs.parameters,
        scheme=scheme,
        start_year=offer.start_year,
        years=offer.years,
        industries=industries,
        places=(most, places[1]),
        gains=_gains(gained, offer, matched.pairs),
        pairs=matched.pairs.sort("joint", "home", "host", descending=[True, False, False]),
        prices=PRICES.frame(prices),
        worth=matched.worth,
        gap=matched.gap,
        blocking=matched.blocking,
    )


def survey_trusteeship(
    cleared: ClearedStudy,
    terms: Terms,
    home: str,
    host: str,
    industries: tuple[str, ...],
    trusteeship: Trusteeship,
) -> TrusteeshipSurvey:
    """What it is worth that a home manages the park of its enterprises at a host.

    The park is what the market sends from home to host without any contract.
    """
    values, offer = cleared.inputs.values, contract_offer(cleared, terms)
    moves = induced_moves(cleared, replace(offer, payoff_change=0.0), home, host, industries)
    arriving = cleared.formulation.market.mass[moves.blocks] * moves.without
    output = float(arriving.sum())
    moved = offer.moved()
    worth = (
        float(arriving @ offer.host_tax[moves.blocks]) * moved,
        values["park_running_cost"] * output * moved,
        values["management_cost"] * output * moved,
        offer.home_rate,
        offer.host_rate,
    )
    of_both = trusteeship_gains(trusteeship, *worth)
    shares = [step / CURVE_STEPS for step in range(CURVE_STEPS + 1)]
    at = [trusteeship_gains(replace(trusteeship, home_part=share), *worth) for share in shares]
    return TrusteeshipSurvey(
        study=cleared.inputs.study,
        parameters=cleared.inputs.parameters,
        home=home,
        host=host,
        industries=industries,
        start_year=offer.start_year,
        years=offer.years,
        trusteeship=trusteeship,
        output=output,
        home_gain=of_both.home,
        host_gain=of_both.host,
        interval=of_both.interval,
        curve=UPLIFT.frame(
            (share, each.home, each.host) for share, each in zip(shares, at, strict=True)
        ),
    )


def survey_modes(
    cleared: ClearedStudy,
    terms: Terms,
    scheme: str,
    homes: tuple[str, ...],
    hosts: tuple[str, ...],
    progress: Progress = lambda stage, share: None,
) -> ModeSurvey:
    """Choose among the market alone, benefit sharing, trusteeship and both, pair by pair.

    A trusteeship alone is of what the market sends there anyway; beside a contract it is of what
    comes under the contract, so the mix is a mode of its own and no mere sum.
    """
    offer = contract_offer(cleared, terms)
    gained = pair_gains(cleared, offer, homes, hosts, (), progress)
    sharing = gained.parts.with_columns(pl.col("amount") / offer.fen)
    managing = {
        name: _management(cleared, offer, gained.arrivals, name)
        for name in ("without", "with_contract")
    }
    modes = choose_mode(
        {
            SHARING: sharing,
            MANAGING: managing["without"],
            BOTH: pl.concat([sharing, managing["with_contract"]]),
        }
    )
    pairs = (
        modes.group_by("home", "host", "mode", maintain_order=True)
        .agg(pl.col("joint").sum())
        .sort("home", "host", "joint", descending=[False, False, True], maintain_order=True)
        .group_by("home", "host", maintain_order=True)
        .agg(pl.col("mode", "joint").first())
    )
    return ModeSurvey(
        study=cleared.inputs.study,
        parameters=cleared.inputs.parameters,
        scheme=scheme,
        start_year=offer.start_year,
        years=offer.years,
        modes=modes.sort("joint", "home", "host", "industry", descending=[True, *[False] * 3]),
        pairs=pairs,
    )


def assumed_trusteeship(values: dict[str, float], source: str) -> Trusteeship:
    """The trusteeship that the parameters describe, and where they are from."""
    return Trusteeship(
        values["management_productivity"],
        values["management_running_cost"],
        values["management_home_part"],
        source,
    )


def _gains(gained: PairGains, offer: ContractOffer, pairs: pl.DataFrame) -> pl.DataFrame:
    a, b = np.nonzero(np.isfinite(gained.home_gain))
    table = pl.DataFrame(
        {
            "home": [gained.homes[k] for k in a],
            "host": [gained.hosts[k] for k in b],
            "home_gain": gained.home_gain[a, b] / offer.fen,
            "host_gain": gained.host_gain[a, b] / offer.fen,
        },
        schema=GAINS.only("home host home_gain host_gain").types,
    )
    chosen = pairs.select("home", "host", paired=pl.lit(True))
    return (
        table.with_columns(joint=pl.col("home_gain") + pl.col("host_gain"))
        .join(chosen, on=["home", "host"], how="left", maintain_order="left")
        .with_columns(pl.col("paired").fill_null(False))
    )


def _management(
    cleared: ClearedStudy, offer: ContractOffer, arrivals: pl.DataFrame, which: str
) -> pl.DataFrame:
    """Parts of a trusteeship of what arrives, moves phased in as the market's."""
    values = cleared.inputs.values
    tax = pl.DataFrame(
        {"industry": cleared.formulation.blocks["industry"], "tax_per_output": offer.host_tax}
    ).unique("industry", maintain_order=True)
    parks = arrivals.join(tax, on="industry", how="left", maintain_order="left").select(
        "home",
        "host",
        "industry",
        tax=pl.col(which) * pl.col("tax_per_output"),
        cost=pl.col(which) * values["park_running_cost"],
        management=pl.col(which) * values["management_cost"],
    )
    trusteeship = assumed_trusteeship(values, "parameters")
    return trusteeship_parts(parks, trusteeship, offer.moved(), offer.home_rate, offer.host_rate)
