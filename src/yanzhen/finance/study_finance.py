"""Every product of every project of a study, and the finance of its parks."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Annotated, Any

import polars as pl

from yanzhen.accounts.panel import base_year
from yanzhen.finance.park.park_table import park_of
from yanzhen.finance.park.waterfall import waterfall
from yanzhen.finance.products.cash_flows import CASH_FLOWS, cash_flows, flows_of, unbalanced
from yanzhen.finance.products.contracts import agreed_transfers
from yanzhen.finance.products.default import Path, expected_flows, paths
from yanzhen.finance.products.performance import repaid
from yanzhen.finance.products.reading import terms_of
from yanzhen.finance.products.schedule import part_of
from yanzhen.finance.products.terms import KINDS, PARTIES, Performance, Terms
from yanzhen.finance.products.valuation import (
    break_even,
    duration,
    internal_rate,
    present_value,
)
from yanzhen.finance.products.value import DiscountRates, product_value
from yanzhen.finance.rates import discount_rates
from yanzhen.finance.words import message
from yanzhen.modes.coconstruction.contract.rounding import LARGEST
from yanzhen.study import Problem, Study, StudyError, WantOfData
from yanzhen.study.result_columns import PARAMETERS, Columns, columns
from yanzhen.study.units import factor

OFFERS = columns(
    """project site industry product kind provider start amount support fund_cost break_even
    break_even_reason duration modified_duration""",
    kind="text", provider="text", start="text", support="money", fund_cost="money",
    break_even="share", break_even_reason="text", duration="number", modified_duration="number",
)  # fmt: skip
"""Duration is that of the provider's receipts as agreed, at the provider's rate."""
VALUES = columns(
    "project product party rate received paid npv expected_npv irr irr_reason",
    received="money", paid="money", npv="money", expected_npv="money", irr="share",
    irr_reason="text", rate="share",
)  # fmt: skip
"""As agreed; `expected_npv` over default and recovery. `irr` is null where there is none."""
YEARLY = columns("project product year party amount")
"""What each party receives less what it pays, as agreed."""
DEFAULTS = columns(
    "project product survival_year survival default owed settled",
    survival_year="count", survival="share", default="share", owed="money", settled="money",
)  # fmt: skip
"""`default` is the probability of one in that year of survival, `settled` what the provider then
receives less what it pays."""
REPAID = columns(
    "project product measure target achieved repaid",
    target="number", achieved="share", repaid="money",
)  # fmt: skip
ACHIEVED = (1.0, 0.9, 0.8, 0.7, 0.5, 0.0)
"""Shares of the target for which is told what is repaid, beside what is expected."""
DATED = columns("project") | CASH_FLOWS
PARK_YEARS = columns(
    """site year drawn given works income operating gap available due paid short reserve cash
    distributed debt debt_rate dscr llcr""",
    drawn="money", given="money", works="money", income="money", operating="money", gap="money",
    available="money", due="money", paid="money", short="money", reserve="money", cash="money",
    distributed="money", debt="money", debt_rate="share", dscr="number", llcr="number",
)  # fmt: skip
PARK_CLAIMS = columns(
    "site year rank tranche part available due paid short cover balance",
    tranche="text", available="money", due="money", paid="money", short="money", cover="number",
    balance="money",
)  # fmt: skip
"""`cover` is what is there for a claim, after all before it, to what is due."""


@dataclass(frozen=True)
class Finance:
    """Products of projects and finance of parks, money in the study's unit.

    Attributes
    ----------
    study : what it is about
    year : from which a plan starts
    offers : of each project and product
    values : of each party to them
    yearly : cash flows by year and party
    defaults : by year of survival
    repaid : of support linked to performance, by what is achieved
    flows : every dated row, in whole fen
    park_years, park_claims : the waterfall of each park
    parameters : the rates used
    """

    study: Study
    year: int
    offers: Annotated[pl.DataFrame, OFFERS]
    values: Annotated[pl.DataFrame, VALUES]
    yearly: Annotated[pl.DataFrame, YEARLY]
    defaults: Annotated[pl.DataFrame, DEFAULTS]
    repaid: Annotated[pl.DataFrame, REPAID]
    flows: Annotated[pl.DataFrame, DATED]
    park_years: Annotated[pl.DataFrame, PARK_YEARS]
    park_claims: Annotated[pl.DataFrame, PARK_CLAIMS]
    parameters: Annotated[pl.DataFrame, PARAMETERS]


@dataclass(frozen=True)
class Offer:
    """A product that a project is offered: its row of `projects`, terms, fen, first day."""

    project: Mapping[str, Any]
    terms: Terms
    amount: int
    start: date


def require_finance(study: Study) -> None:
    """Raise where a study has nothing to finance, or amounts beyond what is reckoned.

    Raises
    ------
    WantOfData
        When no project is offered a product, and no park has finance.
    StudyError
        When amounts are too large.
    """
    offered = study.tables["projects"]["products"].drop_nulls().len()
    if (
        not (offered and study.tables["products"].height)
        and study.tables["park_finance"].is_empty()
    ):
        raise WantOfData(
            [Problem.at(study.path, "products", None, "", *message("nothing_to_finance"))]
        )
    most = LARGEST / fen_of(study)
    problems = [
        Problem.at(
            study.path, table, None, column,
            *message("beyond_money", amount=amount * fen_of(study) / 100, most=LARGEST / 100),
        )
        for table, column in (("projects", "investment"), ("park_finance", "amount"))
        for amount in study.tables[table].filter(pl.col(column) > most)[column]
    ]  # fmt: skip
    problems += [] if problems else list(_too_large(study))
    if problems:
        raise StudyError(problems)


def _too_large(study: Study) -> Iterator[Problem]:
    """Products whose payments grow beyond what is reckoned."""
    for offer in offers_of(study):
        agreed = agreed_transfers(offer.terms, offer.amount, offer.start)
        largest = max((each.amount for each in agreed), default=0)
        if largest > LARGEST:
            values = {"amount": largest / 100, "most": LARGEST / 100}
            at = study.path, "products", None, offer.terms.product
            yield Problem.at(*at, *message("beyond_money", **values))


def fen_of(study: Study) -> float:
    """Return how many fen one unit of the study's money is."""
    return 100.0 * factor(study.about.units.money)


