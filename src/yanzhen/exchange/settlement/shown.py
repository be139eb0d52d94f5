"""A statement as its readers see it: tables with heads, units and amounts in one language.

The page, the PDF and the workbook show the same tables.
"""

from collections.abc import Iterable, Sequence

from yanzhen.exchange.settlement.journal import Entry
from yanzhen.exchange.settlement.period import Period
from yanzhen.exchange.settlement.signing import Signature, state_of
from yanzhen.exchange.settlement.statement import Statement, sha256_of
from yanzhen.exchange.settlement.words import PHRASES
from yanzhen.report.tables.table import Cell, Column, Table
from yanzhen.report.text.words import Lang
from yanzhen.study.result_columns import Kind

MONEY_COLUMNS = frozenset(
    {
        *("paid", "central", "local", "due", "before", "now", "limit", "room"),
        *("opening", "accrued", "paid_out", "closing", "debit", "credit"),
    }
)
COUNTS = frozenset({"home", "host", "number", "reverses"})


def yuan(fen: int) -> str:
    """Return an amount in yuan with two decimals, exactly."""
    whole, part = divmod(abs(fen), 100)
    return f"{'-' if fen < 0 else ''}{whole:,}.{part:02d}"


def period_said(period: str, lang: Lang) -> str:
    """Return a period in words: 2025年第1季度, first quarter of 2025; a day as it is."""
    if period.count("-") == 2:
        return period
    found = Period.of(period)
    key = "period.year" if found.quarter is None else "period.quarter"
    return PHRASES.word(lang, key, year=found.year, quarter=found.quarter)


def title_of(statement: Statement, lang: Lang) -> str:
    """Return the title of a statement."""
    said = statement.title_zh if lang == "zh" else statement.title_en
    period = period_said(statement.period, lang)
    return PHRASES.word(lang, "statement.title", agreement=said, period=period)


def facts_of(statement: Statement, said: Sequence[Signature], lang: Lang) -> list[tuple[str, str]]:
    """Return what a statement is of, each under its name."""
    state = state_of(statement.signers, said)
    parties = [
        (PHRASES.word(lang, f"party.{key}"), statement.party(key))
        for key in ("home", "host", *(("third",) if statement.third else ()))
    ]
    chain = statement.entries[-1].hash if statement.entries else "–"
    values = {
        "agreement": statement.agreement,
        "number": str(statement.number),
        "period": period_said(statement.period, lang),
        "state": PHRASES.word(lang, f"state.{state}"),
        "owed": f"{yuan(statement.owed)} {PHRASES.word(lang, 'yuan')}",
        "terms": statement.terms_sha256,
        "own": sha256_of(statement),
        "previous": statement.previous or "–",
        "chain": chain,
    }
    named = [(PHRASES.word(lang, f"fact.{key}"), value) for key, value in values.items()]
    return [*named[:1], *parties, *named[1:]]


# Kept whole: one entry a table, its columns beside its rows.
def tables_of(statement: Statement, said: Sequence[Signature], lang: Lang) -> list[Table]:
    """Return the tables of a statement, those without a line left out."""

    def project(name: str) -> str:
        return name or PHRASES.word(lang, "whole")

    def part(name: str) -> str:
        return PHRASES.word(lang, f"part.{name}")

    found: dict[str, tuple[str, Sequence[Sequence[Cell]]]] = {
        "taxes": (
            "project tax_kind paid central local",
            [
                (each.project, part(each.tax_kind), each.paid, each.central, each.local)
                for each in statement.taxes
            ],
        ),
        "shares": (
            "project part due before now",
            [
                (project(each.project), part(each.part), each.due, each.before, each.now)
                for each in statement.shares
            ],
        ),
        "corrections": (
            "period project part before now",
            [
                (
                    *(period_said(each.period, lang), project(each.project), part(each.part)),
                    *(each.before, each.now),
                )
                for each in statement.corrections
            ],
        ),
        "counted": (
            "statistic project period home host note",
            [
                (
                    *(part(each.statistic), each.project, str(each.year)),
                    *(each.home, each.host),
                    PHRASES.word(lang, "restated") if each.restated else "",
                )
                for each in statement.counted
            ],
        ),
        "caps": (
            "project limit room",
            [(project(each.project), each.limit, each.room) for each in statement.caps],
        ),
        "balances": (
            "debtor creditor opening accrued paid_out closing",
            [
                (
                    *(_party(statement, key, lang) for key in (each.debtor, each.creditor)),
                    *(each.opening, each.accrued, each.paid, each.closing),
                )
                for each in statement.balances
            ],
        ),
        "entries": (
            "number kind period project account debit credit note",
            _entries(statement, lang),
        ),
        "signatures": ("party act person at note", _signatures(statement, said, lang)),
    }
    return [
        _table(key, columns.split(), rows, lang) for key, (columns, rows) in found.items() if rows
    ]


