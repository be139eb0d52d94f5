"""What is published holds what lies in the repository, and says one version everywhere."""

import re
import shutil
import subprocess
import tarfile
import tomllib
from pathlib import Path

import pytest
from hatchling.builders.sdist import SdistBuilder

REPOSITORY = Path(__file__).parents[1]
PROJECT = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def test_the_source_that_is_published_holds_every_file_of_the_repository(tmp_path: Path) -> None:
    if not (REPOSITORY / ".git").exists() or shutil.which("git") is None:
        pytest.skip("only a clone says which files belong to the repository")
    listed = subprocess.run(
        ["git", "-c", "safe.directory=*", "ls-files", "-z"],
        cwd=REPOSITORY,
        check=True,
        capture_output=True,
        text=True,
    )
    tracked = {name for name in listed.stdout.split("\0") if name and (REPOSITORY / name).is_file()}
    (source,) = SdistBuilder(str(REPOSITORY)).build(directory=str(tmp_path))
    with tarfile.open(source) as archive:
        published = {name.partition("/")[2] for name in archive.getnames()}
    assert tracked - published == set()


def test_one_version_is_said_everywhere() -> None:
    version = PROJECT["version"]
    cited = (REPOSITORY / "CITATION.cff").read_text(encoding="utf-8")
    changelog = (REPOSITORY / "CHANGELOG.md").read_text(encoding="utf-8")
    released = re.findall(r"^## (\d+\.\d+\.\d+) \((\d{4}-\d{2}-\d{2})\)$", changelog, re.MULTILINE)
    assert released[0][0] == version
    assert f"version: {version}\ndate-released: {released[0][1]}\n" in cited


def test_every_python_that_is_named_is_one_that_the_project_takes() -> None:
    named = re.findall(r"Python :: 3\.(\d+)", "\n".join(PROJECT["classifiers"]))
    assert PROJECT["requires-python"] == f">=3.{min(map(int, named))}"
