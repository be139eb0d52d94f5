"""Where a job's stages lie: handed on from one attempt to the next, never shared."""

from pathlib import Path

from yanzhen.api.run_folder import take_run


def stage(run: Path, name: str) -> Path:
    place = run / "stages" / name
    place.mkdir(parents=True)
    (place / "stage.json").write_text(name)
    return place


def test_the_next_attempt_has_the_stages_and_the_one_before_nothing_more(tmp_path: Path) -> None:
    first = take_run(tmp_path)
    stage(first, "accounts")
    (first / "report.html").write_text("half a report")
    (first / "scenarios").mkdir()
    second = take_run(tmp_path)
    assert not first.exists()
    assert [path.name for path in second.iterdir()] == ["stages"]
    assert (second / "stages" / "accounts" / "stage.json").read_text() == "accounts"
    # One that was given up writes on: to a place that nobody reads.
    stage(first, "market")
    third = take_run(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == [third.name]


def test_a_finished_run_stays_whole(tmp_path: Path) -> None:
    first = take_run(tmp_path)
    for name in ("manifest.json", "report.html"):
        (first / name).write_text(name)
    assert sorted(path.name for path in take_run(tmp_path).iterdir()) == [
        "manifest.json",
        "report.html",
    ]


def test_a_run_of_an_older_version_is_gone_on_with(tmp_path: Path) -> None:
    stage(tmp_path / "run", "accounts")
    assert (take_run(tmp_path) / "stages" / "accounts").is_dir()
