"""`yanzhen contract`: schemes of benefit sharing, and the same projects under each of them."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from yanzhen.cli.language import Language, choose, language_of
from yanzhen.cli.options import AsJson, Spoken
from yanzhen.cli.outcome import WRONG_INPUT, honest_exit
from yanzhen.cli.screen import print_json, refuse, stderr, stdout

if TYPE_CHECKING:
    from yanzhen.modes import coconstruction
    from yanzhen.modes.coconstruction import Given, SideBySide, Terms

FEN_IN_TEN_THOUSAND_YUAN = 1_000_000
OPTIONS = {
    "tax_kinds": "--tax-kind value_added_tax",
    "top_up_share": "--top-up-share 50%",
    "equity_split": "--equity 60:40",
    "payout": "--payout 30%",
}
"""How each term that a scheme may leave open is given, with an example."""


contract = typer.Typer(
    name="contract",
    help="Contracts of co-construction: settle, compare, appraise, pair.\n"
    "合作共建合同：结算、比较、测算、配对。",
    no_args_is_help=True,
    rich_markup_mode="rich",
)

Kinds = Annotated[
    list[str] | None,
    typer.Option("--tax-kind", help="Tax shared where a scheme's source names none. 分享税种。"),
]
TopUp = Annotated[
    str | None,
    typer.Option(help="Part of what is missing to the cap that is topped up. 补助比例。"),
]


@contract.command()
def presets(lang: Spoken = None, as_json: AsJson = False) -> None:
    """List the schemes in use, what they leave open and where they were read.
    列出已有办法、其未写明的条款与来源。
    """
    _list_schemes(lang or language_of(), as_json)


# Kept whole: most of it declares the options of the command.
@contract.command()
def settle(
    projects: Annotated[
        Path,
        typer.Argument(
            metavar="PROJECTS",
            show_default=False,
            help="CSV table of projects by year. 项目逐年表。",
        ),
    ],
    start_year: Annotated[int, typer.Option(help="First year of the contract. 合同首年。")],
    terms: Annotated[
        list[Path] | None,
        typer.Argument(
            metavar="[TERMS]...",
            show_default=False,
            help="TOML files of your own contracts, beside the schemes. 自拟合同条款 TOML。",
        ),
    ] = None,
    tax_kind: Kinds = None,
    top_up_share: TopUp = None,
    equity: Annotated[
        str | None, typer.Option(help='Shares of a joint company, "60:40". 股比。')
    ] = None,
    payout: Annotated[
        str | None, typer.Option(help='Part of profit paid out, "30%". 分红比例。')
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(metavar="FOLDER", file_okay=False, help="Folder for the tables. 结果文件夹。"),
    ] = None,
    synthetic: Annotated[
        bool, typer.Option("--synthetic", help="The projects are made up. 项目为合成数据。")
    ] = False,
    lang: Spoken = None,
    as_json: AsJson = False,
) -> None:
    """Lay contracts of benefit sharing side by side on the same projects.
    把各种利益分享合同放在同一批项目上逐年比较。
    """
    language = lang or language_of()
    with honest_exit(language, as_json):
        from yanzhen.modes.coconstruction import read_projects, side_by_side, tax_split_table
        from yanzhen.report.analyses.contract import unrecorded_said

        given = given_terms(tax_kind, top_up_share, equity, payout)
        require_terms(terms or [], language)
        schemes, left_out = _schemes(terms or [], given)
        rows = read_projects(projects, start_year, tax_split_table())
        found = side_by_side(schemes, rows, start_year)
        for name, missing in left_out.items():
            needs = ", ".join(f"{each} ({OPTIONS[each]})" for each in missing)
            said = choose(
                language, f"{name} 略去：缺 {needs}", f"{name} left out, it needs: {needs}"
            )
            stderr().print(said, soft_wrap=True)
        for said in unrecorded_said(found, language):
            stderr().print(said, soft_wrap=True)
        if out is not None:
            _write(found, schemes, out, language, synthetic)
    if as_json:
        print_json(found.totals.to_dicts())
    else:
        _show(found, language)


def require_terms(paths: list[Path], language: Language) -> None:
    """End with 2 where one of the files of terms named is not there."""
    from yanzhen.modes.coconstruction import PRESETS
    from yanzhen.study.problem import nearest

    missing = [path for path in paths if not path.is_file()]
    for path in missing:
        near = nearest(path.name, PRESETS)
        hint = (
            "" if near is None else choose(language, f"是否指 {near}？", f" Did you mean {near}?")
        )
        listed = ", ".join(PRESETS)
        refuse(
            choose(
                language,
                f"没有名为 {path} 的条款文件，也没有此名的办法。{hint}已有办法：{listed}。",
                f"There is no file of terms {path}, nor a scheme of that name.{hint} "
                f"The schemes are: {listed}.",
            )
        )
    if missing:
        raise typer.Exit(WRONG_INPUT)


def given_terms(
    tax_kind: list[str] | None, top_up_share: str | None, equity: str | None, payout: str | None
) -> "coconstruction.Given":
    """What the user gives where a source leaves it open, read as terms are."""
    from yanzhen.modes.coconstruction.settlement.presets import given_of

    return given_of(tax_kind or [], top_up_share or "", equity or "", payout or "")


def _schemes(
    paths: list[Path], given: "Given"
) -> tuple[dict[str, "Terms"], dict[str, tuple[str, ...]]]:
    """The user's own contracts and the schemes; and those left out, with what they leave open."""
    from yanzhen.modes.coconstruction import PRESETS, preset
    from yanzhen.modes.coconstruction.settlement.presets import own_schemes

    schemes = own_schemes(paths)
    left_out = {}
    for scheme in map(preset, PRESETS):
        missing = tuple(name for name in scheme.open if getattr(given, name) is None)
        if missing:
            left_out[scheme.key] = missing
        else:
            schemes[scheme.key] = scheme.complete(given)
    if not schemes:
        _refuse_nothing(left_out)
    return schemes, left_out


