"""`yanzhen exchange`: a study's sites and firms are listed, published, and cleared over."""

import json
from pathlib import Path

import pytest

from tests.cli.test_people import run
from tests.study.small_modes import small_modes_study
from yanzhen.exchange.listings.keeping import make_listings, publish_listing, submit_listing
from yanzhen.exchange.listings.kinds import Need, Project
from yanzhen.store.people.opening import open_store
from yanzhen.store.people.viewer import LOCAL

SITES = (
    "name,expires_on,text,region,output,output_unit\n"
    "SYNTHETIC park,2999-12-31,,610000,5,100 million CNY\n"
)


@pytest.fixture
def sites(tmp_path: Path) -> Path:
    file = tmp_path / "sites.csv"
    file.write_text(SITES, encoding="utf-8")
    return file


def test_listings_are_imported_listed_and_cleared(tmp_path: Path, sites: Path) -> None:
    folder, study = tmp_path / "store", str(small_modes_study(tmp_path / "small"))
    clear = ("exchange", "clear", study)
    code, said = run(folder, *clear)
    assert code == 2 and "No site" in said
    code, said = run(folder, "exchange", "import", str(sites), "--kind", "site", "--json")
    assert code == 0
    (site,) = json.loads(said)["listings"]
    code, said = run(folder, "exchange", "import", study, "--kind", "achievement")
    assert code == 0 and "3 listing(s)" in said
    opened = open_store(f"sqlite:///{folder / 'store.sqlite'}")
    needs = (Need("output", 2.0, "100 million CNY"), Need("jobs", 100.0, "persons"))
    at = {"industry": "06", "origin": "110000", "expires_on": "2999-12-31"}
    (project,) = make_listings(opened, LOCAL, [Project(name="SYNTHETIC", needs=needs, **at)])
    for listing in (site, project):
        submit_listing(opened, LOCAL, listing)
        publish_listing(opened, LOCAL, listing)
    opened.close()
    code, said = run(folder, "exchange", "list")
    assert code == 0 and "SYNTHETIC park" in said and "published" in said
    code, said = run(folder, *clear, "--json")
    assert code == 0 and (json.loads(said)["sites"], json.loads(said)["projects"]) == (1, None)
    code, said = run(folder, *clear)
    assert "fewer than ten projects" in said and "SYNTHETIC" in said


def test_what_a_study_cannot_list_is_counted_and_named(tmp_path: Path) -> None:
    folder, study = tmp_path / "store", small_modes_study(tmp_path / "small")
    written = study / "sites.csv"
    written.write_text("site,region\nwith,610000\nwithout,610000\n", encoding="utf-8")
    with (study / "resources.csv").open(encoding="utf-8") as file:
        head = file.readline().strip()
    row = {"place": "with", "resource": "land", "capacity": "3"}
    cells = ",".join(row.get(column, "") for column in head.split(","))
    (study / "resources.csv").write_text(f"{head}\n{cells}\n", encoding="utf-8")
    asked = ("exchange", "import", str(study), "--kind", "site")
    code, said = run(folder, *asked)
    assert code == 0 and "1 listing(s)" in said
    assert "Not listed: 1 row(s)" in said and "(1): without" in said
    code, said = run(folder, *asked, "--json")
    (left_out,) = json.loads(said)["left_out"]
    assert left_out["code"] == "without" and "room" in left_out["why"]
    code, said = run(folder, "exchange", "list")
    assert "SYNTHETIC with" in said and said.count("SYNTHETIC") == 4


def test_what_is_wrong_is_said(tmp_path: Path, sites: Path) -> None:
    folder = tmp_path / "store"
    code, said = run(folder, "exchange", "import", str(sites), "--kind", "castle")
    assert code == 2 and "castle" in said
    sites.write_text(SITES.replace("2999-12-31", "soon"), encoding="utf-8")
    code, said = run(folder, "exchange", "import", str(sites), "--kind", "site")
    assert code == 2 and "sites.csv" in said and "soon" in said
    wrong = ("--kind", "site", "--login", "nobody")
    code, said = run(folder, "exchange", "import", str(sites), *wrong)
    assert code == 2 and "nobody" in said
