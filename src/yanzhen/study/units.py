"""Units that a study may declare, each with its factor to the base unit of its kind.

Base units: one unit of the currency, one person, gigajoule, tonne of CO2, square metre.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

_CURRENCIES = {
    "CNY": "元",
    "USD": "美元",
    "EUR": "欧元",
    "GBP": "英镑",
    "JPY": "日元",
    "KRW": "韩元",
    "INR": "印度卢比",
    "VND": "越南盾",
    "IDR": "印尼盾",
    "MXN": "墨西哥比索",
}
_SCALES = {
    "": ("", 1.0),
    "1,000 ": ("千", 1e3),
    "10,000 ": ("万", 1e4),
    "million ": ("百万", 1e6),
    "100 million ": ("亿", 1e8),
    "billion ": ("十亿", 1e9),
}


@dataclass(frozen=True)
class Unit:
    """A unit of measurement: its names and its factor to the base unit of its kind.

    The factor is NaN where nothing tells it: what would take it is then not known.
    """

    en: str
    zh: str
    kind: str
    factor: float
    currency: str = ""


def _money() -> list[Unit]:
    return [
        Unit(f"{scale}{currency}", f"{scale_zh}{zh}", "money", factor, currency)
        for currency, zh in _CURRENCIES.items()
        for scale, (scale_zh, factor) in _SCALES.items()
    ]


UNITS: Mapping[str, Unit] = MappingProxyType(
    {
        unit.en: unit
        for unit in (
            *_money(),
            Unit("persons", "人", "persons", 1.0),
            Unit("1,000 persons", "千人", "persons", 1e3),
            Unit("10,000 persons", "万人", "persons", 1e4),
            Unit("million persons", "百万人", "persons", 1e6),
            # How many persons that is depends on the nation and the year.
            Unit("ppm of the nation", "ppm（占全国）", "persons", float("nan")),
            # GB/T 2589-2020: 1 kg of coal equivalent = 29 307.6 kJ.
            Unit("tce", "吨标准煤", "energy", 29.3076),
            Unit("10,000 tce", "万吨标准煤", "energy", 29.3076e4),
            Unit("Mtce", "百万吨标准煤", "energy", 29.3076e6),
            Unit("GJ", "吉焦", "energy", 1.0),
            Unit("TJ", "太焦", "energy", 1e3),
            Unit("PJ", "拍焦", "energy", 1e6),
            Unit("MWh", "兆瓦时", "energy", 3.6),
            Unit("GWh", "吉瓦时", "energy", 3.6e3),
            Unit("t CO2", "吨二氧化碳", "emissions", 1.0),
            Unit("1,000 t CO2", "千吨二氧化碳", "emissions", 1e3),
            Unit("10,000 t CO2", "万吨二氧化碳", "emissions", 1e4),
            Unit("Mt CO2", "百万吨二氧化碳", "emissions", 1e6),
            Unit("m2", "平方米", "area", 1.0),
            Unit("mu", "亩", "area", 1e4 / 15),
            Unit("ha", "公顷", "area", 1e4),
            Unit("km2", "平方千米", "area", 1e6),
        )
    }
)

CURRENCIES = tuple(_CURRENCIES)
KINDS = ("money", "persons", "energy", "emissions", "area")


def units_of(kind: str) -> tuple[str, ...]:
    """Return the names of all declared units of a kind."""
    return tuple(name for name, unit in UNITS.items() if unit.kind == kind)


def factor(name: str) -> float:
    """Return how many base units one of the named unit is.

    Raises
    ------
    KeyError
        The unit is not declared.
    """
    return UNITS[name].factor
