"""A study's market as the setting in which contracts are offered."""

from dataclasses import dataclass

import polars as pl

from yanzhen.accounts.panel import base_year
from yanzhen.market.equilibrium.newton_dense import Clearing
from yanzhen.market.problem.formulation import Formulation
from yanzhen.modes.coconstruction.contract.terms import Terms
from yanzhen.modes.coconstruction.gains.contract_offer import Family, family_of
from yanzhen.modes.coconstruction.gains.prospect import Offer
from yanzhen.modes.coconstruction.settlement.agreements import agreements
from yanzhen.study import Study


@dataclass(frozen=True)
class Setting:
    """A study and its market without any contract.

    Attributes
    ----------
    study, formulation, clearing : the study, its market and prices that clear it
    parameters : the parameters used
    """

    study: Study
    formulation: Formulation
    clearing: Clearing
    parameters: pl.DataFrame

    @property
    def values(self) -> dict[str, float]:
        """Parameters by name."""
        return dict(self.parameters.select("parameter", "value").iter_rows())

    @property
    def first_year(self) -> int:
        """First year after the base year, as of the plan."""
        return base_year(self.study) + 1

    @property
    def homes(self) -> dict[str, str]:
        """Regions with enterprises that may move, by code and names."""
        origins = self.formulation.blocks["origin"].unique()
        regions = self.study.tables["regions"].filter(pl.col("region").is_in(origins.implode()))
        return _by_name(regions, "region")

    @property
    def hosts(self) -> dict[str, str]:
        """Sites, by code and names."""
        sites = self.formulation.room.sites["site"].implode()
        regions = self.study.tables["regions"].filter(pl.col("region").is_in(sites))
        places = self.study.tables["sites"].filter(pl.col("site").is_in(sites))
        return _by_name(regions, "region") | _by_name(places, "site")

    @property
    def industries(self) -> dict[str, str]:
        """Industries of the market, by code and names."""
        used = self.formulation.blocks["industry"].unique().implode()
        table = self.study.tables["industries"].filter(pl.col("industry").is_in(used))
        return _by_name(table, "industry")

    # Kept wide: each of them is for a command or a page to set.
    def offer(
        self,
        home: str,
        host: str,
        industries: tuple[str, ...],
        terms: Terms,
        scheme: str,
        start_year: int | None = None,
        exit_notice: int | None = None,
        name: str = "",
    ) -> Offer:
        """A contract put to one pair, from the year in which the market starts if none is given."""
        return Offer(
            self.study,
            self.formulation,
            self.clearing,
            self.parameters,
            name or f"{home}-{host}",
            home,
            host,
            industries,
            terms,
            scheme,
            start_year or self.first_year,
            exit_notice,
        )

    def agreed(self) -> list[Offer]:
        """The agreements of the study, each put to its pair.

        Raises
        ------
        ContractError
            With everything that is wrong with them.
        """
        return [
            self.offer(
                agreement.contract.home,
                agreement.contract.host,
                agreement.industries,
                agreement.contract.terms,
                agreement.scheme,
                agreement.contract.start_year,
                agreement.contract.exit_notice,
                agreement.contract.name,
            )
            for agreement in agreements(self.study)
        ]

    def family(self, terms: Terms) -> Family:
        """The same terms offered to every pair, from the year in which the market starts."""
        return family_of(self.study, self.formulation, terms, self.values, self.first_year)


def _by_name(table: pl.DataFrame, key: str) -> dict[str, str]:
    return {
        name: code
        for code, *names in table.select(key, "name_zh", "name_en").iter_rows()
        for name in (code, *names)
        if name
    }
