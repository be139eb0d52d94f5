"""A market that cannot clear is an answer with what is short, not a fault of the server."""

from fastapi import FastAPI
from fastapi.testclient import TestClient

from yanzhen.api.problem_details import Refusal, answered, refused_where_not_cleared
from yanzhen.market.equilibrium.certificate import Certificate
from yanzhen.market.equilibrium.newton_dense import NotCleared

ERROR = NotCleared(
    Certificate(0.5, 0.0, 0.0, 0.2, 2.0, 1.0, 0.0, 0, 1e-6), ("output room 3 short", "产值空间缺 3")
)


def app() -> FastAPI:
    made = FastAPI(exception_handlers={Refusal: answered, NotCleared: answered})

    @made.get("/wrapped")
    def wrapped() -> None:
        with refused_where_not_cleared():
            raise ERROR

    @made.get("/bare")
    def bare() -> None:
        raise ERROR

    return made


def test_a_market_that_does_not_clear_conflicts_and_says_what_is_short() -> None:
    client = TestClient(app())
    for address in ("/wrapped", "/bare"):
        answer = client.get(address)
        assert answer.status_code == 409
        assert "output room 3 short" in answer.json()["title"]
        assert "产值空间缺 3" in answer.json()["title_zh"]
