"""`yanzhen synth` and `yanzhen clear`: a SYNTHETIC nation, and the market alone."""

from pathlib import Path
from typing import Annotated

import typer

from yanzhen.cli.device import Device, provider_on
from yanzhen.cli.far_clearing import holds_shards, memory_of, population, sharded
from yanzhen.cli.language import Language, help_of, language_of, word
from yanzhen.cli.naming import require_study
from yanzhen.cli.nation_draws import AskedDraws, checked_draws, drawn_figures
from yanzhen.cli.options import AsJson, Spoken
from yanzhen.cli.outcome import honest_exit, reject
from yanzhen.cli.screen import print_json, stdout, warn, working

MARGINALS = "china-provinces"


def synth(
    folder: Annotated[
        Path, typer.Argument(metavar="FOLDER", show_default=False, help=help_of("new_folder"))
    ],
    enterprises: Annotated[int, typer.Option(min=1000, help=help_of("enterprises"))] = 33_000,
    zones: Annotated[int, typer.Option(min=31, help=help_of("zones"))] = 2_543,
    seed: Annotated[int, typer.Option(min=0, help=help_of("seed"))] = 1,
    sigma: Annotated[float, typer.Option(min=1e-3, help=help_of("sigma"))] = 1.0,
    shards: Annotated[bool, typer.Option("--shards", help=help_of("shards"))] = False,
    lang: Spoken = None,
) -> None:
    """Make a SYNTHETIC nation of enterprises and zones, to try the market at scale.
    生成合成（SYNTHETIC）的全国企业与开发区，用于检验市场出清。
    """
    language = lang or language_of()
    if folder.exists():
        reject(word(language, "folder_exists", folder=folder))
    with honest_exit(language, False):
        from yanzhen.market.large.nation import write_nation, write_nation_in_shards
        from yanzhen.market.large.synth import marginals_of
        from yanzhen.study import read_study

        with working(word(language, "drawing_nation")):
            marginals = marginals_of(read_study(MARGINALS))
            write = write_nation_in_shards if shards else write_nation
            write(folder, enterprises, zones, seed, marginals, MARGINALS, sigma)
    warn(word(language, "synthetic_nation"))
    stdout().print(
        word(language, "made_nation", folder=folder) + f" yanzhen clear {folder}", soft_wrap=True
    )


# Kept whole: most of it declares the options of the command.
def clear(
    study: Annotated[
        str, typer.Argument(metavar="STUDY", show_default=False, help=help_of("study_or_nation"))
    ],
    tolerance: Annotated[float, typer.Option(min=1e-9, max=1e-2, help=help_of("tolerance"))] = 1e-5,
    integral: Annotated[bool, typer.Option("--integral", help=help_of("integral"))] = False,
    never_over: Annotated[bool, typer.Option("--never-over", help=help_of("never_over"))] = False,
    draws: Annotated[int, typer.Option(min=0, help=help_of("nation_draws"))] = 0,
    spread: Annotated[float, typer.Option(min=0.0, max=1.0, help=help_of("spread"))] = 0.1,
    seed: Annotated[int, typer.Option(min=0, help=help_of("clear_seed"))] = 1,
    out: Annotated[
        Path | None, typer.Option(metavar="FILE", show_default=False, help=help_of("draws_out"))
    ] = None,
    device: Annotated[Device, typer.Option(help=help_of("device"))] = Device.CPU,
    memory: Annotated[
        str | None, typer.Option(metavar="SIZE", show_default=False, help=help_of("memory"))
    ] = None,
    cluster: Annotated[
        str | None,
        typer.Option(metavar="ADDRESS|local:N", show_default=False, help=help_of("cluster")),
    ] = None,
    lang: Spoken = None,
    as_json: AsJson = False,
) -> None:
    """Run the market alone: clear it, certify it, and say what it took.
    只运行市场：求出清价格、检验并报告用时。
    """
    language = lang or language_of()
    if never_over and not integral:
        reject(word(language, "never_over_alone"))
    if integral and not (Path(study) / "nation.toml").is_file():
        reject(word(language, "needs_single_enterprises", study=study))
    require_study(study, language)
    asked = checked_draws(study, AskedDraws(draws, spread, seed, out), cluster, language)
    provide = provider_on(device, language)
    allowed = memory_of(memory, language)
    if draws or allowed is not None or cluster is not None or holds_shards(study):
        if integral:
            reject(word(language, "integral_in_memory"))
        if provide is not None:
            reject(word(language, "device_in_memory"))
        figures = _cleared_from_shards(study, tolerance, allowed, cluster, asked, language, as_json)
        _show(figures, as_json)
        return
    with honest_exit(language, as_json):
        from yanzhen.market.large.integral_assignment import realise
        from yanzhen.market.large.nation import NotANation, is_nation, read_nation
        from yanzhen.market.large.record import clear_and_record
        from yanzhen.pipeline import formulated
        from yanzhen.study import read_study

        try:
            with working(word(language, "finding_prices")):
                if is_nation(Path(study)):
                    market = read_nation(Path(study))
                else:
                    market = formulated(read_study(study)).market
                solution, _, record = clear_and_record(market, tolerance, provide=provide)
            figures = record.as_json()
            if integral:
                with working(word(language, "settling")):
                    outcome = realise(market, solution.prices, seed, never_over=never_over)
                figures |= outcome.as_json(market)
        except NotANation as error:
            reject(str(error))
    _show(figures, as_json)


# Kept wide: what the command was asked, handed on.
def _cleared_from_shards(
    study: str,
    tolerance: float,
    memory: int | None,
    cluster: str | None,
    asked: AskedDraws,
    language: Language,
    as_json: bool,
) -> dict[str, float]:
    """What clearing a nation in shards took."""
    with honest_exit(language, as_json):
        from yanzhen.market.large.record import clear_population, compile_ahead
        from yanzhen.market.large.streamed_demand import StreamedPopulation

        compile_seconds = compile_ahead()
        nation = sharded(study, language)
        with population(nation, memory, cluster, language) as enterprises:
            solution, _, record = clear_population(
                enterprises, tolerance, compile_seconds=compile_seconds
            )
            figures = record.as_json()
            if asked.number:
                assert isinstance(enterprises, StreamedPopulation)
                figures |= drawn_figures(enterprises, solution.prices, asked, tolerance, language)
    return figures


def _show(figures: dict[str, float], as_json: bool) -> None:
    """Print what clearing took."""
    if as_json:
        print_json(figures)
        return
    for name, value in figures.items():
        stdout().print(f"{name:26} {value:.6g}")
