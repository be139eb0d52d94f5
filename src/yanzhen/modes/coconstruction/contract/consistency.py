"""What is contradictory or impossible in a contract, all of it at once and with the reason."""

from collections.abc import Iterator, Sequence

from yanzhen.modes.coconstruction.contract.declarations import stated
from yanzhen.modes.coconstruction.contract.terms import Contract, Split, Terms
from yanzhen.study import Problem, StudyError
from yanzhen.study.problem import Words

Faults = Iterator[tuple[str, Words, Words]]
"""A term, what it says and what it should, in English and Chinese."""


class ContractError(StudyError):
    """A contract cannot be used as it is; `problems` says everything that is wrong with it."""


def contradictions(terms: Terms, file: str) -> tuple[Problem, ...]:
    """Return everything that keeps terms from being carried out.

    Parameters
    ----------
    terms : the terms
    file : name under which the problems are reported
    """
    checks = (_alone, _what_is_shared, _equity, _years, _cap, _top_up, _exit)
    return tuple(
        Problem.at(file, "terms", None, term, found, expected)
        for check in checks
        for term, found, expected in check(terms)
    )


def check_contracts(contracts: Sequence[Contract]) -> tuple[Problem, ...]:
    """Return what is wrong with contracts: their terms, their exits, and too many of a scheme."""
    found = [
        problem
        for contract in contracts
        for problem in (*contradictions(contract.terms, contract.name), *_notice(contract))
    ]
    parks: dict[tuple[str, str], list[Contract]] = {}
    for contract in contracts:
        if contract.terms.most_parks is not None:
            parks.setdefault((contract.home, contract.terms.title_en), []).append(contract)
    for (home, _), held in parks.items():
        most = held[0].terms.most_parks
        if most is not None and len(held) > most:
            found.append(
                Problem.at(
                    held[most].name,
                    "terms",
                    None,
                    "most_parks",
                    (
                        f"{len(held)} contracts of home {home}",
                        f"迁出地 {home} 有 {len(held)} 份合同",
                    ),
                    (f"at most {most} under this scheme", f"该办法下至多 {most} 份"),
                )
            )
    return tuple(found)


def require(problems: Sequence[Problem]) -> None:
    """Raise a ContractError where there is any problem."""
    if problems:
        raise ContractError(problems)


def _notice(contract: Contract) -> Iterator[Problem]:
    notice, leaving = contract.exit_notice, contract.terms.exit
    if notice is None:
        return
    year = notice - contract.start_year + 1
    found = (f"notice in {notice}", f"{notice} 年通知退出")
    if leaving is None:
        expected = ("no notice, because the terms have no exit", "不得通知退出，因条款未设退出")
    elif year < leaving.earliest_year:
        first = contract.start_year + leaving.earliest_year - 1
        expected = (f"notice from {first} on", f"自 {first} 年起方可通知")
    else:
        return
    yield Problem.at(contract.name, "terms", None, "exit", found, expected)


def _alone(terms: Terms) -> Faults:
    """Each term by itself."""
    for path, term, value in stated(terms):
        for found, expected in term.kind.faults(value):
            yield path, found, expected


def _what_is_shared(terms: Terms) -> Faults:
    if terms.periods and not terms.tax_kinds:
        yield (
            "tax_kinds",
            ("none", "空"),
            ("the kinds of tax that the periods share", "各期所分享的税种"),
        )
    if not terms.periods and terms.equity is None:
        yield (
            "periods",
            ("none", "空"),
            ("periods with a ratio, or equity: nothing is shared", "分期比例或股权，否则无可分享"),
        )
    thirds = (
        any(isinstance(value, Split) and value.third for *_, value in stated(terms))
        or terms.top_up is not None
    )
    if thirds and not terms.third_party:
        yield (
            "third_party",
            ("nobody", "未写明"),
            ("who receives the third part or pays the top-up", "分得第三份或支付补助的一方"),
        )
    if terms.third_party and not thirds:
        yield (
            "third_party",
            (f"'{terms.third_party}'", f"“{terms.third_party}”"),
            (
                "a part or a payment of this party, or no third party",
                "该方的份额或支付，否则不写第三方",
            ),
        )


def _equity(terms: Terms) -> Faults:
    if terms.equity is None:
        return
    for name, there in (
        ("periods", bool(terms.periods)),
        ("recovery", terms.recovery is not None),
        ("cap", terms.cap is not None),
        ("extension", terms.extension_years != 0),
        ("top_up", terms.top_up is not None),
        ("base", terms.base != "all"),
        ("tax_kinds", bool(terms.tax_kinds)),
        ("eligibility.least_average_tax", terms.eligibility.least_average_tax is not None),
        ("counted_from", terms.counted_from != "contract"),
    ):
        if there:
            yield (
                name,
                ("a term on tax beside equity", "股权之外又有税收条款"),
                ("dividends by equity or a split of tax, not both", "股权分红或税收分享，二者取一"),
            )


