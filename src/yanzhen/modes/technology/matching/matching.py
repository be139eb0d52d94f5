"""Achievements matched with those who can take them up, cleared by price at each capacity."""

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from typing import Annotated

import numpy as np
import polars as pl
from numpy.typing import NDArray

from yanzhen.market.equilibrium.certificate import Certificate
from yanzhen.market.large.solver import solve_listed
from yanzhen.market.problem.market import Floats
from yanzhen.market.problem.tolerance import TOLERANCE, without_dust
from yanzhen.modes.technology.matching.explanation import SHARED_WORDS, shared_words
from yanzhen.modes.technology.matching.match_clearing import (
    certify_listed,
    listed,
    log_shares,
    match_market,
)
from yanzhen.modes.technology.matching.outbid import OUTBID, outbid
from yanzhen.modes.technology.matching.pair_terms import FIGURES, TERMS, pair_terms
from yanzhen.modes.technology.matching.parameters import MatchWeights, match_weights
from yanzhen.modes.technology.matching.partners import (
    ACHIEVEMENTS,
    PARTNERS,
    TABLE_OF,
    Kind,
    achievements,
    partners,
)
from yanzhen.modes.technology.matching.sharing import SHARING, named_terms, ratio, sharing
from yanzhen.modes.technology.search.candidates import Compared, Rows, compared
from yanzhen.modes.technology.search.feedback import no_feedback
from yanzhen.modes.technology.search.relevance import STANDARD, Weights
from yanzhen.modes.technology.text.embedding import Encoder
from yanzhen.study import Problem, Study, StudyError, require_checked
from yanzhen.study.problem import nearest, with_nearest
from yanzhen.study.result_columns import NOT_EVALUATED, Columns, columns

CANDIDATES = 20
LEAST_SHARE = 0.01
"""Share from which a match is shown."""
MOST_EXPLAINED = 20_000
"""Matches whose words are listed, those of the largest share."""


MATCHED_PARTNERS = PARTNERS | columns(
    "contract_terms expected price suitable evidence", price="index"
)
"""`contract_terms` is the ratio in the sharing terms named, of the region where the partner stands
(the contract's home, which sends) to the region that receives (its host), null where the terms
leave it open; `expected` are the licences that it takes on average, `price` the scarcity premium
of a place, `suitable` the achievements that may be matched with it, `evidence` the most of any
achievement."""
MATCHES = (
    columns("achievement partner share taken value", value="index")
    | Columns(dict.fromkeys((f"term_{name}" for name in TERMS), "index"))
    | columns("price", price="index")
    | FIGURES
    | columns("rank")
)
"""`share` of the achievement goes there at the prices, which is `taken` of its licences; the terms
sum to the value; then the figures behind them."""
FLOWS = columns("region home_region expected")
"""Licences that go from the owner's region to the partner's home region on average."""
UNMATCHED = columns("achievement licences taken share")
"""`share` stays without a match."""
REJECTED = columns("achievement partner reason")
SILENT = columns("side code")


@dataclass(frozen=True)
class Matching:
    """Matches of achievements with one kind of partner.

    Attributes
    ----------
    study : where they come from
    kind : of partner
    pairs : the best `top` of each achievement from `LEAST_SHARE` on
    outbid : partners whose best achievement goes to others at the prices
    words : of the pairs shown, the `MOST_EXPLAINED` of the largest share
    rejected : pairs that users rejected
    silent : rows with nothing that can be compared
    sharing : what each side gets under the terms that partners name
    certificate : of the clearing
    """

    study: Study
    kind: Kind
    achievements: Annotated[pl.DataFrame, ACHIEVEMENTS]
    partners: Annotated[pl.DataFrame, MATCHED_PARTNERS]
    pairs: Annotated[pl.DataFrame, MATCHES]
    flows: Annotated[pl.DataFrame, FLOWS]
    unmatched: Annotated[pl.DataFrame, UNMATCHED]
    outbid: Annotated[pl.DataFrame, OUTBID]
    words: Annotated[pl.DataFrame, SHARED_WORDS]
    rejected: Annotated[pl.DataFrame, REJECTED]
    not_evaluated: Annotated[pl.DataFrame, NOT_EVALUATED]
    silent: Annotated[pl.DataFrame, SILENT]
    sharing: Annotated[pl.DataFrame, SHARING]
    certificate: Certificate


