"""Draw the map that README shows, from the example's plan.

Usage: python scripts/make_readme_picture.py
"""

import tempfile
from pathlib import Path

from yanzhen.pipeline import run_plan
from yanzhen.report.figures import flows
from yanzhen.report.text.reader import Reader

PICTURE = Path(__file__).parents[1] / "docs/images/flows.png"

if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        run = run_plan("china-provinces", Path(folder), "zh", lambda stage, share: None)
    PICTURE.parent.mkdir(exist_ok=True)
    flows(run.plan, Reader(run.plan.study, "zh")).save(PICTURE, scale_factor=1)
