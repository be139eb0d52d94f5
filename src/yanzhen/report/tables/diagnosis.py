"""The tables of a diagnosis."""

from collections.abc import Mapping

import polars as pl

from yanzhen.advantage.diagnosis import Diagnosis
from yanzhen.report.tables.table import Table, shown_columns, shown_table
from yanzhen.report.text.focus import Focus, focused
from yanzhen.report.text.reader import Reader

EARLIER = " of an earlier year"
"""How `needs` says that a year before the last one is wanted."""

COLUMNS = shown_columns(
    Diagnosis,
    {
        "regions": """region macro_region output diversity eci fitness outlook krugman hachman
            herfindahl effective_industries observed estimated missing""",
        "industries": """industry output ubiquity pci complexity locational_gini hoover herfindahl
            gini ellison_glaeser observed estimated missing""",
        "capacity": "region macro_region rank_median rank_low rank_high score first lacking",
        "pressure": """region industry pressure pressure_low pressure_high known cost
            emission_intensity share_lost gradient cost_percentile emission_intensity_percentile
            share_lost_percentile gradient_percentile output_status""",
        "opportunities": """region industry mean_percentile known location_quotient relatedness
            outlook_gain supply_gap supplier_access market_access cost pci national_output
            relatedness_percentile outlook_gain_percentile supply_gap_percentile
            supplier_access_percentile market_access_percentile cost_percentile output_status""",
    },
)
HEADS = {"share_before": "share_at_first", "share_after": "share_at_last"}
"""Heads that say something else in the tables of a plan."""
STATUS_OF: Mapping[str, Mapping[str, str]] = {
    "specialisation": {"output": "output_status", "location_quotient": "output_status"},
    "opportunities": {"location_quotient": "output_status"},
}


def diagnosis_tables(diagnosis: Diagnosis, reader: Reader, focus: Focus) -> dict[str, Table]:
    """Return every table of a diagnosis with the rows of the focus, in reading order."""
    frames = focused(diagnosis, focus)
    return {key: diagnosis_table(diagnosis, key, frames[key], reader) for key in COLUMNS}


def _named_indicators(lacking: pl.Series, reader: Reader) -> pl.Series:
    """Name the indicators of a list of codes."""
    named = [
        None
        if codes is None
        else reader.word("comma").join(
            reader.word_or(f"term.{code}", code) for code in codes.split(", ")
        )
        for codes in lacking
    ]
    return pl.Series(lacking.name, named, dtype=pl.String)


def diagnosis_table(diagnosis: Diagnosis, key: str, frame: pl.DataFrame, reader: Reader) -> Table:
    """Return rows of one frame of a diagnosis as shown."""
    if key in ("macro_shifts", "centres", "not_defined"):
        every = [name for name in ("region", "industry") if name in frame.columns]
        frame = frame.with_columns(pl.col(every).fill_null(reader.word("all")))
    if key == "not_evaluated":
        # Names of tables and columns are the same in both languages; the word between is not.
        frame = frame.with_columns(
            pl.col("needs")
            .str.replace_all(" and ", ", ", literal=True)
            .str.replace_all(EARLIER, reader.word("of_an_earlier_year"), literal=True)
        )
    if key == "capacity":
        frame = frame.with_columns(_named_indicators(frame["lacking"], reader))
    return shown_table(
        reader,
        key,
        frame,
        COLUMNS[key],
        title=reader.word(f"diagnosis_table.{key}.title", year=diagnosis.year),
        note=reader.word(
            f"diagnosis_table.{key}.note",
            first=diagnosis.first_year or diagnosis.year,
            last=diagnosis.year,
        ),
        heads={name: reader.word(f"column.{shown}") for name, shown in HEADS.items()},
        status_of=STATUS_OF.get(key),
    )
