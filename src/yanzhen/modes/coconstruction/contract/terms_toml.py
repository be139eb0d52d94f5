"""A contract's terms as TOML: read with every problem at once, and written back the same."""

import json
from collections.abc import Callable, Mapping
from fractions import Fraction
from pathlib import Path
from typing import Any

from yanzhen.modes.coconstruction.contract.consistency import ContractError, contradictions, require
from yanzhen.modes.coconstruction.contract.terms import (
    STATISTICS,
    Cap,
    Eligibility,
    Equity,
    Exit,
    Period,
    Recovery,
    Split,
    StatisticsSplit,
    Terms,
    TopUp,
)
from yanzhen.study import Problem, StudyError
from yanzhen.study.encoding import text_of, toml_of
from yanzhen.study.problem import nearest

Said = Mapping[str, Any]
_TEXT = ("text in double quotes", "英文双引号括起的文字")
_NUMBER = ("a whole number", "整数")
_RATIO = ('a ratio such as "60:40" or "50:30:20"', '比例，如 "60:40" 或 "50:30:20"')
_PART = ('a part such as "50%" or "1/3"', '份额，如 "50%" 或 "1/3"')
_TEXTS = ('a list of texts such as ["value_added_tax"]', '文字列表，如 ["value_added_tax"]')
_SECTION = ("a section in square brackets", "方括号标出的一节")


def read_terms(path: str | Path) -> Terms:
    """Read the terms of a contract from a TOML file of any encoding that is read.

    Raises
    ------
    ContractError
        With everything that cannot be read or is contradictory.
    """
    try:
        content = text_of(Path(path), "terms")
    except StudyError as error:
        raise ContractError(error.problems) from None
    return parse_terms(content, Path(path).name)


def parse_terms(content: str, file: str) -> Terms:
    """Read terms from TOML text; as `read_terms`."""
    try:
        said = toml_of(content, file, "terms", 'base = "all"')
    except StudyError as error:
        raise ContractError(error.problems) from None
    return terms_of(said, file)


def terms_of(said: Said, file: str) -> Terms:
    """Make sound terms of nested keys and values; as `read_terms`."""
    terms, problems = terms_from(said, file)
    unread = {problem.column.split(".")[0] for problem in problems}
    contradictory = [
        problem
        for problem in contradictions(terms, file)
        if problem.column.split(".")[0] not in unread
    ]
    require([*problems, *contradictory])
    return terms


def terms_from(said: Said, file: str) -> tuple[Terms, list[Problem]]:
    """Make terms of nested keys and values; what cannot be read is a problem, and left out."""
    problems: list[Problem] = []
    whole = _Section(said, "", file, problems)
    sections = {
        name: _Section(whole.take(name, _a_table, _SECTION, {}), f"{name}.", file, problems)
        for name in ("eligibility", "recovery", "cap", "extension", "top_up", "exit", "statistics")
    }
    there = {name for name in (*sections, "equity") if name in said}
    equity = _Section(whole.take("equity", _a_table, _SECTION, {}), "equity.", file, problems)
    eligibility, leaving = sections["eligibility"], sections["exit"]
    periods = [
        _Section(item, f"periods.{k}.", file, problems)
        for k, item in enumerate(whole.take("periods", _tables, _SECTION, ()), 1)
    ]
    terms = Terms(
        title_zh=whole.take("title_zh", _a_text, _TEXT, ""),
        title_en=whole.take("title_en", _a_text, _TEXT, ""),
        tax_kinds=whole.take("tax_kinds", _texts, _TEXTS, ()),
        base=whole.take("base", _a_text, _TEXT, "all"),
        counted_from=whole.take("counted_from", _a_text, _TEXT, "contract"),
        periods=tuple(
            Period(
                period.take("years", _a_number, _NUMBER, None),
                period.take("split", a_split, _RATIO, Split(0, 0)),
            )
            for period in periods
        ),
        eligibility=Eligibility(
            eligibility.take("least_average_tax", _a_number, _NUMBER, None),
            eligibility.take("years_before", _a_number, _NUMBER, 3),
            eligibility.take("conditions", _texts, _TEXTS, ()),
            eligibility.take("types", _texts, _TEXTS, ()),
        ),
        recovery=Recovery(sections["recovery"].take("share", a_part, _PART, Fraction(1)))
        if "recovery" in there
        else None,
        cap=Cap(
            sections["cap"].take("amount", _a_number, _NUMBER, None),
            sections["cap"].take("tax_before_years", _a_number, _NUMBER, None),
        )
        if "cap" in there
        else None,
        extension_years=sections["extension"].take("years", _a_number, _NUMBER, 0),
        top_up=TopUp(
            sections["top_up"].take("share_of_shortfall", a_part, _PART, None),
            sections["top_up"].take("amount", _a_number, _NUMBER, None),
        )
        if "top_up" in there
        else None,
        third_party=whole.take("third_party", _a_text, _TEXT, ""),
        sunset_years=whole.take("sunset_years", _a_number, _NUMBER, None),
        exit=Exit(
            leaving.take("earliest_year", _a_number, _NUMBER, 1),
            leaving.take("notice_years", _a_number, _NUMBER, 0),
            leaving.take("outlay_repaid", a_part, _PART, Fraction(0)),
        )
        if "exit" in there
        else None,
        most_parks=whole.take("most_parks", _a_number, _NUMBER, None),
        statistics=StatisticsSplit(
            **{
                name: sections["statistics"].take(name, a_split, _RATIO, None)
                for name in STATISTICS
            }
        ),
        equity=Equity(
            equity.take("split", a_split, _RATIO, Split(0, 0)),
            equity.take("payout", a_part, _PART, Fraction(1)),
        )
        if "equity" in there
        else None,
    )
    for section in (whole, equity, *periods, *sections.values()):
        section.refuse_rest()
    return terms, problems


