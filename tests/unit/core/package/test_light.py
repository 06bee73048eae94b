"""What the start of the program may import must not load the heavy libraries."""

from __future__ import annotations

import subprocess
import sys

HEAVY = ("lxml", "cryptography", "xlsxwriter", "openpyxl", "PIL", "python_calamine", "PySide6")
LIGHT = (
    "desktop_app.core.package",
    "desktop_app.core.package.columns",
    "desktop_app.core.package.digest",
    "desktop_app.core.package.limits",
    "desktop_app.core.package.manifest",
    "desktop_app.core.package.opened",
    "desktop_app.core.package.placing",
    "desktop_app.core.package.sheets",
    "desktop_app.core.package.sources",
    "desktop_app.core.trust",
    "desktop_app.core.trust.fingerprint",
)


def test_light_modules_stay_light():
    code = f"import sys, {', '.join(LIGHT)}\nprint([name for name in {HEAVY!r} if name in sys.modules])"
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert shown.stdout.strip() == "[]"