def study_finance(study: Study, parameters: pl.DataFrame) -> Finance:
    """Reckon every product of every project, and the waterfall of every park.

    Raises
    ------
    WantOfData, StudyError
        As `require_finance`.
    """
    require_finance(study)
    fen, rates = fen_of(study), discount_rates(parameters)
    offers = list(offers_of(study))
    outcomes = [paths(each.terms, each.amount, each.start) for each in offers]
    both = list(zip(offers, outcomes, strict=True))
    parks = study.tables["park_finance"].partition_by("site", maintain_order=True)
    years, claims = _parks(parks, fen)
    return Finance(
        study,
        base_year(study),
        _in_money(OFFERS, (_offer(each, rates) for each in offers), fen),
        _in_money(VALUES, (row for each in both for row in _values(*each, rates)), fen),
        _in_money(YEARLY, (row for each in both for row in _yearly(*each)), fen),
        _in_money(DEFAULTS, (row for each in both for row in _defaults(*each)), fen),
        _in_money(REPAID, (row for each in offers for row in _repaid(each)), fen),
        _dated(both),
        _in_money(PARK_YEARS, years, fen),
        _in_money(PARK_CLAIMS, claims, fen),
        parameters,
    )


def offers_of(study: Study) -> Iterator[Offer]:
    """Return every product that each project is offered, in the order of the tables."""
    products = {row["product"]: row for row in study.tables["products"].iter_rows(named=True)}
    fen = fen_of(study)
    for project in study.tables["projects"].iter_rows(named=True):
        for code in (project["products"] or "").split(";"):
            if code:
                row = products[code]
                share = 1.0 if row["financed_share"] is None else row["financed_share"]
                amount = part_of(round(project["investment"] * fen), share)
                yield Offer(project, terms_of(row), amount, date.fromisoformat(project["start"]))


def _names(offer: Offer) -> dict[str, Any]:
    return {"project": offer.project["project"], "product": offer.terms.product}


