"""What is asked about a contract, as an address says it."""

from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, create_model

from yanzhen.modes.coconstruction.contract.declarations import TERM_VALUES
from yanzhen.modes.coconstruction.contract.term_values import TermValue
from yanzhen.modes.coconstruction.contract.terms import Base, Clock

MOST_MONEY = 1e9
"""Most that an amount may be, in the study's money."""
LAST_NOTICE = 30
"""Last year of a contract in which notice may be given."""
Percent = Annotated[int | None, Field(ge=0, le=100)]


class SchemeQuery(BaseModel):
    """Two places, an industry, and a scheme."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)

    home: str
    host: str
    industry: str = ""
    scheme: str = "liaoning"
    kinds: str = Field("", description="Kinds of tax, separated by commas")
    base: Literal["", Base] = ""
    counted_from: Literal["", Clock] = ""


def _parameter(value: TermValue) -> Any:
    """Type and default of the parameter that turns a number; amounts are in the study's money."""
    number: Any = Annotated[int | None, Field(ge=0, le=value.most)]
    if value.unit == "fen":
        number = Annotated[float | None, Field(ge=0, le=MOST_MONEY)]
    return number, Field(None, description=value.meaning)


if TYPE_CHECKING:
    TermQuery = SchemeQuery
else:
    TermQuery = create_model(
        "TermQuery",
        __base__=SchemeQuery,
        **{name: _parameter(value) for name, value in TERM_VALUES.items()},
    )


class ContractQuery(TermQuery):
    """Two places, an industry, a scheme, and how far each of its terms is turned.

    A term that is not given stands as the scheme has it; 0 takes a term away, 31 years are years
    without end.
    """

    leave: Annotated[int, Field(ge=0, le=LAST_NOTICE)] = Field(
        0, description="Year of the contract in which a party gives notice; 0 for nobody"
    )
    weight: Annotated[int, Field(ge=0, le=100)] = Field(
        50, description="Bargaining weight of the home, per cent"
    )
    supplement: Percent = Field(None, description="Supplement that a scheme's source leaves open")
    equity_share: Percent = Field(None, description="Home's share of a joint company, left open")
    paid_out: Percent = Field(None, description="Part of the profit paid out, left open")
    margin: float | None = Field(None, ge=0, le=100, description="Profit on output, per cent")

    @property
    def tax_kinds(self) -> tuple[str, ...]:
        """Kinds of tax named; others than the terms know are refused with the terms."""
        return tuple(kind.strip() for kind in self.kinds.split(",") if kind.strip())

    def term_values(self, fen: int) -> dict[str, int]:
        """Numbers of the terms that are turned.

        Parameters
        ----------
        fen : in one unit of the study's money
        """
        given = {name: getattr(self, name) for name in TERM_VALUES}
        return {
            name: round(number * fen) if TERM_VALUES[name].unit == "fen" else number
            for name, number in given.items()
            if number is not None
        }
