"""Notices by e-mail, through real servers: delivered, put off, refused, never lost."""

import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, update

from tests.exchange.deals.parties import FIRM, HOST, add_everybody, batteries
from tests.exchange.listings.offers import PROJECT, SITE, list_published
from tests.exchange.notices.servers import PASSWORD, USER, Taken, certificate, mail_server
from tests.waiting import wait_until
from yanzhen.exchange.deals.changing import add_transitions, change_deal
from yanzhen.exchange.deals.following import Happened
from yanzhen.exchange.docking.introductions import ask_introduction
from yanzhen.exchange.notices.deliveries import ATTEMPTS, LEASE, RESTS, finish, take_up
from yanzhen.exchange.notices.mail import MailSettings, WrongSettings, read_mail_settings
from yanzhen.exchange.notices.outcomes import ARRIVED, Outcome
from yanzhen.exchange.notices.sending import Courier, Sends
from yanzhen.exchange.notices.settings import Settings, change_settings, settings_of
from yanzhen.store.database.clock import later, now, time_of
from yanzhen.store.database.connection import Database
from yanzhen.store.database.notice_tables import notice_deliveries
from yanzhen.store.database.tables import persons

WANTED = Settings("hu@example.org", ("deal_joined", "deal_moved_on", "introduction_asked"), "zh")


def plain(port: int) -> MailSettings:
    place = ("127.0.0.1", port, "none", "", "")
    return MailSettings(*place, "yanzhen@example.org", "https://yanzhen.example")  # type: ignore[arg-type]


@pytest.fixture
def store(database: Database) -> Database:
    add_everybody(database)
    change_settings(database, HOST, WANTED)
    return database


@pytest.fixture
def taken() -> Taken:
    return Taken()


@pytest.fixture
def courier(store: Database, taken: Taken) -> Iterator[Courier]:
    with mail_server(taken) as port:
        yield Courier(store, Sends(plain(port)))


def rows(store: Database) -> list[Any]:
    with store.reading() as connection:
        asked = select(notice_deliveries).order_by(notice_deliveries.c.number)
        return list(connection.execute(asked))


def make_due(store: Database) -> None:
    with store.writing() as connection:
        connection.execute(update(notice_deliveries).values(next_at=now()))


def test_an_e_mail_says_what_happened_and_where_to_see_it(
    store: Database, courier: Courier, taken: Taken
) -> None:
    deal = batteries(store)
    assert courier.turn() == 1
    (message,) = taken.messages
    assert taken.to == [["hu@example.org"]]
    assert taken.contents[0].isascii()
    assert message["Subject"] == "[雁阵] 本单位已成为合作项目的一方 · SYNTHETIC 电池厂"
    assert (message["From"], message["To"]) == ("yanzhen@example.org", "hu@example.org")
    assert message["Auto-Submitted"] == "auto-generated"
    (row,) = rows(store)
    assert message["Message-ID"] == f"<{row.id}@example.org>"
    body = message.get_content()
    assert f"https://yanzhen.example/deals?deal={deal}" in body
    assert "SYNTHETIC 电池厂" in body and "Org firm" in body
    assert (row.state, row.attempt, row.error) == ("sent", 1, "")
    assert courier.turn() == 0


@pytest.mark.parametrize("tls", [False, True])
def test_a_server_behind_tls_and_a_password(
    store: Database, taken: Taken, tmp_path: Path, tls: bool
) -> None:
    batteries(store)
    files = certificate(tmp_path)
    with mail_server(taken, files, tls) as port:
        settings = MailSettings(
            "localhost",
            port,
            "tls" if tls else "starttls",
            USER,
            "wrong",
            "yanzhen@example.org",
            "https://yanzhen.example",
            str(files[0]),
        )
        for wrong, said in ((settings, "535"), (replace(settings, ca_file=""), "certificate")):
            make_due(store)
            Courier(store, Sends(wrong)).turn()
            assert said in rows(store)[0].error and rows(store)[0].state == "queued"
        assert taken.contents == []
        make_due(store)
        Courier(store, Sends(replace(settings, password=PASSWORD))).turn()
    assert len(taken.contents) == 1
    assert rows(store)[0].state == "sent"


def test_nothing_is_said_in_clear_where_tls_is_asked_for(store: Database, taken: Taken) -> None:
    batteries(store)
    with mail_server(taken) as port:
        Courier(store, Sends(replace(plain(port), security="starttls"))).turn()
    assert taken.contents == []
    assert rows(store)[0].state == "queued"


def test_what_is_put_off_is_sent_again_later(
    store: Database, courier: Courier, taken: Taken
) -> None:
    batteries(store)
    taken.answers = ["451 busy"]
    courier.turn()
    (row,) = rows(store)
    assert (row.state, row.attempt, row.error) == ("queued", 1, "451 busy")
    rest = (time_of(row.next_at) - time_of(now())).total_seconds()
    assert RESTS[0] - 9 < rest <= RESTS[0]
    assert courier.turn() == 0
    make_due(store)
    courier.turn()
    assert [(each.state, each.attempt, each.error) for each in rows(store)] == [("sent", 2, "")]
    assert len(taken.contents) == 1


