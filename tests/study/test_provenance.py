"""What of a study's tables rests on which source, counted cell by cell beside the declarations."""

from dataclasses import replace

import polars as pl
import pytest

from tests.study.small import small
from yanzhen.study import Source, Study, examples, read_study
from yanzhen.study.provenance import STANDINGS, Resting, sources_of, without_source

OBSERVED = {"observed": 4, "estimated": 1, "synthetic": 0, "unmarked": 0}


def of(study: Study) -> tuple[Resting, ...]:
    return sources_of(study.about, study.tables)


def observed_study(*sources: Source) -> Study:
    """Three cells of output and two of tax, one of them estimated; not SYNTHETIC."""
    given = small()
    activity = (
        given.tables["activity"]
        .head(4)
        .with_columns(
            output=pl.Series([1.0, 2.0, 3.0, None]),
            output_status=pl.Series([None, "observed", "estimated", None], dtype=pl.String),
            tax=pl.Series([None, None, 5.0, 6.0]),
        )
    )
    about = replace(given.about, synthetic=False, sources=sources)
    return replace(given, about=about, tables={**given.tables, "activity": activity})


def test_rows_and_cells_are_those_with_data_in_the_columns_of_the_source() -> None:
    source = Source("book", "Yearbook", table="activity", columns=("output", "tax", "energy"))
    [found] = of(observed_study(source))
    assert (found.columns, found.rows, dict(found.cells)) == (("output", "tax"), 4, OBSERVED)
    assert found.beside == ()


def test_a_synthetic_study_has_only_synthetic_cells() -> None:
    [found] = of(small())
    activity = small().tables["activity"]
    cells = sum(activity.height - activity[each].null_count() for each in found.columns)
    assert dict(found.cells) == dict.fromkeys(STANDINGS, 0) | {"synthetic": cells}


def test_sources_of_the_same_columns_are_named_beside_one_another() -> None:
    first = Source("a", "A", table="activity", columns=("output",))
    second = Source("b", "B", table="activity", columns=("output", "tax"))
    third = Source("c", "C", table="activity", columns=("tax",))
    other = Source("d", "D", table="indicators", columns=("value",))
    beside = [
        [each.key for each in found.beside]
        for found in of(observed_study(first, second, third, other))
    ]
    assert beside == [["b"], ["a", "c"], ["b"], []]


def test_cells_of_a_table_without_statuses_are_not_called_observed() -> None:
    source = Source("codes", "Codes", table="regions", columns=("name_zh",))
    [found] = of(observed_study(source))
    assert found.rows == found.cells["unmarked"] == small().tables["regions"].height
    assert found.cells["observed"] == 0


def test_rows_that_cite_a_source_make_it_one() -> None:
    study = observed_study()
    said = {"parameter": ["sigma", "rho", "psi"], "value": [0.1, 0.2, 0.3]}
    parameters = pl.DataFrame({**said, "source": ["assumption", "A paper", "assumption"]})
    empty = study.tables["parameters"]
    tables = study.tables | {"parameters": pl.concat([empty, parameters], how="diagonal_relaxed")}
    found = sources_of(study.about, tables)
    assert [(each.source.title, each.rows, each.is_cited) for each in found] == [
        ("assumption", 2, True),
        ("A paper", 1, True),
    ]
    assert "parameters" not in without_source(study.about, tables)


def test_a_source_without_a_table_has_nothing_resting_on_it() -> None:
    [found] = of(observed_study(Source("all", "Everything")))
    assert (found.rows, found.columns, sum(found.cells.values())) == (0, (), 0)


def test_columns_with_data_and_no_source_are_named() -> None:
    source = Source("book", "Yearbook", table="activity", columns=("output",))
    study = observed_study(source)
    missing = without_source(study.about, study.tables)
    # Codes of the key and statuses need no source.
    assert missing["activity"] == ("value_added", "employment", "tax", "emissions")
    whole = replace(study.about, sources=(Source("all", "All", table="activity"),))
    assert "activity" not in without_source(whole, study.tables)


@pytest.mark.parametrize("example", [each.name for each in examples()])
def test_the_cells_of_an_example_are_each_counted_once(example: str) -> None:
    study = read_study(example)
    for found in of(study):
        frame = study.tables[found.source.table]
        filled = sum(frame.height - frame[each].null_count() for each in found.columns)
        assert sum(found.cells.values()) == filled
        assert 0 < found.rows <= frame.height