def write_terms(terms: Terms) -> str:
    """Return TOML text from which `parse_terms` makes the same terms."""
    lines = [
        f"title_zh = {_quoted(terms.title_zh)}",
        f"title_en = {_quoted(terms.title_en)}",
        f"tax_kinds = {_listed(terms.tax_kinds)}",
        f"base = {_quoted(terms.base)}",
        f"counted_from = {_quoted(terms.counted_from)}",
        f"third_party = {_quoted(terms.third_party)}",
        *_given(sunset_years=terms.sunset_years, most_parks=terms.most_parks),
        "",
        "[eligibility]",
        *_given(least_average_tax=terms.eligibility.least_average_tax),
        f"years_before = {terms.eligibility.years_before}",
        f"conditions = {_listed(terms.eligibility.conditions)}",
        f"types = {_listed(terms.eligibility.types)}",
        "",
        "[extension]",
        f"years = {terms.extension_years}",
    ]
    for period in terms.periods:
        lines += ["", "[[periods]]", *_given(years=period.years, split=period.split)]
    if terms.recovery is not None:
        lines += ["", "[recovery]", *_given(share=terms.recovery.share)]
    if terms.cap is not None:
        lines += [
            "",
            "[cap]",
            *_given(amount=terms.cap.amount, tax_before_years=terms.cap.tax_before_years),
        ]
    if terms.top_up is not None:
        share, amount = terms.top_up.share_of_shortfall, terms.top_up.amount
        lines += ["", "[top_up]", *_given(share_of_shortfall=share, amount=amount)]
    if terms.exit is not None:
        leaving = terms.exit
        lines += [
            "",
            "[exit]",
            *_given(
                earliest_year=leaving.earliest_year,
                notice_years=leaving.notice_years,
                outlay_repaid=leaving.outlay_repaid,
            ),
        ]
    lines += [
        "",
        "[statistics]",
        *_given(**{name: getattr(terms.statistics, name) for name in STATISTICS}),
    ]
    if terms.equity is not None:
        lines += ["", "[equity]", *_given(split=terms.equity.split, payout=terms.equity.payout)]
    return "\n".join(lines) + "\n"


def _given(**values: object) -> list[str]:
    return [
        f"{name} = {value}" if isinstance(value, int) else f"{name} = {_quoted(str(value))}"
        for name, value in values.items()
        if value is not None
    ]


def _quoted(text: str) -> str:
    # A TOML basic string is a JSON string, save that it must also escape DEL.
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _listed(texts: tuple[str, ...]) -> str:
    return f"[{', '.join(_quoted(text) for text in texts)}]"


class _Section:
    """Takes values out of a section one by one and keeps what is wrong with them."""

    def __init__(self, said: Said, before: str, file: str, problems: list[Problem]) -> None:
        self.said, self.before, self.file, self.problems = said, before, file, problems
        self.taken: set[str] = set()

    def take(
        self, key: str, read: Callable[[Any], Any], expected: tuple[str, str], otherwise: Any
    ) -> Any:
        self.taken.add(key)
        if key not in self.said:
            return otherwise
        value = read(self.said[key])
        if value is None:
            self._refuse(key, (repr(self.said[key]),) * 2, expected)
            return otherwise
        return value

    def refuse_rest(self) -> None:
        """Refuse every key that no term has, with the known key that is most like it."""
        known = ", ".join(sorted(self.taken))
        for key in self.said:
            if key not in self.taken:
                near = nearest(key, sorted(self.taken))
                first = (f"'{near}', or ", f"“{near}”，或") if near else ("", "")
                expected = (f"{first[0]}one of: {known}", f"{first[1]}下列之一：{known}")
                self._refuse(key, (f"'{key}'", f"“{key}”"), expected)

    def _refuse(self, key: str, found: tuple[str, str], expected: tuple[str, str]) -> None:
        self.problems.append(
            Problem.at(self.file, "terms", None, self.before + key, found, expected)
        )


def _a_text(value: object) -> str | None:
    return value.strip() if isinstance(value, str) else None


def _a_number(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _a_table(value: object) -> Said | None:
    return value if isinstance(value, dict) else None


def _tables(value: object) -> tuple[Said, ...] | None:
    whole = isinstance(value, list) and all(isinstance(item, dict) for item in value)
    return tuple(value) if whole else None  # type: ignore[arg-type]


def _texts(value: object) -> tuple[str, ...] | None:
    whole = isinstance(value, list) and all(isinstance(item, str) for item in value)
    return tuple(value) if whole else None  # type: ignore[arg-type]


def a_split(value: object) -> Split | None:
    """Read a ratio such as `60:40`; None where it is none."""
    parts = value.replace("：", ":").split(":") if isinstance(value, str) else []
    if len(parts) not in (2, 3) or not all(part.strip().isdecimal() for part in parts):
        return None
    return Split(*(int(part) for part in parts))


def a_part(value: object) -> Fraction | None:
    """Read a part such as `50%` or `1/3`; None where it is none."""
    if isinstance(value, int) and not isinstance(value, bool):
        return Fraction(value)
    if not isinstance(value, str):
        return None
    try:
        if value.endswith("%"):
            return Fraction(value[:-1].strip()) / 100
        return Fraction(value.strip())
    except (ValueError, ZeroDivisionError):
        return None