# Kept wide: an option of the command each.
# Kept whole: a market from its two sides to its certificate; no part serves without the next.
def match(
    study: Study,
    kind: Kind,
    top: int = 5,
    weights: MatchWeights | None = None,
    relevance: Weights = STANDARD,
    concordance: pl.DataFrame | None = None,
    encode: Encoder | None = None,
    feedback: pl.DataFrame | None = None,
    only: str | None = None,
    progress: Callable[[float], None] | None = None,
) -> Matching:
    """Match the achievements of a study.

    Parameters
    ----------
    study : tables
    kind : of partner; needs ask for achievements, achievements ask for incubators and regions, and
        of these only for others than the owner's own
    top : matches shown for each achievement
    weights : of the terms of a match
    relevance : weights of the parts of relevance
    concordance : level, industry, of `read_concordance`
    encode : sentence-embedding model
    feedback : of `read_feedback`
    only : the achievement whose matches alone are shown and explained; all are cleared
    progress : told the share of the search done

    Raises
    ------
    StudyError
        When a side is empty, a contract is not known, or feedback or `only` names what is not
        there.
    NotConverged
        When no prices that clear the market are found.
    """
    study = require_checked(study)
    offered, takers = achievements(study), partners(study, kind)
    terms_of = named_terms(study, takers)
    said_ratio = {name: ratio(terms) for name, terms in terms_of.items()}
    takers = takers.with_columns(
        contract_terms=pl.col("contract").replace_strict(
            said_ratio, default=None, return_dtype=pl.String
        )
    )
    worth = weights or match_weights()
    said = feedback if feedback is not None else no_feedback()
    if only is not None and only not in offered["achievement"]:
        codes = offered["achievement"].to_list()
        raise StudyError([_stranger(study, "technologies", "technology", only, codes)])
    if concordance is not None:
        _check_concordance(study, concordance)
    judged = _judged(study, offered, takers, said)
    found = compared(
        offered, takers, kind != "needs", CANDIDATES, relevance, judged, None, progress
    )
    number = found.achievement * takers.height + found.partner
    verdict = judged[0] * takers.height + judged[1]
    accepted = np.isin(number, verdict[judged[2]])
    open_pairs = ~np.isin(number, verdict[~judged[2]])
    if kind == "regions":
        open_pairs &= _elsewhere(offered, takers, found.achievement, found.partner)
    if kind == "needs":
        open_pairs &= (found.evidence >= worth.evidence) | accepted
    terms = pair_terms(study, offered, takers, found, worth, accepted, concordance, encode)
    row, column = found.achievement[open_pairs], found.partner[open_pairs]
    capacity = takers["capacity"].fill_null(np.inf).to_numpy()
    licences = offered["licences"].cast(pl.Float64).to_numpy()
    market = match_market(licences, capacity, worth.present, worth.sigma)
    candidates = listed(offered.height, row, column, terms.worth.sum(axis=1)[open_pairs])
    solved = solve_listed(market, candidates, TOLERANCE / 10).prices
    prices = replace(solved, site=without_dust(solved.site, market.floor, 1.0, market.sigma))
    pair, stay, inclusive = log_shares(market, candidates, prices)
    share = np.exp(pair)
    taken = licences[row] * share
    likely = share >= LEAST_SHARE
    if only is not None:
        likely &= row == offered["achievement"].index_of(only)
    of_partners = _of_partners(takers.height, found, column, taken, prices.site[:, 0])
    place = np.flatnonzero(open_pairs)[likely]
    pairs = pl.DataFrame(
        {
            "achievement_row": row[likely],
            "partner_row": column[likely],
            "achievement": offered["achievement"].gather(row[likely]),
            "partner": takers["partner"].gather(column[likely]),
            "share": share[likely],
            "taken": taken[likely],
            "value": candidates.value[likely],
            **{f"term_{name}": terms.worth[place, k] for k, name in enumerate(TERMS)},
            "price": prices.site[column[likely], 0],
        }
    )
    shown = _best(pairs.hstack(terms.figures[place]), top)
    gain = inclusive - worth.present
    relevant = found.relevance[open_pairs]
    return Matching(
        study,
        kind,
        offered,
        takers.hstack(of_partners),
        shown.drop("achievement_row", "partner_row"),
        _flows(offered["region"].gather(row), takers["home_region"].gather(column), taken),
        _unmatched(offered, np.bincount(row, taken, offered.height).astype(float), np.exp(stay)),
        outbid(offered, takers, (row, column), relevant, candidates.value, share, gain),
        shared_words(offered, takers, found, _surest(shown)),
        said.filter(pl.col("verdict") == "reject").select(*REJECTED),
        terms.not_evaluated,
        _silent(offered, takers, found.silent, found.achievements_ask),
        sharing(takers, terms_of),
        certify_listed(market, candidates, prices, TOLERANCE),
    )


def _of_partners(
    partners: int, found: Compared, column: Rows, taken: Floats, price: Floats
) -> pl.DataFrame:
    """What each partner may expect of the pairs that it may be matched in, and its best text."""
    evidence = np.zeros(partners)
    np.maximum.at(evidence, found.partner, found.evidence)
    return pl.DataFrame(
        {
            "expected": np.bincount(column, taken, partners),
            "price": price,
            "suitable": np.bincount(column, minlength=partners),
            "evidence": evidence,
        }
    )


