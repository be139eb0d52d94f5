"""The report of a plan."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import polars as pl

from yanzhen.market.plan.plan import Plan
from yanzhen.report.document.chapter import Chapter
from yanzhen.report.document.document import (
    Definitions,
    Document,
    Drawing,
    InFiles,
    Paragraph,
    Part,
    Section,
    with_rows,
)
from yanzhen.report.document.folder import write_file
from yanzhen.report.document.frames import write_frames
from yanzhen.report.document.geojson import write_geojson
from yanzhen.report.document.parts import Cell, Head, View, cell, head, view
from yanzhen.report.figures import FIGURES, limited_resources, prices
from yanzhen.report.findings.first_page import figures, rests_on, verdict
from yanzhen.report.findings.plan import findings
from yanzhen.report.tables.basis import certificate_table, parameter_table, source_table
from yanzhen.report.tables.plan import listed_tables, move_table, price_table, table
from yanzhen.report.tables.table import Table, frames_of
from yanzhen.report.text.limits import carried_forward, limits, origins
from yanzhen.report.text.quantities import points
from yanzhen.report.text.reader import Reader
from yanzhen.report.text.routes import ROUTE
from yanzhen.study.result_columns import Kind, columns_of

GATED = ("refused", "unevaluated")
FURTHER = ("policies", "options", "chain_points", "chains", "services")
REASONS_NAMED = 3
MOST_WHOLE, SHOWN_ROWS = 20, 10
"""Rows up to which the page shows a table whole, and of a longer one; the workbook has them all."""
MOST_SHEET = 1_000
"""Rows of a chapter's table that has a sheet; a longer one is in the files alone."""
FOR_PROGRAMS = ("schedule", "activity")
"""Tables of the plan for which the same holds; the others are read row by row."""
SHOWN_PICTURES = 2
"""Pictures of a chapter of another analysis, whose own report has them all."""
REGION_COLUMNS = (
    "region", "macro_region", "output", "departures", "arrivals", "net", "net_low", "net_high",
    "gaining_share", "jobs_arriving", "jobs_leaving", "rents", "flagged",
)  # fmt: skip


def plan_document(plan: Plan, reader: Reader, chapters: Sequence[Chapter] = ()) -> Document:
    """Return the report of a plan: page, workbook and files.

    Chapters of other analyses stand before the certificate; names of their files begin with
    their keys.
    """
    sections = [
        *_sections(plan, reader),
        *(_chapter(chapter, reader) for chapter in chapters),
        *_proof(plan, reader),
    ]
    return _document(plan, reader, chapters, sections)


def _document(
    plan: Plan, reader: Reader, chapters: Sequence[Chapter], sections: Sequence[Section]
) -> Document:
    result = frames_of(plan)
    kinds: dict[str, Mapping[str, Kind]] = {**columns_of(Plan)}
    for chapter in chapters:
        result |= {f"{chapter.key}_{name}": frame for name, frame in chapter.frames.items()}
        kinds |= {f"{chapter.key}_{name}": kind for name, kind in chapter.kinds.items()}
    sheets, in_files = _sheets(plan, reader, chapters)
    return Document(
        reader=reader,
        title=_title(plan, reader),
        lead=reader.word(
            "page.lead",
            first=plan.period[0],
            last=plan.period[1],
            base=plan.base_year,
            regions=plan.regions.height,
            industries=plan.industries.height,
        ),
        year=plan.period[0],
        findings=findings(plan, reader),
        sections=sections,
        opening=_first_page(plan, reader),
        limits=limits(plan, reader),
        after_limits=[
            _short(view(shown), reader)
            for shown in with_rows(
                [table(plan, key, reader) for key in ("without_flagged", "without_earlier")]
            )
        ],
        tables=[
            *sheets,
            parameter_table(plan, reader),
            certificate_table(plan, reader),
            source_table(reader),
        ],
        in_files=in_files,
        notes=[origins(reader)],
        frames=result,
        kinds=kinds,
    )


def write_plan(plan: Plan, folder: Path, reader: Reader, chapters: Sequence[Chapter] = ()) -> None:
    """Write the report of a plan, and chapters of other analyses, into a folder.

    `report.html` and `plan.xlsx` are in the language asked; `regions.geojson`, `flows.geojson` and
    the tables in `tables` hold codes and names in both. Every file is written beside its place and
    then moved there, so that a run that is killed leaves no half file under its name.
    """
    document = plan_document(plan, reader, chapters)
    write_file(document, folder / "report.html")
    write_file(document, folder / "plan.xlsx")
    write_geojson(plan, folder)
    write_frames(plan.study, document.frames, document.kinds, folder / "tables")