def _entries(statement: Statement, lang: Lang) -> list[tuple[Cell, ...]]:
    return [
        (
            entry.number,
            PHRASES.word(lang, f"kind.{entry.kind}"),
            period_said(entry.period, lang),
            entry.project or PHRASES.word(lang, "whole"),
            account_said(statement, account, lang),
            fen if fen > 0 else None,
            -fen if fen < 0 else None,
            _note(entry, lang),
        )
        for entry in statement.entries
        for account, fen in entry.postings
    ]


def _note(entry: Entry, lang: Lang) -> str:
    if entry.reverses is None:
        return entry.note
    return PHRASES.word(lang, "reverses", number=entry.reverses)


def account_said(statement: Statement, account: str, lang: Lang) -> str:
    """Return the name of an account."""
    kind, *parties = account.split(":")
    named = [_party(statement, key, lang) for key in parties]
    return PHRASES.word(lang, f"account.{kind}", **dict(zip("ab", named, strict=False)))


def _party(statement: Statement, key: str, lang: Lang) -> str:
    named = statement.party(key)
    return PHRASES.word(lang, f"party.{key}") if named == key else named


def _signatures(
    statement: Statement, said: Sequence[Signature], lang: Lang
) -> list[tuple[Cell, ...]]:
    """What each said in its order, and who has still to sign."""
    rows: list[tuple[Cell, ...]] = [
        (
            *(_party(statement, each.party, lang), PHRASES.word(lang, f"act.{each.act}")),
            *(each.name, each.at[:19].replace("T", " ") + " UTC", each.note),
        )
        for each in said
    ]
    silent = [key for key in statement.signers if all(each.party != key for each in said)]
    waiting = PHRASES.word(lang, "act.waiting")
    return rows + [(_party(statement, key, lang), waiting, "", "", "") for key in silent]


def _table(key: str, columns: list[str], rows: Iterable[Sequence[Cell]], lang: Lang) -> Table:
    heads = tuple(
        Column(name, PHRASES.word(lang, f"column.{name}"), _unit(name, lang), _kind(name))
        for name in columns
    )
    money = [heads.index(head) for head in heads if head.name in MONEY_COLUMNS]
    shown = [
        tuple(
            cell / 100 if k in money and isinstance(cell, int) else cell
            for k, cell in enumerate(row)
        )
        for row in rows
    ]
    title = PHRASES.word(lang, f"table.{key}.title")
    return Table(key, title, PHRASES.word(lang, f"table.{key}.note"), heads, shown, frozenset())


def cell_said(table: Table, row: int, column: int) -> str:
    """Return a cell as text, money to the fen."""
    value, kind = table.rows[row][column], table.columns[column].kind
    if value is None:
        return ""
    if kind == "money" and isinstance(value, float):
        return yuan(round(value * 100))
    return f"{value:,}" if isinstance(value, int) else str(value)


def _unit(name: str, lang: Lang) -> str:
    return PHRASES.word(lang, "yuan") if name in MONEY_COLUMNS else ""


def _kind(name: str) -> Kind:
    if name in MONEY_COLUMNS:
        return "money"
    return "count" if name in COUNTS else "text"
