"""The clauses of an agreement from its terms: every term that is set is said, and none that is not.

Each term of `modes.coconstruction.contract.declarations` has its sentence here, in Chinese, for
lawyers to edit, and in English, to read by.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from yanzhen.exchange.settlement.agreement import Agreement
from yanzhen.exchange.settlement.shown import yuan
from yanzhen.exchange.settlement.words import PHRASES
from yanzhen.modes.coconstruction.contract.declarations import Term, stated
from yanzhen.modes.coconstruction.contract.terms import Split, Terms
from yanzhen.report.text.words import Lang

CLAUSES = (
    *("parties", "scope", "sharing", "recovery", "cap", "top_up", "statistics"),
    *("equity", "settlement", "effect"),
)
"""Clauses in their order, each with its title under `clause`."""
CLAUSE_OF: Mapping[str, str] = {
    "title_zh": "parties",
    "title_en": "parties",
    "third_party": "parties",
    "most_parks": "scope",
    "tax_kinds": "sharing",
    "base": "sharing",
    "counted_from": "sharing",
    "sunset_years": "effect",
    "eligibility": "scope",
    "extension": "cap",
    "periods": "sharing",
    "recovery": "recovery",
    "cap": "cap",
    "top_up": "top_up",
    "exit": "effect",
    "statistics": "statistics",
    "equity": "equity",
}
"""By section, or by key where a term stands outside all sections."""
OF_TAX = frozenset({"base", "counted_from"})
"""Terms that say nothing where no tax is shared."""
MONEY = frozenset({"cap.amount", "top_up.amount", "eligibility.least_average_tax"})
ALONE = frozenset({"title_zh", "title_en"})
"""Terms that the agreement's title says."""


@dataclass(frozen=True)
class Clause:
    """A clause of an agreement.

    Attributes
    ----------
    title : in the language of the text
    sentences : in their order
    """

    title: str
    sentences: tuple[str, ...]


@dataclass(frozen=True)
class AgreementText:
    """An agreement in words.

    Attributes
    ----------
    title : of the agreement
    parties : each under what the text calls it
    clauses : in their order, those of which nothing is set left out
    note : what it is made from
    """

    title: str
    parties: tuple[tuple[str, str], ...]
    clauses: tuple[Clause, ...]
    note: str


def agreement_text(agreement: Agreement, lang: Lang) -> AgreementText:
    """Return an agreement in words.

    Raises
    ------
    ContractError
        The terms cannot be read.
    """
    terms = agreement.terms
    said: dict[str, list[str]] = {clause: [] for clause in CLAUSES}
    # The cap is said before what follows where it is not reached.
    for path, term, value in sorted(stated(terms), key=lambda each: each[1].section == "extension"):
        if is_said(terms, path, term, value):
            said[clause_of(term)].append(sentence(path, term, value, agreement, lang))
    for clause, sentences in standing(agreement, lang).items():
        first = clause in ("parties", "scope")
        said[clause] = [*sentences, *said[clause]] if first else [*said[clause], *sentences]
    clauses = tuple(
        Clause(PHRASES.word(lang, f"clause.{key}"), tuple(sentences))
        for key, sentences in said.items()
        if sentences
    )
    title = terms.title_zh if lang == "zh" else terms.title_en
    return AgreementText(
        PHRASES.word(lang, "agreement.title", title=title),
        tuple(_parties(agreement, lang)),
        clauses,
        PHRASES.word(lang, "agreement.note", sha256=agreement.terms_sha256),
    )


def clause_of(term: Term) -> str:
    """Return the clause in which a term is said."""
    return CLAUSE_OF[term.section or term.name]


def is_said(terms: Terms, path: str, term: Term, value: Any) -> bool:
    """Whether a term says anything where it stands.

    What is empty says nothing; nor do no years of extension and no repayment, how many years are
    looked at where nothing is looked for in them, or how tax is taken where none is shared. Years
    of a period are said with its ratio.
    """
    if term.key in ALONE or value in ("", ()):
        return False
    if term.key in ("extension.years", "exit.outlay_repaid"):
        return bool(value != 0)
    if term.key == "eligibility.years_before":
        return terms.eligibility.least_average_tax is not None
    if term.key == "periods.years":
        return False
    return not (term.key in OF_TAX and not terms.periods)


