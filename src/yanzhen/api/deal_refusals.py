"""Why something about deals was not done, as problem details that name the field."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from yanzhen.api.file_refusals import refused_file
from yanzhen.api.if_match import changed_meanwhile
from yanzhen.api.problem_details import Refusal, pointer
from yanzhen.exchange.deals.deal import ChangedMeanwhile, Contradicts, NoSuchDeal, NotForThem
from yanzhen.exchange.deals.documents import DocumentLost
from yanzhen.exchange.files.kinds import Refused
from yanzhen.modes.coconstruction.contract.consistency import ContractError
from yanzhen.study import Problem, StudyError


@contextmanager
def refused_by_deals() -> Iterator[None]:
    """Turn what deals refuse into problem details."""
    try:
        yield
    except NoSuchDeal as error:
        said = error.args[0]
        raise Refusal(
            404, f"There is no {said!r} among your deals.", f"本单位的合作项目中没有“{said}”。"
        ) from None
    except ContractError as error:
        raise _wrong(error, lambda problem: ["terms"]) from None
    except StudyError as error:
        raise _wrong(error, _place) from None
    except NotForThem as error:
        raise Refusal(403, *error.words) from None
    except Contradicts as error:
        raise Refusal(409, *error.words) from None
    except Refused as error:
        raise refused_file(error) from None
    except ChangedMeanwhile:
        raise changed_meanwhile() from None
    except DocumentLost:
        raise Refusal(
            500,
            "The content of this document is lost or was changed on the server.",
            "文件内容在服务器上已丢失或被改动。",
        ) from None


def _wrong(error: StudyError, place: Callable[[Problem], list[str | int]]) -> Refusal:
    errors = [
        {"in": "body", "pointer": pointer(place(each)), "detail": each.text("en")}
        for each in error.problems
    ]
    count = len(error.problems)
    title = f"{count} thing(s) are wrong."
    return Refusal(422, title, f"有{count}处须改正。", error.problems, errors=errors)


def _place(problem: Problem) -> list[str | int]:
    if problem.row is None:
        return [problem.column]
    return [problem.table, problem.row - 1, problem.column]
