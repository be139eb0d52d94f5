"""The ledgers of a pair: what each party receives of what moves, and the schemes side by side.

Amounts in the study's money, expected over what the market sends, year by year and not discounted
unless it is said.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Annotated

import numpy as np
import polars as pl

from yanzhen.market.equilibrium.cleared_study import ClearedStudy
from yanzhen.modes.coconstruction.contract.consistency import ContractError
from yanzhen.modes.coconstruction.contract.rounding import Integers
from yanzhen.modes.coconstruction.contract.terms import STATISTICS
from yanzhen.modes.coconstruction.gains.appraisal import Appraisal
from yanzhen.modes.coconstruction.gains.gains import gains
from yanzhen.modes.coconstruction.gains.prospect import Prospect, SettledCase, settled_case
from yanzhen.modes.coconstruction.settlement.agreements import Agreement
from yanzhen.modes.coconstruction.settlement.ledger import Ledger
from yanzhen.modes.coconstruction.settlement.presets import Given, Preset, received
from yanzhen.modes.coconstruction.settlement.yearly_sharing import HOME, HOST, THIRD
from yanzhen.study.result_columns import columns

RECEIPTS = columns(
    """tax_paid tax_home recovered tax_host tax_third top_up dividend_home dividend_host
    dividend_third output_home output_host"""
)
"""`tax_paid` is local tax of all that has arrived, `recovered` what of the home's repays its
outlay, `top_up` paid by the third party to the home; `output_home` and `output_host` say who counts
the output."""
YEARLY_RECEIPTS = columns("year") | RECEIPTS | columns("exit_payment")
"""`exit_payment` is by the host to the home."""
INDUSTRY_RECEIPTS = columns("industry eligible") | RECEIPTS
"""Over all years together, without exit payments, which are of the whole contract."""
SCHEMES = columns(
    """scheme title_zh title_en home host third joint received_home received_host received_third
    last_year_home output_home missing missing_zh""",
    home="money",
    host="money",
    output_home="share",
    missing="text",
)
"""Expected gains, discounted; what is received over all years; `last_year_home` is null where the
home receives nothing, `output_home` the part of the output that the home counts over all years,
`missing` why the scheme cannot be put to the pair, empty where it can; figures are null where it
cannot."""


@dataclass(frozen=True)
class PairLedger:
    """What a contract settles of what moves between two places."""

    yearly: Annotated[pl.DataFrame, YEARLY_RECEIPTS]
    by_industry: Annotated[pl.DataFrame, INDUSTRY_RECEIPTS]


def pair_ledger(
    cleared: ClearedStudy,
    agreement: Agreement,
    prospect: Prospect,
    settled: SettledCase | None = None,
) -> PairLedger:
    """Settle a contract on what arrives under it.

    Parameters
    ----------
    settled : `settled_case` of the agreement, where that is done

    Raises
    ------
    ContractError
        When the terms cannot be settled on what moves.
    """
    settled = settled or settled_case(cleared, agreement, prospect)
    case, ledger = settled.case, settled.ledger
    money = 1.0 / prospect.offer.fen
    amounts = _amounts(ledger)
    yearly = pl.DataFrame({name: each.sum(axis=0) * money for name, each in amounts.items()})
    paid = yearly.insert_column(0, pl.Series("year", case.projects.years)).with_columns(
        exit_payment=pl.Series(ledger.exit_payment[0] * money)
    )
    by_project = pl.DataFrame(
        {
            "industry": case.projects.name,
            "eligible": ledger.eligible,
            **{name: each.sum(axis=1) * money for name, each in amounts.items()},
        }
    )
    by_industry = by_project.group_by("industry", maintain_order=True).agg(
        pl.col("eligible").all(), pl.col(list(amounts)).sum()
    )
    return PairLedger(paid, by_industry.sort("tax_paid", "industry", descending=[True, False]))


def schemes_on_pair(
    cleared: ClearedStudy,
    agreement: Agreement,
    prospect: Prospect,
    schemes: Iterable[Preset],
    given: Given,
) -> pl.DataFrame:
    """Every scheme put to the same pair, beside the terms of an agreement.

    Parameters
    ----------
    agreement : its own terms come first, under the scheme `own`
    prospect : of the pair, whatever the terms
    schemes : the others
    given : what their sources leave open

    Returns
    -------
    pl.DataFrame
        `SCHEMES`
    """
    rows = [_row(cleared, replace(agreement, scheme="own"), prospect)]
    for scheme in schemes:
        try:
            contract = replace(agreement.contract, terms=scheme.complete(given), exit_notice=None)
            other = replace(agreement, contract=contract, scheme=scheme.key)
            rows.append(_row(cleared, other, prospect))
        except ContractError as error:
            rows.append(_refused(scheme, error))
    return SCHEMES.frame(rows)


def with_own(schemes: pl.DataFrame, found: Appraisal, ledger: PairLedger) -> pl.DataFrame:
    """The same schemes beside other terms of the same pair.

    Parameters
    ----------
    schemes : as `schemes_on_pair` gives it
    found, ledger : what the terms come to, instead of those that came first
    """
    by_year = ledger.yearly.select(
        "year",
        home=pl.col("tax_home") + pl.col("top_up") + pl.col("dividend_home") + _LEFT,
        host=pl.col("tax_host") + pl.col("dividend_host") - _LEFT,
        third=pl.col("tax_third") + pl.col("dividend_third") - pl.col("top_up"),
    )
    output = {name: float(ledger.yearly[name].sum()) for name in ("output_home", "output_host")}
    whole = sum(output.values())
    row = {
        "scheme": "own",
        "title_zh": found.terms.title_zh,
        "title_en": found.terms.title_en,
        "home": found.home_gain,
        "host": found.host_gain,
        "third": found.third_gain,
        "joint": found.home_gain + found.host_gain,
        **{f"received_{party}": by_year[party].sum() for party in ("home", "host", "third")},
        "last_year_home": by_year.filter(pl.col("home") > 0)["year"].max(),
        "output_home": output["output_home"] / whole if whole else None,
        "missing": "",
        "missing_zh": "",
    }
    return pl.concat([SCHEMES.frame([row]), schemes[1:]])


_LEFT = pl.col("exit_payment")


def _row(cleared: ClearedStudy, agreement: Agreement, prospect: Prospect) -> dict[str, object]:
    settled, terms = settled_case(cleared, agreement, prospect), agreement.contract.terms
    case, ledger = settled.case, settled.ledger
    whole = gains(case, ledger)
    money = 1.0 / prospect.offer.fen
    flows = received(ledger)[:, 0]
    own = np.flatnonzero(flows[HOME] > 0)
    output = ledger.statistics[STATISTICS.index("output")]
    counted = int(output.sum())
    return {
        "scheme": agreement.scheme,
        "title_zh": terms.title_zh,
        "title_en": terms.title_en,
        "home": whole.home * money,
        "host": whole.host * money,
        "third": whole.third * money,
        "joint": whole.joint * money,
        "received_home": float(flows[HOME].sum()) * money,
        "received_host": float(flows[HOST].sum()) * money,
        "received_third": float(flows[THIRD].sum()) * money,
        "last_year_home": case.projects.years[int(own[-1])] if own.size else None,
        "output_home": int(output[HOME].sum()) / counted if counted else None,
        "missing": "",
        "missing_zh": "",
    }


def _refused(scheme: Preset, error: ContractError) -> dict[str, object]:
    first = error.problems[0]
    return {
        "scheme": scheme.key,
        "title_zh": scheme.terms.title_zh,
        "title_en": scheme.terms.title_en,
        "missing": f"{first.column}: {first.expected}",
        "missing_zh": f"{first.column}：{first.expected_zh}",
    }


def _amounts(ledger: Ledger) -> dict[str, Integers]:
    """(N, T) of every project, by name of the column."""
    parties = (("home", HOME), ("host", HOST), ("third", THIRD))
    output = ledger.statistics[STATISTICS.index("output")]
    return {
        "tax_paid": ledger.projects.local_tax.sum(axis=0),
        "tax_home": ledger.tax[HOME],
        "recovered": ledger.recovered,
        "tax_host": ledger.tax[HOST],
        "tax_third": ledger.tax[THIRD],
        "top_up": ledger.top_up,
        **{f"dividend_{party}": ledger.dividends[k] for party, k in parties},
        "output_home": output[HOME],
        "output_host": output[HOST],
    }
