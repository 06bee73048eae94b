"""What the Debian package says and what it may need, as plain data and functions: nothing here starts anything."""

from __future__ import annotations

import re
import struct
from collections.abc import Iterable, Mapping
from email.utils import formatdate
from typing import NamedTuple

import common
from common import Stop

PACKAGE = "taizhang"
ARCHITECTURE = "amd64"
HOME = "usr/lib/taizhang"
"""Where the program is installed.  People's data is never there."""
DESKTOP_ENTRY = f"zz-{PACKAGE}.desktop"
"""Where nobody has chosen, a desktop opens a table with the first program by this name: that must not be ours."""
MAINTAINER = "民生实事台账 maintainers <maintainers@taizhang.invalid>"

PYTHON = "3.11"
GLIBC = (2, 28)
GLIBCXX = (3, 4, 25)
"""Of UOS 20, the oldest desktop that counts; Kylin V10 has 2.31 and 3.4.28.  The audit stops at what is newer."""
CXXABI = (1, 3, 11)

TARGET = {
    "implementation_name": "cpython",
    "implementation_version": f"{PYTHON}.0",
    "os_name": "posix",
    "platform_machine": "x86_64",
    "platform_python_implementation": "CPython",
    "platform_release": "4.19.0",
    "platform_system": "Linux",
    "platform_version": "#1 SMP",
    "python_full_version": f"{PYTHON}.0",
    "python_version": PYTHON,
    "sys_platform": "linux",
    "extra": "",
}


def pip_target() -> list[str]:
    """pip's words for wheels that run on the target: every platform tag up to its glibc."""
    tags = ["manylinux1", "manylinux2010", "manylinux2014"]
    tags += [f"manylinux_2_{minor}" for minor in range(5, GLIBC[1] + 1)]
    words = ["--only-binary=:all:", "--python-version", PYTHON, "--implementation", "cp"]
    for tag in tags:
        words += ["--platform", f"{tag}_x86_64"]
    return words


# What the bundle may take from the system ---------------------------------------------------------------------------

# The system's own libraries by the package they are in: those that belong to its kernel, its graphics drivers, its
# fonts, its message bus, its printers.  A copy of ours would be at odds with the rest of it.  Everything else is
# bundled, so that a program on a stick finds it too.  {glibc} and {gcc} are filled in with what was measured.
SYSTEM = {
    **dict.fromkeys(
        (
            "libc.so.6",
            "libm.so.6",
            "libdl.so.2",
            "libpthread.so.0",
            "librt.so.1",
            "libutil.so.1",
            "libresolv.so.2",
            "libmvec.so.1",
        ),
        "libc6 (>= {glibc})",
    ),
    "ld-linux-x86-64.so.2": "libc6 (>= {glibc})",
    "libstdc++.so.6": "libstdc++6 (>= {gcc})",
    "libgcc_s.so.1": "libgcc-s1 | libgcc1",
    "libGL.so.1": "libgl1",
    "libEGL.so.1": "libegl1",
    "libX11.so.6": "libx11-6",
    "libX11-xcb.so.1": "libx11-xcb1",
    "libxcb.so.1": "libxcb1",
    "libfontconfig.so.1": "libfontconfig1",
    "libfreetype.so.6": "libfreetype6",
    "libglib-2.0.so.0": "libglib2.0-0",
    "libgthread-2.0.so.0": "libglib2.0-0",
    "libdbus-1.so.3": "libdbus-1-3",
    "libwayland-client.so.0": "libwayland-client0",
    "libwayland-cursor.so.0": "libwayland-cursor0",
}
# Asked for only when somebody prints; Qt goes on without it.
OPTIONAL = {"libcups.so.2": "libcups2"}
# GCC's release by the last version of the C++ library it defined.
GCC = {22: "6", 23: "7", 24: "7", 25: "8"}
SHIM = "libtaizhang-cxx.so.6"

RECOMMENDS = ["libcups2", "fonts-noto-cjk | fonts-wqy-zenhei | fonts-wqy-microhei", "xdg-utils"]


class Library(NamedTuple):
    """What one ELF file asks for."""

    needed: tuple[str, ...]
    versions: tuple[tuple[str, str], ...]
    """Pairs of library and version name."""


