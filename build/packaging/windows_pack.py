"""What is handed out of a frozen program: the installer, the folder for a stick, the bill of materials; signing."""

from __future__ import annotations

import os
import re
import shutil
import sys
import time
import zipfile
from collections.abc import Iterable, Mapping
from pathlib import Path

import common
from common import HERE, ROOT, Stop, say
from windows_tools import CACHE, LIBRARY_PACKAGES, PYTHON_FULL, build_pins, program_pins

# Signing -----------------------------------------------------------------------------------------------------------


def signing_command(environment: Mapping[str, str], source: Path, target: Path) -> list[str] | None:
    """How to sign a file with the certificate that the environment names, or None without one."""
    certificate, key = environment.get("TAIZHANG_SIGN_CERT"), environment.get("TAIZHANG_SIGN_KEY")
    if not certificate and not key:
        return None
    if not certificate or not key:
        raise Stop("to sign, both TAIZHANG_SIGN_CERT and TAIZHANG_SIGN_KEY must be set.")
    command = ["osslsigncode", "sign", "-certs", certificate, "-key", key]
    if environment.get("TAIZHANG_SIGN_PASSFILE"):
        command += ["-readpass", environment["TAIZHANG_SIGN_PASSFILE"]]
    if environment.get("TAIZHANG_SIGN_PKCS11"):
        # Keys of publishers' certificates live on tokens nowadays; the key is then its PKCS#11 address.
        command += ["-pkcs11module", environment["TAIZHANG_SIGN_PKCS11"]]
    if environment.get("TAIZHANG_SIGN_TIMESTAMP"):
        # With a timestamp the signature outlives the certificate.
        command += ["-ts", environment["TAIZHANG_SIGN_TIMESTAMP"]]
    return [*command, "-h", "sha256", "-n", common.NAME, "-in", str(source), "-out", str(target)]


def sign(path: Path) -> bool:
    """Sign a file in its place, where there is a certificate to sign with."""
    signed = path.with_name(path.name + ".signed")
    command = signing_command(os.environ, path, signed)
    if command is None:
        return False
    signed.unlink(missing_ok=True)
    common.run(command)
    signed.replace(path)
    return True


# Bill of materials -------------------------------------------------------------------------------------------------


def wheel_licence(path: Path) -> str:
    """What a wheel says of its licence: the expression, the field, or the classifiers."""
    from email import message_from_string

    with zipfile.ZipFile(path) as archive:
        name = next(name for name in archive.namelist() if re.fullmatch(r"[^/]+\.dist-info/METADATA", name))
        metadata = message_from_string(archive.read(name).decode("utf-8"))
    licence = metadata.get("License-Expression") or metadata.get("License") or ""
    if not licence or "\n" in licence or len(licence) > 80:
        classifiers = [line for line in metadata.get_all("Classifier", []) if line.startswith("License ::")]
        licence = ", ".join(line.rpartition(" :: ")[2] for line in classifiers) or licence.partition("\n")[0]
    return licence.strip()


# Libraries of others inside wheels, which the wheels' own licences do not speak of: how the file's name begins.
CARRIED = {
    "pdfium.dll": ("PDFium", "BSD-3-Clause"),
    "libheif-": ("libheif", "LGPL-3.0-or-later"),
    "libde265-": ("libde265", "LGPL-3.0-or-later"),
    "libgcc_s_": ("GCC runtime", "GPL-3.0-or-later WITH GCC-exception-3.1"),
    "libstdc++-": ("GCC C++ runtime", "GPL-3.0-or-later WITH GCC-exception-3.1"),
    "libwinpthread-": ("winpthreads", "MIT AND BSD-3-Clause"),
}
OF_PYTHON = (
    ("python311.dll", "CPython", "PSF-2.0"),
    ("sqlite3.dll", "SQLite", "blessing"),
    ("libcrypto-3.dll", "OpenSSL", "Apache-2.0"),
    ("libffi-8.dll", "libffi", "MIT"),
)


def top_names(path: Path) -> set[str]:
    """What a wheel's modules and extensions are called at the top."""
    with zipfile.ZipFile(path) as archive:
        tops = {name.partition("/")[0] for name in archive.namelist()}
    return {top.partition(".")[0] for top in tops if not top.endswith((".dist-info", ".data"))}


def bundled_names(modules: Iterable[str], bundle: Path) -> set[str]:
    """The same names of what was frozen: modules in the archive, files in the folder."""
    names = {module.partition(".")[0] for module in modules}
    return names | {path.name.partition(".")[0] for path in (bundle / "_internal").iterdir()}


