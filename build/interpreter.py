"""Which Python a new environment is made with: the newest suitable one there is, or words on what to install."""

from __future__ import print_function

import glob
import os
import subprocess
import sys

from basics import LINUX, WINDOWS, Stop, environment

# In the order in which we like them: 3.14 takes another Qt than the one everything was tried on.
VERSIONS = ((3, 13), (3, 12), (3, 11), (3, 14))
OLDEST = min(VERSIONS)

# Prints version, whether pip can be had for a new environment, and where the interpreter itself is.  Fails where
# a module is missing that not every build of Python has, on 32 bits, and on a Python without a global lock, for
# which there are hardly any wheels.
PROBE = """
import sys, sysconfig, ssl, sqlite3, ctypes, zlib, venv
assert sys.implementation.name == "cpython" and sys.maxsize > 2**32 and not sysconfig.get_config_var("Py_GIL_DISABLED")
try:
    import ensurepip
    pip = 1
except ImportError:
    pip = 0
print("%d %d %d %s" % (sys.version_info[0], sys.version_info[1], pip, getattr(sys, "_base_executable", sys.executable)))
"""


class Interpreter(object):
    def __init__(self, version, has_pip, path):
        self.version = version
        self.has_pip = has_pip
        self.path = path

    def __str__(self):
        return "Python {0}.{1} ({2})".format(self.version[0], self.version[1], self.path)


def probe(path):
    """The interpreter at this path if it is one that we can use, else None."""
    try:
        with open(os.devnull) as nothing:
            child = subprocess.Popen(
                [path, "-c", PROBE],
                stdin=nothing,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                env=environment(),
            )
            output = child.communicate()[0]
    except (OSError, ValueError):
        return None
    if child.returncode != 0:
        return None
    fields = output.decode("utf-8", "replace").strip().split(" ", 3)
    if len(fields) != 4:
        return None
    found = Interpreter((int(fields[0]), int(fields[1])), fields[2] == "1", fields[3])
    return found if found.version in VERSIONS else None


def candidates():
    """Paths worth asking, in two groups: what the person's PATH offers, and where else Pythons are put."""
    names = ["python{0}.{1}".format(*version) for version in VERSIONS] + ["python3", "python"]
    if WINDOWS:
        names = [name + ".exe" for name in ("python", "python3")]
    folders = [folder for folder in os.environ.get("PATH", "").split(os.pathsep) if folder]
    on_path = [sys.executable] if sys.executable else []
    on_path += [os.path.join(folder, name) for name in names for folder in folders]
    patterns = ["/usr/bin/python3.1?", "/usr/local/bin/python3.1?", "/opt/python*/bin/python3.1?"]
    patterns.append(os.path.expanduser("~/.pyenv/versions/3.1?.*/bin/python"))
    if WINDOWS:
        patterns = [
            os.path.join(os.environ.get(variable, ""), *tail)
            for variable, tail in (
                ("LOCALAPPDATA", ("Programs", "Python", "Python31?", "python.exe")),
                ("ProgramFiles", ("Python31?", "python.exe")),
                ("SystemDrive", (os.sep, "Python31?", "python.exe")),
            )
        ]
    elsewhere = [path for pattern in patterns for path in sorted(glob.glob(pattern), reverse=True)]
    return on_path, elsewhere


def find_interpreter():
    """The best interpreter on this machine, or None.  Several Pythons of one minor version: the first on PATH."""
    chosen = os.environ.get("TAIZHANG_PYTHON")
    if chosen:
        found = probe(chosen)
        if not found:
            raise Stop(
                "TAIZHANG_PYTHON names {0}, which is no complete 64-bit CPython {1}.".format(chosen, wanted())
            )
        return found
    for group in candidates():
        seen, usable = set(), []
        for path in group:
            if path in seen or not os.path.isfile(path):
                continue
            seen.add(path)
            found = probe(path)
            if found:
                usable.append(found)
        if usable:
            return min(usable, key=lambda one: (VERSIONS.index(one.version), not one.has_pip))
    return None


def wanted():
    minors = sorted(VERSIONS)
    return "{0}.{1} to {2}.{3}".format(*(minors[0] + minors[-1]))


def no_interpreter():
    if WINDOWS:
        how = "Install Python 3.12, 64 bits, with the installer from python.org, and run this again."
    elif LINUX:
        how = (
            "On Debian 12 or later and Ubuntu 24.04 or later: sudo apt-get install python3 python3-venv. "
            "On older systems install Python 3.12 beside the system's own (pyenv builds one), and run this again."
        )
    else:
        how = "Install Python 3.12 and run this again."
    mine = "{0}.{1}".format(*sys.version_info[:2])
    return Stop(
        "this needs Python {0}; this one is {1}, and no other was found. {2}".format(wanted(), mine, how)
    )
