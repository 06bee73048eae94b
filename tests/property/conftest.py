"""Lets the tests of this folder import `worlds`, although tests are no package, and says how hard they try.

TAIZHANG_EXAMPLES=2000 tries harder, for whoever has changed how the ledger is computed.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from hypothesis import HealthCheck, settings

sys.path.insert(0, str(Path(__file__).parent))

settings.register_profile(
    "taizhang",
    deadline=None,
    max_examples=int(os.environ.get("TAIZHANG_EXAMPLES", "60")),
    # A fixture of this folder that sets the environment is the same for every example.
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
settings.load_profile("taizhang")