def bundled_parts(wheels_folder: Path, bundle: Path, modules: Iterable[str]) -> list[common.Part]:
    """What the frozen program consists of besides our own code."""
    parts = []
    inside = bundled_names(modules, bundle)
    files = sorted(wheels_folder.glob("program/*.whl"))
    for pin in program_pins():
        normal = re.sub(r"[-_.]+", "_", pin.name.lower())
        found = [path for path in files if path.name.lower().startswith(normal + "-")]
        if len(found) != 1:
            raise Stop(f"there is to be one wheel of {pin.name}, but there are {len(found)}.")
        path = found[0]
        if top_names(path) & inside:
            parts.append(common.python_part(pin, wheel_licence(path), common.sha256(path)))
    where = "of python.org's build, out of panda3d's wheel"
    for name, component, licence in OF_PYTHON:
        file = bundle / "_internal" / name
        version = PYTHON_FULL if component == "CPython" else file_version(file)
        parts.append(named_file(component, version, licence, file, f"{name} {where}"))
    for package in sorted((CACHE / "library").glob("*.deb")):
        name, version = package.name.split("_")[:2]
        version = version.replace("%3a", ":")
        purl = f"pkg:deb/debian/{name}@{version}?arch=amd64"
        digest = common.sha256(package)
        parts.append(common.Part(name, version, "library", purl, "PSF-2.0", digest, "Python's own modules"))
    for file in common.files_below(bundle):
        for start, (component, licence) in CARRIED.items():
            if file.name.startswith(start):
                parts.append(named_file(component, file_version(file), licence, file, file.name))
    runtime = next(file for file in common.files_below(bundle) if file.name.lower() == "msvcp140.dll")
    licence = "Microsoft Visual C++ redistributable"
    name = "Microsoft Visual C++ runtime"
    parts.append(named_file(name, file_version(runtime), licence, runtime, "out of shiboken6's wheel"))
    bootloader = next(pin for pin in build_pins() if pin.name == "pyinstaller")
    licence = "GPL-2.0-or-later WITH Bootloader-exception"
    parts.append(common.python_part(bootloader, licence)._replace(description="the executables' first part"))
    return parts


NOTICE = """\
本程序使用了下列组件，各组件的许可文本在同名文件夹里。
Qt（PySide6、shiboken6）、libheif、libde265 按 LGPL 第 3 版使用；文本在 common 文件夹里。
"""


def gather_licences(wheels_folder: Path, debian: Path, target: Path) -> None:
    """The licences' texts, which nearly every licence wants handed on with the program."""
    names = []
    for path in sorted(wheels_folder.glob("program/*.whl")):
        with zipfile.ZipFile(path) as archive:
            for name in archive.namelist():
                folder, _, rest = name.partition(".dist-info/")
                if (
                    rest
                    and not rest.endswith("/")
                    and re.search(r"licen|copying|notice|authors", rest, re.IGNORECASE)
                ):
                    place = target / folder / rest.removeprefix("licenses/")
                    place.parent.mkdir(parents=True, exist_ok=True)
                    place.write_bytes(archive.read(name))
                    names.append(folder)
    for name in ("GPL-2", "GPL-3", "LGPL-3"):
        place = target / "common" / f"{name}.txt"
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(debian / "usr" / "share" / "common-licenses" / name, place)
    shutil.copyfile(
        CACHE / "library.unpacked" / "usr" / "share" / "doc" / LIBRARY_PACKAGES[0] / "copyright",
        target / "common" / "Python.txt",
    )
    listed = NOTICE + "".join(f"\n{name}" for name in sorted(set(names))) + "\n"
    (target / "README.txt").write_text("\ufeff" + listed, encoding="utf-8", newline="\r\n")


def named_file(name: str, version: str, licence: str, file: Path, description: str) -> common.Part:
    """A part that is one file and is registered nowhere."""
    return common.Part(
        name, version or "unknown", licence=licence, sha256=common.sha256(file), description=description
    )


def file_version(path: Path) -> str:
    import pefile

    with pefile.PE(str(path), fast_load=True) as image:
        image.parse_data_directories([pefile.DIRECTORY_ENTRY["IMAGE_DIRECTORY_ENTRY_RESOURCE"]])
        found = getattr(image, "VS_FIXEDFILEINFO", None)
        if not found:
            return ""
        high, low = found[0].FileVersionMS, found[0].FileVersionLS
        return f"{high >> 16}.{high & 0xFFFF}.{low >> 16}"


# The installer -----------------------------------------------------------------------------------------------------


def version_numbers(version: str) -> tuple[int, int, int, int]:
    """`1.2.3` as Windows wants it: four numbers."""
    parts = [int(part) for part in re.findall(r"\d+", version)[:4]]
    first, second, third, fourth = [*parts, 0, 0, 0, 0][:4]
    return first, second, third, fourth


