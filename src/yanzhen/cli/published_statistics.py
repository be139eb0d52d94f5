"""`yanzhen exchange statistics`: tables that tell of no single enterprise, from files alone."""

from pathlib import Path
from typing import Annotated

import typer

from yanzhen.cli.language import Language, help_of, language_of, word
from yanzhen.cli.options import AsJson, Spoken
from yanzhen.cli.outcome import FAILED, honest_exit, reject
from yanzhen.cli.screen import print_json, print_list, progress, refuse, stdout
from yanzhen.phrasebook import in_language


# Kept whole: most of it declares the options of the command.
def statistics(
    contributions: Annotated[
        Path,
        typer.Argument(
            metavar="CONTRIBUTIONS",
            dir_okay=False,
            show_default=False,
            help=help_of("contributions"),
        ),
    ],
    hierarchy: Annotated[
        list[str],
        typer.Option(metavar="DIMENSION=FILE", show_default=False, help=help_of("hierarchy")),
    ],
    out: Annotated[
        Path,
        typer.Option(file_okay=False, show_default=False, help=help_of("statistics_out")),
    ],
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
    lang: Spoken = None,
    as_json: AsJson = False,
) -> None:
    """Publish tables that tell of no single enterprise, after attacking them.
    发布不泄露任何一家企业的统计表，发布前先行模拟攻击。
    """
    language = lang or language_of()
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

        trees = {
            name: read_hierarchy(Path(file))
            for name, file in _pairs(hierarchy, "not_a_hierarchy", language)
        }
        declared, titles = declared_tables(trees, tables)
        given = read_contributions(contributions, trees)
        earlier = [
            read_version(Path(folder), Path(file), trees, declared)
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
        files = write_publication(publication, trees, titles, out, language)
    hidden = int(publication.suppression.hidden.sum())
    said = {
        "cells": publication.suppression.hidden.size,
        "hidden": hidden,
        "gap": publication.suppression.gap,
        "programmes": publication.audit.programmes,
    }
    if as_json:
        print_json({"published": True, **said, "files": [str(each) for each in files]})
        return
    gap = f"{publication.suppression.gap:.1%}"
    stdout().print(word(language, "published", **{**said, "gap": gap}, folder=out))
    print_list(notes_on(publication, language))


def _pairs(said: list[str], key: str, language: Language) -> list[tuple[str, str]]:
    """Return the two sides of each option written LEFT=RIGHT."""
    found = []
    for each in said:
        left, equals, right = each.rpartition("=")
        if not (left and equals and right):
            reject(word(language, key, said=each))
        found.append((left, right))
    return found
