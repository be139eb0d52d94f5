"""What a study says about itself: its title, units, classifications, sources, reservations."""

from dataclasses import asdict, dataclass, field, replace
from typing import Any

import polars as pl

from yanzhen.phrasebook import Language
from yanzhen.study.coverage import Coverage
from yanzhen.study.size import SIZES, Size


@dataclass(frozen=True)
class Units:
    """Units of the study's figures, of the declared list `yanzhen.study.units.UNITS`."""

    money: str = "100 million CNY"
    persons: str = "10,000 persons"
    energy: str = "10,000 tce"
    emissions: str = "Mt CO2"
    area: str = "ha"


@dataclass(frozen=True)
class Source:
    """Where the figures of some columns of a table come from.

    Attributes
    ----------
    url_or_doc : address of the web, or what the document is called
    title_zh, publisher, publisher_zh, year : may be empty; the year is that of the edition, or of
        the figures
    """

    key: str
    title: str
    url_or_doc: str = ""
    table: str = ""
    columns: tuple[str, ...] = ()
    licence: str = ""
    note: str = ""
    title_zh: str = ""
    publisher: str = ""
    publisher_zh: str = ""
    year: str = ""

    def title_in(self, language: Language) -> str:
        """Return the title in a language, in English where no other is given."""
        return self.title_zh or self.title if language == "zh" else self.title

    def publisher_in(self, language: Language) -> str:
        """Return who published it in a language, in the other where only that is given."""
        said = (self.publisher, self.publisher_zh)
        return said[language == "zh"] or said[language != "zh"]

    @property
    def link(self) -> str:
        """Its address of the web; empty where it has none."""
        is_address = self.url_or_doc.startswith(("https://", "http://"))
        return self.url_or_doc if is_address else ""


MAY_BE_LEFT_OUT = ("title_zh", "publisher", "publisher_zh", "year")
"""Texts of a source that are written only where they say something."""


@dataclass(frozen=True)
class About:
    """A study's title, units, classifications, sources and reservations.

    Attributes
    ----------
    base_year : year that a plan starts from
    size : what the size of a cell is measured by, a key of `yanzhen.study.size.SIZES`
    synthetic : whether the figures are made up; then every page says so
    flagged_regions : codes of regions whose figures were revised or are doubtful
    flag_reason_zh, flag_reason_en : why they are flagged
    missing_years : years known not to have been collected, which are not asked for
    past_from : first year of the past that plans and diagnoses look at; earlier years serve
        backtests and the input structure of regions. None for all years
    coverage : which tables hold all there is, and which a part
    """

    title_zh: str
    title_en: str
    currency: str
    units: Units
    base_year: int
    region_classification: str
    industry_classification: str
    licence: str
    synthetic: bool
    sources: tuple[Source, ...] = ()
    flagged_regions: tuple[str, ...] = ()
    flag_reason_zh: str = ""
    flag_reason_en: str = ""
    missing_years: tuple[int, ...] = ()
    past_from: int | None = None
    coverage: Coverage = field(default_factory=Coverage)
    size: str = "output"

    @property
    def measured_by(self) -> Size:
        """The measure of size, and where tables hold it."""
        return SIZES[self.size]

    @property
    def size_unit(self) -> str:
        """Unit of the sizes."""
        unit: str = getattr(self.units, self.measured_by.kind)
        return unit


GB_2260, GB_4754 = "GB/T 2260", "GB/T 4754-2017"
OWN_CODES = "codes of the data itself"
"""Classification of regions or industries whose codes come from no other."""


def usual_settings(title: str) -> About:
    """Return the settings of a study that says nothing of itself yet; it has no base year."""
    return About(
        title_zh=title,
        title_en=title,
        currency="CNY",
        units=Units(),
        base_year=0,
        region_classification=OWN_CODES,
        industry_classification=OWN_CODES,
        licence="",
        synthetic=False,
    )


def with_size(about: About, activity: pl.DataFrame) -> About:
    """Return settings measured by the first measure of size that a table `activity` has any of."""
    held = (size for size in SIZES if activity[size].null_count() < activity.height)
    return replace(about, size=next(held, about.size))


def settings(about: About) -> dict[str, object]:
    """Return a study's settings as nested keys and values, as `read_settings` takes them."""
    said = asdict(about, dict_factory=_with_lists)
    for source in said["sources"]:
        for key in MAY_BE_LEFT_OUT:
            if not source[key]:
                del source[key]
    if about.size == "output":
        del said["size"]
    if about.past_from is None:
        del said["past_from"]
    del said["coverage"]
    if about.coverage != Coverage():
        said["coverage"] = about.coverage.settings()
    return said


def _with_lists(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    return {key: list(value) if isinstance(value, tuple) else value for key, value in pairs}
