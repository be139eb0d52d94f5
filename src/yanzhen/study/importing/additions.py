"""What files add to the tables of a study: figures, lists, the places and industries of both."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

import polars as pl

from yanzhen.study.about import GB_2260, GB_4754, OWN_CODES, About, Source
from yanzhen.study.gazetteer import places
from yanzhen.study.gazetteer.changes import changes
from yanzhen.study.importing.axes import Axis
from yanzhen.study.importing.headings import RATES
from yanzhen.study.importing.known_names import (
    DIVISIONS,
    MANUFACTURING,
    NATION,
    PLACES,
    divisions,
    groups,
    known_places,
    provinces,
    sector_of,
)
from yanzhen.study.importing.lists import NAMED, Record
from yanzhen.study.importing.mapping import Mapped
from yanzhen.study.importing.naming import OWN, Entry, key_of
from yanzhen.study.importing.published import Published
from yanzhen.study.importing.study_tables import Rows
from yanzhen.study.importing.whole_study import Existing
from yanzhen.study.problem import Problem
from yanzhen.study.tables import TABLES

Frames = dict[str, pl.DataFrame]
_MOST_LISTED = 12
_CHINESE = "\u4e00", "\u9fff"


def additions(
    existing: Existing,
    made: Sequence[Rows],
    records: Sequence[Record],
    regions: Axis,
    industries: Axis,
    mapped: Mapped,
    published: Published | None = None,
) -> tuple[About, Frames]:
    """Return the settings of the study with the files, and the rows that they add, by table.

    Parameters
    ----------
    published : classification that the files say their industries are of
    """
    frames: Frames = {rows.table: rows.frame for rows in made}
    of_figures = {
        code
        for rows in made
        if "region" in rows.frame.columns
        for code in rows.frame["region"].unique()
    }
    own = set(existing.tables["regions"]["region"])
    for table in dict.fromkeys(record.table for record in records):
        frames[table] = _listed(table, records, regions, industries, own | of_figures)
    in_lists = {
        code
        for table, (_, column) in NAMED.items()
        if table in frames
        for code in frames[table][column].drop_nulls()
    }
    used = [regions.entries[code] for code in regions.entries if code in of_figures | in_lists]
    added = [entry for entry in used if entry.code not in own]
    if added and "regions" not in frames:
        frames["regions"] = _regions(added, own)
    in_use = {
        code
        for frame in frames.values()
        if "industry" in frame.columns
        for code in frame["industry"].drop_nulls()
    } - set(existing.tables["industries"]["industry"])
    named = [entry for code, entry in industries.entries.items() if code in in_use]
    if named and "industries" not in frames:
        frames["industries"] = _industries(named, mapped, published)
    frames = {name: frame for name, frame in frames.items() if frame.height}
    return _settings(existing, frames, [*made, *records], published), frames


def combined(
    there: Mapping[str, pl.DataFrame], added: Frames
) -> tuple[Frames, dict[str, int], dict[str, int]]:
    """Return every table with the added rows; what is known goes over what was there.

    Returns
    -------
    tables, rows that are new by table, and figures that differ from those there by table
    """
    tables, new_rows, changed = dict(there), {}, {}
    for name, frame in added.items():
        key = TABLES[name].primary_key()
        before = there[name].with_columns(_at=pl.int_range(pl.len()))
        frame = frame.unique(key, keep="last", maintain_order=True)
        joined = before.join(
            frame, on=key, how="full", suffix="_new", coalesce=True, maintain_order="left_right"
        )
        rest = [column for column in there[name].columns if column not in key]
        news = {column: f"{column}_new" for column in rest}
        changed[name] = sum(
            int(joined.select((pl.col(column) != pl.col(new)).sum()).item())
            for column, new in news.items()
        )
        new_rows[name] = int(joined["_at"].null_count())
        tables[name] = joined.select(
            pl.coalesce(news[column], column).alias(column) if column in news else column
            for column in there[name].columns
        )
    return tables, new_rows, changed


def _listed(
    table: str,
    records: Sequence[Record],
    regions: Axis,
    industries: Axis,
    in_study: set[str],
) -> pl.DataFrame:
    """Records as rows, with codes in the place of names; a place finer than the study's in it."""
    declared = {name: column.dtype for name, column in TABLES[table].columns().items()}
    rows = []
    for record in records:
        if record.table != table:
            continue
        cells = {name: cell for name, cell in record.cells.items() if name in declared}
        if table in NAMED:
            place = NAMED[table][1]
            cells[place] = _in_study(regions.code_of.get(str(cells.get(place))), in_study)
        if table in (*NAMED, RATES) and "industry" in declared:
            cells["industry"] = industries.code_of.get(str(cells.get("industry")))
        rows.append(cells)
    return pl.DataFrame(rows, schema=declared)


