"""Random studies: every table filled by its own declaration, without regard to the others."""

from dataclasses import replace

import dataframely as dy
import polars as pl
from dataframely.random import Generator
from hypothesis import strategies as st

from tests.study.small import small
from yanzhen.study import TABLES, About, Source, Study, Units
from yanzhen.study.coverage import COVERED, HALF_TABLES, Coverage
from yanzhen.study.units import KINDS, units_of

_texts = st.text(
    st.characters(exclude_categories=("Cs", "Cc", "Zl", "Zp"), exclude_characters="\ufffe\uffff"),
    max_size=20,
).map(str.strip)
_titles = _texts.filter(bool)
_codes = st.text("0123456789ABCabc-", min_size=1, max_size=8)

abouts = st.builds(
    About,
    title_zh=_titles,
    title_en=_titles,
    currency=st.just("CNY"),
    units=st.builds(
        Units,
        **{
            kind: st.sampled_from(
                [u for u in units_of(kind) if kind != "money" or u.endswith("CNY")]
            )
            for kind in KINDS
        },
    ),
    base_year=st.integers(1900, 2200),
    region_classification=_titles,
    industry_classification=_titles,
    licence=_texts,
    synthetic=st.booleans(),
    sources=st.lists(
        st.builds(
            Source,
            key=_titles,
            title=_titles,
            url_or_doc=_texts,
            table=_texts,
            columns=st.lists(_codes, max_size=3).map(tuple),
            licence=_texts,
            note=_texts,
            title_zh=_texts,
            publisher=_texts,
            publisher_zh=_texts,
            year=_texts,
        ),
        max_size=3,
    ).map(tuple),
    flagged_regions=st.lists(_codes, max_size=3).map(tuple),
    flag_reason_zh=_texts,
    flag_reason_en=_texts,
    missing_years=st.lists(st.integers(1900, 2200), max_size=3).map(tuple),
    past_from=st.none() | st.integers(1900, 2200),
    coverage=st.builds(
        Coverage,
        *(st.sampled_from(COVERED) for _ in HALF_TABLES),
        moves_from=st.none() | st.integers(1900, 2000),
        moves_to=st.none() | st.integers(2001, 2200),
    ),
)


@st.composite
def studies(draw: st.DrawFn) -> Study:
    """Every table with a few rows that keep to its schema, and figures of every magnitude."""
    seed = draw(st.integers(0, 2**32 - 1))
    tables = {name: _rows(schema, seed) for name, schema in TABLES.items()}
    figures = st.floats(min_value=0, allow_infinity=False, allow_nan=False)
    output = draw(st.lists(st.none() | figures, min_size=4, max_size=4))
    tables["activity"] = tables["activity"].with_columns(
        pl.Series("output", output, dtype=pl.Float64),
        pl.lit(None, pl.Float64).alias("value_added"),
    )
    return replace(small(), about=draw(abouts), tables=tables)


def _rows(schema: type[dy.Schema], seed: int) -> pl.DataFrame:
    return schema.sample(4, generator=Generator(seed))
