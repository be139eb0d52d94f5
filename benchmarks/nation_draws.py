"""Draws of a SYNTHETIC nation's parameters cleared side by side, beside the same one after another.

Usage: python benchmarks/nation_draws.py [ENTERPRISES] [ZONES] [DRAWS] [MEMORY] [FOLDER]

The nation is drawn shard by shard into FOLDER unless it is there, and removed afterwards unless
FOLDER was given. It is cleared once; then the draws, each from its prices: as many at once as the
memory allows, and one at a time. Two lines of JSON with seconds, the passes that draws asked for
and how often the shards were gone through.
"""

import json
import os
import shutil
import sys
import tempfile
import time
from pathlib import Path

SEED, SPREAD, TOLERANCE = 31, 0.1, 1e-5


def main(arguments: list[str]) -> None:
    from yanzhen.cli.memory_sizes import bytes_of
    from yanzhen.market.large.drawn_market import drawn_market
    from yanzhen.market.large.nation import write_nation_in_shards
    from yanzhen.market.large.peak_memory import peak_memory
    from yanzhen.market.large.record import clear_population, compile_ahead
    from yanzhen.market.large.shards import read_shards
    from yanzhen.market.large.shared_passes import clear_draws, draws_together
    from yanzhen.market.large.streamed_demand import StreamedPopulation
    from yanzhen.market.large.synth import marginals_of
    from yanzhen.study import read_study

    asked = [*arguments, *["3300000", "2543", "10", "8GiB"][len(arguments) :]]
    enterprises, zones, draws = (int(each) for each in asked[:3])
    memory = bytes_of(asked[3])
    assert memory is not None
    folder = Path(asked[4]) if len(asked) > 4 else Path(tempfile.mkdtemp()) / "nation"
    try:
        if not folder.exists():
            marginals = marginals_of(read_study("china-provinces"))
            write_nation_in_shards(
                folder, enterprises, zones, SEED, marginals, "china-provinces", 1.0
            )
        compile_ahead()
        population = StreamedPopulation(read_shards(folder), memory)
        solution, _, record = clear_population(population, TOLERANCE)
        print(json.dumps({"nation": record.as_json()}), flush=True)
        markets = [drawn_market(population.market, n, SEED, SPREAD) for n in range(draws)]
        for together in (draws_together(population, draws), 1):
            before, processor = os.getloadavg()[0], time.process_time()
            begun = time.perf_counter()
            found, readings = clear_draws(population, markets, solution.prices, TOLERANCE, together)
            told = {
                "draws": draws,
                "together": together,
                "load_before": before,
                "seconds": time.perf_counter() - begun,
                "processor_seconds": time.process_time() - processor,
                "passed": sum(each.certificate.passed for each in found),
                "passes": sum(each.passes for each in found),
                "readings": readings,
                "peak_rss_bytes": peak_memory(),
            }
            print(json.dumps(told), flush=True)
    finally:
        if len(asked) <= 4:
            shutil.rmtree(folder.parent, ignore_errors=True)


if __name__ == "__main__":
    main(sys.argv[1:])
