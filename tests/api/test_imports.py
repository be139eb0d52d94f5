"""Files that readers bring as they are: understood, asked about, made a study."""

import zipfile
from io import BytesIO
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from tests.study.importing.layouts import write_text
from yanzhen.api.app import make_app
from yanzhen.api.workbench import Workbench

HEAD = ["城市", "行业", "2016年", "2017年"]
ROWS = [
    ["济南市", "纺织业", "100", "120"],
    ["济南市", "食品制造业", "80", "90"],
    ["菏则市", "纺织业", "70", "71"],
    ["菏则市", "食品制造业", "50", "55"],
]


@pytest.fixture
def client(empty: Workbench) -> TestClient:
    return TestClient(make_app(empty))


def sent(client: TestClient, *paths: Path, into: str = "") -> str:
    files = [("files", (path.name, path.read_bytes())) for path in paths]
    answer = client.post("/api/v1/imports", files=files, data={"into": into})
    assert answer.status_code == 201, answer.text
    return str(answer.json()["import"])


def yearbook(folder: Path, years: tuple[str, ...] = ("2016年", "2017年")) -> Path:
    rows = [[*HEAD[:2], *years], *(row[: 2 + len(years)] for row in ROWS)]
    return write_text(folder / "年鉴.csv", rows, "gb18030")


def answers(client: TestClient, name: str, **said: dict[str, str]) -> str:
    answer = client.post(f"/api/v1/imports/{name}/answers", json={"answers": said})
    assert answer.status_code == 201, answer.text
    return str(answer.json()["import"])


def test_questions_are_answered_one_after_the_other_and_a_study_is_made(
    client: TestClient, tmp_path: Path
) -> None:
    name = sent(client, yearbook(tmp_path))
    said = client.get(f"/api/v1/imports/{name}", params={"lang": "zh"}).json()
    asked = {(each["section"], each["key"]): each for each in said["questions"]}
    assert set(asked) == {("column", "")}
    assert "output" in [value for value, _ in asked["column", ""]["choices"]]
    refused = client.post(f"/api/v1/imports/{name}/study")
    assert refused.status_code == 422
    assert refused.json()["problems"]

    name = answers(client, name, column={"": "output"})
    said = client.get(f"/api/v1/imports/{name}", params={"lang": "en"}).json()
    asked = {(each["section"], each["key"]): each["choices"] for each in said["questions"]}
    assert set(asked) == {("regions", "菏则市"), ("units", "output")}
    assert asked["regions", "菏则市"] == [["371700", "371700 菏泽市"], ["", "leave it out"]]

    name = answers(client, name, regions={"菏则市": "371700"}, units={"output": "100 million CNY"})
    said = client.get(f"/api/v1/imports/{name}").json()
    assert [each["severity"] for each in said["problems"] if each["severity"] == "error"] == []
    assert said["questions"] == []

    key = client.post(f"/api/v1/imports/{name}/study").json()["study"]
    assert client.get(f"/api/v1/studies/{key}").json()["rows"]["activity"] == 8
    archive = client.get(f"/api/v1/studies/{key}/files")
    with zipfile.ZipFile(BytesIO(archive.content)) as files:
        assert {"study.toml", "mapping.toml", "activity.csv"} <= set(files.namelist())
        assert '"菏则市" = "371700"' in files.read("mapping.toml").decode()


def test_next_year_s_file_goes_into_a_copy_of_a_study_with_its_mapping(
    client: TestClient, tmp_path: Path
) -> None:
    mapping = tmp_path / "mapping.toml"
    mapping.write_text(
        'column = "output"\n[units]\noutput = "亿元"\n[regions]\n"菏则市" = "371700"\n'
    )
    first = sent(client, yearbook(tmp_path), mapping)
    key = client.post(f"/api/v1/imports/{first}/study").json()["study"]
    second = sent(client, yearbook(tmp_path, ("2018年",)), mapping, into=key)
    again = client.post(f"/api/v1/imports/{second}/study").json()["study"]
    rows = {each: client.get(f"/api/v1/studies/{each}").json()["rows"] for each in (key, again)}
    assert (rows[key]["activity"], rows[again]["activity"]) == (8, 12)


def test_a_whole_mapping_may_be_given(client: TestClient, tmp_path: Path) -> None:
    name = sent(client, yearbook(tmp_path))
    wrong = {"mapping": "yeer = 2017"}
    refused = client.post(f"/api/v1/imports/{name}/answers", json=wrong)
    assert refused.status_code == 422
    assert refused.json()["problems"][0]["column"] == "yeer"
    given = {"mapping": 'column = "output"\n[units]\noutput = "亿元"\n[regions]\n"菏则市" = ""\n'}
    another = client.post(f"/api/v1/imports/{name}/answers", json=given).json()["import"]
    assert client.get(f"/api/v1/imports/{another}").json()["questions"] == []
    assert '"菏则市" = ""' in client.get(f"/api/v1/imports/{another}/mapping").text


def test_what_is_no_import_is_refused(client: TestClient, tmp_path: Path) -> None:
    assert client.get("/api/v1/imports/000000000000").status_code == 404
    assert client.get("/api/v1/imports/..").status_code == 404
    twice = [("files", ("../a.csv", b"1")), ("files", ("b/a.csv", b"2"))]
    assert client.post("/api/v1/imports", files=twice).status_code == 422
    for name in ("..", f"{'长' * 90}.csv"):
        unfit = [("files", (name, b"1"))]
        assert client.post("/api/v1/imports", files=unfit).status_code == 422, name
    unread = [("files", ("a.xlsx", b"PK\x03\x04 no workbook"))]
    name = client.post("/api/v1/imports", files=unread).json()["import"]
    refused = client.get(f"/api/v1/imports/{name}")
    assert refused.status_code == 422
    assert refused.json()["problems"][0]["file"] == "a.xlsx"
    assert client.get("/api/v1/studies/china-provinces/files").status_code == 404
