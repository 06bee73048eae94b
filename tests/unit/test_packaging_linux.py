"""The pure parts of building for Linux: what a bundle may need, what the package says, how a screen is read."""

from __future__ import annotations

import importlib
import struct
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGING = ROOT / "build" / "packaging"
LINUX = PACKAGING / "linux"


@pytest.fixture(scope="module")
def parts() -> ModuleType:
    return module("debian_parts")


def module(name: str) -> ModuleType:
    if str(PACKAGING) not in sys.path:
        sys.path.insert(0, str(PACKAGING))
    return importlib.import_module(name)


OBJDUMP = """
x.so:     file format elf64-x86-64

Dynamic Section:
  NEEDED               libQt6Core.so.6
  NEEDED               libc.so.6
  SONAME               x.so

Version definitions:
1 0x01 0x04ddfdd6 x.so
2 0x00 0x00556384 GLIBC_9.9

Version References:
  required from libc.so.6:
    0x09691a75 0x00 10 GLIBC_2.2.5
    0x06969194 0x00 20 GLIBC_2.14
  required from libstdc++.so.6:
    0x0297f879 0x00 21 GLIBCXX_3.4.22
"""


def test_what_a_library_asks_for_is_read_and_not_what_it_offers(parts: ModuleType) -> None:
    library = parts.read_objdump(OBJDUMP)
    assert library.needed == ("libQt6Core.so.6", "libc.so.6")
    assert ("libc.so.6", "GLIBC_2.14") in library.versions
    assert all(name != "GLIBC_9.9" for _, name in library.versions)
    # 2.14 is newer than 2.2.5, though not as a text.
    assert parts.newest([library], "GLIBC") == (2, 14)
    assert parts.newest([library], "GLIBCXX") == (3, 4, 22)
    assert parts.newest([], "GLIBC") == (0,)


def test_the_audit_names_what_is_missing_and_what_is_too_new(parts: ModuleType) -> None:
    fine = parts.Library(("libc.so.6", "libown.so.1", "libcups.so.2"), (("libc.so.6", "GLIBC_2.28"),))
    own = parts.Library(("libc.so.6",), (("libstdc++.so.6", "GLIBCXX_3.4.25"),))
    assert parts.audit({"_internal/a.so": fine, "_internal/libown.so.1": own}) == []

    alone = parts.audit({"_internal/a.so": fine})
    assert len(alone) == 1 and "libown.so.1" in alone[0]
    for name in ("GLIBC_2.29", "GLIBCXX_3.4.26", "CXXABI_1.3.12"):
        new = parts.Library(("libc.so.6",), (("libc.so.6", name),))
        faults = parts.audit({"_internal/a.so": new})
        assert len(faults) == 1 and name in faults[0]
    # What the shim answers is asked of nobody else.
    shim = parts.Library((parts.SHIM,), ((parts.SHIM, "GLIBCXX_3.4.29"), (parts.SHIM, "CXXABI_1.3.15")))
    assert parts.audit({"p.so": shim, f"lib/{parts.SHIM}": own}) == []
    # A copy of the C++ library would be older than what the graphics driver was built with.
    assert parts.audit({"_internal/libstdc++.so.6": own}) == [
        "libstdc++.so.6 is the system's and must not be bundled"
    ]


def test_libraries_that_nobody_in_the_bundle_asks_for_are_named(parts: ModuleType) -> None:
    def asks(*names: str) -> tuple:
        return parts.Library(names, ())

    libraries = {
        "taizhang": asks("libc.so.6"),
        "_internal/libpython3.11.so.1.0": asks("libexpat.so.1"),
        "_internal/libexpat.so.1": asks("libdeep.so.1"),
        "_internal/libdeep.so.1": asks(),
        # Of the system's message bus, whose library is not bundled.
        "_internal/libsystemd.so.0": asks("liblz4.so.1"),
        "_internal/liblz4.so.1": asks(),
        "_internal/PySide6/Qt/plugins/platforms/libqxcb.so": asks("libdbus-1.so.3"),
    }
    assert parts.superfluous(libraries) == {"_internal/libsystemd.so.0", "_internal/liblz4.so.1"}


def test_dependencies_are_what_was_measured(parts: ModuleType) -> None:
    libraries = {
        "a.so": parts.Library(("libc.so.6", "libm.so.6", "libX11.so.6"), (("libc.so.6", "GLIBC_2.25"),)),
        "b.so": parts.Library(("libstdc++.so.6", "libcups.so.2"), (("libstdc++.so.6", "GLIBCXX_3.4.22"),)),
    }
    assert parts.depends(libraries) == ["libc6 (>= 2.25)", "libstdc++6 (>= 6)", "libx11-6"]


def test_wheels_are_asked_for_up_to_the_oldest_glibc(parts: ModuleType) -> None:
    words = parts.pip_target()
    platforms = [words[at + 1] for at, word in enumerate(words) if word == "--platform"]
    assert "manylinux_2_28_x86_64" in platforms and "manylinux2014_x86_64" in platforms
    assert "manylinux_2_29_x86_64" not in platforms


def test_the_locks_have_what_linux_needs_and_nothing_of_windows(parts: ModuleType) -> None:
    common = module("common")
    for name, some, none in (
        ("requirements.lock", "pyside6-essentials", ""),
        ("requirements-linux.lock", "pyinstaller", "pefile"),
    ):
        text = (ROOT / "build" / name).read_text(encoding="utf-8")
        names = [pin.name for pin in common.pins_for(common.read_lock(text), parts.TARGET)]
        assert names.count(some) == 1 and none not in names
        assert "http" not in text


