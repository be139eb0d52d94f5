"""The report on matches of achievements."""

from collections.abc import Mapping
from typing import Any

import polars as pl

from yanzhen.accounts.panel import base_year
from yanzhen.modes.coconstruction import PRESETS, preset
from yanzhen.modes.technology.matching.matching import Matching
from yanzhen.report.document.document import Document, Drawing, Section, with_rows
from yanzhen.report.document.parts import Cell, Head, View
from yanzhen.report.figures.technology import (
    achievement_flows,
    best_matches,
    match_terms,
)
from yanzhen.report.findings.technology import technology_findings
from yanzhen.report.tables.basis import source_table
from yanzhen.report.tables.technology import KEYS, shared_words, technology_table, titles_of
from yanzhen.report.text.reader import Reader
from yanzhen.study.result_columns import columns_of

MOST_MATCHES = 60
MOST_PARTNERS = 60
LIMITS = ("weights", "direction", "share", "text")
FRAMES = {
    "matches": "pairs",
    **{name: name for name in ("words", "flows", "partners", "unmatched", "outbid", "rejected")},
    "not_evaluated": "not_evaluated",
    "not_comparable": "silent",
    "sharing": "sharing",
}
"""Frames of the result by the names of their files."""


def technology_frames(matching: Matching) -> dict[str, pl.DataFrame]:
    """Tables of matches by name."""
    return {name: getattr(matching, key) for name, key in FRAMES.items()}


def technology_document(matching: Matching, reader: Reader) -> Document:
    """Return the report on matches."""
    kind = reader.word(f"technology.kind.{matching.kind}")
    limits = [reader.word(f"technology.limit.{name}") for name in LIMITS]
    return Document(
        reader=reader,
        title=reader.word("technology.title", kind=kind),
        lead=reader.word("technology.lead", kind=kind),
        year=base_year(matching.study),
        findings=technology_findings(matching, reader),
        sections=[
            Section(
                "technology_matches",
                [
                    Drawing("technology_flows", achievement_flows(matching, reader)),
                    Drawing("technology_terms", match_terms(matching, reader)),
                    _matches(matching, reader),
                ],
            ),
            Section(
                "technology_partners",
                [
                    _partners(matching, reader),
                    *_outbid(matching, reader),
                    *_sharing(matching, reader),
                    *_rejected(matching, reader),
                ],
            ),
        ],
        limits=limits,
        tables=[
            *with_rows(technology_table(matching, key, reader) for key in KEYS),
            source_table(reader),
        ],
        notes=limits,
        frames=technology_frames(matching),
        kinds={name: columns_of(Matching)[key] for name, key in FRAMES.items()},
        named_in=("technology", "column"),
    )


def _view(
    key: str, note: str, heads: str, rows: list[list[Cell]], reader: Reader, numbers: str = ""
) -> View:
    """Return a view, its title and the heads named in `words.toml`."""
    return View(
        f"technology_{key}",
        reader.word(f"technology.{'table.outbid.title' if key == 'outbid' else key}"),
        note,
        [
            Head(reader.word(f"technology.{name}"), "", name in numbers.split())
            for name in heads.split()
        ],
        rows,
    )


def _matches(matching: Matching, reader: Reader) -> View:
    titles, region = titles_of(matching, reader), reader.names.regions
    owner = dict(matching.achievements.select("achievement", "region").iter_rows())
    home = dict(matching.partners.select("partner", "home_region").iter_rows())
    words = shared_words(matching, reader)
    rows = [
        [
            Cell(titles[row["achievement"]], "wide"),
            Cell(region.get(owner[row["achievement"]], "—")),
            Cell(titles[row["partner"]], "wide"),
            Cell(region.get(home[row["partner"]], "—")),
            Cell(f"{row['share']:.1%}", "number"),
            Cell(f"{row['taken']:.2f}", "number"),
            Cell(f"{row['value']:.2f}", "number"),
            Cell(words.get((row["achievement"], row["partner"]), "—"), "wide"),
        ]
        for row in best_matches(matching).head(MOST_MATCHES).iter_rows(named=True)
    ]
    note = reader.word("technology.matches_note", count=len(rows))
    heads = "achievement owned_in partner received_in share taken value shared_words"
    return _view("matches", note, heads, rows, reader, "share taken value")


