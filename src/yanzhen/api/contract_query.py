"""What is asked about a contract, as an address says it."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from yanzhen.modes.coconstruction.gains.term_values import DIALS

Percent = Annotated[int | None, Field(ge=0, le=100)]
Endless = Annotated[int | None, Field(ge=0, le=31)]
Fifteen = Annotated[int | None, Field(ge=0, le=15)]
Thirty = Annotated[int | None, Field(ge=0, le=30)]
Share = Annotated[int, Field(ge=0, le=100)]


class ContractQuery(BaseModel):
    """Two places, an industry, a scheme, and how far each of its terms is turned.

    A term that is not given stands as the scheme has it; 0 takes a term away, 31 years are years
    without end.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)

    home: str
    host: str
    industry: str = ""
    scheme: str = "liaoning"
    kinds: str = Field("", description="Kinds of tax, separated by commas")
    base: Literal["", "all", "increment"] = ""
    counted_from: Literal["", "contract", "production", "recovery"] = ""
    share: Percent = Field(None, description="Home's part of what home and host divide, per cent")
    years: Endless = Field(None, description="Years of the first ratio")
    share_after: Percent = Field(None, description="Home's part in the years after, per cent")
    years_after: Endless = Field(None, description="Years of the second ratio")
    third: Percent = Field(None, description="Third party's part, per cent")
    recovery: Percent = Field(None, description="Part of the tax that repays the outlay first")
    cap_years: Fifteen = Field(None, description="Cap: each project's tax of so many years before")
    cap_amount: float | None = Field(None, ge=0, le=1e9, description="Cap in the study's money")
    extension: Fifteen = Field(None, description="More years where the cap is not reached")
    top_up: Percent = Field(None, description="Part of what is missing to the cap, per cent")
    sunset: Thirty = Field(None, description="Years after which the contract ends")
    exit_from: Thirty = Field(None, description="First year in which notice may be given")
    notice_years: Annotated[int | None, Field(ge=0, le=10)] = None
    outlay_repaid: Percent = Field(None, description="Part of the outlay repaid on exit, per cent")
    statistics: Percent = Field(None, description="Part of the statistics that the home counts")
    payout: Percent = Field(None, description="Part of the joint company's profit paid out")
    leave: Annotated[int, Field(ge=0, le=30)] = Field(
        0, description="Year of the contract in which a party gives notice; 0 for nobody"
    )
    weight: Share = Field(50, description="Bargaining weight of the home, per cent")
    supplement: Percent = Field(None, description="Supplement that a scheme's source leaves open")
    equity_share: Percent = Field(None, description="Home's share of a joint company, left open")
    paid_out: Percent = Field(None, description="Part of the profit paid out, left open")
    margin: float | None = Field(None, ge=0, le=100, description="Profit on output, per cent")

    @property
    def tax_kinds(self) -> tuple[str, ...]:
        """Kinds of tax named; others than the terms know are refused with the terms."""
        return tuple(kind.strip() for kind in self.kinds.split(",") if kind.strip())

    @property
    def term_values(self) -> dict[str, int]:
        """Dials that are turned, the cap's amount left out, which is in the study's money."""
        found = {name: getattr(self, name) for name in DIALS if name != "cap_amount"}
        return {name: number for name, number in found.items() if number is not None}
