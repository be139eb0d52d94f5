"""What a fund may support: projects as places in a study's market, and what each offer costs."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from yanzhen.accounts.panel import Booleans, Floats
from yanzhen.finance.fund.supported_market import Applications
from yanzhen.finance.products.value import DiscountRates, product_value
from yanzhen.finance.study_finance import fen_of, offers_of
from yanzhen.market.problem.capacity import annuity
from yanzhen.market.problem.formulation import Formulation
from yanzhen.market.problem.study_inputs import StudyInputs
from yanzhen.study import Study
from yanzhen.study.coverage import regions_above

Refused = list[tuple[str, str | None, str]]
"""Project, product and reason."""


@dataclass(frozen=True)
class Asking:
    """Projects that a fund may support, and supports that they are offered.

    Attributes
    ----------
    projects : (P,) codes
    places : block, site and output of each
    region, industry : (P,) codes, of the site and of the project
    investment : (P,) money
    counts : (P, N) whether a region of the panel counts as the project's own
    project, product : (n,) number and code of each offer
    amount, support, cost : (n,) money: offered, worth to the enterprise once, expected net present
        value of what it costs the public
    margin : (n,) support as a share of the project's yearly output, each year
    outlay : (n, Y) what the fund takes out of its budget in each year
    years : (Y,)
    refused : project, product and reason of what cannot be considered
    """

    projects: tuple[str, ...]
    places: Applications
    region: tuple[str, ...]
    industry: tuple[str, ...]
    investment: Floats
    counts: Booleans
    project: NDArray[np.int64]
    product: tuple[str, ...]
    amount: Floats
    support: Floats
    cost: Floats
    margin: Floats
    outlay: Floats
    years: tuple[int, ...]
    refused: tuple[tuple[str, str | None, str], ...]


# Kept whole: a line for each step, in the order in which one rests on another.
def asking_of(
    inputs: StudyInputs, formulation: Formulation, fund: Mapping[str, object], rates: DiscountRates
) -> Asking:
    """The projects of a fund and what they are offered.

    A project is one of the enterprises of its industry and origin, larger ones before smaller. What
    is offered counts where fund or treasury pays: once, it is worth `support`, and each year of the
    market's horizon that times the annuity. From the budget is taken what is paid as agreed, of
    promises what is expected to be.

    Parameters
    ----------
    fund : its row of `funds`; of one with a region that region counts, otherwise each project's own
    """
    study, fen = inputs.study, fen_of(inputs.study)
    rows = _projects(study, str(fund["fund"]))
    placed, refused = _placed(formulation, rows)
    rows = rows.filter(pl.col("project").is_in(list(placed)))
    number = {code: k for k, code in enumerate(rows["project"])}
    values = inputs.values
    yearly = annuity(values["annualisation_rate"], values["annualisation_years"])
    listed, outlays = [], []
    for offer in offers_of(study):
        code, product = str(offer.project["project"]), offer.terms.product
        if code not in number:
            continue
        value = product_value(offer.terms, offer.amount, offer.start, rates)
        out = value.outlay.with_columns(
            out=pl.max_horizontal("paid", "expected_paid") / fen
        ).filter(pl.col("out") > 0)
        if out.is_empty():
            refused.append((code, product, "no_public_money"))
            continue
        listed.append(
            (number[code], product, offer.amount / fen, value.support / fen, value.fund_cost / fen)
        )
        outlays.append(dict(out.select("year", "out").iter_rows()))
    years = tuple(sorted({year for each in outlays for year in each}))
    project = np.array([each[0] for each in listed], dtype=np.int64)
    amount, support, cost = (
        np.array([each[k] for each in listed], dtype=np.float64) for k in (2, 3, 4)
    )
    output = rows["output"].to_numpy().astype(np.float64)
    at = np.array([placed[code] for code in rows["project"]], dtype=np.int64).reshape(-1, 2)
    sites = formulation.room.sites["region"]
    region = tuple(sites[int(j)] for j in at[:, 1])
    return Asking(
        tuple(rows["project"]),
        Applications(at[:, 0], at[:, 1], output),
        region,
        tuple(rows["industry"]),
        rows["investment"].fill_null(np.nan).to_numpy().astype(np.float64),
        _counts(study, inputs.panel.regions, fund["region"], region),
        project,
        tuple(each[1] for each in listed),
        amount,
        support,
        cost,
        support / output[project] * yearly,
        np.array([[each.get(year, 0.0) for year in years] for each in outlays]).reshape(
            len(outlays), len(years)
        ),
        years,
        tuple(refused),
    )


def without_place(formulation: Formulation, study: Study, fund: str) -> Refused | None:
    """Why no project of a fund has a place in the market, None where some project has one."""
    placed, refused = _placed(formulation, _projects(study, fund))
    return None if placed else refused


def _placed(
    formulation: Formulation, rows: pl.DataFrame
) -> tuple[dict[str, tuple[int, int]], Refused]:
    """Block and site of each project, larger ones before smaller, and why others have none."""
    blocks, left = _blocks(formulation), formulation.market.mass.copy()
    placed: dict[str, tuple[int, int]] = {}
    refused: Refused = []
    for row in rows.sort("output", descending=True, nulls_last=True).iter_rows(named=True):
        found = _place(formulation, blocks, left, row)
        if isinstance(found, str):
            refused.append((row["project"], None, found))
        else:
            placed[row["project"]] = found
            left[found[0]] -= row["output"]
    return placed, refused


def _projects(study: Study, fund: str) -> pl.DataFrame:
    """Projects that name this fund or none, and are offered something."""
    rows = study.tables["projects"]
    named = pl.col("fund").is_null() | (pl.col("fund") == fund)
    return rows.filter(named & pl.col("products").is_not_null())


def _blocks(formulation: Formulation) -> dict[tuple[str, str], int]:
    """The block of region and industry, the last of several (single enterprises come before)."""
    found = {}
    for number, key in enumerate(formulation.blocks.select("origin", "industry").iter_rows()):
        found[key] = number
    return found


def _place(
    formulation: Formulation,
    blocks: Mapping[tuple[str, str], int],
    left: Floats,
    row: Mapping[str, object],
) -> tuple[int, int] | str:
    """Block and site of a project, or why it has none."""
    output, site = row["output"], row["site"]
    if not isinstance(output, float) or output <= 0:
        return "no_output"
    if row["industry"] is None or row["origin"] is None:
        return "no_origin"
    block = blocks.get((str(row["origin"]), str(row["industry"])))
    if block is None:
        return "not_movable"
    if output > left[block]:
        return "larger_than_left"
    sites = list(formulation.room.sites["site"])
    if site not in sites:
        return "no_site"
    at = sites.index(site)
    market = formulation.market
    if not np.isfinite(market.base[market.cell[block]][at]):
        return "gate"
    return block, at


def _counts(
    study: Study, regions: tuple[str, ...], fund_region: object, own: tuple[str, ...]
) -> Booleans:
    above = regions_above(study.tables["regions"])

    def lies_in(whole: str) -> Iterator[bool]:
        return (whole == region or whole in above.get(region, ()) for region in regions)

    wholes = [str(fund_region) if fund_region is not None else region for region in own]
    return np.array([list(lies_in(whole)) for whole in wholes], dtype=np.bool_).reshape(
        len(own), len(regions)
    )
