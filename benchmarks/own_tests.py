"""Lets benchmarks import the repository's tests, whatever else on the path is called so."""

import sys
import types
from pathlib import Path

package = types.ModuleType("tests")
package.__path__ = [str(Path(__file__).parents[1] / "tests")]
sys.modules["tests"] = package
