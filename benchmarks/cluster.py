"""A pass on Dask workers of this machine beside one by its threads: overhead, and bytes that cross.

Usage: python benchmarks/cluster.py [ENTERPRISES] [ZONES] [WORKERS] [FOLDER]

The nation is drawn shard by shard into FOLDER unless it is there, and removed afterwards unless
FOLDER was given. Both hold all shards in memory and use the same number of threads; passes of the
two take turns, so that what else the machine does bears on both. Bytes are those of the arguments
and results as Dask serialises them, beside the formula of
`docs/en/explanation/scale.md`. One line of JSON.
"""

import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

PASSES = 5
ROOM = 2**35


def serialised(value: object) -> int:
    """Bytes of a value as Dask sends it."""
    from distributed.protocol import dumps, to_serialize

    return sum(memoryview(frame).nbytes for frame in dumps(to_serialize(value)))


def compared(folder: Path, workers: int) -> dict[str, object]:
    from yanzhen.market.large.cluster import connected
    from yanzhen.market.large.cluster_demand import ClusterPopulation, files_of
    from yanzhen.market.large.demand_provider import Quote
    from yanzhen.market.large.shard_store import ShardStore
    from yanzhen.market.large.shards import read_shards

    nation = read_shards(folder)
    market = nation.market()
    sites, resources = market.capacity.shape
    names = [shard.name for shard in nation.shards]
    premium = np.random.default_rng(1).random(market.capacity.shape)
    quote = Quote(premium, np.zeros(market.stayers.size), market.sigma, False)
    here = ShardStore(folder, market, np.float32, ROOM)
    own = here.evaluate(names, quote, np.inf, workers)
    there, local = [], []
    before = os.getloadavg()[0]
    with connected(f"local:{workers}") as client:
        cluster = ClusterPopulation(nation, client, ROOM).demand(np.float32)
        same = cluster.evaluate(quote, np.inf)
        for _ in range(PASSES):
            begun = time.perf_counter()
            own = here.evaluate(names, quote, np.inf, workers)
            local.append(time.perf_counter() - begun)
            begun = time.perf_counter()
            same = cluster.evaluate(quote, np.inf)
            there.append(time.perf_counter() - begun)
    asked = [names[start::workers] for start in range(workers)]
    files = files_of(nation, np.float32, ROOM)
    out = sum(serialised((files, each, quote, np.inf)) for each in asked)
    back = sum(serialised(own[start::workers]) for start in range(workers))
    summed = sum((each.sums.demand for each in own[1:]), start=own[0].sums.demand)
    return {
        "enterprises": nation.count,
        "zones": sites,
        "shards": len(names),
        "workers": workers,
        "load_before": before,
        "threads_seconds": statistics.median(local),
        "cluster_seconds": statistics.median(there),
        "overhead": statistics.median(there) / statistics.median(local) - 1,
        "same_bits": summed.T.tobytes() == same.demand.tobytes(),
        "bytes_out": out,
        "formula_out": workers * 8 * (sites * resources + market.stayers.size),
        "bytes_back": back,
        "formula_back": len(names) * 8 * (sites * resources + market.stayers.size + 2),
    }


def main(arguments: list[str]) -> None:
    enterprises = arguments[0] if arguments else "3300000"
    zones = arguments[1] if len(arguments) > 1 else "2543"
    workers = int(arguments[2]) if len(arguments) > 2 else 2
    given = Path(arguments[3]) if len(arguments) > 3 else None
    folder = given or Path(tempfile.mkdtemp(prefix="yanzhen-cluster-")) / "nation"
    streamed = str(Path(__file__).with_name("streamed.py"))
    try:
        if not folder.is_dir():
            drawing = ["--draw", enterprises, zones, "1.0", str(folder)]
            subprocess.run([sys.executable, streamed, *drawing], check=True)
        print(json.dumps(compared(folder, workers)), flush=True)
    finally:
        if given is None:
            shutil.rmtree(folder.parent)


if __name__ == "__main__":
    main(sys.argv[1:])