def read_objdump(text: str) -> Library:
    """What `objdump -p` says of a file."""
    needed = tuple(re.findall(r"^\s+NEEDED\s+(\S+)$", text, re.MULTILINE))
    versions = []
    _, _, references = text.partition("Version References:")
    library = ""
    for line in references.splitlines():
        if found := re.match(r"\s+required from (\S+):", line):
            library = found.group(1)
        elif found := re.match(r"\s+0x\S+ 0x\S+ \d+ (\S+)$", line):
            versions.append((library, found.group(1)))
    return Library(needed, tuple(versions))


def newest(libraries: Iterable[Library], family: str) -> tuple[int, ...]:
    """The newest version of a family (GLIBC, GLIBCXX) that any of them asks of the system."""
    found = [(0,)]
    for library in libraries:
        for source, name in library.versions:
            if source != SHIM and (match := re.fullmatch(rf"{family}_([0-9.]+)", name)):
                found.append(tuple(int(part) for part in match.group(1).split(".")))
    return max(found)


def audit(libraries: Mapping[str, Library]) -> list[str]:
    """What would keep the bundle from running on the oldest desktop: sentences, none if all is well."""
    bundled = {path.rsplit("/", 1)[-1] for path in libraries}
    faults = []
    for path, library in sorted(libraries.items()):
        for name in library.needed:
            if name not in bundled and name not in SYSTEM and name not in OPTIONAL:
                faults.append(f"{path} needs {name}, which is neither bundled nor a package we depend on")
        for family, limit in (("GLIBC", GLIBC), ("GLIBCXX", GLIBCXX), ("CXXABI", CXXABI)):
            asked = newest([library], family)
            if asked > limit:
                faults.append(f"{path} needs {family}_{dotted(asked)}, newer than {dotted(limit)}")
    faults += [f"{name} is the system's and must not be bundled" for name in sorted(bundled & set(SYSTEM))]
    return faults


def superfluous(libraries: Mapping[str, Library]) -> set[str]:
    """Libraries that only others of the system's libraries asked for, which are not bundled.

    Python's own and the plugins are loaded by name; what lies directly in _internal is there for others only.
    """
    for_others = {path for path in libraries if re.fullmatch(r"_internal/lib(?!python)[^/]+", path)}
    kept = {path: library for path, library in libraries.items() if path not in for_others}
    while True:
        asked = {name for library in kept.values() for name in library.needed}
        more = {path for path in for_others - kept.keys() if path.rsplit("/", 1)[-1] in asked}
        if not more:
            return for_others - kept.keys()
        kept.update({path: libraries[path] for path in more})


def dotted(numbers: Iterable[int]) -> str:
    return ".".join(str(number) for number in numbers)


def depends(libraries: Mapping[str, Library]) -> list[str]:
    """The packages to depend on, by what was measured."""
    glibc = dotted(newest(libraries.values(), "GLIBC"))
    gcc = GCC.get(newest(libraries.values(), "GLIBCXX")[-1], "5")
    asked = {name for library in libraries.values() for name in library.needed}
    return sorted({SYSTEM[name].format(glibc=glibc, gcc=gcc) for name in asked if name in SYSTEM})


# What the package says ----------------------------------------------------------------------------------------------


def debian_version(version: str) -> str:
    """A pre-release sorts before its release: 1.1.0rc1 becomes 1.1.0~rc1."""
    return re.sub(r"(?<=\d)[._-]?(a|b|rc|dev)", r"~\1", version)


DESCRIPTION = """\
Description: signed monthly ledgers of a city's livelihood tasks
 Towns record their monthly figures, evidence and problems offline and send
 them up as signed Excel packages; counties and the city verify, merge and
 return them, and see the progress of every task.
 .
 Everything the program needs is inside, Python and Qt included. It makes no
 network connections.
 .
 民生实事台账：乡镇离线登记，签名上报；县和市核对、汇总、退回，随时看到
 每件实事的进度。数据只保存在本机，程序不联网。
"""


