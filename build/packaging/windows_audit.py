"""Looking a frozen program over for what Windows would miss and Wine does not."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import NamedTuple

import common
from common import Stop

# Libraries that every Windows 10 and 11 has.  Microsoft's C++ libraries are not among them.
SYSTEM_LIBRARIES = frozenset(
    f"{name}.dll"
    for name in [
        "advapi32",
        "authz",
        "bcrypt",
        "bcryptprimitives",
        "cfgmgr32",
        "comctl32",
        "comdlg32",
        "crypt32",
        "d2d1",
        "d3d11",
        "d3d12",
        "d3d9",
        "dbghelp",
        "dnsapi",
        "dwmapi",
        "dwrite",
        "dxgi",
        "gdi32",
        "gdiplus",
        "imm32",
        "iphlpapi",
        "kernel32",
        "mpr",
        "msimg32",
        "msvcrt",
        "ncrypt",
        "netapi32",
        "ntdll",
        "ole32",
        "oleaut32",
        "powrprof",
        "propsys",
        "psapi",
        "rpcrt4",
        "secur32",
        "setupapi",
        "shcore",
        "shell32",
        "shlwapi",
        "ucrtbase",
        "uiautomationcore",
        "user32",
        "userenv",
        "uxtheme",
        "version",
        "winhttp",
        "winmm",
        "ws2_32",
        "wtsapi32",
    ]
) | {"winspool.drv"}
WINE_MARKS = (b"Wine builtin DLL", b"Wine placeholder DLL")
AMD64 = 0x8664
# Where a library is looked for besides its own folder: PyInstaller's start-up and PySide6 add these.
SEARCHED = ("_internal", "_internal/PySide6", "_internal/shiboken6")


class Image(NamedTuple):
    """What the audit wants to know of one executable or library; places are below the bundle, with slashes."""

    place: str
    machine: int
    imports: Mapping[str, frozenset[str]]
    exports: frozenset[str]


def is_system_library(name: str) -> bool:
    name = name.lower()
    return name in SYSTEM_LIBRARIES or name.startswith(("api-ms-win-", "ext-ms-win-"))


def audit_images(images: Iterable[Image]) -> list[str]:
    """What is wrong with these; Wine finds libraries that Windows does not, so running there proves little."""
    images = list(images)
    by_folder: dict[str, dict[str, Image]] = {}
    for image in images:
        folder, _, name = image.place.rpartition("/")
        by_folder.setdefault(folder, {})[name.lower()] = image
    faults = []
    for image in images:
        if image.machine != AMD64:
            faults.append(f"{image.place}: made for another machine ({image.machine:#x})")
        own = image.place.rpartition("/")[0]
        for library, names in sorted(image.imports.items()):
            found = next(
                (
                    by_folder[folder][library.lower()]
                    for folder in (own, *SEARCHED)
                    if library.lower() in by_folder.get(folder, {})
                ),
                None,
            )
            if found is None:
                if not is_system_library(library):
                    faults.append(f"{image.place}: nobody brings {library}")
            elif names - found.exports:
                faults.append(
                    f"{image.place}: {found.place} has no {', '.join(sorted(names - found.exports)[:3])}"
                )
    return faults


def read_image(bundle: Path, path: Path) -> Image:
    import pefile

    # Qt's libraries export more than pefile reads of itself.
    image = pefile.PE(str(path), fast_load=True, max_symbol_exports=0x10000)
    image.parse_data_directories(
        [
            pefile.DIRECTORY_ENTRY[f"IMAGE_DIRECTORY_ENTRY_{name}"]
            for name in ("IMPORT", "DELAY_IMPORT", "EXPORT")
        ]
    )
    imports: dict[str, frozenset[str]] = {}
    for kind in ("DIRECTORY_ENTRY_IMPORT", "DIRECTORY_ENTRY_DELAY_IMPORT"):
        for entry in getattr(image, kind, []):
            names = frozenset(symbol.name.decode() for symbol in entry.imports if symbol.name)
            library = entry.dll.decode()
            imports[library] = imports.get(library, frozenset()) | names
    table = getattr(image, "DIRECTORY_ENTRY_EXPORT", None)
    exports = (
        frozenset(symbol.name.decode() for symbol in table.symbols if symbol.name) if table else frozenset()
    )
    machine = image.FILE_HEADER.Machine
    image.close()
    return Image(path.relative_to(bundle).as_posix(), machine, imports, exports)


def audit(bundle: Path) -> int:
    """Stop where a library is missing or is Wine's own; returns how many were looked at."""
    faults = []
    images = []
    for path in common.files_below(bundle):
        content = path.read_bytes()
        if any(mark in content for mark in WINE_MARKS):
            faults.append(f"{path.relative_to(bundle).as_posix()}: Wine's own library")
        elif content[:2] == b"MZ":
            images.append(read_image(bundle, path))
    faults += audit_images(images)
    if faults:
        raise Stop("the bundle would not run on Windows:\n        " + "\n        ".join(faults))
    return len(images)


def missing_modules(warnings: str, package: str = "desktop_app") -> list[str]:
    """Of what PyInstaller did not find or was told to leave out, the modules that our own code cannot do without."""
    found = []
    for line in warnings.splitlines():
        match = re.match(r"(?:missing|excluded) module named '?([\w.]+)'? - imported by (.*)", line)
        if not match:
            continue
        for importer, how in re.findall(r"([\w.]+) \(([^)]*)\)", match.group(2)):
            needed = "optional" not in how and "conditional" not in how
            if needed and importer.split(".")[0] == package:
                found.append(match.group(1))
                break
    return found
