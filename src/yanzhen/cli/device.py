"""What passes over all enterprises: the processor, or one graphics processor."""

from enum import StrEnum
from typing import TYPE_CHECKING

from yanzhen.cli.language import Language, word
from yanzhen.cli.outcome import reject

if TYPE_CHECKING:
    from yanzhen.market.large.demand_provider import Provide


class Device(StrEnum):
    """What `--device` takes."""

    CPU = "cpu"
    CUDA = "cuda"


def provider_on(device: Device, language: Language) -> "Provide | None":
    """What passes on a device, None for the processor; ends with 2 where it is not there."""
    if device == Device.CPU:
        return None
    from yanzhen.market.large.cuda_demand import CudaDemand, NoDevice, require_device

    try:
        require_device()
    except NoDevice as missing:
        reject(word(language, f"needs_{missing.what}"))
    return CudaDemand