def _in_study(code: str | None, in_study: set[str]) -> str | None:
    """The finest place of the study that a place lies in, or itself where it lies in none."""
    if code is None or code in in_study:
        return code
    entries = known_places().by_name.get(key_of(code), ())
    if not entries:
        return code
    return next((above for above in known_places().above(entries[0]) if above in in_study), code)


def _regions(added: Iterable[Entry], own: set[str]) -> pl.DataFrame:
    """Rows of places, with those above them that are not there and what they merged into."""
    rows: dict[str, dict[str, object]] = {}
    known = known_places()
    for entry in added:
        is_known = bool(known.by_name.get(key_of(entry.code))) and entry.level != OWN
        line = [entry]
        if is_known:
            line += [known.by_name[key_of(code)][0] for code in known.above(entry)]
        for each in line:
            if each.code not in own and each.code not in rows:
                rows[each.code] = _region(each, is_known)
    order = sorted(rows, key=lambda code: code != NATION.code)
    declared = {name: column.dtype for name, column in TABLES["regions"].columns().items()}
    return pl.DataFrame([rows[code] for code in order], schema=declared)


def _region(entry: Entry, is_known: bool) -> dict[str, object]:
    """The row of a place; only of codes of GB/T 2260 is more known than the file says."""
    if not is_known:
        own = {"region": entry.code, "parent": entry.parent or None}
        return own | _in_its_language(entry.name)
    point = places().filter(pl.col("code") == entry.code)
    province = provinces().get(f"{entry.code[:2]}0000", {})
    change = changes().filter(pl.col("code") == entry.code, pl.col("change") == "merged")
    return {
        "region": entry.code,
        "name_zh": entry.name,
        "name_en": provinces().get(entry.code, {}).get("name_en"),
        "macro_region": province.get("macro_region") if entry.parent else None,
        "parent": entry.parent or None,
        "longitude": point["longitude"][0] if point.height else None,
        "latitude": point["latitude"][0] if point.height else None,
        "successor": change["into"][0] if change.height else None,
        "successor_from": change["year"][0] if change.height else None,
    }


def _industries(
    named: Iterable[Entry], mapped: Mapped, published: Published | None
) -> pl.DataFrame:
    """Rows of industries; one of which nothing tells the sector is taken as manufacturing."""
    english = dict(divisions().select("code", "name_en").iter_rows())
    names = dict(divisions().select("code", "name_zh").iter_rows())
    declared = {name: column.dtype for name, column in TABLES["industries"].columns().items()}
    rows = [
        {
            "industry": entry.code,
            **_in_its_language(entry.name),
            **({"name_en": english[entry.code]} if names.get(entry.code) == entry.name else {}),
            "sector": told_sector(entry, mapped, published) or MANUFACTURING,
        }
        for entry in named
    ]
    return pl.DataFrame(rows, schema=declared)


