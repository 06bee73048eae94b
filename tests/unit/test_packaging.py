"""What building the Windows installer decides, without Wine: the audit, names and versions, lists, the mirror."""

from __future__ import annotations

import importlib
import re
import sys
import zipfile
from pathlib import Path
from types import ModuleType

import pytest

if sys.platform == "win32":
    pytest.skip("installers are built on Debian", allow_module_level=True)

ROOT = Path(__file__).resolve().parents[2]
PACKAGING = ROOT / "build" / "packaging"


def module(name: str) -> ModuleType:
    """A module of build/packaging, which is no package: there would then be two called packaging."""
    sys.path.insert(0, str(PACKAGING))
    try:
        return importlib.import_module(name)
    finally:
        sys.path.remove(str(PACKAGING))


common = module("common")
audit = module("windows_audit")
pack = module("windows_pack")
tools = module("windows_tools")
windows = module("windows")


def image(place: str, imports: dict[str, set[str]] | None = None, exports: str = "", machine: int = 0x8664):
    frozen = {library: frozenset(names) for library, names in (imports or {}).items()}
    return audit.Image(place, machine, frozen, frozenset(exports.split()))


class TestAudit:
    def test_a_bundle_that_brings_everything(self):
        images = [
            image(
                "taizhang.exe", {"KERNEL32.dll": {"CreateFileW"}, "api-ms-win-crt-heap-l1-1-0.dll": {"free"}}
            ),
            image("_internal/PySide6/QtCore.pyd", {"Qt6Core.dll": {"run"}, "python3.dll": {"Py_Main"}}),
            image("_internal/PySide6/Qt6Core.dll", {"MSVCP140.dll": {"cout"}}, "run stop"),
            image("_internal/python3.dll", {"python311.dll": set()}, "Py_Main"),
            image("_internal/python311.dll", exports="Py_Main"),
            image("_internal/msvcp140.dll", exports="cout"),
        ]
        assert audit.audit_images(images) == []

    def test_a_library_that_nobody_brings(self):
        faults = audit.audit_images([image("_internal/PySide6/Qt6Gui.dll", {"MSVCP140_1.dll": {"x"}})])
        assert faults == ["_internal/PySide6/Qt6Gui.dll: nobody brings MSVCP140_1.dll"]

    def test_a_library_in_a_folder_where_windows_does_not_look(self):
        images = [image("_internal/a.pyd", {"b.dll": {"x"}}), image("_internal/other/b.dll", exports="x")]
        assert audit.audit_images(images) == ["_internal/a.pyd: nobody brings b.dll"]

    def test_a_library_of_another_version(self):
        images = [
            image("_internal/a.pyd", {"B.dll": {"new", "old"}}),
            image("_internal/b.dll", exports="old"),
        ]
        assert audit.audit_images(images) == ["_internal/a.pyd: _internal/b.dll has no new"]

    def test_another_machine(self):
        assert audit.audit_images([image("a.exe", machine=0x14C)]) == [
            "a.exe: made for another machine (0x14c)"
        ]

    def test_microsofts_c_plus_plus_libraries_are_not_part_of_windows(self):
        for name in ("MSVCP140.dll", "vcruntime140.dll", "concrt140.dll", "python311.dll"):
            assert not audit.is_system_library(name)
        for name in ("KERNEL32.DLL", "winspool.drv", "api-ms-win-core-path-l1-1-0.dll", "ucrtbase.dll"):
            assert audit.is_system_library(name)

    @pytest.mark.parametrize("mark", audit.WINE_MARKS)
    def test_wines_own_libraries_are_turned_away(self, tmp_path: Path, mark: bytes):
        (tmp_path / "ucrtbase.dll").write_bytes(b"MZ" + bytes(62) + mark)
        with pytest.raises(common.Stop, match=r"ucrtbase\.dll: Wine's own library"):
            audit.audit(tmp_path)

    def test_modules_that_our_own_code_needs(self):
        warnings = """
missing module named pwd - imported by posixpath (delayed, conditional), desktop_app.core.x (optional)
missing module named 'lost.part' - imported by other (optional), desktop_app.core.store (top-level)
excluded module named numpy - imported by PIL.Image (optional)
excluded module named unittest - imported by desktop_app.ui (delayed)
"""
        assert audit.missing_modules(warnings) == ["lost.part", "unittest"]


