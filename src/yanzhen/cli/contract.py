"""`yanzhen contract`: schemes of benefit sharing, and the same projects under each of them."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from yanzhen.cli.language import COMMANDS, Language, help_of, language_of, word
from yanzhen.cli.options import AsJson, Spoken
from yanzhen.cli.outcome import WRONG_INPUT, honest_exit
from yanzhen.cli.screen import print_json, refuse, stderr, stdout
from yanzhen.phrasebook import in_language

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
    help="\n".join(COMMANDS.words("help.contract")),
    no_args_is_help=True,
    rich_markup_mode="rich",
)

Kinds = Annotated[list[str] | None, typer.Option("--tax-kind", help=help_of("tax_kind"))]
TopUp = Annotated[str | None, typer.Option(help=help_of("top_up_share"))]


@contract.command()
def presets(lang: Spoken = None, as_json: AsJson = False) -> None:
    """List the schemes in use, what they leave open and where they were read.
    列出已有办法、其未写明的条款与来源。
    """
    _list_schemes(lang or language_of(), as_json)


@contract.command()
def settle(
    projects: Annotated[
        Path, typer.Argument(metavar="PROJECTS", show_default=False, help=help_of("projects"))
    ],
    start_year: Annotated[int, typer.Option(help=help_of("start_year"))],
    terms: Annotated[
        list[Path] | None,
        typer.Argument(metavar="[TERMS]...", show_default=False, help=help_of("terms")),
    ] = None,
    tax_kind: Kinds = None,
    top_up_share: TopUp = None,
    equity: Annotated[str | None, typer.Option(help=help_of("equity"))] = None,
    payout: Annotated[str | None, typer.Option(help=help_of("payout"))] = None,
    out: Annotated[
        Path | None, typer.Option(metavar="FOLDER", file_okay=False, help=help_of("out_tables"))
    ] = None,
    synthetic: Annotated[bool, typer.Option("--synthetic", help=help_of("synthetic"))] = False,
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
            said = word(language, "scheme_left_out", name=name, needs=needs)
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
        hint = "" if near is None else word(language, "did_you_mean_next", name=near)
        listed = ", ".join(PRESETS)
        refuse(word(language, "no_terms", path=path, hint=hint, listed=listed))
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

    found, problems = COMMANDS.words("open_terms.found"), []
    for name, missing in left_out.items():
        options = " ".join(OPTIONS[each] for each in missing)
        expected = COMMANDS.words("open_terms.expected", options=options)
        problems.append(Problem.at(name, "terms", None, ", ".join(missing), found, expected))
    require(problems)


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
    for heading in word(language, "headings.schemes").split():
        table.add_column(heading, overflow="fold")
    for scheme in schemes:
        table.add_row(
            in_language((scheme.terms.title_en, scheme.terms.title_zh), language),
            in_language((scheme.note_en, scheme.note_zh), language),
            "\n".join(scheme.open),
            "\n".join(f"{document}\n{address}" for document, address in scheme.sources),
        )
    stdout().print(table)


def _show(found: "SideBySide", language: Language) -> None:
    from rich.table import Table

    title = word(language, "heading.all_years")
    table = Table(title=title, header_style="bold")
    headings = word(language, "headings.contracts")
    for k, heading in enumerate(headings.split()):
        table.add_column(heading, justify="right" if k else "left")
    money = ["tax_home", "tax_host", "tax_third", "recovered", "top_up", "dividend_home"]
    for row in found.totals.iter_rows(named=True):
        table.add_row(
            in_language((row["title_en"], row["title_zh"]), language),
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
