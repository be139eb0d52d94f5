"""Fields that several of the bodies and addresses of the API have."""

from typing import Annotated

from pydantic import Field

SAYS_SOMETHING = r"^[^\x00]*[^\s\x00][^\x00]*$"
Title = Annotated[str, Field(min_length=1, max_length=300, pattern=SAYS_SOMETHING)]
Code = Annotated[str, Field(min_length=1, max_length=64, pattern=SAYS_SOMETHING)]
Identity = Annotated[str, Field(pattern="^[0-9a-f]{32}$")]
