"""The addresses of what a plan says to each reader."""

from dataclasses import asdict
from typing import Any

from fastapi import FastAPI

from yanzhen.api.responses import REFUSALS, Spoken
from yanzhen.api.roles import role_answer, role_picture, who_asks
from yanzhen.api.workbench import Workbench


def add_roles(app: FastAPI, bench: Workbench) -> None:
    """Add the addresses of the verdicts and maps by role."""

    @app.get("/api/plans/{study}/roles/{role}", responses=REFUSALS)
    def answer(
        study: str,
        role: str,
        region: str = "",
        industry: str = "",
        site: str = "",
        lang: Spoken = "zh",
    ) -> dict[str, Any]:
        """Return a verdict, three figures with intervals, and what they rest on.

        Roles are enterprise, zone, province, ministry and researcher; what is left open is the
        largest that fits.
        """
        who = who_asks(bench.plans.read(study), role, region, industry, site)
        return asdict(role_answer(bench.plans, study, who, lang))

    @app.get("/api/plans/{study}/roles/{role}/map", responses=REFUSALS)
    def map_of(
        study: str,
        role: str,
        region: str = "",
        industry: str = "",
        site: str = "",
        lang: Spoken = "zh",
    ) -> dict[str, Any]:
        """Return the map of one reader as a Vega-Lite specification with its texts."""
        who = who_asks(bench.plans.read(study), role, region, industry, site)
        return role_picture(bench.plans, study, who, lang)
