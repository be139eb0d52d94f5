"""`yanzhen exchange settle`: an agreement is settled from files alone."""

from pathlib import Path
from typing import Annotated

import typer

from yanzhen.cli.language import help_of, language_of, word
from yanzhen.cli.options import AsJson, Spoken
from yanzhen.cli.outcome import honest_exit, reject
from yanzhen.cli.screen import print_json, print_list, progress, stderr, stdout


# Kept whole: the options of a command, and what it does with them.
def settle(
    terms: Annotated[
        Path,
        typer.Argument(metavar="TERMS", exists=True, dir_okay=False, help=help_of("agreed_terms")),
    ],
    payments: Annotated[
        Path,
        typer.Argument(metavar="PAYMENTS", exists=True, dir_okay=False, help=help_of("payments")),
    ],
    start_year: Annotated[int, typer.Option(help=help_of("agreement_start"))],
    out: Annotated[Path, typer.Option(metavar="FOLDER", file_okay=False, help=help_of("out"))],
    home: Annotated[str, typer.Option(help=help_of("home_name"))] = "home",
    host: Annotated[str, typer.Option(help=help_of("host_name"))] = "host",
    name: Annotated[str | None, typer.Option(help=help_of("agreement_name"))] = None,
    exit_notice: Annotated[int | None, typer.Option(help=help_of("exit_notice"))] = None,
    quarterly: Annotated[bool, typer.Option("--quarterly", help=help_of("quarterly"))] = False,
    synthetic: Annotated[
        bool, typer.Option("--synthetic", help=help_of("made_up_payments"))
    ] = False,
    lang: Spoken = None,
    as_json: AsJson = False,
) -> None:
    """Settle an agreement from its terms and what was paid: statements by period, in a folder.
    按条款与缴税表结算协议，逐期写出结算单、分录与协议文本。
    """
    language = lang or language_of()
    with honest_exit(language, as_json):
        from yanzhen.exchange.settlement.agreement import Agreement
        from yanzhen.exchange.settlement.books import NotNext
        from yanzhen.exchange.settlement.declared import read_declarations
        from yanzhen.exchange.settlement.folder import write_statements
        from yanzhen.modes.coconstruction import check_contracts, read_terms
        from yanzhen.modes.coconstruction.contract.consistency import require
        from yanzhen.phrasebook import in_language
        from yanzhen.report.document.poster import why_no_poster
        from yanzhen.study.encoding import text_of

        read_terms(terms)
        text = text_of(terms, "terms")
        named = (name or terms.stem, home, host, start_year, text, exit_notice, synthetic)
        agreement = Agreement(*named)
        require(check_contracts([agreement.contract]))
        declared = read_declarations(payments, agreement)
        lacking = why_no_poster(language)
        if lacking is not None:
            said = word(language, f"without_statements.{lacking}")
            stderr().print(said, soft_wrap=True, markup=False)
        try:
            with progress(language, not as_json) as update:
                statements = write_statements(
                    agreement, declared, out, language, quarterly, lacking is None, update
                )
        except NotNext as error:
            reject(word(language, "statements_not_next", why=in_language(error.words, language)))
    if not statements:
        reject(word(language, "statements_none"))
    last = statements[-1]
    if as_json:
        print_json(
            {
                "periods": [each.period for each in statements],
                "terms_sha256": last.terms_sha256,
                "open": [each._asdict() for each in last.balances if each.closing],
            }
        )
        return
    from yanzhen.exchange.settlement.shown import yuan

    made = word(language, "statements_made", count=len(statements), period=last.period)
    stdout().print(made, soft_wrap=True, markup=False)
    owed = [
        word(
            language,
            "statements_open",
            debtor=last.party(each.debtor),
            creditor=last.party(each.creditor),
            yuan=yuan(each.closing),
        )
        for each in last.balances
        if each.closing
    ]
    print_list(owed or [word(language, "statements_nothing_open")])