def test_what_a_recipients_server_refuses_is_given_up_and_said(
    store: Database, courier: Courier, taken: Taken
) -> None:
    batteries(store)
    taken.refused = {"hu@example.org": "550 no such mailbox"}
    courier.turn()
    assert [(each.state, each.attempt) for each in rows(store)] == [("failed", 1)]
    assert settings_of(store, HOST).mail_error == "550 no such mailbox"
    assert settings_of(store, FIRM).mail_error == ""


def test_a_server_that_is_gone_is_asked_until_the_last_attempt(store: Database) -> None:
    batteries(store)
    with mail_server(Taken()) as port:
        pass
    gone = Courier(store, Sends(plain(port)))
    for attempt in range(1, ATTEMPTS + 1):
        make_due(store)
        gone.turn()
        (row,) = rows(store)
        assert row.attempt == attempt
    assert row.state == "failed" and "refused" in row.error.lower()
    make_due(store)
    assert gone.turn() == 0


def test_what_a_killed_worker_held_another_sends(
    store: Database, database_url: str, courier: Courier, taken: Taken
) -> None:
    """Killed between the server's taking it and the record: sent twice, and known as the same."""
    batteries(store)
    script = (
        "import sys, time\n"
        "from yanzhen.exchange.notices import sending\n"
        "from yanzhen.exchange.notices.mail import MailSettings\n"
        "from yanzhen.store.database.connection import Database\n"
        "sending.finish = lambda *_: time.sleep(600)\n"
        "url, port = sys.argv[1:]\n"
        "mail = MailSettings('127.0.0.1', int(port), 'none', '', '', 'yanzhen@example.org', '')\n"
        "sending.Courier(Database(url), sending.Sends(mail)).turn()\n"
    )
    assert courier.sends.mail is not None
    command = [sys.executable, "-c", script, database_url, str(courier.sends.mail.port)]
    with subprocess.Popen(command) as worker:
        wait_until(lambda: bool(taken.contents), lambda: worker.poll())
        worker.kill()
    (row,) = rows(store)
    assert (row.state, row.attempt) == ("queued", 1)
    # Nobody takes it before it falls due again.
    assert courier.turn() == 0
    assert LEASE - 60 < (time_of(row.next_at) - time_of(now())).total_seconds() <= LEASE
    make_due(store)
    assert courier.turn() == 1
    assert [(each.state, each.attempt) for each in rows(store)] == [("sent", 2)]
    first, second = taken.messages
    assert first["Message-ID"] == second["Message-ID"]


def test_two_workers_send_nothing_twice(store: Database, courier: Courier, taken: Taken) -> None:
    batteries(store)
    held = take_up(store, frozenset(("mail",)))
    assert len(held) == 1
    assert take_up(store, frozenset(("mail",))) == ()
    assert courier.turn() == 0


def test_who_was_too_slow_records_nothing_of_what_another_holds(store: Database) -> None:
    batteries(store)
    (slow,) = take_up(store, frozenset(("mail",)))
    make_due(store)
    (other,) = take_up(store, frozenset(("mail",)))
    with store.writing() as connection:
        assert not finish(connection, slow, Outcome(False, "slow", final=True))
    assert [(each.state, each.attempt, each.error) for each in rows(store)] == [("queued", 2, "")]
    with store.writing() as connection:
        assert finish(connection, other, ARRIVED)
    assert [each.state for each in rows(store)] == ["sent"]


def test_a_worker_without_a_server_of_mail_leaves_it_to_others(store: Database) -> None:
    batteries(store)
    assert Courier(store, Sends()).turn() == 0
    assert [(each.state, each.attempt) for each in rows(store)] == [("queued", 0)]


@pytest.mark.parametrize(
    "change",
    [
        lambda store: change_settings(store, HOST, replace(WANTED, mail_kinds=("task_due",))),
        lambda store: change_settings(store, HOST, replace(WANTED, mail_address=None)),
        lambda store: disable(store),
    ],
)
def test_what_nobody_wants_any_more_is_not_sent(
    store: Database, courier: Courier, taken: Taken, change: Any
) -> None:
    batteries(store)
    change(store)
    assert courier.turn() == 1
    assert taken.contents == []
    assert [each.state for each in rows(store)] == ["failed"]


def disable(store: Database) -> None:
    with store.writing() as connection:
        away = update(persons).where(persons.c.id == HOST.person).values(disabled_at=now())
        connection.execute(away)


def test_what_is_no_news_any_more_is_not_sent(
    store: Database, courier: Courier, taken: Taken, monkeypatch: pytest.MonkeyPatch
) -> None:
    batteries(store)
    ahead = later(now(), 4 * 86400)
    monkeypatch.setattr("yanzhen.exchange.notices.sending.moment_of", lambda _: ahead)
    assert courier.turn() == 1
    assert taken.contents == []
    assert [each.state for each in rows(store)] == ["failed"]


