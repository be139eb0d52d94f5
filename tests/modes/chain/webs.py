"""A small SYNTHETIC web, and the market of the embedded example."""

from dataclasses import dataclass

import numpy as np

from tests.market.stages import Stages
from yanzhen.accounts.input_output import InputOutputTable
from yanzhen.accounts.multiregional import gravity_table
from yanzhen.accounts.panel import Floats
from yanzhen.advantage.access import decayed
from yanzhen.modes.chain.network.multiregional_flows import SupplyWeb, supply_web
from yanzhen.modes.chain.network.supply_table import supply_table


@dataclass(frozen=True)
class Small:
    """A gravity table of regions, its web, and nearness."""

    table: InputOutputTable
    web: SupplyWeb
    nearness: Floats


def small_web(seed: int = 4, regions: int = 4, sectors: int = 3) -> Small:
    """A random balanced nation spread over regions on a line."""
    rng = np.random.default_rng(seed)
    z = rng.uniform(1, 10, (sectors, sectors))
    consumption, exports = rng.uniform(20, 40, sectors), rng.uniform(1, 5, sectors)
    output = z.sum(axis=1) + consumption + exports
    nation = InputOutputTable(
        year=2017,
        status="synthetic",
        regions=("N",) * sectors,
        sectors=tuple("xyzuvw"[:sectors]),
        domestic=z,
        imported=np.zeros_like(z),
        final_regions=("N", "N"),
        final_uses=("consumption", "exports"),
        final_domestic=np.column_stack([consumption, exports]),
        final_imported=np.zeros((sectors, 2)),
        value_added_items=("surplus",),
        value_added=(output - z.sum(axis=0))[None],
        output=output,
    )
    share = rng.dirichlet(np.full(regions, 2.0), sectors).T
    place = np.arange(regions) * 300.0
    nearness = decayed(np.abs(place[:, None] - place), 500.0)
    labels = tuple("ABCDEFGH"[:regions])
    size = rng.uniform(1, 2, regions)
    table = gravity_table(nation, labels, share * output, size, nearness)
    return Small(table, supply_web(table), nearness)


def example_web(example: Stages) -> tuple[SupplyWeb, Floats]:
    """The web of the embedded example, and nearness."""
    decay = example.inputs.values["access_decay"]
    offered = example.advantage
    found = supply_table(example.study, example.panel, offered.output, offered.distance, decay)
    return supply_web(found.table), decayed(offered.distance, decay)
