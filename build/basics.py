"""What every part of the build needs: where things stand, how to say something, how to call a program.

Nothing but Python's standard library, and syntax so plain that an old Python can read it (see make.py).
"""

from __future__ import print_function

import os
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
VENV = os.path.join(ROOT, ".venv")
STAMP = os.path.join(VENV, "taizhang-setup.json")
LOCK = os.path.join(ROOT, "build", "requirements-dev.lock")
LOCALE = os.path.join(ROOT, "resources", "locale")
OUT = os.path.join(ROOT, "out")
WINDOWS = os.name == "nt"
LINUX = sys.platform.startswith("linux")
VENV_PYTHON = os.path.join(VENV, "Scripts", "python.exe") if WINDOWS else os.path.join(VENV, "bin", "python")


class Stop(Exception):
    """Ends the run with a sentence for the person at the keyboard."""


def say(text):
    print("make: " + text)
    sys.stdout.flush()


def call(command, env=None):
    """Runs a command in the checkout, its output shown as it comes; returns its exit status."""
    sys.stdout.flush()
    return subprocess.call(command, cwd=ROOT, env=env or environment())


def environment(**extra):
    """Our environment without what would lead the .venv's Python or pip astray."""
    env = dict(os.environ)
    for name in ("PYTHONHOME", "PYTHONPATH", "__PYVENV_LAUNCHER__"):
        env.pop(name, None)
    env.update(PIP_USER="0", PIP_DISABLE_PIP_VERSION_CHECK="1")
    env.update(extra)
    return env