def _years(terms: Terms) -> Faults:
    for k, period in enumerate(terms.periods[:-1], 1):
        if period.years is None:
            yield (
                f"periods.{k}.years",
                ("no end, and another period after it", "无期限，其后又有一期"),
                ("a number of years, or no period after it", "年数，或其后不再分期"),
            )
    if terms.counted_from == "recovery" and terms.recovery is None:
        yield (
            "counted_from",
            ("'recovery', and no recovery of outlay", "“recovery”，但无优先偿还"),
            ("a section [recovery], or another start", "[recovery] 一节，或改用其他起算点"),
        )
    total = terms.years_of_sharing
    if total is None:
        if terms.extension_years:
            yield (
                "extension.years",
                ("an extension of years without end", "无期限之后又延长"),
                ("years in the last period, or no extension", "末期写明年数，或不延长"),
            )
        return
    needed = total + terms.extension_years + (terms.top_up is not None)
    sunset = terms.sunset_years
    if terms.counted_from == "contract" and sunset is not None and 0 < sunset < needed:
        yield (
            "sunset_years",
            (
                f"{sunset}, before the {needed} years of the other terms",
                f"{sunset}，早于其他条款所需的 {needed} 年",
            ),
            (f"{needed} or more, or shorter periods", f"不小于 {needed}，或缩短各期"),
        )
    leaving = terms.exit
    if (
        leaving is not None
        and terms.periods
        and terms.counted_from == "contract"
        and leaving.earliest_year > total + terms.extension_years
    ):
        yield (
            "exit.earliest_year",
            (
                f"{leaving.earliest_year}, when sharing is over",
                f"{leaving.earliest_year}，其时分享已结束",
            ),
            (f"at most {total + terms.extension_years}", f"不大于 {total + terms.extension_years}"),
        )


def _cap(terms: Terms) -> Faults:
    cap = terms.cap
    if cap is None:
        if terms.extension_years:
            yield (
                "extension.years",
                ("an extension without a cap", "无上限却有延长"),
                ("a cap, whose missing is what extends the years", "上限：未达上限方可延长"),
            )
        return
    yield from _one_of("cap", {"amount": cap.amount, "tax_before_years": cap.tax_before_years})
    if cap.tax_before_years is not None and terms.recovery is not None:
        yield (
            "cap.tax_before_years",
            (
                "a cap of each project beside recovery of the whole outlay",
                "逐项目上限与整体偿还并存",
            ),
            (
                "a cap in amount, because the outlay is repaid from all projects together",
                "按金额设上限，因投入由全部项目共同偿还",
            ),
        )
    later = terms.extension_years or terms.top_up is not None
    if cap.amount is not None and later and terms.counted_from == "production":
        yield (
            "counted_from",
            ("years of each project beside one cap for all", "各项目分别计年，而上限合计"),
            (
                "years of the contract, or each project's own cap: otherwise it is open when the "
                "cap counts as missed",
                "按合同计年，或逐项目设上限，否则无从判断何时未达上限",
            ),
        )


def _top_up(terms: Terms) -> Faults:
    top_up, cap = terms.top_up, terms.cap
    if top_up is None:
        return
    yield from _one_of(
        "top_up", {"amount": top_up.amount, "share_of_shortfall": top_up.share_of_shortfall}
    )
    if cap is None:
        yield (
            "top_up",
            ("a top-up without a cap", "无上限却有补助"),
            ("a cap, whose missing is what is topped up", "上限：未达上限方可补助"),
        )
    if terms.years_of_sharing is None:
        yield (
            "top_up",
            ("a top-up after years without end", "无期限之后的补助"),
            ("years in the last period, or no top-up", "末期写明年数，或不设补助"),
        )


def _one_of(section: str, amounts: dict[str, object]) -> Faults:
    given = [name for name, value in amounts.items() if value is not None]
    if len(given) != 1:
        names = " | ".join(amounts)
        yield (
            section,
            (" and ".join(given) or "no amount", "、".join(given) or "未写数额"),
            (f"one of {names}", f"{names} 取一"),
        )


def _exit(terms: Terms) -> Faults:
    leaving = terms.exit
    if leaving is not None and leaving.outlay_repaid and terms.equity is not None:
        yield (
            "exit.outlay_repaid",
            ("outlay repaid beside equity", "股权之外又退还投入"),
            ("no repayment: a share of the company is sold, not repaid", "不退还：股权应出让"),
        )
