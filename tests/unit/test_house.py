"""The house itself: what is in the repository, and that its parts agree with each other."""

from __future__ import annotations

import importlib.util
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from types import ModuleType

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[2]
BUILD = ROOT / "build"
LOCKS = [BUILD / "requirements.lock", BUILD / "requirements-dev.lock"]


def git(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["git", "-C", str(ROOT), *arguments], capture_output=True, text=True, encoding="utf-8", check=False
    )


def pins(lock: Path) -> dict[str, list[str]]:
    """The hashes below each `name==version ; marker` of a lock file."""
    found: dict[str, list[str]] = {}
    for line in lock.read_text(encoding="utf-8").splitlines():
        if line.startswith("    --hash=sha256:"):
            found[list(found)[-1]].append(line.strip(" \\"))
        elif line and not line.startswith((" ", "#")):
            found[line.rstrip(" \\")] = []
    return found


def listed(name: str) -> list[Requirement]:
    lines = (BUILD / name).read_text(encoding="utf-8").splitlines()
    return [Requirement(line) for line in lines if line and not line.startswith(("#", "-"))]


def project() -> dict:
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def test_build_is_a_source_folder_that_git_keeps():
    for path in sorted(BUILD.iterdir()):
        if path.is_file():
            assert git("check-ignore", str(path)).returncode == 1, f"{path.name} is ignored"
    for output in (
        "out/demo",
        "dist/x",
        ".venv/x",
        "desktop_app/__pycache__/x.pyc",
        "resources/locale/en/x.mo",
    ):
        assert git("check-ignore", output).returncode == 0, f"{output} is not ignored"


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.name)
def test_lock_pins_everything_by_hash_and_says_nothing_of_where_it_came_from(lock: Path):
    text = lock.read_text(encoding="utf-8")
    for trace in ("http", "://", "--index", "--find-links", " @ ", "file:"):
        assert trace not in text, trace
    assert len(pins(lock)) > 20
    for pin, hashes in pins(lock).items():
        assert re.match(r"[a-z0-9-]+==[^ ]+( ; |$)", pin), pin
        assert hashes, f"{pin} has no hash"


def test_development_lock_holds_the_same_versions_as_the_programs_own():
    own, development = (pins(lock) for lock in LOCKS)
    assert {pin: own[pin] for pin in own} == {pin: development.get(pin) for pin in own}


def test_dependencies_are_named_alike_in_project_file_and_lock():
    dependencies = [Requirement(text) for text in project()["dependencies"]]
    assert sorted(map(str, dependencies)) == sorted(map(str, listed("requirements.in")))
    for requirements, lock in (("requirements.in", LOCKS[0]), ("requirements-dev.in", LOCKS[1])):
        pinned = {Requirement(pin).name: Requirement(pin).specifier for pin in pins(lock)}
        for wanted in listed(requirements):
            assert canonicalize_name(wanted.name) in pinned, wanted.name


def test_version_is_one():
    import desktop_app

    assert project()["version"] == desktop_app.__version__


# Written in pieces, so that this file does not find itself.
REGISTRIES = [
    *("pypi" + ".org", "python" + "hosted.org", "npmjs" + ".com", "npmjs" + ".org", "crates" + ".io"),
    *("deb." + "debian.org", "security." + "debian.org", "archive." + "ubuntu.com", "pypi." + "tuna"),
    *("mirrors." + "aliyun", "mirrors." + "tuna", "proxy." + "golang.org", "opt/" + "pypi"),
]
TRACES = re.compile(
    "|".join(map(re.escape, REGISTRIES))
    # An absolute path below a home or a work folder of the machine something was built on.
    + r"|(?<![\w.}~-])/(?:root|work|home/[a-z][\w-]*)/(?=\w)"
    + r"|[A-Z]:\\\\?Users\\\\?\w"
)


def test_no_file_names_a_registry_or_a_path_of_a_build_machine():
    if git("rev-parse", "--is-inside-work-tree").returncode != 0:
        pytest.skip("not a git checkout")
    files = git("ls-files", "-z", "--cached", "--others", "--exclude-standard").stdout.split("\0")
    assert "build/make.py" in files
    found = []
    for name in filter(None, files):
        path = ROOT / name
        if path.is_file():
            text = path.read_bytes().decode("utf-8", "ignore")
            found += [f"{name}: {trace.group()}" for trace in TRACES.finditer(text)]
    assert found == []