def _refuse_nothing(left_out: dict[str, tuple[str, ...]]) -> None:
    """Say of each scheme which options would complete it, where there is nothing to settle."""
    from yanzhen.modes.coconstruction.contract.consistency import require
    from yanzhen.study import Problem

    require(
        [
            Problem.at(
                name,
                "terms",
                None,
                ", ".join(missing),
                ("nothing: the source leaves it open", "空：来源未写明"),
                (
                    f"{' '.join(OPTIONS[each] for each in missing)}, or a TOML file of your own",
                    f"{' '.join(OPTIONS[each] for each in missing)}，或自拟条款 TOML",
                ),
            )
            for name, missing in left_out.items()
        ]
    )


def _list_schemes(language: Language, as_json: bool) -> None:
    from rich.table import Table

    from yanzhen.modes.coconstruction import PRESETS, preset

    schemes = [preset(key) for key in PRESETS]
    if as_json:
        print_json(
            [
                {
                    "key": scheme.key,
                    "title_zh": scheme.terms.title_zh,
                    "title_en": scheme.terms.title_en,
                    "open": scheme.open,
                    "assumed": scheme.assumed,
                    "sources": [list(source) for source in scheme.sources],
                    "note_zh": scheme.note_zh,
                    "note_en": scheme.note_en,
                }
                for scheme in schemes
            ]
        )
        return
    table = Table(show_lines=True, header_style="bold")
    for heading in choose(language, "办法 说明 未写明 来源", "Scheme Note Open Source").split():
        table.add_column(heading, overflow="fold")
    for scheme in schemes:
        table.add_row(
            choose(language, scheme.terms.title_zh, scheme.terms.title_en),
            choose(language, scheme.note_zh, scheme.note_en),
            "\n".join(scheme.open),
            "\n".join(f"{document}\n{address}" for document, address in scheme.sources),
        )
    stdout().print(table)


def _show(found: "SideBySide", language: Language) -> None:
    from rich.table import Table

    title = choose(language, "全部年份合计，万元", "All years together, 10,000 yuan")
    table = Table(title=title, header_style="bold")
    headings = choose(
        language,
        "合同 适用项目 迁出地税收 迁入地税收 第三方税收 其中偿还投入 补助 迁出地分红 迁出地末年",
        "Contract Projects Home-tax Host-tax Third-tax Repaid Top-up Home-dividend Last-year",
    )
    for k, heading in enumerate(headings.split()):
        table.add_column(heading, justify="right" if k else "left")
    money = ["tax_home", "tax_host", "tax_third", "recovered", "top_up", "dividend_home"]
    for row in found.totals.iter_rows(named=True):
        table.add_row(
            choose(language, row["title_zh"], row["title_en"]),
            str(row["projects"]),
            *(f"{row[name] / FEN_IN_TEN_THOUSAND_YUAN:,.2f}" for name in money),
            "" if row["last_year_home"] is None else str(row["last_year_home"]),
        )
    stdout().print(table)


def _write(
    found: "SideBySide",
    schemes: dict[str, "Terms"],
    folder: Path,
    language: Language,
    synthetic: bool,
) -> None:
    """Write the page, the tables with amounts in fen, and the terms that were settled."""
    from yanzhen.modes.coconstruction import ledger_frame, write_terms
    from yanzhen.report.analyses.contract import write_contract_book, write_contract_page
    from yanzhen.report.document.writing import beside

    folder.mkdir(parents=True, exist_ok=True)
    write_contract_page(found, folder / "contracts.html", language, synthetic)
    write_contract_book(found, folder / "contracts.xlsx", language, synthetic)
    mark = "SYNTHETIC_" if synthetic else ""
    frames = {
        "side_by_side": found.totals,
        "yearly": found.yearly,
        "ledger": ledger_frame(found.ledger),
    }
    for name, frame in frames.items():
        with beside(folder / f"{mark}{name}.csv") as part:
            frame.write_csv(part)
    for name, terms in schemes.items():
        (folder / f"{name}.toml").write_text(write_terms(terms), encoding="utf-8")
