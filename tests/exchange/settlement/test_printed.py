"""A statement is shown, printed and written the same every time, in both languages."""

from pathlib import Path

import fastexcel
import pytest

from tests.exchange.settlement.example import AGREEMENT, example
from yanzhen.exchange.settlement.journal import faults
from yanzhen.exchange.settlement.printed import pdf_of, write_xlsx
from yanzhen.exchange.settlement.shown import cell_said, facts_of, tables_of, title_of, yuan
from yanzhen.exchange.settlement.signing import Signature, state_of
from yanzhen.exchange.settlement.statement import Statement, read_statement, written

AT = "2025-04-20T08:00:00.000000Z"
HOME = Signature("home", "sign", "王芳", AT)
HOST = Signature("host", "sign", "李强", AT)
THIRD = Signature("third", "sign", "赵敏", AT)


@pytest.fixture(scope="module")
def statement() -> Statement:
    books, statements = example()
    assert faults(books.entries) == []
    return statements[-1]


def test_a_statement_shows_what_it_rests_on(statement: Statement) -> None:
    facts = dict(facts_of(statement, [HOME], "zh"))
    assert facts["条款原文 SHA-256"] == AGREEMENT.terms_sha256
    assert facts["分录链末端 SHA-256"] == statement.entries[-1].hash
    assert title_of(statement, "zh") == "沪皖合作园区（合成示例） 税收分享结算单（2025年第1季度）"
    keys = [table.key for table in tables_of(statement, [HOME], "zh")]
    assert keys == [
        *("taxes", "shares", "corrections", "counted", "caps", "balances", "entries"),
        "signatures",
    ]


def test_the_tables_say_the_fen_that_were_booked(statement: Statement) -> None:
    tables = {table.key: table for table in tables_of(statement, [], "en")}
    entries = tables["entries"]
    sides = {
        side: sum(
            round(float(cell or 0) * 100)
            for cell in (row[entries.index(side)] for row in entries.rows)
        )
        for side in ("debit", "credit")
    }
    debits = sum(fen for e in statement.entries for _, fen in e.postings if fen > 0)
    assert sides == {"debit": debits, "credit": debits}
    shares = tables["shares"]
    assert cell_said(shares, 0, shares.index("now")) == yuan(statement.shares[0].now)
    assert (yuan(-5), yuan(123456789)) == ("-0.05", "1,234,567.89")


def test_the_same_statement_twice_gives_the_same_bytes(
    statement: Statement, tmp_path: Path
) -> None:
    pytest.importorskip("typst")
    again = read_statement(written(statement))
    said = [HOME, HOST]
    assert pdf_of(statement, said, "zh") == pdf_of(again, said, "zh")
    assert pdf_of(statement, said, "en") != pdf_of(statement, [HOME], "en")
    for name, each in (("one", statement), ("two", again)):
        write_xlsx(each, said, tmp_path / f"{name}.xlsx", "zh")
    one, two = (tmp_path / f"{name}.xlsx" for name in ("one", "two"))
    assert one.read_bytes() == two.read_bytes()
    sheets = fastexcel.read_excel(one).sheet_names
    assert sheets[1:] == [table.title for table in tables_of(statement, said, "zh")]


def test_a_statement_is_final_when_all_have_signed_and_nobody_disputes() -> None:
    parties = ("home", "host", "third")
    disputed = Signature("host", "dispute", "李强", AT, "退库未计")
    resolved = Signature("host", "resolve", "李强", AT, "列入下期")
    assert state_of(parties, []) == state_of(parties, [HOME, HOST]) == "issued"
    assert state_of(parties, [HOME, HOST, THIRD]) == "final"
    assert state_of(parties, [HOME, HOST, THIRD, disputed]) == "disputed"
    assert state_of(parties, [HOME, HOST, THIRD, disputed, resolved]) == "issued"
    assert state_of(parties, [HOME, HOST, THIRD, disputed, resolved, HOST]) == "final"