def _offer(offer: Offer, rates: DiscountRates) -> dict[str, Any]:
    terms = offer.terms
    at = offer.amount, offer.start
    value, own = product_value(terms, *at, rates), rates.by_party[terms.provider]
    even = break_even(terms, *at, own)
    agreed = paths(terms, *at)[-1].transfers
    lasts = duration(flows_of([terms.provider], agreed), own, offer.start)
    return {
        **_names(offer),
        "site": offer.project["site"],
        "industry": offer.project["industry"],
        "kind": next(word for word, kind in KINDS.items() if isinstance(terms, kind)),
        "provider": terms.provider,
        "start": offer.start.isoformat(),
        "amount": offer.amount,
        "support": value.support,
        "fund_cost": value.fund_cost,
        "break_even": even.value,
        "break_even_reason": even.reason or None,
        "duration": lasts.macaulay,
        "modified_duration": lasts.modified,
    }


def _values(
    offer: Offer, outcomes: tuple[Path, ...], rates: DiscountRates
) -> Iterator[dict[str, Any]]:
    for party in PARTIES:
        if not any(
            party in (each.payer, each.payee) for path in outcomes for each in path.transfers
        ):
            continue
        flows, rate = flows_of([party], outcomes[-1].transfers), rates.by_party[party]
        found = internal_rate(flows)
        yield {
            **_names(offer),
            "party": party,
            "rate": rate,
            "received": sum(amount for amount in flows.values() if amount > 0),
            "paid": -sum(amount for amount in flows.values() if amount < 0),
            "npv": present_value(flows, rate, offer.start),
            "expected_npv": present_value(expected_flows([party], outcomes), rate, offer.start),
            "irr": found.value,
            "irr_reason": found.reason or None,
        }


def _yearly(offer: Offer, outcomes: tuple[Path, ...]) -> Iterator[dict[str, Any]]:
    net: dict[tuple[int, str], int] = {}
    for party in PARTIES:
        for day, amount in flows_of([party], outcomes[-1].transfers).items():
            at = day.year, party
            net[at] = net.get(at, 0) + amount
    for (year, party), amount in sorted(net.items(), key=lambda each: each[0][0]):
        yield {**_names(offer), "year": year, "party": party, "amount": amount}


def _defaults(offer: Offer, outcomes: tuple[Path, ...]) -> Iterator[dict[str, Any]]:
    for path in outcomes:
        if path.year is not None:
            yield {
                **_names(offer),
                "survival_year": path.year,
                "survival": path.survival,
                "default": path.probability,
                "owed": path.owed,
                "settled": path.settled,
            }


def _repaid(offer: Offer) -> Iterator[dict[str, Any]]:
    terms = offer.terms
    if isinstance(terms, Performance):
        for achieved in sorted({terms.achieved, *ACHIEVED}, reverse=True):
            yield {
                **_names(offer),
                "measure": terms.measure,
                "target": offer.project[terms.measure],
                "achieved": achieved,
                "repaid": repaid(terms, offer.amount, achieved),
            }


def _dated(both: list[tuple[Offer, tuple[Path, ...]]]) -> pl.DataFrame:
    """Every row in fen; a payment that somebody does not receive is a fault of this program."""
    frames = [
        cash_flows(offer.terms.product, outcomes[-1].transfers).select(
            pl.lit(offer.project["project"]).alias("project"), pl.all()
        )
        for offer, outcomes in both
    ]
    for each in frames:
        if not unbalanced(each).is_empty():
            raise AssertionError(f"cash flows that don't sum to zero: {unbalanced(each)}")
    return pl.concat([DATED.frame(), *frames])


def _parks(
    parks: list[pl.DataFrame], fen: float
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    years, claims = [], []
    for items in parks:
        site = {"site": items["site"][0]}
        of_years, of_claims = waterfall(park_of(items, fen))
        years += [site | asdict(each) for each in of_years]
        claims += [
            {**site, **asdict(each), "cover": each.available / each.due} for each in of_claims
        ]
    return years, claims


def _in_money(declared: Columns, rows: Any, fen: float) -> pl.DataFrame:
    """A frame of rows whose money is in fen, in the study's unit."""
    money = [name for name, kind in declared.items() if kind == "money"]
    return declared.frame(rows).with_columns(pl.col(name) / fen for name in money)