def nsis_plan(files: Iterable[str], source: str, values: Mapping[str, str]) -> str:
    """What windows.nsi includes: names, and each file by itself, in an order that does not depend on the disk."""
    lines = [f'!define {name} "{text}"' for name, text in values.items()]
    places = sorted(files)
    folders = sorted({place.rpartition("/")[0] for place in places})
    lines.append("!macro InstallFiles")
    for folder in folders:
        windows_folder = folder.replace("/", "\\")
        lines.append(f'  SetOutPath "$INSTDIR{chr(92) + windows_folder if folder else ""}"')
        lines += [f'  File "{source}/{place}"' for place in places if place.rpartition("/")[0] == folder]
    lines.append("!macroend")
    lines.append("!macro DeleteFiles")
    windows_places = [place.replace("/", "\\") for place in places]
    lines += [f'  Delete "$INSTDIR\\{place}"' for place in windows_places]
    every = {
        "/".join(folder.split("/")[: depth + 1])
        for folder in folders
        if folder
        for depth in range(folder.count("/") + 1)
    }
    deepest_first = sorted(every, key=lambda folder: (-folder.count("/"), folder))
    lines += ['  RMDir "$INSTDIR\\{}"'.format(folder.replace("/", "\\")) for folder in deepest_first]
    lines.append("!macroend")
    return "\ufeff" + "\n".join(lines) + "\n"


def mutex() -> str:
    found = re.search(r'^MUTEX = "(\w+)"', (HERE / "launch.py").read_text("utf-8"), re.MULTILINE)
    if not found:
        raise Stop("launch.py names no mutex.")
    return found.group(1)


def installer_name() -> str:
    return f"taizhang-{common.version()}-windows-x64-setup.exe"


def portable_name() -> str:
    return f"taizhang-{common.version()}-windows-x64-portable.zip"


def make_banner(icon: Path, target: Path) -> None:
    """The tall picture beside the installer's first and last page; twice its size, for screens of today."""
    from PIL import Image

    banner = Image.new("RGB", (328, 628), "#123A66")
    with Image.open(icon) as picture:
        mark = picture.convert("RGBA").resize((128, 128), Image.Resampling.LANCZOS)
    banner.paste(mark, (100, 96), mark)
    banner.save(target, "BMP")


def make_installer(bundle: Path, work: Path, target: Path, when: int) -> None:
    folder = work / "installer"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    shutil.copyfile(work / "assets" / "taizhang.ico", folder / "taizhang.ico")
    make_banner(folder / "taizhang.ico", folder / "banner.bmp")
    shutil.copyfile(HERE / "windows.nsi", folder / "windows.nsi")
    licence = (ROOT / "LICENSE").read_text("utf-8").lstrip("\ufeff")
    (folder / "licence.txt").write_text("\ufeff" + licence, encoding="utf-8", newline="\r\n")
    files = [path.relative_to(bundle).as_posix() for path in common.files_below(bundle)]
    version = common.version()
    values = {
        "PRODUCT": common.NAME,
        "VERSION": version,
        "NUMBERS": ".".join(map(str, version_numbers(version))),
        "MUTEX": mutex(),
        "ICON": "taizhang.ico",
        "BANNER": "banner.bmp",
        "LICENCE": "licence.txt",
        "INSTALLER": installer_name(),
        "KILOBYTES": str(sum(path.stat().st_size for path in common.files_below(bundle)) // 1024),
    }
    if signing_command(os.environ, bundle, bundle) is not None:
        # makensis calls this with the uninstaller, which is written into the installer already signed.
        values["SIGN"] = f'$\\"{sys.executable}$\\" $\\"{HERE / "windows.py"}$\\" --sign $\\"%1$\\"'
    (folder / "plan.nsh").write_text(nsis_plan(files, str(bundle), values), encoding="utf-8")
    common.set_times(folder, when)
    env = {**os.environ, "SOURCE_DATE_EPOCH": str(when), "LC_ALL": "C.UTF-8"}
    say("packing the installer with NSIS")
    command = ["makensis", "-V3", "-INPUTCHARSET", "UTF8", "windows.nsi"]
    common.run(command, cwd=folder, env=env, log=work / "log" / "makensis.log", timeout=900)
    sign(folder / installer_name())
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(folder / installer_name(), target)


PORTABLE_NOTE = """\
有了这个文件，程序就是便携版：各单位的数据和程序的设置都放在旁边的“数据”文件夹里，不写到电脑上。
删掉这个文件，程序就和装在电脑上的一样。
"""


def make_portable(bundle: Path, target: Path, when: int) -> None:
    """The same folder to unpack onto a stick, with the file that tells the program to keep everything beside it."""
    top = f"民生实事台账-{common.version()}"
    moment = time.gmtime(when)[:6]
    entries = [
        (path.relative_to(bundle).as_posix(), path.read_bytes()) for path in common.files_below(bundle)
    ]
    entries.append(("portable.txt", ("\ufeff" + PORTABLE_NOTE).replace("\n", "\r\n").encode()))
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name, content in sorted(entries):
            entry = zipfile.ZipInfo(f"{top}/{name}", moment)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 0
            archive.writestr(entry, content)
