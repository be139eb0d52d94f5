"""`yanzhen synth` and `yanzhen clear`: a SYNTHETIC nation, and the market alone."""

from pathlib import Path
from typing import Annotated

import typer

from yanzhen.cli.language import choose, language_of
from yanzhen.cli.naming import require_study
from yanzhen.cli.options import AsJson, Spoken
from yanzhen.cli.outcome import honest_exit, reject
from yanzhen.cli.screen import print_json, stdout, warn, working

MARGINALS = "china-provinces"


def synth(
    folder: Annotated[
        Path, typer.Argument(metavar="FOLDER", show_default=False, help="New folder. 新文件夹。")
    ],
    enterprises: Annotated[
        int, typer.Option(min=1000, help="Number of enterprises. 企业数。")
    ] = 33_000,
    zones: Annotated[int, typer.Option(min=31, help="Number of zones. 开发区数。")] = 2_543,
    seed: Annotated[int, typer.Option(min=0, help="Seed of the draws. 随机种子。")] = 1,
    sigma: Annotated[
        float, typer.Option(min=1e-3, help="σ, of the payoffs' spread over zones. σ。")
    ] = 1.0,
    lang: Spoken = None,
) -> None:
    """Make a SYNTHETIC nation of enterprises and zones, to try the market at scale.
    生成合成（SYNTHETIC）的全国企业与开发区，用于检验市场出清。
    """
    language = lang or language_of()
    if folder.exists():
        reject(choose(language, f"{folder} 已存在。", f"{folder} exists already."))
    with honest_exit(language, False):
        from yanzhen.market.large.nation import write_nation
        from yanzhen.market.large.synth import marginals_of
        from yanzhen.study import read_study

        with working(choose(language, "生成合成全国…", "Drawing the nation…")):
            marginals = marginals_of(read_study(MARGINALS))
            write_nation(folder, enterprises, zones, seed, marginals, MARGINALS, sigma)
    warn(choose(language, "合成数据（SYNTHETIC）。", "SYNTHETIC: all of it is made up."))
    stdout().print(
        choose(language, f"已写入 {folder}。出清：", f"Made {folder}. To clear it:")
        + f" yanzhen clear {folder}",
        soft_wrap=True,
    )


# Kept whole: most of it declares the options of the command.
def clear(
    study: Annotated[
        str,
        typer.Argument(
            metavar="STUDY",
            show_default=False,
            help="A study or example, or a folder made by `yanzhen synth`. "
            "研究、示例或 synth 生成的文件夹。",
        ),
    ],
    tolerance: Annotated[
        float, typer.Option(min=1e-9, max=1e-2, help="Bound of every check. 检验的上限。")
    ] = 1e-5,
    integral: Annotated[
        bool,
        typer.Option(
            "--integral",
            help="Also settle one draw of the tastes, every enterprise whole. 企业逐家落定。",
        ),
    ] = False,
    never_over: Annotated[
        bool,
        typer.Option(
            "--never-over",
            help="With --integral: whoever finds no room stays, and is counted as envious. "
            "容量不足者留在原地，并计入不满意者。",
        ),
    ] = False,
    seed: Annotated[
        int, typer.Option(min=0, help="Seed of the tastes drawn by --integral. 随机种子。")
    ] = 1,
    lang: Spoken = None,
    as_json: AsJson = False,
) -> None:
    """Run the market alone: clear it, certify it, and say what it took.
    只运行市场：求出清价格、检验并报告用时。
    """
    language = lang or language_of()
    if never_over and not integral:
        reject(
            choose(
                language,
                "--never-over 需与 --integral 同用。",
                "--never-over goes with --integral.",
            )
        )
    if integral and not (Path(study) / "nation.toml").is_file():
        reject(
            choose(
                language,
                f"{study}：--integral 需要逐家企业，应为 yanzhen synth 生成的文件夹；"
                "研究中的一行代表许多企业。",
                f"{study}: --integral needs single enterprises, a folder made by yanzhen synth; "
                "a row of a study stands for many.",
            )
        )
    require_study(study, language)
    with honest_exit(language, as_json):
        from yanzhen.market.large.integral_assignment import realise
        from yanzhen.market.large.nation import NotANation, is_nation, read_nation
        from yanzhen.market.large.record import clear_and_record
        from yanzhen.pipeline import formulated
        from yanzhen.study import read_study

        try:
            with working(choose(language, "求出清价格…", "Finding prices…")):
                if is_nation(Path(study)):
                    market = read_nation(Path(study))
                else:
                    market = formulated(read_study(study)).market
                solution, _, record = clear_and_record(market, tolerance)
            figures = record.as_json()
            if integral:
                with working(choose(language, "企业逐家落定…", "Settling every enterprise…")):
                    outcome = realise(market, solution.prices, seed, never_over=never_over)
                figures |= outcome.as_json(market)
        except NotANation as error:
            reject(str(error))
    if as_json:
        print_json(figures)
        return
    for name, value in figures.items():
        stdout().print(f"{name:26} {value:.6g}")
