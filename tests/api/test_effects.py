"""Effects of a plan as a server keeps them: made by a worker, narrowed to a region."""

from pathlib import Path

from tests.effects.studies import small_economy
from tests.study.small import REGIONS
from yanzhen.api.analyses import make_analysis
from yanzhen.api.versions import publish
from yanzhen.api.workbench import Workbench
from yanzhen.report.analyses.registry import EFFECTS
from yanzhen.study import write_study


def test_effects_are_kept_with_tables_and_pictures(tmp_path: Path) -> None:
    write_study(small_economy(), tmp_path / "small")
    bench = Workbench(tmp_path / "store", [str(tmp_path / "small")])
    known = bench.studies.all()[0]
    stages: list[str] = []
    subject = {"study": known.key, "source": known.source}
    publish(
        make_analysis(EFFECTS, bench.folder, subject, lambda stage, share: stages.append(stage))
    )
    assert stages[-1] == "pictures"
    kept = bench.analyses["effects"]
    assert len(kept.findings(known.key, "zh")) > 5
    asked = {"region": REGIONS[-1]}
    assert len(kept.table(known.key, "response", "en", asked).rows) == 2
    assert kept.picture(known.key, "gains", "zh")["spec"]
    of_one = kept.picture(known.key, "waterfall", "en", asked)
    assert "5" in of_one["title"]
    bench.close()