def test_a_name_cannot_add_a_header_or_a_recipient(
    store: Database, courier: Courier, taken: Taken
) -> None:
    deal = batteries(store)
    title = "SYNTHETIC\r\nBcc: all@example.org\r\n\r\n<b>x"
    change_deal(store, FIRM, deal, {"title": title}, 1)
    add_transitions(store, FIRM, deal, [Happened("talks", "2026-02-01")])
    assert courier.turn() == 2
    assert taken.to == [["hu@example.org"]] * 2
    for message in taken.messages:
        assert message["Bcc"] is None
        assert "SYNTHETIC Bcc: all@example.org <b>x" in message["Subject"]
        assert message.get_content_type() == "text/plain"


def test_a_confidential_project_is_not_named(
    store: Database, courier: Courier, taken: Taken
) -> None:
    project = list_published(store, FIRM, PROJECT)
    site = list_published(store, HOST, SITE)
    ask_introduction(store, FIRM, project, site, "secret words")
    assert courier.turn() == 1
    (message,) = taken.messages
    said = str(message) + message.get_content()
    assert "收到引荐请求" in message["Subject"]
    for secret in (PROJECT.name, "Org firm", "secret"):
        assert secret not in said


def test_one_faulty_letter_keeps_nobody_from_his(
    store: Database, courier: Courier, taken: Taken, monkeypatch: pytest.MonkeyPatch
) -> None:
    batteries(store)
    change_settings(store, FIRM, replace(WANTED, mail_address="fay@example.org"))
    add_transitions(store, HOST, batteries(store), [Happened("talks", "2026-02-01")])
    real = "yanzhen.exchange.notices.sending.written"
    from yanzhen.exchange.notices.mail import written

    def faulty(settings: Any, delivery: str, notice: Any, to: str, language: Any) -> Any:
        if to == "hu@example.org":
            raise ZeroDivisionError
        return written(settings, delivery, notice, to, language)

    monkeypatch.setattr(real, faulty)
    courier.turn()
    assert taken.to == [["fay@example.org"]]
    states = {each.person: (each.state, each.attempt) for each in rows(store)}
    assert states == {"hu": ("queued", 1), "fay": ("sent", 1)}


def test_the_thread_delivers_and_ends(store: Database, courier: Courier, taken: Taken) -> None:
    courier.look = 0.05
    courier.start()
    batteries(store)
    wait_until(lambda: bool(taken.contents), lambda: time.monotonic())
    courier.end()
    assert courier._thread is not None and not courier._thread.is_alive()


def test_settings_are_read_with_their_password_from_a_file(tmp_path: Path) -> None:
    file, secret = tmp_path / "mail.toml", tmp_path / "password"
    secret.write_text(" s3cret\n", encoding="utf-8")
    file.write_text(
        'host = "mail.example.org"\nuser = "yanzhen"\nfrom = "yanzhen@example.org"\n'
        f'address = "https://yanzhen.example/zh/"\npassword_file = "{secret}"\n',
        encoding="utf-8",
    )
    found = read_mail_settings(file, {})
    assert (found.port, found.security, found.password) == (587, "starttls", "s3cret")
    assert found.address == "https://yanzhen.example/zh"
    text = file.read_text(encoding="utf-8").replace(f'password_file = "{secret}"', "")
    file.write_text(text, encoding="utf-8")
    assert read_mail_settings(file, {"YANZHEN_MAIL_PASSWORD": "x"}).password == "x"
    for encoding in ("utf-8-sig", "gb18030"):
        file.write_bytes(f"# 邮件服务器与密码\n{text}".encode(encoding))
        assert read_mail_settings(file, {"YANZHEN_MAIL_PASSWORD": "x"}).host == "mail.example.org"
    with pytest.raises(WrongSettings, match="password: missing"):
        read_mail_settings(file, {})


def test_everything_wrong_with_settings_is_said_at_once(tmp_path: Path) -> None:
    file = tmp_path / "mail.toml"
    file.write_text(
        'host = "mail.example.org"\nport = 99999\nsecurity = "none"\nuser = "u"\n'
        'from = "Ann <a@example.org>"\naddress = "yanzhen.example"\nca_file = "/no/such"\n'
        'password = "a"\npassword_file = "b"\n',
        encoding="utf-8",
    )
    with pytest.raises(WrongSettings) as refused:
        read_mail_settings(file, {})
    for said in ("port: ", "security: ", "from: ", "address: ", "ca_file: ", "password: "):
        assert said in str(refused.value)
    file.write_text('hosts = "a"\nfrom = 3\n', encoding="utf-8")
    with pytest.raises(WrongSettings, match="hosts: not known; from: a text"):
        read_mail_settings(file, {})
    with pytest.raises(WrongSettings, match="nothing"):
        read_mail_settings(tmp_path / "nothing.toml", {})
