"""A cap moved over a SYNTHETIC nation, as the workbench's planner page does it.

Usage: python benchmarks/planner.py [ENTERPRISES] [ZONES] [SIGMA]

The nation is cleared once. Then caps of the three dearest provinces are moved one after the other;
of each move a line of JSON says after how many seconds the first certified prices are there, with
their map and table made, and after how many the exact ones are. `of_two_cores` is the processor's
time over two: what the clock would show with both cores free.
"""

import json
import os
import sys
import tempfile
import time
from pathlib import Path

FACTORS = (0.9, 0.7, 1.2)
SEED = 31


def main(enterprises: int, zones: int, sigma: float) -> None:
    from yanzhen.api.nation import NationCaps, ServedNation
    from yanzhen.api.pictures import drawn
    from yanzhen.market.large.nation import write_nation
    from yanzhen.market.large.peak_memory import peak_memory
    from yanzhen.market.large.record import compile_ahead
    from yanzhen.market.large.synth import marginals_of
    from yanzhen.report.figures.caps import cap_prices
    from yanzhen.report.tables.caps import caps_table
    from yanzhen.report.text.reader import Reader
    from yanzhen.study import read_study

    provinces = "china-provinces"
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "nation"
        marginals = marginals_of(read_study(provinces))
        write_nation(folder, enterprises, zones, SEED, marginals, provinces, sigma)
        compile_ahead()
        nation = ServedNation(folder)
        clock, processor = time.perf_counter(), time.process_time()
        first = nation.clear()
        print(
            json.dumps(
                {
                    "enterprises": enterprises,
                    "zones": zones,
                    "sigma": sigma,
                    "first_clearing_s": round(time.perf_counter() - clock, 2),
                    "of_two_cores_s": round((time.process_time() - processor) / 2, 2),
                    "load": os.getloadavg()[0],
                }
            ),
            flush=True,
        )
        reader = Reader(first.study, "zh")
        dearest = first.regions.sort("price", descending=True)["region"].to_list()
        drawn("cap_prices", cap_prices(first, reader, 1.0, dearest[0]))
        for region, factor in zip(dearest, FACTORS, strict=False):
            answers: list[dict[str, float]] = []
            clock, processor = time.perf_counter(), time.process_time()

            def tell(
                found: NationCaps,
                begun: float = clock,
                spent: float = processor,
                chosen: str = region,
                told: list[dict[str, float]] = answers,
            ) -> bool:
                drawn("cap_prices", cap_prices(found, reader, 1.0, chosen))
                caps_table(found, reader)
                told.append(
                    {
                        "seconds": round(time.perf_counter() - begun, 2),
                        "of_two_cores_s": round((time.process_time() - spent) / 2, 2),
                        "passes": found.standing.passes,
                        "bound": found.standing.certificate.tolerance,
                        "excess": found.standing.certificate.relative_excess_demand,
                    }
                )
                return True

            nation.move({region: factor}, tell)
            print(
                json.dumps(
                    {
                        "region": region,
                        "cap": factor,
                        "first": answers[0],
                        "exact": answers[-1],
                        "load": os.getloadavg()[0],
                        "peak_gib": round(peak_memory() / 2**30, 2),
                    }
                ),
                flush=True,
            )


if __name__ == "__main__":
    asked = sys.argv[1:]
    main(
        int(asked[0]) if asked else 330_000,
        int(asked[1]) if len(asked) > 1 else 2543,
        float(asked[2]) if len(asked) > 2 else 1.0,
    )