class TestVersions:
    @pytest.mark.parametrize(
        ("version", "numbers"),
        [("1.0.0", (1, 0, 0, 0)), ("2.13", (2, 13, 0, 0)), ("1.2.3rc4", (1, 2, 3, 4))],
    )
    def test_windows_wants_four_numbers(self, version: str, numbers: tuple[int, ...]):
        assert pack.version_numbers(version) == numbers

    def test_version_resource_is_what_pyinstaller_reads(self):
        heard: dict[str, object] = {}

        def noted(name: str):
            def call(*arguments: object, **names: object) -> tuple[object, ...]:
                heard.setdefault(name, names or arguments)
                return (name, *arguments)

            return call

        names = (
            "VSVersionInfo",
            "FixedFileInfo",
            "StringFileInfo",
            "StringTable",
            "VarFileInfo",
            "VarStruct",
        )
        strings: dict[str, str] = {}
        scope = {name: noted(name) for name in names}
        scope["StringStruct"] = lambda name, text: strings.update({name: text})
        text = windows.version_resource("1.2.3", "taizhang.exe", "民生实事台账（命令行）")
        eval(text, {"__builtins__": {}}, scope)
        assert strings["ProductVersion"] == strings["FileVersion"] == "1.2.3"
        assert strings["OriginalFilename"] == "taizhang.exe"
        assert strings["FileDescription"] == "民生实事台账（命令行）"
        assert heard["FixedFileInfo"]["filevers"] == (1, 2, 3, 0)  # type: ignore[index,call-overload]

    def test_the_products_carry_the_programs_version(self):
        import desktop_app

        assert common.version() == desktop_app.__version__
        assert pack.installer_name() == f"taizhang-{desktop_app.__version__}-windows-x64-setup.exe"

    def test_the_time_is_given_or_the_last_commits(self, monkeypatch: pytest.MonkeyPatch):
        monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
        assert common.source_date_epoch() == 1700000000


class TestLocks:
    TEXT = (
        "colour==1.0 ; sys_platform == 'win32' \\\n    --hash=sha256:" + "a" * 64 + "\n    # via click\n"
        "qt==6.9 ; python_full_version < '3.14' \\\n    --hash=sha256:" + "b" * 64
        + " \\\n    --hash=sha256:" + "c" * 64
        + "\nqt==6.12 ; python_full_version >= '3.14' \\\n    --hash=sha256:" + "d" * 64
        + "\nfork==2 ; sys_platform != 'win32' \\\n    --hash=sha256:" + "e" * 64 + "\n"
    )  # fmt: skip

    def test_markers_are_asked_of_windows_and_not_of_this_machine(self):
        pins = common.pins_for(common.read_lock(self.TEXT), tools.TARGET)
        assert [(pin.name, pin.version, len(pin.hashes)) for pin in pins] == [
            ("colour", "1.0", 1),
            ("qt", "6.9", 2),
        ]
        text = common.requirements(pins)
        assert text.startswith("colour==1.0 \\\n    --hash=sha256:aaa")
        assert ";" not in text and list(common.read_lock(text)) == pins

    def test_the_locks_hold_what_the_windows_build_takes(self):
        names = {pin.name for pin in tools.program_pins()}
        assert {"pyside6-essentials", "shiboken6", "sqlite-utils", "openpyxl"} <= names and "pip" not in names
        assert {"panda3d", "pyinstaller", "pefile", "pywin32-ctypes"} <= {
            pin.name for pin in tools.build_pins()
        }
        assert all(pin.hashes for pin in [*tools.program_pins(), *tools.build_pins()])

    def test_the_windows_lock_says_nothing_of_where_it_came_from(self):
        text = tools.WINDOWS_LOCK.read_text(encoding="utf-8")
        for trace in ("http", "://", "--index", "--find-links", " @ ", "file:"):
            assert trace not in text, trace


class TestMirror:
    def test_it_is_the_one_that_debian_itself_is_taken_from(self):
        listed = """\
http://packages.example/apt|Example|bookworm|main
http://mirror.example/debian-security/|Debian|bookworm-security|main
http://mirror.example/debian/|Debian|bookworm-updates|main
http://mirror.example/debian/|Debian|bookworm|contrib
http://mirror.example/debian/|Debian|bookworm|main
"""
        assert common.choose_mirror(listed) == "http://mirror.example/debian"

    def test_a_machine_without_debian_has_none(self, monkeypatch: pytest.MonkeyPatch):
        assert common.choose_mirror("http://mirror.example/ubuntu/|Ubuntu|noble|main\n") is None
        assert common.choose_mirror("") is None
        monkeypatch.setenv("TAIZHANG_DEBIAN_MIRROR", "http://mirror.example/d/")
        assert common.debian_mirror() == "http://mirror.example/d"


