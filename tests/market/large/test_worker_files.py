import os
from pathlib import Path

from yanzhen.market.large.worker_files import held, put


class Interrupted:
    """Another process writes the same value while this one does."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.others: list[Path] = []

    def __getstate__(self) -> dict[str, str]:
        if not self.others:
            self.others.append(self._folder)
            self.others[0] = put(self, self._folder)
        return {"said": "the same"}


def test_processes_that_share_a_folder_do_not_disturb_each_other(tmp_path: Path) -> None:
    value = Interrupted(tmp_path)
    path = put(value, tmp_path)
    assert value.others == [path]
    assert os.listdir(tmp_path) == [path.name]
    assert held(str(path), vars) == {"said": "the same"}