def plan_in_word(plan: Plan, reader: Reader, chapters: Sequence[Chapter] = ()) -> Document:
    """Return the report of a plan for Word: as the page, with every picture of other analyses.

    Chapters stand with findings and pictures; their tables are in the workbook.
    """
    said = [
        Section(
            chapter.key, chapter.drawings, (*chapter.findings, *chapter.limits), (), chapter.heading
        )
        for chapter in chapters
    ]
    parameters = Section("", [parameter_table(plan, reader)])
    sections = [*_sections(plan, reader), *said, *_proof(plan, reader), parameters]
    return _document(plan, reader, chapters, sections)


def _title(plan: Plan, reader: Reader) -> str:
    return reader.word(
        "page.title",
        study=reader.study_title,
        first=plan.period[0],
        last=plan.period[1],
    )


def _first_page(plan: Plan, reader: Reader) -> Section:
    """The verdict, the map, five figures, and what they rest on, on one page of A4."""
    parts: list[Part] = [
        Paragraph(verdict(plan, reader), "verdict"),
        Definitions(figures(plan, reader)),
        Drawing("flows", FIGURES["flows"](plan, reader)),
        Paragraph(reader.word("page.rests_on"), "subheading"),
        *(Paragraph(sentence, "note") for sentence in rests_on(plan, reader)),
    ]
    return Section("first", parts)


def _sections(plan: Plan, reader: Reader) -> list[Section]:
    """What the market gives, in the order of the page."""

    def drawing(key: str) -> Drawing:
        return Drawing(key, FIGURES[key](plan, reader))

    def short(key: str) -> View:
        return _short(view(table(plan, key, reader)), reader)

    limited = limited_resources(plan)
    moves = _moves(plan, reader)
    there = [moves] if moves.rows else []
    ranked = view(table(_ranked(plan), "regions", reader), columns=REGION_COLUMNS)
    caveat = Paragraph(origins(reader), "caveat")
    carried = [Paragraph(sentence, "caveat") for sentence in carried_forward(plan, reader)]
    gated = [_short(view(each), reader) for each in _present(plan, GATED, reader)]
    further = [
        _short(view(_largest_net(plan, reader) if each.key == "services" else each), reader)
        for each in _present(plan, FURTHER, reader)
    ]
    return [
        Section(
            "course",
            [
                drawing("history"),
                drawing("macro_regions"),
                short("macro_regions"),
                short("macro_flows"),
            ],
        ),
        Section(
            "where",
            [
                caveat,
                *(drawing(key) for key in ("net_arrivals", "arrival_ranks")),
                _short(ranked, reader),
            ],
        ),
        Section("why", [caveat, drawing("reasons"), *there]),
        Section(
            "scarce",
            [
                Paragraph(reader.word("page.scarce_lead")),
                *(
                    Drawing(f"prices-{resource}", prices(plan, reader, resource))
                    for resource in limited or [plan.study.about.measured_by.resource]
                ),
                *(_places(price_table(plan, resource, reader), reader) for resource in limited),
            ],
        ),
        *([Section("refusals", gated)] if gated else []),
        Section("past", [*carried, drawing("comparison")]),
        Section("when", [drawing("schedule"), short("industries")]),
        *([Section("further", further)] if further else []),
    ]


def _proof(plan: Plan, reader: Reader) -> list[Section]:
    """The certificate, and what everything rests on."""
    passed = "certificate.passed" if plan.certificate.passed else "certificate.failed"
    overall = [i for i, row in enumerate(plan.hold_out["industry"]) if row is None]
    return [
        Section("certificate", [Paragraph(reader.word(passed)), certificate_table(plan, reader)]),
        Section(
            "basis",
            [
                Paragraph(reader.word("page.basis_lead")),
                Drawing("completeness", FIGURES["completeness"](plan, reader)),
                view(table(plan, "hold_out", reader), overall),
                *_present(plan, ("not_evaluated",), reader),
                Paragraph(reader.word("page.parameters", count=plan.parameters.height), "reading"),
            ],
        ),
    ]


def _ranked(plan: Plan) -> Plan:
    """Return a plan with the regions that change most first."""
    order = [pl.col("net").abs(), pl.col("region")]
    return replace(plan, regions=plan.regions.sort(order, descending=[True, False]))


