"""`yanzhen clear NATION --draws N`: how prices of a SYNTHETIC nation answer to its parameters."""

import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from yanzhen.cli.language import Language, word
from yanzhen.cli.outcome import reject
from yanzhen.cli.screen import working

if TYPE_CHECKING:
    from yanzhen.market.large.streamed_demand import StreamedPopulation
    from yanzhen.market.problem.market import Prices

FORMATS = (".csv", ".parquet")


@dataclass(frozen=True)
class AskedDraws:
    """What was asked of the draws.

    Attributes
    ----------
    number : of draws
    spread : standard deviation of the logarithms of what is scaled
    seed : of the draws
    out : file of price intervals, if any
    """

    number: int
    spread: float
    seed: int
    out: Path | None


def checked_draws(
    study: str, asked: AskedDraws, cluster: str | None, language: Language
) -> AskedDraws:
    """The draws asked for; ends with 2 where they go with nothing else that was asked."""
    from yanzhen.market.large.nation import is_nation

    if asked.number and not is_nation(Path(study)):
        reject(word(language, "draws_of_a_nation", study=study))
    if asked.number and cluster is not None:
        reject(word(language, "draws_in_one_place"))
    if asked.out is not None and not asked.number:
        reject(word(language, "out_of_draws"))
    if asked.out is not None and asked.out.suffix not in FORMATS:
        reject(word(language, "out_format", given=asked.out, formats=", ".join(FORMATS)))
    return asked


def drawn_figures(
    population: "StreamedPopulation",
    prices: "Prices",
    asked: AskedDraws,
    tolerance: float,
    language: Language,
) -> dict[str, float]:
    """Clear the draws from the nation's prices, write the intervals, and say what it took."""
    from yanzhen.market.large.draw_intervals import moving_interval, price_intervals
    from yanzhen.market.large.drawn_market import drawn_market
    from yanzhen.market.large.shared_passes import clear_draws, draws_together
    from yanzhen.report.document.writing import beside

    begun = time.perf_counter()
    sites = population.market
    markets = [drawn_market(sites, n, asked.seed, asked.spread) for n in range(asked.number)]
    together = draws_together(population, asked.number)
    with working(word(language, "clearing_draws", done=0, total=asked.number)) as status:

        def done(number: int, total: int) -> None:
            status.update(word(language, "clearing_draws", done=number, total=total))

        found, readings = clear_draws(population, markets, prices, tolerance, together, done)
    cleared = [each for each in found if each.cleared]
    if asked.out is not None:
        table = price_intervals(sites, prices, cleared)
        with beside(asked.out) as part:
            table.write_csv(part) if part.suffix == ".csv" else table.write_parquet(part)
    interval = moving_interval(cleared) if cleared else ()
    named = zip(("p05", "p50", "p95"), interval, strict=False)
    return {
        "draws": asked.number,
        "draws_cleared": len(cleared),
        "draws_together": together,
        "draws_seconds": time.perf_counter() - begun,
        "draws_passes": sum(each.passes for each in found),
        "draws_readings": readings,
        **{f"moving_share_{name}": value for name, value in named},
    }
