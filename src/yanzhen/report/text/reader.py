"""Who reads of a study in one language: the words, names and units that are shown to them."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from yanzhen.report.text.names import Names, names
from yanzhen.report.text.quantities import Unit, amount, percent, unit
from yanzhen.report.text.words import Lang, phrases, size_words, word
from yanzhen.study import Study
from yanzhen.study.ratios import ratio
from yanzhen.study.result_columns import KINDS


@dataclass(frozen=True)
class Reader:
    """Words, names and units of one study in one language.

    Attributes
    ----------
    study : whose regions, industries and units are named
    lang : zh or en
    """

    study: Study
    lang: Lang

    def word(self, key: str, **values: object) -> str:
        """Return the text of a key of `words.toml`; as `yanzhen.report.text.words.word`.

        What names the study's measure of size, `SIZE_WORDS`, is filled in.
        """
        return word(self.lang, key, **{**self.size_words, **values})

    def word_or(self, key: str, otherwise: str) -> str:
        """Return the text of a key that only some codes have, such as a macro-region's name."""
        return self.word(key) if key in phrases() else otherwise

    @cached_property
    def size_words(self) -> dict[str, str]:
        """Words for the study's measure of size, by `SIZE_WORDS`."""
        return size_words(self.study.about.size, self.lang)

    @cached_property
    def names(self) -> Names:
        """Names of everything in the study."""
        return names(self.study, self.lang)

    def named(self, row: Mapping[str, Any], columns: str) -> dict[str, str]:
        """Return the names of what columns of a row, separated by spaces, hold codes of."""
        known = {
            "region": self.names.regions,
            "industry": self.names.industries,
            "place": self.names.places,
        }
        return {name: known[KINDS[name]].get(row[name], row[name]) for name in columns.split()}

    @property
    def study_title(self) -> str:
        """Title of the study."""
        about = self.study.about
        return about.title_zh if self.lang == "zh" else about.title_en

    def report_title(self, what: str, year: int) -> str:
        """Title of a report on something of the study."""
        return self.word("report.of_study", what=what, study=self.study_title, year=year)

    @property
    def flag_reason(self) -> str:
        """Why regions of the study are flagged; empty where it does not say."""
        about = self.study.about
        return about.flag_reason_zh if self.lang == "zh" else about.flag_reason_en

    def unit(self, code: str) -> Unit:
        """Return how a unit of the study is shown."""
        return unit(code, self.lang)

    def plain_unit(self, code: str) -> str:
        """Return what a unit of figures that stand as they are in the study is called."""
        return self.unit(code).name if self.lang == "zh" else code

    @property
    def money(self) -> Unit:
        """Unit of money."""
        return self.unit(self.study.about.units.money)

    @property
    def size(self) -> Unit:
        """Unit of sizes."""
        return self.unit(self.study.about.size_unit)

    @property
    def persons(self) -> Unit:
        """Unit of jobs."""
        return self.unit(self.study.about.units.persons)

    @property
    def emissions(self) -> Unit:
        """Unit of emissions."""
        return self.unit(self.study.about.units.emissions)

    def resource_unit(self, resource: str) -> Unit:
        """Return how the unit is shown in which a resource's capacity is given."""
        return self.unit(self.resource_code(resource))

    def resource_code(self, resource: str) -> str:
        """Return the study's unit in which a resource's capacity is given."""
        units = self.study.about.units
        codes = {
            "output": units.money,
            "jobs": units.persons,
            "land": units.area,
            "energy": units.energy,
            "emissions": units.emissions,
        }
        return codes[resource.partition(":")[0]]

    def within(self, low: float | None, high: float | None, shown: Unit) -> str:
        """Return an interval over the draws to stand behind its figure; empty without one."""
        if low is None or high is None:
            return ""
        return self.word("within", low=amount(low, shown), high=amount(high, shown))

    def amount_within(self, row: Mapping[str, Any], name: str) -> str:
        """Return an amount of the study's measure of size with its interval over the draws."""
        within = self.within(row[f"{name}_low"], row[f"{name}_high"], self.size)
        return f"{amount(row[name], self.size)}{within}"

    def share_of(
        self, part: float, whole: float, digits: int = 1, scale: float | None = None
    ) -> str:
        """Return part of a whole as per cent; in words where a share of it is not defined.

        Parameters
        ----------
        scale : size of the amounts that the whole is a sum or a change of, as in
            `yanzhen.study.ratios.ratio`
        """
        share = ratio(part, whole, scale)
        return self.word("not_defined") if share is None else percent(share, digits)
