"""The search box: places, industries, sites, pages and terms that what is typed stands in."""

from collections.abc import Iterable
from dataclasses import dataclass
from html import escape

import polars as pl

from yanzhen.study.movable import movable_industries
from yanzhen.study.names import name_in
from yanzhen.web.glossary import terms
from yanzhen.web.view import View

MOST = 8
"""Hits of a kind that are shown."""
KINDS = ("page", "region", "industry", "site", "term")


@dataclass(frozen=True)
class Hit:
    """Something found: its kind, its name, and the address that shows it."""

    kind: str
    name: str
    url: str


def search_form(view: View, place: str) -> str:
    """Return the search box as markup that works without scripts.

    Parameters
    ----------
    place : key of its name
    """
    label = escape(view.word(place))
    kept = {"study": view.study, "lang": view.lang}
    hidden = "".join(
        f'<input type="hidden" name="{name}" value="{escape(value)}">'
        for name, value in kept.items()
    )
    typed = escape(view.chosen("q"))
    return (
        f'<form role="search" action="/" class="search" aria-label="{label}">{hidden}'
        f'<input type="search" name="q" value="{typed}" aria-label="{label}" '
        f'placeholder="{label}"><button>{escape(view.word("search.go"))}</button></form>'
    )


def found(view: View, typed: str, pages: Iterable[tuple[str, str]]) -> list[Hit]:
    """Return what is found, the closest of each kind first.

    Parameters
    ----------
    typed : any part of a name, in either language, or a code
    pages : path and name of every page
    """
    wanted = typed.strip().casefold()
    if not wanted:
        return []
    here = view.address
    hits: list[tuple[str, str, tuple[str, ...], str]] = [
        ("page", path, (name,), here.page(path).url()) for path, name in pages
    ] + [
        ("term", key, (name, key), f"{here.page('/glossary').url()}#{key}")
        for key, (name, _) in terms(view.lang).items()
    ]
    if view.bench.studies.readable(view.study):
        hits += _of_study(view)
    ranked = sorted(
        (_closeness(wanted, names, code), KINDS.index(kind), names[0], kind, url)
        for kind, code, names, url in hits
        if any(wanted in each.casefold() for each in (*names, code))
    )
    return [
        Hit(kind, name, url)
        for known in KINDS
        for _, _, name, kind, url in [each for each in ranked if each[3] == known][:MOST]
    ]


def _of_study(view: View) -> list[tuple[str, str, tuple[str, ...], str]]:
    tables = view.bench.studies.read(view.study).tables
    role = view.address.page("/role")
    asked = {
        "region": ("region", "province", tables["regions"]),
        "site": ("site", "zone", tables["sites"]),
        "industry": ("industry", "enterprise", movable_industries(tables["industries"])),
    }
    other = "en" if view.lang == "zh" else "zh"
    return [
        (
            kind,
            code,
            tuple(each for each in (own or code, foreign) if each),
            role.choosing(role=of, **{column: code}).url(),
        )
        for kind, (column, of, table) in asked.items()
        for code, own, foreign in table.select(
            pl.col(column), name_in(view.lang).alias("own"), pl.col(f"name_{other}")
        ).iter_rows()
    ]


def _closeness(wanted: str, names: Iterable[str], code: str) -> int:
    """0 for the whole of a name or code, 1 for its beginning, 2 for any other part."""
    every = [each.casefold() for each in (*names, code)]
    if wanted in every:
        return 0
    return 1 if any(each.startswith(wanted) for each in every) else 2
