"""What each stage between a study and its plan makes."""

from dataclasses import dataclass, replace

import numpy as np
import polars as pl

from yanzhen.accounts.completion import Completion, complete
from yanzhen.accounts.panel import Panel, output_panel, require_output, without_regions
from yanzhen.accounts.share_shift_projection import ShareShiftProjection, project_share_shifts
from yanzhen.advantage.attraction import LocationalAdvantage, locational_advantage
from yanzhen.market.equilibrium.certificate import certify
from yanzhen.market.equilibrium.certificate_large import certify_blocks
from yanzhen.market.equilibrium.cleared_study import ClearedStudy
from yanzhen.market.equilibrium.newton_dense import Clearing, NotCleared, clear
from yanzhen.market.equilibrium.site_demand import net_by_macro_region, net_by_region
from yanzhen.market.large.study_clearing import Priced, clear_by_size, held_whole, priced
from yanzhen.market.plan.draws import SEED
from yanzhen.market.plan.plan import WITHOUT_EARLIER, WITHOUT_FLAGGED
from yanzhen.market.problem.choice import choose, group_demand, site_demand
from yanzhen.market.problem.formulation import Formulation, formulate
from yanzhen.market.problem.market import Prices
from yanzhen.market.problem.study_inputs import StudyInputs
from yanzhen.market.problem.tolerance import TOLERANCE
from yanzhen.study import Study, StudyError


@dataclass(frozen=True)
class Accounts:
    """Result of the stage `accounts`."""

    panel: Panel
    completion: Completion
    past: ShareShiftProjection | None


@dataclass(frozen=True)
class MarketStage:
    """Result of the stage `market`: clearing prices, and who gains without doubtful figures.

    Those of flagged regions, and of years before the past that the study looks back to.
    """

    prices: Prices
    steps: int
    without_flagged: pl.DataFrame
    without_earlier: pl.DataFrame


def measure_accounts(study: Study) -> Accounts:
    """Panel, completed output and what the past carries forward.

    Raises
    ------
    WantOfData
        When no output of a manufacturing industry in a region without regions below it is known.
    """
    panel = output_panel(study)
    require_output(study, panel)
    past = project_share_shifts(panel) if len(panel.years) > 1 else None
    return Accounts(panel, complete(panel, SEED), past)


def measure_advantage(study: Study, accounts: Accounts, access_decay: float) -> LocationalAdvantage:
    """Advantage of every region in the last year."""
    return locational_advantage(
        study, accounts.panel, accounts.completion.output[:, :, -1], access_decay
    )


def clear_market(inputs: StudyInputs, formulation: Formulation) -> MarketStage:
    """Clearing prices of the market, and who gains without doubtful figures."""
    market, labels = formulation.market, formulation.labels
    found: Clearing | Priced
    if held_whole(market):
        found = clear(market, TOLERANCE, labels=labels)
    else:
        found = priced(market, TOLERANCE, labels=labels)
    return MarketStage(
        found.prices, found.steps, _without_flagged(inputs), _without_earlier(inputs)
    )


def at_prices(inputs: StudyInputs, formulation: Formulation, stored: MarketStage) -> ClearedStudy:
    """What happens at stored prices, with the certificate made anew."""
    market = formulation.market
    choice = choose(market, stored.prices)
    demand = site_demand(market, choice)
    clearing = Clearing(
        stored.prices,
        choice,
        demand,
        group_demand(market, demand),
        (certify if held_whole(market) else certify_blocks)(market, stored.prices, TOLERANCE),
        stored.steps,
    )
    return ClearedStudy(inputs, formulation, clearing)


def _without_flagged(inputs: StudyInputs) -> pl.DataFrame:
    """Net arrivals by macro-region of the market that leaves flagged regions out altogether.

    Empty where no region is flagged, and where no market is left or clears without them: then it
    is not known what they weigh, and the plan stands.
    """
    study, panel = inputs.study, inputs.panel
    flagged = study.about.flagged_regions
    unknown = WITHOUT_FLAGGED.only("macro_region net_without").frame()
    keep = np.array([region not in flagged for region in panel.regions])
    if keep.all() or not keep.any() or not study.tables["sites"].is_empty():
        return unknown
    rest = without_regions(panel, flagged)
    past = project_share_shifts(rest) if len(panel.years) > 1 else None
    advantage = inputs.advantage.of_regions(keep)
    try:
        formulation = formulate(replace(inputs, panel=rest, past=past, advantage=advantage))
        clearing = clear_by_size(formulation.market, TOLERANCE)
    except (NotCleared, StudyError):
        return unknown
    return net_by_macro_region(formulation, clearing)


def _without_earlier(inputs: StudyInputs) -> pl.DataFrame:
    """Net arrivals by region of the market without the regions' own tables of earlier years.

    Empty where none of the study's own tables is of a year before `past_from`, and where no market
    clears without them.
    """
    study, first = inputs.study, inputs.study.about.past_from
    unknown = WITHOUT_EARLIER.only("region net_without_earlier").frame()
    flows = study.tables["input_output"]
    if first is None or (flows["year"] >= first).all():
        return unknown
    later = replace(
        study, tables={**study.tables, "input_output": flows.filter(pl.col("year") >= first)}
    )
    advantage = locational_advantage(
        later, inputs.panel, inputs.advantage.output, inputs.values["access_decay"]
    )
    try:
        formulation = formulate(replace(inputs, study=later, advantage=advantage))
        clearing = clear_by_size(formulation.market, TOLERANCE)
    except (NotCleared, StudyError):
        return unknown
    net = net_by_region(formulation, clearing)
    return net.rename({"net_without": "net_without_earlier"})