def _unmatched(
    offered: pl.DataFrame, taken: NDArray[np.float64], stay: NDArray[np.float64]
) -> pl.DataFrame:
    return offered.select("achievement", "licences").with_columns(
        pl.Series("taken", taken), pl.Series("share", stay)
    )


def _flows(region: pl.Series, home_region: pl.Series, taken: NDArray[np.float64]) -> pl.DataFrame:
    pairs = pl.DataFrame({"region": region, "home_region": home_region, "expected": taken})
    by = ["region", "home_region"]
    return pairs.group_by(by, maintain_order=True).agg(pl.col("expected").sum()).sort(by)


def _elsewhere(
    offered: pl.DataFrame, takers: pl.DataFrame, row: Rows, column: Rows
) -> NDArray[np.bool_]:
    own = offered["region"].fill_null("").gather(row)
    return (own != takers["region"].gather(column)).to_numpy().astype(np.bool_)


def _best(frame: pl.DataFrame, top: int) -> pl.DataFrame:
    order = pl.struct((-pl.col("share")).alias("s"), "partner_row")
    ranked = frame.with_columns(
        order.rank("ordinal").over("achievement_row").cast(pl.Int64).alias("rank")
    )
    return ranked.filter(pl.col("rank") <= top).sort("achievement_row", "rank")


def _surest(shown: pl.DataFrame) -> pl.DataFrame:
    """The matches of the largest share, in the order in which they are shown."""
    if shown.height <= MOST_EXPLAINED:
        return shown
    row = pl.Series("row", np.arange(shown.height))
    first = shown.with_columns(row).sort(["share", "row"], descending=[True, False])
    return first.head(MOST_EXPLAINED).sort("row")


def _judged(
    study: Study, offered: pl.DataFrame, takers: pl.DataFrame, feedback: pl.DataFrame
) -> tuple[Rows, Rows, NDArray[np.bool_]]:
    """Rows and verdicts of the feedback on the study's pairs; on other kinds of partner none."""
    place = {code: k for k, code in enumerate(offered["achievement"])}
    taker = {code: k for k, code in enumerate(takers["partner"])}
    strangers = [code for code in feedback["achievement"] if code not in place]
    if strangers:
        raise StudyError(
            [_stranger(study, "feedback", "achievement", code, place) for code in strangers]
        )
    known = feedback.filter(pl.col("partner").is_in(takers["partner"].implode()))
    return (
        np.array([place[code] for code in known["achievement"]], dtype=np.int64),
        np.array([taker[code] for code in known["partner"]], dtype=np.int64),
        (known["verdict"] == "accept").to_numpy().astype(np.bool_),
    )


def _check_concordance(study: Study, concordance: pl.DataFrame) -> None:
    known = study.tables["industries"]["industry"].to_list()
    led_to = concordance["industry"].to_list()
    if not known or any(code.startswith(own) for code in led_to for own in known):
        return
    found = ", ".join(led_to[:3])
    expected = ", ".join(known[:3])
    raise StudyError(
        [
            Problem.at(
                study.path,
                "concordance",
                None,
                "industry",
                (f"only codes that the study has not: {found}", f"全是研究中没有的代码：{found}"),
                (f"codes of its industries: {expected}", f"其行业代码：{expected}"),
            )
        ]
    )


def check_pair(study: Study, kind: Kind, achievement: str, partner: str) -> None:
    """Whether a pair that a verdict is on is one of the study's.

    Raises
    ------
    StudyError
        When the study has no such achievement or no such partner of the kind; names both.
    """
    offered, takers = achievements(study), partners(study, kind)
    sides = (
        ("technologies", "technology", achievement, offered["achievement"].to_list()),
        (TABLE_OF[kind], kind.removesuffix("s"), partner, takers["partner"].to_list()),
    )
    problems = [_stranger(study, *side) for side in sides if side[2] not in side[3]]
    if problems:
        raise StudyError(problems)


def _stranger(study: Study, table: str, column: str, code: str, known: Collection[str]) -> Problem:
    expected = with_nearest(("one of its codes", "其中的代码"), nearest(code, known))
    return Problem.at(study.path, table, None, column, (f"'{code}'", f"“{code}”"), expected)


def _silent(
    offered: pl.DataFrame, takers: pl.DataFrame, silent: tuple[Rows, Rows], achievements_ask: bool
) -> pl.DataFrame:
    mine, theirs = silent if achievements_ask else silent[::-1]
    codes = [*offered["achievement"].gather(mine), *takers["partner"].gather(theirs)]
    sides = ["achievement"] * mine.size + ["partner"] * theirs.size
    return SILENT.frame(zip(sides, codes, strict=True))