def sentence(path: str, term: Term, value: Any, agreement: Agreement, lang: Lang) -> str:
    """Return the sentence of a term that is set."""
    values = _values(path, term, value, agreement.terms, lang)
    return PHRASES.word(lang, _key(term, value, values, agreement.terms), **values)


def _key(term: Term, value: Any, values: Mapping[str, Any], terms: Terms) -> str:
    """The key of a term's words; some terms are said differently by what they are."""
    if term.key == "base":
        return f"term.base.{value}"
    if term.key == "counted_from":
        return f"term.counted_from.{value}"
    if term.key == "periods.split":
        return f"term.periods.split.{'endless' if values['years'] is None else 'years'}"
    if term.key == "top_up.amount":
        of_each = terms.cap is not None and terms.cap.tax_before_years is not None
        return f"term.top_up.amount.{'each' if of_each else 'all'}"
    return f"term.{term.section}.{term.name}" if term.section else f"term.{term.name}"


def standing(agreement: Agreement, lang: Lang) -> dict[str, list[str]]:
    """What holds of every agreement, by clause: how it is settled, disputed and begins."""
    terms = agreement.terms
    ends = ["after"] if terms.years_of_sharing and terms.periods else []
    named = {"home": agreement.home, "host": agreement.host}
    return {
        "parties": [PHRASES.word(lang, "standing.parties", **named)],
        "scope": [PHRASES.word(lang, "standing.scope")],
        "settlement": [
            PHRASES.word(lang, f"standing.{key}")
            for key in ("instalments", "corrections", "signing", "dispute")
        ],
        "effect": [
            PHRASES.word(lang, f"standing.{key}", year=agreement.start_year)
            for key in ("effect", *ends)
        ],
        **(
            {"statistics": [PHRASES.word(lang, "standing.statistics")]}
            if any(vars(terms.statistics).values())
            else {}
        ),
    }


def _parties(agreement: Agreement, lang: Lang) -> Iterable[tuple[str, str]]:
    for key, name in (
        ("home", agreement.home),
        ("host", agreement.host),
        ("third", agreement.terms.third_party),
    ):
        if name:
            yield PHRASES.word(lang, f"called.{key}"), name


def _values(path: str, term: Term, value: Any, terms: Terms, lang: Lang) -> dict[str, Any]:
    """What fills the sentence of a term."""
    if term.key == "periods.split":
        place = int(path.split(".")[1])
        years = terms.periods[place - 1].years
        return {"place": place, "years": years, "split": _split(value, lang)}
    if isinstance(value, Split):
        return {"split": _split(value, lang)}
    if term.key in MONEY:
        return {"value": yuan(value)}
    if isinstance(value, Fraction):
        return {"value": _part(value)}
    if isinstance(value, tuple):
        return {"value": _listed(term, value, lang)}
    return {"value": value}


def _listed(term: Term, words: tuple[str, ...], lang: Lang) -> str:
    names: Mapping[str, Callable[[str], str]] = {
        "tax_kinds": lambda each: PHRASES.word(lang, f"part.{each}"),
        "eligibility.conditions": lambda each: PHRASES.word(lang, f"condition.{each}"),
    }
    named = [names.get(term.key, str)(each) for each in words]
    return PHRASES.word(lang, "and").join(named)


def _split(split: Split, lang: Lang) -> str:
    """A ratio with whose parts they are."""
    parts = [("home", split.home), ("host", split.host)]
    parts += [("third", split.third)] if split.third else []
    called = PHRASES.word(lang, "and").join(PHRASES.word(lang, f"called.{key}") for key, _ in parts)
    return PHRASES.word(lang, "ratio", parties=called, split=str(split))


def _part(part: Fraction) -> str:
    """A part in per cent where that is exact, otherwise as a fraction."""
    per_cent = part * 100
    if 100 % per_cent.denominator == 0:
        return f"{float(per_cent):g}%"
    return f"{part.numerator}/{part.denominator}"