def test_a_pre_release_sorts_before_its_release(parts: ModuleType) -> None:
    assert parts.debian_version("1.0.0") == "1.0.0"
    assert parts.debian_version("1.1.0rc1") == "1.1.0~rc1"
    assert parts.debian_version("1.1.0.dev3") == "1.1.0~dev3"


def test_what_the_package_says(parts: ModuleType) -> None:
    text = parts.control("1.0.0", 123, ["libc6 (>= 2.28)", "libx11-6"])
    fields = dict(line.split(": ", 1) for line in text.splitlines() if not line.startswith(" "))
    assert fields["Package"] == "taizhang" and fields["Architecture"] == "amd64"
    assert fields["Depends"] == "libc6 (>= 2.28), libx11-6"
    assert all(line.startswith(" ") for line in text[text.index("Description:") :].splitlines()[1:])
    licence = parts.copyright_file("first\n\nlast\n")
    assert licence.endswith("License: MulanPSL-2.0\n first\n .\n last\n")


def test_the_desktop_entry_offers_itself_and_takes_nothing_over(parts: ModuleType) -> None:
    lines = (LINUX / "taizhang.desktop").read_text(encoding="utf-8").splitlines()
    entry = dict(line.split("=", 1) for line in lines if "=" in line)
    assert entry["Name"].isascii() and entry["Name[zh_CN]"] == "民生实事台账"
    assert entry["Exec"] == "taizhang-desk %F" and entry["Icon"] == "taizhang"
    others = ("libreoffice-calc", "org.onlyoffice.desktopeditors", "wps-office-et", "yozo-office-ss")
    assert all(other < parts.DESKTOP_ENTRY for other in others)
    # Kinds that no other program has would make ours the default; tables have theirs.
    assert entry["MimeType"] == "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet;"


@pytest.mark.skipif(sys.platform == "win32", reason="a shell script")
def test_files_from_the_desktop_are_opened_and_options_passed_on(tmp_path: Path) -> None:
    folder = tmp_path / "有 空格"
    folder.mkdir()
    program = folder / "taizhang"
    program.write_text('#!/bin/sh\nprintf "%s|" "$@"\n')
    program.chmod(0o755)
    desk = folder / "taizhang-desk"
    desk.write_bytes((LINUX / "taizhang-desk").read_bytes())
    desk.chmod(0o755)
    link = tmp_path / "link"
    link.symlink_to(desk)
    package = tmp_path / "上报 包.xlsx"
    package.write_bytes(b"x")

    def said(*words: str) -> str:
        return subprocess.run([link, *words], capture_output=True, text=True, check=True).stdout

    assert said() == "|"
    assert said(str(package)) == f"open|{package}|"
    assert said("--safe") == "--safe|"
    assert said("--workspace", str(tmp_path)) == f"--workspace|{tmp_path}|"


def test_programs_that_we_start_get_their_own_libraries_and_the_input_method_is_found() -> None:
    hook = (LINUX / "hook.py").read_text(encoding="utf-8")
    space: dict = {}
    exec(compile(hook.split("give_back(os.environ)")[0], "hook.py", "exec"), space)

    ours = {"LD_LIBRARY_PATH": "/usr/lib/taizhang/_internal"}
    space["give_back"](ours)
    assert ours == {}
    theirs = {"LD_LIBRARY_PATH": "/usr/lib/taizhang/_internal", "LD_LIBRARY_PATH_ORIG": "/opt/x"}
    space["give_back"](theirs)
    assert theirs == {"LD_LIBRARY_PATH": "/opt/x"}

    def method(**environment: str) -> str | None:
        space["choose_input_method"](environment)
        return environment.get("QT_IM_MODULE")

    assert method(XMODIFIERS="@im=fcitx") == "fcitx"
    assert method(XMODIFIERS="@im=fcitx5", QT_IM_MODULE="xim") == "fcitx"
    assert method(XMODIFIERS="@im=ibus", QT_IM_MODULE="") == "ibus"
    assert method(XMODIFIERS="@im=fcitx", QT_IM_MODULE="ibus") == "ibus"
    assert method(XMODIFIERS="@im=fcitx", QT_IM_MODULES="wayland;fcitx") is None
    assert method() is None


def test_the_mirror_for_security_is_found_among_the_machine_s(monkeypatch: pytest.MonkeyPatch) -> None:
    folder = module("debian_folder")
    listed = "a:/debian/|Debian|bookworm|main\na:/security/|Debian|bookworm-security|main\na:/x|Other|y-security|main\n"
    assert folder.choose_security_mirror(listed) == "a:/security"
    assert folder.choose_security_mirror("a:/debian/|Debian|bookworm|main\n") is None


def test_only_folders_in_the_cache_are_removed(tmp_path: Path) -> None:
    folder, common = module("debian_folder"), module("common")
    with pytest.raises(common.Stop):
        folder.remove(tmp_path)
    assert tmp_path.is_dir()


def test_a_screen_is_read_point_by_point(parts: ModuleType) -> None:
    header = [0] * 25
    header[0], header[1], header[2], header[3], header[4], header[5] = 100 + 4, 7, 2, 24, 2, 1
    header[11], header[12], header[19] = 32, 12, 1
    # A name, one colour of the palette, then a line of two points with four bytes to spare.
    data = struct.pack(">25I", *header) + b"xyz\0" + bytes(12) + bytes([3, 2, 1, 0, 6, 5, 4, 0]) + bytes(4)
    assert parts.read_xwd(data) == parts.Picture(2, 1, bytes([1, 2, 3, 4, 5, 6]))
    with pytest.raises(module("common").Stop):
        parts.read_xwd(struct.pack(">25I", *([100, 6] + [0] * 23)))
