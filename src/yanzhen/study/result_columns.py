"""The columns of the tables that results hold: what each says, declared once by its name.

A column of one name means the same kind of value in nearly every table; the kind gives its type and
the unit it is in. A table of a result is the ordered names of its columns, beside the result that
makes it:

    moves: Annotated[pl.DataFrame, columns("industry origin destination output jobs")]
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields
from typing import TYPE_CHECKING, Any, Literal, get_args, get_origin

import polars as pl

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

Kind = Literal[
    "region", "industry", "place", "macro_region", "term", "status", "recipient", "place_kind",
    "room_from", "total_basis", "listing", "gate_state", "option", "point", "instrument", "rule",
    "flag", "text", "year", "count", "number", "share", "percent", "measure", "index",
    "kilometres", "size", "money", "persons", "emissions", "resource", "premium",
]  # fmt: skip
NUMBERS: frozenset[Kind] = frozenset(
    {
        *("count", "number", "share", "percent", "measure", "index", "kilometres"),
        *("size", "money", "persons", "emissions", "resource", "premium"),
    }
)
TYPES: Mapping[Kind, type[pl.DataType]] = {
    **dict.fromkeys(NUMBERS, pl.Float64),
    "count": pl.Int64,
    "year": pl.Int64,
    "flag": pl.Boolean,
}
"""Types of the kinds that are not text."""

_NAMES: Mapping[Kind, str] = {
    "region": """region origin home home_region buyer_region supplier_region largest_supplier
        largest_supplier_after found_in""",
    "industry": "industry input user related service",
    "place": "place site destination host rival second",
    "macro_region": "macro_region origin_macro_region destination_macro_region",
    "term": "term kind role group indicator weighting",
    "status": "status output_status jobs_status emissions_status",
    "recipient": "recipient",
    "place_kind": "place_kind",
    "room_from": "room_from",
    "total_basis": "total_basis",
    "listing": "listing",
    "gate_state": "state",
    "option": "option",
    "point": "point",
    "instrument": "instrument",
    "rule": "rule",
    "flag": """binding certified converged departures_assumed departures_clipped eligible
        flagged full in_findings moves_together paired scarce""",
    "text": """achievement achievement_title against agreement article assumption buyer channel
        code cohort contract contract_terms date enterprise in_achievement in_partner ipc item
        lacking measure missing_zh mode needs note note_en note_zh owner parameter part partner
        partner_title party policy product project reason regime requirement resource scenario
        scheme shared shared_words side source supplier taker tax_kinds text title title_en title_zh
        unit why""",
    "year": "year found_year from_year home_even host_even last_year_home",
    "count": """balanced_cells broken_gates buyers candidates cells dependents deviations_tried
        diversity draw enterprises equilibria estimated failed_starts first_year foretold
        happened hits known last_year licences localities members missing moves_alone observed
        order own_order
        pairs rank rank_high rank_low refused regions rounds rows stage_high stage_low starts
        suitable trl ubiquity uncompleted""",
    "number": """cost_per_job discounted downtime emission_intensity expected factor found high
        levels_outside low median new_plant plan rank_median removal severance taken
        taken_by_others""",
    "share": """actual binding_share capitalised capitalised_where_full cash cash_high cash_low
        chance_alone
        chance_together concentration concentration_after cost_of_gained coverage density
        departure_share distance diversion edge exposure exposure_after first first_five_share
        first_share foreseen gain gain_alone gain_high gain_low gaining_share highest
        input_share largest_share limit
        lost_share lost_share_after market_access market_without_prices met missed model
        national_share net_share offer own_share persistence price probability probability_with
        probability_without rate receiver relatedness relative_shift sender share share_after
        share_before share_bought share_lost share_of_inputs share_of_need share_of_spare
        share_open similarity size strength_needed subsidy supplier_access supply_gap trend
        unmatched used weighted""",
    "percent": "median_absolute_percentage_error weighted_error",
    "measure": "complementary_slackness duality_gap largest_gain relative_excess_demand residual",
    "index": """backward complexity concordance contribution cost cost_percentile downstreamness
        eci effective_industries ellison_glaeser emission_intensity_percentile evidence fitness
        forward gini gradient gradient_percentile hachman herfindahl hoover krugman latitude
        licence_price location_quotient locational_gini longitude market_access_percentile
        mean_percentile meaning moran outlook outlook_gain outlook_gain_percentile p pci
        pressure pressure_high pressure_low proximity relatedness_percentile relevance score
        share_lost_percentile stage supplier_access_percentile supply_gap_percentile
        upstreamness weight z""",
    "kilometres": "kilometres moved_km",
    "size": """absolute_shift after already_coming arrivals arrivals_high arrivals_low arriving
        before beyond change competitive departures displaced gained listed market market_high
        market_low mix moving moving_after moving_before national national_output net net_high
        net_low net_without net_without_earlier output output_high output_home output_host
        output_low past room_growth room_idle""",
    "money": """against_amount alone alone_best amount cap cumulated cumulated_home cumulated_host
        dividend_home dividend_host dividend_third docked enterprise_surplus exit_payment
        gain_home gain_host gap gap_beyond_reach home_gain home_high home_low host_gain host_high
        host_low in_chain inputs joint lead listed_output lost lost_elsewhere need need_after
        no_supplier not_sought other other_regions outlay present price_paid public_money
        received_home received_host received_third recovered rent rent_change rents same_region
        social_surplus sold spare supply surplus tax_home tax_host tax_paid tax_third third top_up
        transfer value waste welfare why_amount without""",
    "persons": "jobs jobs_arriving jobs_leaving",
    "emissions": "emissions emissions_arriving emissions_leaving",
    "resource": "capacity demand",
    "premium": "floor posted premium premium_high premium_in_all premium_low",
}
KINDS: Mapping[str, Kind] = {name: kind for kind, names in _NAMES.items() for name in names.split()}
"""What a column of a name says, where its table does not declare otherwise."""


class Columns(Mapping[str, Kind]):
    """The columns of a table of a result, in order, and what each says.

    Parameters
    ----------
    kinds : what each column says
    fractional : counts that need not be whole: quantiles, expected values, sums of presences
    """

    def __init__(self, kinds: Mapping[str, Kind], fractional: Iterable[str] = ()) -> None:
        self._kinds = dict(kinds)
        self._fractional = frozenset(fractional)

    def __getitem__(self, name: str) -> Kind:
        return self._kinds[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._kinds)

    def __len__(self) -> int:
        return len(self._kinds)

    def __or__(self, behind: "Columns") -> "Columns":
        return Columns({**self, **behind}, self._fractional | behind._fractional)

    def __repr__(self) -> str:
        return f"columns({' '.join(self)})"

    @property
    def types(self) -> dict[str, type[pl.DataType]]:
        """Type of each column."""
        return {
            name: pl.Float64 if name in self._fractional else TYPES.get(kind, pl.String)
            for name, kind in self.items()
        }

    def frame(self, rows: Iterable[Any] = ()) -> pl.DataFrame:
        """Return rows as a frame, sequences in the order of the columns or mappings by name."""
        return pl.DataFrame(list(rows), schema=self.types, orient="row")

    def of_kind(self, kind: Kind) -> "Columns":
        """Return the columns with each saying the same kind of value."""
        return Columns(dict.fromkeys(self, kind), self._fractional)

    def only(self, names: str) -> "Columns":
        """Return some of the columns, in the order of the names given."""
        return Columns({name: self[name] for name in names.split()})


def columns(names: str, fractional: str = "", **otherwise: Kind) -> Columns:
    """Declare the columns of a table of a result.

    Parameters
    ----------
    names : in order, separated by spaces
    fractional : of them, counts that need not be whole
    otherwise : kind of a column whose name says something else in this table
    """
    kinds = {name: otherwise.get(name) or KINDS[name] for name in names.split()}
    return Columns(kinds, fractional.split())


def columns_of(result: "type[DataclassInstance]") -> dict[str, Columns]:
    """Return the columns of every table that a kind of result declares, by the table's name."""
    return {
        field.name: declared
        for field in fields(result)
        if get_origin(field.type) is not None
        for declared in get_args(field.type)
        if isinstance(declared, Columns)
    }


NOT_EVALUATED = columns("term needs")
"""What is off for want of data, and the table that would switch it on."""
PARAMETERS = columns("parameter value unit low high source note_zh note_en", value="number")
"""The parameters used."""
