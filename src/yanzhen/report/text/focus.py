"""What a reader of a diagnosis looks at: one region, one industry, or the whole."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

import polars as pl

from yanzhen.report.text.protocols import RegionalResult
from yanzhen.report.text.reader import Reader

if TYPE_CHECKING:
    from yanzhen.advantage.diagnosis import Diagnosis


@dataclass(frozen=True)
class Focus:
    """The region and the industry looked at; null for all."""

    region: str | None = None
    industry: str | None = None


WHOLE = Focus()


def focus_of(asked: Mapping[str, Any]) -> Focus:
    """Return the region and the industry that are asked for."""
    return Focus(asked.get("region"), asked.get("industry"))


def focused(diagnosis: "Diagnosis", focus: Focus) -> dict[str, pl.DataFrame]:
    """Return the frames of a diagnosis with the rows of the focus.

    A frame without regions or without industries is not narrowed by them; rows that stand for
    all industries stay.
    """
    values = {field.name: getattr(diagnosis, field.name) for field in fields(diagnosis)}
    frames = {key: value for key, value in values.items() if isinstance(value, pl.DataFrame)}
    return {key: narrowed(frame, focus) for key, frame in frames.items()}


def focused_title(reader: Reader, key: str, year: int, focus: Focus) -> str:
    """Return the title `KEY.title` of a report on a study, with what is looked at."""
    name = reader.names
    title = reader.word(f"{key}.title", study=reader.study_title, year=year)
    asked = [
        *([name.regions[focus.region]] if focus.region is not None else []),
        *([name.industries[focus.industry]] if focus.industry is not None else []),
    ]
    if not asked:
        return title
    return reader.word("diagnosis.focus", title=title, focus=reader.word("comma").join(asked))


def regions_in_order(result: RegionalResult) -> list[str]:
    """Return the regions by macro-region, the largest first, then in the study's own order."""
    place = {code: i for i, code in enumerate(result.study.tables["regions"]["region"])}
    size = dict(
        result.regions.group_by("macro_region", maintain_order=True)
        .agg(pl.col("output").sum())
        .iter_rows()
    )
    rows = result.regions.select("region", "macro_region").iter_rows()
    ranked = sorted(
        (macro is None, -size[macro], macro or "", place.get(region, len(place)), region)
        for region, macro in rows
    )
    return [region for *_, region in ranked]


def named_macro_regions(diagnosis: "Diagnosis", reader: Reader) -> list[str]:
    """Return the names of the macro-regions, the largest first."""
    macro = dict(diagnosis.regions.select("region", "macro_region").iter_rows())
    of = reader.names.macro_region
    return list(dict.fromkeys(of(macro[code]) for code in regions_in_order(diagnosis)))


def industries_in_order(diagnosis: "Diagnosis") -> list[str]:
    """Return the industries from the simplest to the most complex, those unknown last."""
    ordered = diagnosis.industries.sort("pci", "industry", nulls_last=True)
    return ordered["industry"].to_list()


def narrowed(frame: pl.DataFrame, focus: Focus) -> pl.DataFrame:
    """Return a frame with the rows of the focus; rows that stand for all stay."""
    if focus.region is not None and "region" in frame.columns:
        asked = pl.col("region") == focus.region
        frame = frame.filter(asked | pl.col("region").is_null())
    columns = [name for name in ("industry", "related", "input") if name in frame.columns]
    if focus.industry is not None and columns:
        asked = pl.any_horizontal(pl.col(name).eq_missing(focus.industry) for name in columns)
        frame = frame.filter(asked | pl.col(columns[0]).is_null())
    return frame
