"""`yanzhen exchange statistics`: tables that tell of no single enterprise."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from yanzhen.cli.language import Language, help_of, language_of, word
from yanzhen.cli.options import AsJson, Spoken
from yanzhen.cli.outcome import FAILED, honest_exit, reject
from yanzhen.cli.screen import print_json, print_list, progress, refuse, stdout
from yanzhen.cli.store_options import DatabaseUrl, StoreFolder, folder_and_address, reached
from yanzhen.phrasebook import in_language

if TYPE_CHECKING:
    from yanzhen.exchange.statistics.from_deals import Contributed
    from yanzhen.exchange.statistics.hierarchy import Hierarchy

LEFT_OUT = ("no_enterprise", "no_amount", "no_code")
"""Why deals are not counted."""


# Kept whole: most of it declares the options of the command.
def statistics(
    hierarchy: Annotated[
        list[str],
        typer.Option(metavar="DIMENSION=FILE", show_default=False, help=help_of("hierarchy")),
    ],
    out: Annotated[
        Path,
        typer.Option(file_okay=False, show_default=False, help=help_of("statistics_out")),
    ],
    contributions: Annotated[
        Path | None,
        typer.Argument(
            metavar="CONTRIBUTIONS",
            dir_okay=False,
            show_default=False,
            help=help_of("contributions"),
        ),
    ] = None,
    from_store: Annotated[bool, typer.Option("--from-store", help=help_of("from_store"))] = False,
    money: Annotated[
        str, typer.Option(metavar="UNIT", help=help_of("statistics_money"))
    ] = "100 million CNY",
    keep: Annotated[
        Path | None,
        typer.Option(metavar="FILE", dir_okay=False, show_default=False, help=help_of("keep")),
    ] = None,
    tables: Annotated[
        Path | None,
        typer.Option(dir_okay=False, show_default=False, help=help_of("declared_tables")),
    ] = None,
    unit: Annotated[float, typer.Option(min=0.0, help=help_of("rounding_unit"))] = 0.0,
    seconds: Annotated[float, typer.Option(min=0.0, help=help_of("suppression_seconds"))] = 100.0,
    before: Annotated[
        list[str] | None,
        typer.Option(metavar="FOLDER=FILE", show_default=False, help=help_of("published_before")),
    ] = None,
    store: StoreFolder = None,
    database: DatabaseUrl = None,
    lang: Spoken = None,
    as_json: AsJson = False,
) -> None:
    """Publish tables that tell of no single enterprise, after attacking them.
    发布不泄露任何一家企业的统计表，发布前先行模拟攻击。
    """
    language = lang or language_of()
    if from_store == (contributions is not None) or (keep is not None and not from_store):
        reject(word(language, "one_source_of_statistics"))
    with honest_exit(language, as_json):
        from yanzhen.exchange.statistics.earlier import read_version
        from yanzhen.exchange.statistics.publication import Refused, publish
        from yanzhen.exchange.statistics.reading import (
            declared_tables,
            read_contributions,
            read_hierarchy,
        )
        from yanzhen.exchange.statistics.rules import SafetyRule
        from yanzhen.exchange.statistics.writing import notes_on, write_publication
        from yanzhen.report.document.writing import beside

        trees = {
            name: read_hierarchy(Path(file))
            for name, file in _pairs(hierarchy, "not_a_hierarchy", language)
        }
        if contributions is None:
            address = folder_and_address(store, database)
            trees, contributed = _from_store(*address, trees, money, language)
            given = contributed.contributions
        else:
            contributed = None
            given = read_contributions(contributions, trees)
        declared, titles = declared_tables(trees, tables)
        in_money = money if from_store else ""
        earlier = [
            read_version(Path(folder), Path(file), trees, in_money)
            for folder, file in _pairs(before or [], "not_published_before", language)
        ]
        try:
            with progress(language, not as_json) as shown:
                publication = publish(
                    *(given, trees, declared, SafetyRule(), unit, seconds, earlier),
                    update=lambda done: shown("suppressing", done),
                )
        except Refused as error:
            if as_json:
                told = [dict(zip(("en", "zh"), each, strict=True)) for each in error.reasons]
                print_json({"published": False, "reasons": told})
            else:
                print_list(in_language(each, language) for each in error.reasons)
            refuse(word(language, "not_published", count=len(error.reasons)))
            raise typer.Exit(FAILED) from None
        files = write_publication(*(publication, trees, declared, titles, out, language), in_money)
        if keep is not None:
            with beside(keep) as part:
                given.write_csv(part)
    hidden = int(publication.suppression.hidden.sum())
    said = {
        "cells": publication.suppression.hidden.size,
        "hidden": hidden,
        "gap": publication.suppression.gap,
        "sensitive": publication.audit.sensitive,
        "witnessed": publication.audit.witnessed,
        "programmes": publication.audit.programmes,
        "narrowest": publication.audit.narrowest,
    }
    if contributed is not None:
        left_out = {name: getattr(contributed, name) for name in LEFT_OUT}
        said |= {"deals": given.height, **left_out}
    if as_json:
        print_json({"published": True, **said, "files": [str(each) for each in files]})
        return
    gap = f"{publication.suppression.gap:.1%}"
    stdout().print(word(language, "published", **{**said, "gap": gap}, folder=out))
    if contributed is not None:
        stdout().print(word(language, "deals_counted", **said), soft_wrap=True)
    print_list(notes_on(publication, language, in_money))


def _from_store(
    folder: Path,
    address: str,
    given: "dict[str, Hierarchy]",
    money: str,
    language: Language,
) -> "tuple[dict[str, Hierarchy], Contributed]":
    """Return the hierarchies and what the deals of a store contribute."""
    from yanzhen.exchange.deals.register import in_yuan
    from yanzhen.exchange.statistics.from_deals import (
        contributions_of,
        hierarchies_of,
        signed_deals,
    )
    from yanzhen.store.database.connection import Database

    if lacking := [name for name in ("region", "industry") if name not in given]:
        reject(word(language, "lacking_hierarchy", names=", ".join(lacking)))
    if money not in in_yuan():
        reject(word(language, "register_unit", unit=money, known=", ".join(in_yuan())))
    with reached(language):
        opened = Database(address)
        if opened.is_sqlite and not Path(str(opened.url.database)).is_file():
            reject(word(language, "no_store_there", folder=folder))
        try:
            signed = signed_deals(opened)
        finally:
            opened.close()
    trees = hierarchies_of(signed, given)
    return trees, contributions_of(signed, trees, money)


def _pairs(said: list[str], key: str, language: Language) -> list[tuple[str, str]]:
    """Return the two sides of each option written LEFT=RIGHT."""
    found = []
    for each in said:
        left, equals, right = each.rpartition("=")
        if not (left and equals and right):
            reject(word(language, key, said=each))
        found.append((left, right))
    return found
