"""The system's own packages that Qt, the tests and the installers need: named, and installed where we may."""

from __future__ import print_function

import os
import re
import subprocess

from basics import LINUX, Stop, call, environment, say

# What Qt loads even without a screen: the library's file, and the Debian packages that may hold it.
OFFSCREEN = [
    ("libglib-2.0.so.0", ["libglib2.0-0t64", "libglib2.0-0"]),
    ("libgthread-2.0.so.0", ["libglib2.0-0t64", "libglib2.0-0"]),
    ("libEGL.so.1", ["libegl1"]),
    ("libGL.so.1", ["libgl1"]),
    ("libxkbcommon.so.0", ["libxkbcommon0"]),
    ("libdbus-1.so.3", ["libdbus-1-3"]),
    ("libfontconfig.so.1", ["libfontconfig1"]),
    ("libfreetype.so.6", ["libfreetype6"]),
]
# What a window on X11 needs besides.
WINDOW = [
    ("libX11-xcb.so.1", ["libx11-xcb1"]),
    ("libxcb-cursor.so.0", ["libxcb-cursor0"]),
    ("libxcb-icccm.so.4", ["libxcb-icccm4"]),
    ("libxcb-image.so.0", ["libxcb-image0"]),
    ("libxcb-keysyms.so.1", ["libxcb-keysyms1"]),
    ("libxcb-randr.so.0", ["libxcb-randr0"]),
    ("libxcb-render.so.0", ["libxcb-render0"]),
    ("libxcb-render-util.so.0", ["libxcb-render-util0"]),
    ("libxcb-shape.so.0", ["libxcb-shape0"]),
    ("libxcb-shm.so.0", ["libxcb-shm0"]),
    ("libxcb-sync.so.1", ["libxcb-sync1"]),
    ("libxcb-util.so.1", ["libxcb-util1"]),
    ("libxcb-xfixes.so.0", ["libxcb-xfixes0"]),
    ("libxcb-xkb.so.1", ["libxcb-xkb1"]),
    ("libxkbcommon-x11.so.0", ["libxkbcommon-x11-0"]),
]
FONTS = [("a font with Chinese characters", ["fonts-noto-cjk"])]
# The tests open packages in LibreOffice, which checks our signatures independently, and drive a real window.
TESTS = [
    ("Xvfb", ["xvfb"]),
    ("xdotool", ["xdotool"]),
    ("soffice", ["libreoffice-calc-nogui"]),
    ("LibreOffice's Python bridge", ["python3-uno"]),
    ("certutil", ["libnss3-tools"]),
]
# Installers are built on Debian, as root; what each needs besides, its module brings into a folder of its own.
INSTALLER = {
    "windows": [
        ("debootstrap", ["debootstrap"]),
        ("unshare", ["util-linux"]),
        ("dpkg-deb", ["dpkg"]),
        ("makensis", ["nsis"]),
        ("x86_64-w64-mingw32-gcc", ["gcc-mingw-w64-x86-64"]),
        ("osslsigncode", ["osslsigncode"]),
        ("Xvfb", ["xvfb"]),
    ],
    "linux": [("debootstrap", ["debootstrap"])],
}
PACKAGING = {"windows": "windows", "linux": "debian"}
CHINESE_FONT = re.compile(
    r"cjk|wqy|source-?han|simsun|simhei|msyh|deng|fandol|uming|ukai|pingfang|harmony|fallback", re.IGNORECASE
)


def on_path(program):
    folders = os.environ.get("PATH", "").split(os.pathsep) + ["/usr/bin", "/usr/local/bin"]
    return any(os.access(os.path.join(folder, program), os.X_OK) for folder in folders if folder)


def has_library(name):
    try:
        import ctypes

        ctypes.CDLL(name)
    except ImportError:
        return True  # this Python cannot tell; if the library is missing, Qt will name it
    except OSError:
        return False
    return True


def has_chinese_font():
    if on_path("fc-list"):
        return bool(subprocess.check_output(["fc-list", ":lang=zh", "family"]).strip())
    for folder in ("/usr/share/fonts", "/usr/local/share/fonts", "~/.local/share/fonts", "~/.fonts"):
        for _, _, files in os.walk(os.path.expanduser(folder)):
            if any(CHINESE_FONT.search(name) for name in files):
                return True
    return False


def has_uno():
    with open(os.devnull, "w") as nothing:
        return (
            os.path.exists("/usr/bin/python3")
            and subprocess.call(["/usr/bin/python3", "-c", "import uno"], stdout=nothing, stderr=nothing) == 0
        )


def has_soffice():
    """Debian's soffice may be there without Calc; one from elsewhere is always whole."""
    debian = "/usr/lib/libreoffice/program/"
    return on_path("soffice") and (not os.path.isdir(debian) or os.path.exists(debian + "libsclo.so"))


def is_there(what):
    if what in ("soffice", "LibreOffice's Python bridge", "a font with Chinese characters"):
        return {"s": has_soffice, "L": has_uno, "a": has_chinese_font}[what[0]]()
    return has_library(what) if ".so." in what else on_path(what)


def known_to_apt(package):
    child = subprocess.Popen(["apt-cache", "show", package], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    return bool(child.communicate()[0].strip())


def packages_of(missing):
    """One Debian package for each missing thing: the first of its names that this release knows."""
    chosen = []
    for _, names in missing:
        name = next((name for name in names if known_to_apt(name)), names[-1])
        if name not in chosen:
            chosen.append(name)
    return chosen


def is_root():
    return hasattr(os, "geteuid") and os.geteuid() == 0


def install_command(packages):
    return ["apt-get", "install", "-y", "--no-install-recommends"] + packages


def apt_install(missing):
    """As root on a Debian: install what is missing.  Never fails; whoever asked looks again afterwards."""
    env = environment(DEBIAN_FRONTEND="noninteractive")
    wait = ["-o", "DPkg::Lock::Timeout=600"]
    if not apt_install.updated:
        say("reading the system's package lists (apt-get update)")
        call(["apt-get", "update", "-qq"] + wait, env)
        apt_install.updated = True
    packages = packages_of(missing)
    say("installing system packages: " + " ".join(packages))
    command = install_command(packages)
    if call(command[:2] + ["-qq", "-o", "Dpkg::Use-Pty=0"] + wait + command[2:], env) != 0:
        say("apt-get did not manage that; its own words stand above")


apt_install.updated = False


def need(things, why, required=True):
    """See that the system has these things: install them as root, else say how, and stop if they are required."""
    if not LINUX:
        return
    missing = [thing for thing in things if not is_there(thing[0])]
    if missing and is_root() and on_path("apt-get"):
        apt_install(missing)
        missing = [thing for thing in missing if not is_there(thing[0])]
    if not missing:
        return
    sentence = "{0} needs what this system lacks: {1}.".format(why, ", ".join(what for what, _ in missing))
    if on_path("apt-get"):
        command = " ".join(install_command(packages_of(missing)))
        sentence += "\n      sudo apt-get update && sudo " + command
    if required:
        raise Stop(sentence)
    say(sentence + "\n      Going on without; what depends on it will fail and say so.")


def has_screen():
    return not LINUX or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