def test_the_traces_are_recognised():
    for trace in ("/ro" + "ot/x", "see /ho" + "me/li/y", '"/wo' + 'rk/main"', "https://py" + "pi.org/simple"):
        assert TRACES.search(trace), trace
    # Written with gaps, so that a search for such paths does not find this file.
    for pattern in ("out/{0}/x", "xl/{1}/x", "/home/", "{{base}}/{1}/x", "/workbook/sheet"):
        harmless = pattern.format("wo" + "rk", "ro" + "ot")
        assert not TRACES.search(harmless), harmless


def test_ci_calls_the_one_command():
    script = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    assert script.startswith("#!/usr/bin/env bash\n")
    assert "set -euo pipefail" in script
    assert script.rstrip().endswith("\npython3 build/make.py test")


def test_make_knows_every_verb_that_it_names():
    program = (
        f"import sys; sys.path.insert(0, {str(BUILD)!r}); import make, re;"
        " named = set(re.findall(r'^  ([a-z]+) ', make.USAGE, re.M)); print(sorted(named ^ set(make.VERBS)))"
    )
    said = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout
    assert said.strip() == "[]"


def test_make_explains_itself_without_setting_anything_up():
    shown = subprocess.run(
        [sys.executable, str(BUILD / "make.py"), "--help"],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    for verb in ("setup", "run", "demo", "check", "test"):
        assert f"\n  {verb} " in shown.stdout
        assert f"build/make.py {verb}" in (BUILD / "README.md").read_text(encoding="utf-8")
    wrong = subprocess.run([sys.executable, str(BUILD / "make.py"), "tset"], capture_output=True, timeout=60)
    assert wrong.returncode == 2


# The catalogue's checker -------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def checker() -> ModuleType:
    spec = importlib.util.spec_from_file_location("check_catalogue", BUILD / "check_catalogue.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def sources(tmp_path: Path) -> Path:
    folder = tmp_path / "app"
    folder.mkdir()
    source = 'a = _("共 {n} 项")\nb = ngettext("{n} 个文件", "{n} 个文件", n)\nc = pgettext("按钮", "保存")\n'
    (folder / "a.py").write_text(source, encoding="utf-8")
    return folder


def translate(catalogue: Path, old: str, new: str) -> None:
    text = catalogue.read_text(encoding="utf-8")
    assert old in text
    catalogue.write_text(text.replace(old, new), encoding="utf-8")


def test_catalogue_names_every_kind_of_fault(checker: ModuleType, sources: Path, tmp_path: Path):
    catalogue = tmp_path / "taizhang.po"
    assert "no catalogue" in " ".join(checker.faults(sources, catalogue))
    checker.update(sources, catalogue)
    assert len(list(checker.faults(sources, catalogue))) == 3  # nothing is translated yet
    translate(catalogue, 'msgstr[0] ""\nmsgstr[1] ""', 'msgstr[0] "{n} file"\nmsgstr[1] "{n} files"')
    translate(catalogue, 'msgid "保存"\nmsgstr ""', 'msgid "保存"\nmsgstr "Save"')
    translate(catalogue, 'msgid "共 {n} 项"\nmsgstr ""', 'msgid "共 {n} 项"\nmsgstr "{m} items"')
    assert list(checker.faults(sources, catalogue)) == [
        "'共 {n} 项' has other {placeholders} than its translation"
    ]
    translate(catalogue, "{m} items", "{n} items")
    assert list(checker.faults(sources, catalogue)) == []
    (sources / "b.py").write_text('x = _("新")\ny = _(f"{z} 个")\n', encoding="utf-8")
    translate(catalogue, 'msgid "保存"', 'msgid "保存旧"')
    found = list(checker.faults(sources, catalogue))
    assert [line.partition(" ")[2][:24] for line in found[1:]] == [
        *["is not in the catalogue"] * 2,
        "is no longer said",
    ]
    assert found[0].startswith("app/b.py:2: the message is put together")


def test_catalogue_update_keeps_translations_and_makes_no_noise(
    checker: ModuleType, sources: Path, tmp_path: Path
):
    catalogue = tmp_path / "taizhang.po"
    checker.update(sources, catalogue)
    translate(catalogue, 'msgid "保存"\nmsgstr ""', 'msgid "保存"\nmsgstr "Save"')
    before = catalogue.read_bytes()
    checker.update(sources, catalogue)
    assert catalogue.read_bytes() == before
    (sources / "b.py").write_text('x = _("新")\n', encoding="utf-8")
    checker.update(sources, catalogue)
    text = catalogue.read_text(encoding="utf-8")
    assert 'msgid "新"\nmsgstr ""' in text and 'msgstr "Save"' in text
    assert not re.search(r"\d{4}-\d\d|a\.py|^#", text, re.MULTILINE)
