"""Numbers as a reader sees them: units by language, and figures in sentences."""

from dataclasses import dataclass
from math import floor, isfinite, log10

from yanzhen.report.text.words import Lang
from yanzhen.study.units import CURRENCIES, UNITS

UNKNOWN = "—"
SMALLEST_WRITTEN_OUT = 1e-4
"""Smaller numbers are written as multiples of powers of ten."""

# English counts by thousands; Chinese units count by ten thousands.
_ENGLISH_MONEY = {"10,000": (0.01, "million"), "100 million": (0.1, "billion")}
_ENGLISH_THINGS = {"10,000": (10.0, "thousand"), "100 million": (100.0, "million")}


@dataclass(frozen=True)
class Unit:
    """How figures of one unit of the study are shown in one language.

    Attributes
    ----------
    factor : shown figure = study's figure × factor
    name : for axis titles and table heads
    text : how a shown number stands in a sentence, with {} in its place
    """

    factor: float
    name: str
    text: str


def unit(code: str, lang: Lang) -> Unit:
    """Return how a unit of the study is shown; a unit not declared is shown by its own name."""
    declared = UNITS.get(code)
    if declared is None:
        return Unit(1.0, code, f"{{}} {code}")
    if lang == "zh":
        return Unit(1.0, declared.zh, f"{{}}{declared.zh}")
    scale, _, thing = code.replace("CO2", "CO₂").replace("m2", "m²").rpartition(" ")
    if thing == "CO₂":
        scale, _, tonnes = scale.rpartition(" ")
        thing = f"{tonnes} {thing}"
    if thing in CURRENCIES:
        factor, scale = _ENGLISH_MONEY.get(scale, (1.0, scale.replace("1,000", "thousand")))
        return Unit(factor, f"{thing} {scale}".strip(), f"{thing} {{}} {scale}".strip())
    factor, scale = _ENGLISH_THINGS.get(scale, (1.0, scale.replace("1,000", "thousand")))
    name = f"{scale} {thing}".strip()
    return Unit(factor, name, f"{{}} {name}")


def amount(value: float | None, shown: Unit) -> str:
    """Return an amount of the study as text with its unit."""
    if value is None:
        return UNKNOWN
    # The sign stands before the currency.
    sign = "−" if value < 0 else ""
    return sign + shown.text.format(number(abs(value) * shown.factor))


def number(value: float | None) -> str:
    """Return a number with some three digits that count, thousands parted, a true minus sign."""
    if value is None or not isfinite(value):
        return UNKNOWN
    size = abs(value)
    digits = 0 if size >= 100 or size == round(size) else 1 if size >= 10 else 2
    if 0 < size < SMALLEST_WRITTEN_OUT:
        return _power_of_ten(value)
    if 0 < size < 0.1:
        return _minus(f"{value:.2g}")
    return _minus(f"{value:,.{digits}f}")


def percent(share: float | None, digits: int = 1) -> str:
    """Return a share as per cent."""
    if share is None or not isfinite(share):
        return UNKNOWN
    if not share:
        return "0%"
    if abs(100 * share) < 0.5 / 10**digits:
        # Next to nothing is neither zero nor minus zero.
        least = f"{1 / 10**digits:.{digits}f}%"
        return f"<{least}" if share > 0 else f"−<{least}"
    return _minus(f"{100 * share:.{digits}f}%")


def points(share: float) -> str:
    """Return a difference of shares in percentage points, with its sign."""
    text = f"{100 * share:+.1f}"
    return "0.0" if text in ("+0.0", "-0.0") else _minus(text)


def small(value: float) -> str:
    """Return a number that may be very small, as a multiple of a power of ten."""
    if value == 0 or abs(value) >= 0.001:
        return number(value)
    return _power_of_ten(value)


def _power_of_ten(value: float) -> str:
    power = floor(log10(abs(value)))
    digits = str(power).translate(str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"))
    return f"{_minus(f'{value / 10**power:.1f}')}×10{digits}"


def _minus(text: str) -> str:
    return text.replace("-", "−")
