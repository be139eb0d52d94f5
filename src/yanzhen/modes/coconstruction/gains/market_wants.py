"""What a study lacks for contracts put to its market: taxes, and places for its agreements."""

from dataclasses import replace

from yanzhen.accounts.panel import base_year
from yanzhen.market.problem.formulation import Formulation
from yanzhen.modes.coconstruction.gains.contract_offer import require_taxes
from yanzhen.modes.coconstruction.gains.pair_gains import movers
from yanzhen.modes.coconstruction.gains.prospect import no_place, nobody
from yanzhen.modes.coconstruction.settlement.agreements import FILE, TABLE
from yanzhen.study import Problem, Study, WantOfData


def require_for_contracts(study: Study, formulation: Formulation) -> None:
    """Refuse a study to whose market no contract can be put, its agreements' years included.

    Contracts are settled on projects without it: `contract settle` asks for no taxes.

    Raises
    ------
    WantOfData
        With the industries of which no taxes are known, or where nobody may move at all.
    """
    for year in sorted({base_year(study) + 1, *study.tables[TABLE]["from_year"].drop_nulls()}):
        require_taxes(study, formulation, year)


def require_parties(study: Study, formulation: Formulation) -> None:
    """Refuse agreements with a host that is no place of the market, or which nobody may go to.

    Raises
    ------
    WantOfData
        With the row of each.
    """
    sites = formulation.room.sites
    places = sites["site"].to_list()
    problems: list[Problem] = []
    for row in study.numbered(TABLE).rows(named=True):
        home, host = row["home"], row["host"]
        industries = (row["industry"],) if row["industry"] else ()
        if host not in places:
            told = no_place(FILE, row["agreement"], host, sites)
        elif movers(formulation, home, places.index(host), industries).size:
            continue
        else:
            told = nobody(FILE, home, host, industries)
        problems.append(replace(told, table=TABLE, row=row["row"], column="host"))
    if problems and not formulation.blocks.is_empty():
        raise WantOfData(problems)