def _chapter(chapter: Chapter, reader: Reader) -> Section:
    """Return what the page shows of another analysis: findings, its first pictures, and where the
    rest is.

    Tables stand only in place of pictures that there are not.
    """
    pictures = chapter.drawings[:SHOWN_PICTURES]
    views = chapter.views[: SHOWN_PICTURES - len(pictures)]
    parts: list[Part] = [*pictures, *(_short(each, reader) for each in views)]
    for where, long in (("workbook", False), ("files", True)):
        titles = dict.fromkeys(
            each.title for each in chapter.tables if _long(each, chapter) == long
        )
        if titles:
            listed = reader.word("comma").join(titles)
            said = reader.word(f"page.tables_in_{where}", tables=listed)
            parts.append(Paragraph(said, "reading"))
    left = len(chapter.drawings) - len(pictures)
    if left and chapter.command:
        said = reader.word("page.pictures_elsewhere", count=left, command=chapter.command)
        parts.append(Paragraph(said, "reading"))
    return Section(chapter.key, parts, chapter.findings, chapter.limits, chapter.heading)


def _long(shown: Table, chapter: Chapter) -> bool:
    """Whether a table of a chapter is for programs: longer than anyone reads, and in the files."""
    return len(shown.rows) > MOST_SHEET and _name(shown, chapter) in chapter.frames


def _name(shown: Table, chapter: Chapter) -> str:
    return shown.key.removeprefix(f"{chapter.key}_")


def _sheets(
    plan: Plan, reader: Reader, chapters: Sequence[Chapter]
) -> tuple[list[Table], list[InFiles]]:
    """Return the tables that have a sheet, and those that are in the files alone."""
    prefix = "tables/SYNTHETIC_" if plan.study.about.synthetic else "tables/"
    sheets, in_files = [], []
    for shown in listed_tables(plan, reader):
        if shown.key in FOR_PROGRAMS and len(shown.rows) > MOST_SHEET:
            rows = getattr(plan, shown.key).height
            in_files.append(InFiles(shown.title, rows, f"{prefix}{shown.key}.csv"))
        else:
            sheets.append(shown)
    for chapter in chapters:
        for shown in chapter.tables:
            if _long(shown, chapter):
                name = _name(shown, chapter)
                rows, file = chapter.frames[name].height, f"{prefix}{chapter.key}_{name}.csv"
                in_files.append(InFiles(shown.title, rows, file))
            else:
                sheets.append(shown)
    return sheets, in_files


def _short(shown: View, reader: Reader) -> View:
    """Return a table that fits half a page: of a longer one the first rows, and where all are."""
    if len(shown.rows) <= MOST_WHOLE:
        return shown
    rows = shown.rows[:SHOWN_ROWS]
    marked = any("estimated" in cell.classes for row in rows for cell in row)
    note = reader.word("page.first_rows", note=shown.note, shown=SHOWN_ROWS, table=shown.title)
    return replace(shown, rows=rows, note=note, has_estimates=marked)


def _present(plan: Plan, keys: Sequence[str], reader: Reader) -> list[Table]:
    return [table(plan, key, reader) for key in keys if not getattr(plan, key).is_empty()]


def _largest_net(plan: Plan, reader: Reader) -> Table:
    """Return the regions and services whose demand changes most."""
    ranked = plan.services.sort(
        pl.col("net").abs(), "service", "region", descending=[True, False, False]
    )
    return table(replace(plan, services=ranked), "services", reader)


def _places(shown: Table, reader: Reader) -> View:
    kept = (
        "place",
        "capacity",
        "demand",
        "used",
        "premium",
        "premium_low",
        "premium_high",
        "premium_in_all",
        "binding_share",
        "rent",
        "recipient",
    )
    return _short(view(shown, columns=kept), reader)


def _moves(plan: Plan, reader: Reader) -> View:
    """Return the largest moves with their first reasons."""
    largest = plan.moves.head(SHOWN_ROWS)
    shown = move_table(replace(plan, moves=largest), reader)
    kept = (
        "industry", "origin", "destination", "output", "output_low", "output_high", "jobs",
        "emissions", "price",
    )  # fmt: skip
    places = [shown.index(name) for name in kept if name in shown.names]
    name = reader.names
    terms = plan.reasons.join(largest.select(ROUTE), on=ROUTE, how="semi").sort("rank")
    rows = []
    for i, move in enumerate(largest.select(ROUTE).iter_rows()):
        first = terms.filter(industry=move[0], origin=move[1], destination=move[2]).head(
            REASONS_NAMED
        )
        reasons = reader.word("comma").join(
            f"{name.term(row['term'])} {points(row['size'])}" for row in first.iter_rows(named=True)
        )
        cells = [cell(shown, i, place) for place in places]
        rows.append([Cell(str(i + 1), "number"), *cells, Cell(reasons, "wide")])
    return View(
        "moves",
        reader.word("table.largest_moves.title", count=len(rows)),
        reader.word("table.largest_moves.note"),
        [
            Head("", "", True),
            *(head(shown.columns[place]) for place in places),
            Head(reader.word("column.reasons"), reader.word("unit.points"), False),
        ],
        rows,
        any(row < len(rows) and column in places for row, column in shown.estimated),
    )
