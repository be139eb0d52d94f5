"""An agreement that is settled: its parties, its signed terms and when it begins."""

from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256

from yanzhen.modes.coconstruction.contract.terms import Contract, Terms
from yanzhen.modes.coconstruction.contract.terms_toml import parse_terms


@dataclass(frozen=True)
class Agreement:
    """Terms that two regions signed.

    Attributes
    ----------
    id : of the deal
    home, host : names of the regions
    start_year : first year
    terms_toml : the signed terms, as the file says them
    exit_notice : year in which a party gave notice, None where nobody did
    synthetic : whether its figures are made up
    third_signs : whether a third party that the terms name signs statements
    """

    id: str
    home: str
    host: str
    start_year: int
    terms_toml: str
    exit_notice: int | None = None
    synthetic: bool = False
    third_signs: bool = True

    @cached_property
    def terms(self) -> Terms:
        """The terms.

        Raises
        ------
        ContractError
            With everything that cannot be read or is contradictory.
        """
        return parse_terms(self.terms_toml, f"{self.id}.toml")

    @cached_property
    def terms_sha256(self) -> str:
        """Hash of the signed text, hexadecimal."""
        return sha256(self.terms_toml.encode()).hexdigest()

    @cached_property
    def contract(self) -> Contract:
        """The contract that is settled."""
        return Contract(
            self.id, self.home, self.host, self.start_year, self.terms, self.exit_notice
        )

    @property
    def signers(self) -> tuple[str, ...]:
        """Who has to sign a statement."""
        third = self.third_signs and bool(self.terms.third_party)
        return ("home", "host", "third") if third else ("home", "host")
