"""A whole transfer on one server, from a listing to a corrected statement, and who sees what."""

import json
from pathlib import Path
from typing import Any

from typer.testing import CliRunner

from tests.web.transfer import agreeing, meeting, settling
from tests.web.transfer.people import Actors, everybody
from yanzhen.cli.app import app
from yanzhen.web.words import word

HIERARCHIES = {
    "region": "code,parent\n100000,\n320000,100000\n410000,100000\n",
    "industry": "code,parent\nall,\n20,all\n",
}


def test_a_transfer_from_a_listing_to_a_corrected_statement(browser: Any, tmp_path: Path) -> None:
    with everybody(browser, tmp_path) as actors:
        site = meeting.site_there(actors)
        listing = meeting.project_listed(actors)
        meeting.shortlist_made(actors, listing, site)
        introduction = meeting.introduced(actors, listing)
        deal = agreeing.deal_made(actors, introduction)
        agreeing.others_join(actors, deal)
        agreeing.terms_signed(actors, deal)
        agreeing.produced(actors, deal)
        agreement = settling.agreement_accepted(actors)
        settling.statement_signed(actors, agreement)
        settling.statement_corrected(actors, agreement)
        statistics_tell_of_nobody(actors, tmp_path)
        record_holds(actors)


def statistics_tell_of_nobody(actors: Actors, folder: Path) -> None:
    """One enterprise is too few for any cell: the operator's tables show none of its figures."""
    said = ["exchange", "statistics", "--from-store", "--store", str(actors.folder)]
    for name, content in HIERARCHIES.items():
        (folder / f"{name}.csv").write_text(content, encoding="utf-8")
        said += ["--hierarchy", f"{name}={folder / f'{name}.csv'}"]
    ended = CliRunner().invoke(app, [*said, "--out", str(folder / "published"), "--json"])
    told = json.loads(ended.stdout)
    if told["published"]:
        assert told["hidden"] == told["cells"]
    files = [path for path in (folder / "published").rglob("*") if path.is_file()]
    assert [path for path in files if b"Secretname" in path.read_bytes()] == []


def record_holds(actors: Actors) -> None:
    """The chain of the record is whole, and the auditor reads what the own organisation did."""
    verify = ["store", "audit", "--verify", "--store", str(actors.folder), "--lang", "en"]
    ended = CliRunner().invoke(app, verify)
    assert ended.exit_code == 0, ended.output
    page = actors.pages["auditor"]
    page.go("/people/changes?lang=en")
    assert page.said("h1") == word("en", "changes.title")
    assert "statement" in page.said("main")
    assert "Secretname" not in page.said("main")
    for who, sees in (("auditor", True), ("district", False), ("stranger", False)):
        answer = actors.pages[who].view.request.get(f"{actors.served.address}/api/v1/audit")
        assert (answer.status == 200) == sees
