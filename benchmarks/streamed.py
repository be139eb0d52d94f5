"""Clearing a SYNTHETIC nation from shards in bounded memory: seconds, passes, memory.

Usage: python benchmarks/streamed.py [ENTERPRISES] [ZONES] [MEMORY] [SIGMA] [FOLDER]

The nation is drawn shard by shard into FOLDER (some 190 bytes an enterprise) unless it is there,
and removed afterwards unless FOLDER was given. Clearing runs in a process of its own, so that its
peak memory is its own. One line of JSON.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

SEED = 31
TOLERANCE = 1e-5


def draw(enterprises: int, zones: int, sigma: float, folder: Path) -> None:
    from yanzhen.market.large.nation import write_nation_in_shards
    from yanzhen.market.large.synth import marginals_of
    from yanzhen.study import read_study

    marginals = marginals_of(read_study("china-provinces"))
    write_nation_in_shards(folder, enterprises, zones, SEED, marginals, "china-provinces", sigma)


def cleared(folder: Path, memory: int) -> dict[str, object]:
    from yanzhen.market.large.record import clear_population, compile_ahead
    from yanzhen.market.large.shards import read_shards
    from yanzhen.market.large.streamed_demand import StreamedPopulation

    compile_seconds = compile_ahead()
    nation = read_shards(folder)
    before, processor = os.getloadavg()[0], time.process_time()
    _, _, record = clear_population(
        StreamedPopulation(nation, memory),
        TOLERANCE,
        progress=lambda told: print(told, file=sys.stderr, flush=True),
        compile_seconds=compile_seconds,
    )
    return {
        "enterprises": nation.count,
        "zones": nation.market().capacity.shape[0],
        "sigma": nation.sigma,
        "shards": len(nation.shards),
        "bytes_on_disk": sum(file.stat().st_size for file in folder.iterdir()),
        "memory_allowed": memory,
        "load_before": before,
        "processor_seconds": time.process_time() - processor,
        **record.as_json(),
    }


def main(arguments: list[str]) -> None:
    from yanzhen.cli.memory_sizes import bytes_of

    if arguments[:1] == ["--case"]:
        print(json.dumps(cleared(Path(arguments[1]), int(arguments[2]))), flush=True)
        return
    if arguments[:1] == ["--draw"]:
        draw(int(arguments[1]), int(arguments[2]), float(arguments[3]), Path(arguments[4]))
        return
    enterprises = int(arguments[0]) if arguments else 33_000_000
    zones = int(arguments[1]) if len(arguments) > 1 else 2543
    memory = bytes_of(arguments[2] if len(arguments) > 2 else "4GiB")
    sigma = arguments[3] if len(arguments) > 3 else "1.0"
    given = Path(arguments[4]) if len(arguments) > 4 else None
    folder = given or Path(tempfile.mkdtemp(prefix="yanzhen-streamed-")) / "nation"
    try:
        if not folder.is_dir():
            drawing = ["--draw", str(enterprises), str(zones), sigma, str(folder)]
            subprocess.run([sys.executable, __file__, *drawing], check=True)
        subprocess.run([sys.executable, __file__, "--case", str(folder), str(memory)], check=True)
    finally:
        if given is None:
            shutil.rmtree(folder.parent)


if __name__ == "__main__":
    main(sys.argv[1:])