def control(version: str, installed_kib: int, needs: Iterable[str]) -> str:
    return (
        f"Package: {PACKAGE}\n"
        f"Version: {debian_version(version)}\n"
        f"Architecture: {ARCHITECTURE}\n"
        f"Maintainer: {MAINTAINER}\n"
        f"Installed-Size: {installed_kib}\n"
        f"Depends: {', '.join(needs)}\n"
        f"Recommends: {', '.join(RECOMMENDS)}\n"
        "Section: misc\n"
        "Priority: optional\n"
        f"{DESCRIPTION}"
    )


def changelog(version: str, when: int) -> str:
    return (
        f"{PACKAGE} ({debian_version(version)}) stable; urgency=medium\n\n"
        "  * What changed stands in /usr/lib/taizhang/CHANGELOG.md.\n\n"
        f" -- {MAINTAINER}  {formatdate(when)}\n"
    )


COPYRIGHT = """\
Upstream-Name: taizhang
Comment: The licences of everything bundled (Python, Qt, libraries) stand below /usr/lib/taizhang/licences, each in
 the words of its authors; the bill of materials beside the package names them all. Qt and the input plugin for fcitx
 are used under the LGPL: they are separate files, and others may be put in their place.

Files: *
Copyright: 2026 the authors of 民生实事台账
License: MulanPSL-2.0
"""


def copyright_file(licence: str) -> str:
    """Plain text, as Debian allows; the licence follows, every line moved in by a blank."""
    return COPYRIGHT + "".join(f" {line or '.'}\n" for line in licence.strip().splitlines())


LINTIAN_OVERRIDES = """\
# Built for desktops of several makers and years: what it needs beyond the system is inside.
taizhang: embedded-library
taizhang: custom-library-search-path
taizhang: unstripped-binary-or-object
taizhang: shared-library-lacks-prerequisites
taizhang: shared-library-is-executable
taizhang: hardening-no-fortify-functions
taizhang: hardening-no-bindnow
taizhang: hardening-no-relro
taizhang: library-not-linked-against-libc
taizhang: binary-has-unneeded-section
taizhang: no-manual-page
taizhang: hardening-no-pie
taizhang: extended-description-line-too-long
taizhang: initial-upload-closes-no-bugs
"""

PORTABLE = """\
民生实事台账（便携方式）

程序旁边有这个文件 portable.txt，程序就把数据、设置和日志都放在旁边的“数据”文件夹里，
不写到电脑上。拔下 U 盘，电脑上什么都不留。删掉这个文件，程序就改用电脑上的“文档”文件夹。

怎么用：
1. 把整个文件夹拷到 U 盘上（数据也会在 U 盘上，请给 U 盘加密并妥善保管）。
2. 打开文件夹，运行 taizhang-desk；如果双击没有反应，在文件夹空白处右键“在终端中打开”，
   输入 ./taizhang-desk 回车。提示权限不够时输入 sh taizhang-desk。
3. 用完先退出程序，再安全弹出 U 盘。

升级：先退出程序，用新版本的文件夹里的东西覆盖旧的，“数据”文件夹保持不动。
备份：定期用程序里的“备份”，或者把整个“数据”文件夹拷到另一处。
"""


# Pictures of a screen -----------------------------------------------------------------------------------------------


class Picture(NamedTuple):
    width: int
    height: int
    rgb: bytes


def read_xwd(data: bytes) -> Picture:
    """The screen as Xvfb keeps it in a file (-fbdir): X's own dump format, 32 bits for each point."""
    header = struct.unpack(">25I", data[:100])
    size, version, form, depth, width, height = header[:6]
    bits, line, colours = header[11], header[12], header[19]
    if version != 7 or form != 2 or depth != 24 or bits != 32 or header[7] != 0:
        raise Stop("the picture of the screen is of a kind that was not expected.")
    start = size + 12 * colours
    rows = bytearray()
    for row in range(height):
        points = data[start + row * line : start + row * line + 4 * width]
        rgb = bytearray(3 * width)
        rgb[0::3], rgb[1::3], rgb[2::3] = points[2::4], points[1::4], points[0::4]
        rows += rgb
    return Picture(width, height, bytes(rows))


# Bill of materials --------------------------------------------------------------------------------------------------


def debian_part(package: str, version: str, description: str = "", kind: str = "library") -> common.Part:
    purl = f"pkg:deb/debian/{package}@{version}?arch={ARCHITECTURE}"
    return common.Part(package, version, kind=kind, purl=purl.replace("+", "%2B"), description=description)
