import numpy as np
import polars as pl
import pytest

from yanzhen.exchange.statistics.cells import Table, cells_of
from yanzhen.exchange.statistics.hierarchy import flat
from yanzhen.exchange.statistics.rules import SafetyRule, record_levels, sensitive, value_levels
from yanzhen.exchange.statistics.truth import truth_of

PARTS = {
    "even": [20.0, 20, 20, 20, 20],
    "few": [25.0, 25, 25, 25],
    "one": [80.0, 5, 5, 5, 5],
    "two": [50.0, 40, 4, 3, 3],
    "alone": [100.0],
    "exactly": [70.0, 15, 5, 5, 5],
    "below": [70.0, 14, 6, 5, 5],
}


def contributions() -> pl.DataFrame:
    rows = [
        (f"{code}{number}", code, value)
        for code, values in PARTS.items()
        for number, value in enumerate(values)
    ]
    return pl.DataFrame(rows, schema=["enterprise", "kind", "value"], orient="row")


HIERARCHIES = {"kind": flat(tuple(PARTS), "all")}
TABLES = [Table("t", {"kind": None})]


def test_a_cell_is_sensitive_for_each_reason() -> None:
    cells = cells_of(contributions(), HIERARCHIES, TABLES)
    found = {
        reason: {code for code, told in zip(cells.keys["kind"], flags, strict=True) if told}
        for reason, flags in sensitive(SafetyRule(), cells).items()
    }
    assert found == {
        "few": {"few", "alone"},
        "one_dominates": {"one", "alone"},
        "two_dominate": {"one", "two", "alone", "exactly"},
    }


def test_levels_are_what_would_make_the_rule_hold() -> None:
    """Hundepool et al. (2012), chapter 4: x1/k − X and (x1 + x2)/k − X, and p of the largest."""
    cells = cells_of(contributions(), HIERARCHIES, TABLES)
    levels = value_levels(SafetyRule(), cells)
    upper = dict(zip(cells.keys["kind"], levels.upper.tolist(), strict=True))
    assert upper == pytest.approx(
        {
            **{"all": 0.0, "even": 0.0, "below": 0.0, "few": 0.15 * 25, "alone": 100 / 0.7 - 100},
            "exactly": 0.15 * 70,
            **{"one": 80 / 0.7 - 100, "two": max(90 / 0.85 - 100, 0.15 * 50)},
        }
    )
    np.testing.assert_allclose(levels.sliding, 2 * levels.upper)
    assert (levels.lower <= levels.upper).all()


def test_the_audit_reckons_the_same_needs_by_itself() -> None:
    cells = cells_of(contributions(), HIERARCHIES, TABLES)
    needs = truth_of(contributions(), HIERARCHIES, TABLES).needs(SafetyRule())
    for measure, levels in (
        ("value", value_levels(SafetyRule(), cells)),
        ("records", record_levels(SafetyRule(), cells)),
    ):
        for place, key in enumerate(cells.keys.rows()):
            need = needs[measure].get(key)
            reckoned = (levels.upper[place], levels.lower[place], levels.sliding[place])
            own = (0.0, 0.0, 0.0) if need is None else (need.upper, need.lower, need.width)
            assert own == pytest.approx(reckoned)


def test_two_with_exactly_their_limit_are_too_much_and_one_with_his_is_not_in_any_unit() -> None:
    for unit in (1.0, 0.01, 0.1, 1 / 3, 1e8):
        scaled = contributions().with_columns(pl.col("value") * unit)
        needs = truth_of(scaled, HIERARCHIES, TABLES).needs(SafetyRule())["value"]
        assert set(needs) == {("few",), ("one",), ("two",), ("alone",), ("exactly",)}
        found = sensitive(SafetyRule(), cells_of(scaled, HIERARCHIES, TABLES))
        assert found["one_dominates"].sum() == 2
        assert found["two_dominate"].sum() == 4


@pytest.mark.parametrize("wrong", [{"least": 1}, {"largest": 0.0}, {"closeness": 1.0}])
def test_a_rule_that_means_nothing_is_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(ValueError, match="a rule asks"):
        SafetyRule(**wrong)  # type: ignore[arg-type]
