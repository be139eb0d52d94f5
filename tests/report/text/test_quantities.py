"""Numbers as a reader sees them."""

import pytest

from yanzhen.market.plan.plan import Plan
from yanzhen.report.text.quantities import amount, number, percent, points, small, unit
from yanzhen.report.text.reader import Reader
from yanzhen.report.text.words import LANGUAGES
from yanzhen.study.units import UNITS


@pytest.mark.parametrize(
    ("code", "lang", "text"),
    [
        ("100 million CNY", "zh", "1,235亿元"),
        ("100 million CNY", "en", "CNY 123 billion"),
        ("10,000 CNY", "en", "CNY 12.3 million"),
        ("million USD", "en", "USD 1,235 million"),
        ("10,000 persons", "en", "12,346 thousand persons"),
        ("Mt CO2", "en", "1,235 Mt CO₂"),
        ("10,000 t CO2", "en", "12,346 thousand t CO₂"),
        ("barrels", "zh", "1,235 barrels"),
    ],
)
def test_an_amount_carries_its_unit(code: str, lang: str, text: str) -> None:
    assert amount(1234.56, unit(code, lang)) == text


@pytest.mark.parametrize("code", sorted(UNITS))
def test_shown_english_units_keep_the_amount(code: str) -> None:
    """Factor and scale word together leave the amount as it was."""
    scales = {"": 1.0, "thousand": 1e3, "million": 1e6, "billion": 1e9}
    shown = unit(code, "en")
    words = [word for word in shown.name.split() if word in scales]
    before = {"1,000": 1e3, "10,000": 1e4, "100 million": 1e8, "million": 1e6, "billion": 1e9}
    scale = max((s for s in before if code.startswith(f"{s} ")), key=len, default="")
    after = shown.factor * scales[words[0] if words else ""]
    assert after == pytest.approx(before.get(scale, 1.0))


def test_the_sign_stands_before_the_currency() -> None:
    assert amount(-1862.0, unit("billion CNY", "en")) == "−CNY 1,862 billion"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.0, "0"),
        (3.0, "3"),
        (12.345, "12.3"),
        (1234.5678, "1,235"),
        (-0.0012, "−0.0012"),
        (5.7e-15, "5.7×10⁻¹⁵"),
    ],
)
def test_a_number_shows_the_digits_that_count(value: float, text: str) -> None:
    assert number(value) == text


@pytest.mark.parametrize("value", [None, float("nan"), float("inf")])
def test_what_is_not_known_is_no_number(value: float | None) -> None:
    assert number(value) == percent(value) == "—"


def test_points_have_a_sign() -> None:
    assert [points(0.018), points(-0.018), points(0.0)] == ["+1.8", "−1.8", "0.0"]
    assert points(-1e-5) == "0.0"


@pytest.mark.parametrize(
    ("value", "digits", "text"),
    [(3e-6, 2, "<0.01%"), (-3e-6, 2, "−<0.01%"), (0.0004, 1, "<0.1%"), (6e-5, 2, "0.01%")],
)
def test_a_share_next_to_nothing_is_neither_zero_nor_minus_zero(
    value: float, digits: int, text: str
) -> None:
    assert percent(value, digits) == text


def test_a_small_number_is_a_power_of_ten() -> None:
    assert small(2.5e-9) == "2.5×10⁻⁹"
    assert small(0.0) == "0"


def test_a_share_of_nothing_is_said_to_be_none(plan: Plan) -> None:
    english, chinese = (Reader(plan.study, lang) for lang in LANGUAGES[::-1])
    assert english.share_of(1.0, 4.0) == "25.0%"
    assert "not defined" in english.share_of(0.0, 0.0)
    assert "无定义" in chinese.share_of(1.0, 3e-14, scale=50.0)