class TestBillOfMaterials:
    PARTS = (
        common.Part("Zlib", "1.3", licence="Zlib"),
        common.python_part(common.Pin("click", "8.5.1", "", ()), "BSD-3-Clause", "ab" * 32),
    )

    def test_document(self):
        document = common.bill_of_materials("taizhang", "1.0.0", 1700000000, self.PARTS)
        assert document["bomFormat"] == "CycloneDX" and document["specVersion"] == "1.6"
        assert document["metadata"]["timestamp"] == "2023-11-14T22:13:20Z"
        click, zlib = document["components"]
        assert click["purl"] == click["bom-ref"] == "pkg:pypi/click@8.5.1"
        assert click["hashes"] == [{"alg": "SHA-256", "content": "ab" * 32}]
        assert zlib["licenses"] == [{"license": {"name": "Zlib"}}]
        references = [component["bom-ref"] for component in document["components"]]
        assert document["dependencies"] == [{"ref": "taizhang@1.0.0", "dependsOn": references}]
        assert re.fullmatch(r"urn:uuid:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", document["serialNumber"])

    def test_the_same_parts_give_the_same_document(self):
        one, other = (
            common.bill_of_materials("taizhang", "1.0.0", 1, parts)
            for parts in (self.PARTS, self.PARTS[::-1])
        )
        assert one == other
        changed = common.bill_of_materials("taizhang", "1.0.1", 1, self.PARTS)
        assert changed["serialNumber"] != one["serialNumber"]


class TestInstaller:
    FILES = ("taizhang.exe", "_internal/b.dll", "_internal/docs/manual/a.md", "_internal/a.dll")

    def plan(self) -> str:
        return pack.nsis_plan(self.FILES, "/bundle", {"VERSION": "1.0.0"})

    def test_files_stand_in_a_fixed_order(self):
        assert self.plan() == pack.nsis_plan(self.FILES[::-1], "/bundle", {"VERSION": "1.0.0"})
        assert self.plan().startswith('\ufeff!define VERSION "1.0.0"\n')
        installed = self.plan().partition("!macro DeleteFiles")[0].splitlines()[2:-1]
        assert [line.strip() for line in installed] == [
            'SetOutPath "$INSTDIR"',
            'File "/bundle/taizhang.exe"',
            'SetOutPath "$INSTDIR\\_internal"',
            'File "/bundle/_internal/a.dll"',
            'File "/bundle/_internal/b.dll"',
            'SetOutPath "$INSTDIR\\_internal\\docs\\manual"',
            'File "/bundle/_internal/docs/manual/a.md"',
        ]

    def test_removing_names_every_file_and_only_empties_folders(self):
        removed = self.plan().partition("!macro DeleteFiles")[2]
        for name in self.FILES:
            assert 'Delete "$INSTDIR\\{}"'.format(name.replace("/", "\\")) in removed
        assert [line.strip() for line in removed.splitlines() if "RMDir" in line] == [
            'RMDir "$INSTDIR\\_internal\\docs\\manual"',
            'RMDir "$INSTDIR\\_internal\\docs"',
            'RMDir "$INSTDIR\\_internal"',
        ]
        assert "/r" not in removed

    def test_script(self):
        content = (PACKAGING / "windows.nsi").read_bytes()
        assert content.startswith(b"\xef\xbb\xbf"), (
            "makensis reads it as GBK or Latin without a byte order mark"
        )
        script = content.decode("utf-8")
        assert "RequestExecutionLevel user" in script and '!insertmacro MUI_LANGUAGE "SimpChinese"' in script
        assert 'w "${MUTEX}"' in script and pack.mutex() == "TaizhangDeskRunning"
        # .xlsx belongs to the office program: we never say what opens it by default.
        assert not re.search(r'WriteReg\w+ HKCU "[^"]*\\\.xlsx" ', script)
        # Nothing is ever removed with everything in it but the program's own folder.
        removed = re.findall(r"RMDir /r (.*)", script)
        assert set(removed) == {'"$INSTDIR\\_internal"', '"$INSTDIR\\_internal.old"'}
        uninstall = script.partition('Section "Uninstall"')[2]
        assert "RMDir /r" not in uninstall and "$DOCUMENTS" not in uninstall

    def test_the_stick_gets_the_same_folder_and_the_mark(self, tmp_path: Path):
        from desktop_app.core import paths

        bundle = tmp_path / "bundle"
        (bundle / "_internal").mkdir(parents=True)
        (bundle / "taizhang.exe").write_bytes(b"MZ")
        (bundle / "_internal" / "a.dll").write_bytes(b"MZ")
        first, second = tmp_path / "1.zip", tmp_path / "2.zip"
        for target in (first, second):
            pack.make_portable(bundle, target, 1700000000)
        assert first.read_bytes() == second.read_bytes()
        with zipfile.ZipFile(first) as archive:
            names = [name.partition("/")[2] for name in archive.namelist()]
        assert sorted(names) == ["_internal/a.dll", paths.MARKER, "taizhang.exe"]