def _in_its_language(name: str) -> dict[str, object]:
    """A name in the column of its language; reports show it in both where there is no other."""
    is_chinese = any(_CHINESE[0] <= sign <= _CHINESE[1] for sign in name)
    return {"name_zh": name} if is_chinese else {"name_en": name}


def told_sector(entry: Entry, mapped: Mapped, published: Published | None) -> str | None:
    """The sector of an industry that the mapping, its code or its name tells."""
    chosen = mapped.sectors.get(entry.code) or mapped.sectors.get(entry.name)
    by_code = None if published is None else published.sector_of(entry.code)
    return chosen or by_code or sector_of(entry.code, entry.name)


def assumed_sectors(
    frames: Frames, industries: Axis, mapped: Mapped, published: Published | None
) -> list[Problem]:
    """Industries that are taken as manufacturing because nothing tells their sector."""
    if "industries" not in frames:
        return []
    entries = [industries.entries.get(code) for code in frames["industries"]["industry"]]
    assumed = [each for each in entries if each and told_sector(each, mapped, published) is None]
    if not assumed:
        return []
    listed = ", ".join(entry.shown() for entry in assumed[:_MOST_LISTED])
    listed += " …" if len(assumed) > _MOST_LISTED else ""
    values = {"count": len(assumed), "listed": listed, "label": assumed[0].code}
    at = "industries.csv", "industries", None, "sector"
    return [Problem.of("import.assumed_sectors", *at, **values).as_warning()]


def _settings(
    existing: Existing,
    frames: Frames,
    read: Sequence[Rows | Record],
    published: Published | None,
) -> About:
    """The study's settings, with the files among its sources; those of a new one as it needs."""
    about = replace(
        existing.about,
        sources=(*existing.about.sources, *_sources(existing, frames, read, published)),
    )
    if not existing.is_new:
        return about
    regions = frames.get("regions", existing.tables["regions"])
    industries = frames.get("industries", existing.tables["industries"])
    is_chinese = set(regions["region"]) <= set(places()["code"]) | {NATION.code}
    by_division = {code[:3] for code in industries["industry"]} <= set(divisions()["code"])
    other = OWN_CODES if published is None else published.name
    return replace(
        about,
        region_classification=GB_2260 if is_chinese else OWN_CODES,
        industry_classification=GB_4754 if by_division else other,
    )


def _sources(
    existing: Existing,
    frames: Frames,
    read: Sequence[Rows | Record],
    published: Published | None,
) -> Iterator[Source]:
    """Where the rows of each table are from that no source of the study names yet."""
    files: dict[str, dict[str, None]] = {}
    for each in read:
        named = each.files if isinstance(each, Rows) else (each.grid.file,)
        files.setdefault(each.table, {}).update(dict.fromkeys(named))
    every = dict.fromkeys(name for names in files.values() for name in names)
    number = len(existing.about.sources)
    for table, frame in frames.items():
        known = None if table in files else _register_of(table, frame)
        if table == "industries" and table not in files and published is not None:
            known = published.source
        title = known.title if known is not None else ", ".join(files.get(table, every))
        said = [
            source
            for source in existing.about.sources
            if source.table == table and source.title == title
        ]
        if not title or said:
            continue
        number += 1
        filled = tuple(
            name
            for name in frame.columns
            if frame[name].null_count() < frame.height and not name.endswith("status")
        )
        if known is not None:
            yield replace(known, columns=filled)
        else:
            yield Source(f"import-{number}", title, table=table, columns=filled, title_zh=title)


def _register_of(table: str, frame: pl.DataFrame) -> Source | None:
    """The register that rows of places or industries are from; None where files alone name them."""
    industries = pl.concat([divisions()["code"], groups()["code"]])
    codes = {"regions": places()["code"], "industries": industries}.get(table)
    if codes is None or frame[TABLES[table].primary_key()[0]].is_in(codes.implode()).not_().all():
        return None
    return {"regions": PLACES, "industries": DIVISIONS}[table]