def _partners(matching: Matching, reader: Reader) -> View:
    titles, region = titles_of(matching, reader), reader.names.regions
    shown = matching.partners.sort(["expected", "partner"], descending=[True, False])
    rows = [
        [
            Cell(_named_partner(matching, row, titles[row["partner"]], reader), "wide"),
            Cell(region.get(row["region"], "—")),
            Cell(region.get(row["home_region"], "—")),
            Cell("—" if row["capacity"] is None else f"{row['capacity']:g}", "number"),
            Cell(f"{row['expected']:.2f}", "number"),
            Cell(f"{row['price']:.2f}", "number"),
            Cell(_contract(row, reader)),
        ]
        for row in shown.head(MOST_PARTNERS).iter_rows(named=True)
    ]
    note = reader.word("technology.partners_note", count=len(rows), all=shown.height)
    heads = "partner stands_in received_in capacity expected price contract"
    return _view("partners", note, heads, rows, reader, "capacity expected price")


def _outbid(matching: Matching, reader: Reader) -> list[View]:
    """Partners whose best achievement goes to others at the prices."""
    titles = titles_of(matching, reader)
    rows = [
        [
            *(Cell(titles[row[side]], "wide") for side in ("partner", "achievement", "taker")),
            *(
                Cell(f"{row[name]:.2f}", "number")
                for name in ("relevance", "taken", "taken_by_others", "licence_price")
            ),
        ]
        for row in matching.outbid.head(MOST_PARTNERS).iter_rows(named=True)
    ]
    numbers = "term_relevance taken taken_by_others licence_price"
    note = reader.word("technology.table.outbid.note")
    heads = f"partner achievement taker {numbers}"
    return [_view("outbid", note, heads, rows, reader, numbers)] if rows else []


def _named_partner(
    matching: Matching, row: Mapping[str, object], title: str, reader: Reader
) -> str:
    """A partner's title, and beside a need's that no achievement suits it."""
    if matching.kind != "needs" or row["suitable"]:
        return title
    return reader.word("in_unit", what=title, unit=reader.word("technology.no_suitable"))


def _contract(row: dict[str, str | None], reader: Reader) -> str:
    if row["contract"] is None:
        return "—"
    ratio = row["contract_terms"] or reader.word("technology.open_terms")
    return reader.word("in_unit", what=_title(row["contract"], reader), unit=ratio)


def _title(contract: str, reader: Reader) -> str:
    if contract not in PRESETS:
        return contract
    terms = preset(contract).terms
    return terms.title_zh if reader.lang == "zh" else terms.title_en


def _sharing(matching: Matching, reader: Reader) -> list[View]:
    """What each side gets under the terms that partners name."""
    titles, region = titles_of(matching, reader), reader.names.regions
    place = dict(matching.partners.select("partner", "region").iter_rows())
    home = dict(matching.partners.select("partner", "home_region").iter_rows())
    owner = reader.word("technology.owners_region")
    rows = []
    for row in matching.sharing.iter_rows(named=True):
        stands, receives = place[row["partner"]], home[row["partner"]]
        sender = owner if stands == receives else region.get(stands, stands)
        rows.append(
            [
                Cell(titles[row["partner"]], "wide"),
                Cell(_title(row["contract"], reader)),
                Cell(_shared(row, reader), "wide"),
                Cell(_years(row, reader)),
                Cell(f"{sender} {_share(row['sender'], reader)}"),
                Cell(f"{region.get(receives, receives)} {_share(row['receiver'], reader)}"),
                Cell(_share(row["third"], reader) if row["third"] else "—"),
            ]
        )
    note = reader.word("technology.sharing_note")
    heads = "partner contract_named shared years sender receiver third"
    return [_view("sharing", note, heads, rows, reader)] if rows else []


def _shared(row: dict[str, Any], reader: Reader) -> str:
    shared = reader.word(f"technology.shared_in.{row['shared']}")
    if row["shared"] != "tax":
        return shared
    if row["tax_kinds"] is None:
        return reader.word("in_unit", what=shared, unit=reader.word("technology.open_kinds"))
    kinds = [reader.word(f"tax_kind.{kind}") for kind in row["tax_kinds"].split(";")]
    return reader.word("in_unit", what=shared, unit=reader.word("comma").join(kinds))


def _years(row: dict[str, Any], reader: Reader) -> str:
    if row["first_year"] is None:
        return "—"
    if row["last_year"] is None:
        return reader.word("technology.years_without_end", first=row["first_year"])
    return f"{row['first_year']}–{row['last_year']}"


def _share(share: float | None, reader: Reader) -> str:
    return reader.word("technology.open_share") if share is None else f"{share:.0%}"


def _rejected(matching: Matching, reader: Reader) -> list[View]:
    titles = titles_of(matching, reader)
    rows = [
        [
            *(
                Cell(titles.get(row[side], row[side]), "wide")
                for side in ("achievement", "partner")
            ),
            Cell(row["reason"] or "—", "wide"),
        ]
        for row in matching.rejected.iter_rows(named=True)
    ]
    return [_view("rejected", "", "achievement partner reason", rows, reader)] if rows else []
