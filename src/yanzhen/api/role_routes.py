"""The addresses of what a plan says to each reader."""

from fastapi import FastAPI, Request

from yanzhen.api.entity_tags import tagged
from yanzhen.api.models import Picture
from yanzhen.api.responses import RESULTS, Spoken
from yanzhen.api.roles import role_answer, role_picture, who_asks
from yanzhen.api.workbench import Workbench
from yanzhen.report.findings.roles import RoleAnswer


def add_roles(app: FastAPI, bench: Workbench) -> None:
    """Add the addresses of the verdicts and maps by role."""

    @app.get("/api/v1/plans/{study}/roles/{role}", responses=RESULTS, tags=["plans"])
    def plan_for_role(
        request: Request,
        study: str,
        role: str,
        region: str = "",
        industry: str = "",
        site: str = "",
        lang: Spoken = "zh",
    ) -> RoleAnswer:
        """Return a verdict, three figures with intervals, and what they rest on.

        Roles are enterprise, zone, province, ministry and researcher; what is left open is the
        largest that fits.
        """
        tagged(request, bench.plans.place(study))
        who = who_asks(bench.plans.read(study), role, region, industry, site)
        return role_answer(bench.plans, study, who, lang)

    @app.get("/api/v1/plans/{study}/roles/{role}/map", responses=RESULTS, tags=["plans"])
    def map_for_role(
        request: Request,
        study: str,
        role: str,
        region: str = "",
        industry: str = "",
        site: str = "",
        lang: Spoken = "zh",
    ) -> Picture:
        """Return the map of one reader as a Vega-Lite specification with its texts."""
        tagged(request, bench.plans.place(study))
        who = who_asks(bench.plans.read(study), role, region, industry, site)
        return Picture(**role_picture(bench.plans, study, who, lang))