class TestSigning:
    def test_without_a_certificate_nothing_is_signed(self, tmp_path: Path):
        assert pack.signing_command({}, tmp_path / "a.exe", tmp_path / "b.exe") is None

    def test_with_one(self, tmp_path: Path):
        environment = {
            "TAIZHANG_SIGN_CERT": "c.pem",
            "TAIZHANG_SIGN_KEY": "k.pem",
            "TAIZHANG_SIGN_TIMESTAMP": "http://time.example",
        }
        command = pack.signing_command(environment, tmp_path / "a.exe", tmp_path / "b.exe")
        assert command[:6] == ["osslsigncode", "sign", "-certs", "c.pem", "-key", "k.pem"]
        assert command[command.index("-ts") + 1] == "http://time.example"
        assert command[-4:] == ["-in", str(tmp_path / "a.exe"), "-out", str(tmp_path / "b.exe")]

    def test_half_a_certificate_is_a_mistake(self, tmp_path: Path):
        with pytest.raises(common.Stop):
            pack.signing_command({"TAIZHANG_SIGN_CERT": "c.pem"}, tmp_path, tmp_path)


def test_python3_hands_every_name_on():
    text = tools.forwarder([("Py_Main", False), ("PyExc_OSError", True)], "python311")
    assert text == (
        "LIBRARY python3.dll\nEXPORTS\n  PyExc_OSError=python311.PyExc_OSError DATA\n  Py_Main=python311.Py_Main\n"
    )


def test_hash_list_is_what_sha256sum_reads(tmp_path: Path):
    (tmp_path / "a").write_bytes(b"")
    empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    assert common.hash_list([("x/a", tmp_path / "a")]) == f"{empty}  x/a\n"


def test_two_builds_are_compared_file_by_file(tmp_path: Path):
    for folder, content in (("one", "same"), ("other", "same")):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "same").write_text(content, encoding="utf-8")
        (tmp_path / folder / "differs").write_text(folder, encoding="utf-8")
    (tmp_path / "one" / "alone").write_text("", encoding="utf-8")
    assert windows.compare(tmp_path / "one", tmp_path / "other") == ["alone", "differs"]


def test_the_bill_names_what_was_frozen_and_not_what_was_left_out(tmp_path: Path):
    for name, member in (
        ("one", "one/__init__.py"),
        ("other", "_other.cp311-win_amd64.pyd"),
        ("left", "left.py"),
    ):
        with zipfile.ZipFile(tmp_path / f"{name}-1-py3-none-any.whl", "w") as archive:
            archive.writestr(member, "")
            archive.writestr(f"{name}-1.dist-info/METADATA", "License-Expression: MIT\n")
    (tmp_path / "bundle" / "_internal").mkdir(parents=True)
    (tmp_path / "bundle" / "_internal" / "_other.cp311-win_amd64.pyd").touch()
    modules = windows.frozen_modules("('z.pyz', [('one.part', 'one/part.py', 'PYMODULE')], {})")
    inside = pack.bundled_names(modules, tmp_path / "bundle")
    wheels = {path.name.partition("-")[0]: path for path in tmp_path.glob("*.whl")}
    assert {name for name, path in wheels.items() if pack.top_names(path) & inside} == {"one", "other"}
    assert pack.wheel_licence(wheels["one"]) == "MIT"
