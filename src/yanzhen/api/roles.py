"""What a server's plan says to one reader, and the map for them."""

from functools import lru_cache
from pathlib import Path
from typing import Any

from yanzhen.api.pictures import drawn
from yanzhen.api.plans import Plans
from yanzhen.api.problem_details import Refusal
from yanzhen.api.result_store import kept
from yanzhen.market.plan.plan import Plan
from yanzhen.report.figures.role_map import role_map
from yanzhen.report.findings.asker import Asker, NotAsked, asker
from yanzhen.report.findings.roles import RoleAnswer, answer_of
from yanzhen.report.text.reader import Reader
from yanzhen.report.text.words import Lang

WHAT = {"role": "角色", "region": "地区", "industry": "行业", "site": "承接地"}


def who_asks(plan: Plan, role: str, region: str = "", industry: str = "", site: str = "") -> Asker:
    """Return who asks; see `yanzhen.report.findings.asker.asker`.

    Raises
    ------
    Refusal
        404 where the plan has no such role, region, industry or site.
    """
    try:
        return asker(plan, role, region, industry, site)
    except NotAsked as unknown:
        what, code = unknown.what, unknown.code
        raise Refusal(
            404, f"The plan has no {what} “{code}”.", f"方案没有{WHAT[what]}“{code}”。"
        ) from None


def role_answer(plans: Plans, study: str, who: Asker, lang: Lang) -> RoleAnswer:
    """Return what a study's plan says to one reader."""
    return _answer(plans.place(study), who, lang)


def role_picture(plans: Plans, study: str, who: Asker, lang: Lang) -> dict[str, Any]:
    """Return the map for one reader: title, reading, aspect, spec."""
    return _picture(plans.place(study), who, lang)


@lru_cache(maxsize=256)
def _answer(place: Path, who: Asker, lang: Lang) -> RoleAnswer:
    plan = kept(Plan, place)
    return answer_of(plan, who, Reader(plan.study, lang))


@lru_cache(maxsize=64)
def _picture(place: Path, who: Asker, lang: Lang) -> dict[str, Any]:
    plan = kept(Plan, place)
    return drawn("role_map", role_map(plan, who, Reader(plan.study, lang)))
