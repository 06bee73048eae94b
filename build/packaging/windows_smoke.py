"""Trying the Windows installer out, under Wine and without anybody's hands: install, work, upgrade, remove.

What this cannot tell stands in README.md beside make.py as a checklist for a real Windows.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import shutil
import subprocess
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path

import common
from common import Stop, say
from windows_pack import installer_name, portable_name
from windows_tools import Wine

PREFIX = "smoke"
USER = "drive_c/users/root"
INSTALLED = f"{USER}/AppData/Local/Programs/Taizhang"
WINDOWS_INSTALLED = r"C:\users\root\AppData\Local\Programs\Taizhang"
CITY = "样例 城市"
WINDOWS_CITY = rf"C:\users\root\Documents\民生实事台账\{CITY}"
ENOUGH = 60
"""So many colours no empty screen has."""
MARKS = ("Taizhang", "taizhang", "民生实事台账")


def snapshot(folder: Path) -> dict[str, str]:
    """Every file below a folder and what it holds; folders too, since an empty one left behind is left behind."""
    found = {}
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.is_symlink():
            found[name] = "link"
        elif path.is_dir():
            found[name] = "folder"
        else:
            found[name] = hashlib.sha256(path.read_bytes()).hexdigest()
    return found


def expect(condition: object, sentence: str) -> None:
    if not condition:
        raise Stop("smoke test: " + sentence)


@contextlib.contextmanager
def screen(work: Path) -> Iterator[str]:
    """A screen nobody looks at; ends with the block."""
    reading, writing = os.pipe()
    log = work / "log" / "xvfb.log"
    command = ["Xvfb", "-displayfd", str(writing), "-screen", "0", "1440x900x24", "-nolisten", "tcp", "-ac"]
    with log.open("wb") as file:
        child = subprocess.Popen(
            command, pass_fds=[writing], stdout=file, stderr=file, stdin=subprocess.DEVNULL
        )
    os.close(writing)
    try:
        with os.fdopen(reading) as pipe:
            number = pipe.readline().strip()
        expect(number, f"Xvfb did not start; see {log}")
        yield f":{number}"
    finally:
        child.terminate()
        child.wait()


def picture(display: str, path: Path) -> int:
    """Take a picture of the screen; returns how many colours it has, which tells whether anything is drawn."""
    from PIL import Image, ImageGrab

    image = ImageGrab.grab(xdisplay=display).convert("RGB")
    image.save(path)
    colours = image.resize((720, 450), Image.Resampling.NEAREST).getcolors(1 << 20)
    return len(colours or [])


class Smoke:
    def __init__(self, wine: Wine, bundle: Path, products: Path, pictures: Path) -> None:
        self.wine = wine
        self.work = wine.work
        self.bundle = bundle
        self.products = products
        self.pictures = pictures
        self.prefix = self.work / PREFIX
        self.ways = self.work / "smoke-files"

    def say(self, text: str) -> None:
        say("smoke: " + text)

    def shell(self, script: str, log: str, timeout: float = 300, **env: str) -> str:
        env = {"TAIZHANG_PASSPHRASE": "demo", **env}
        return self.wine.shell(script, timeout=timeout, log=f"smoke-{log}.log", env=env)

    def status(self, script: str, log: str, timeout: float = 300) -> int:
        """The exit status of a Windows program; anything that Wine itself does wrong stops the run."""
        self.shell(f"sh -c '{script}; echo $? > /build/smoke-files/status'", log, timeout)
        return int((self.ways / "status").read_text("ascii"))

    def installed(self) -> dict[str, str]:
        found = snapshot(self.prefix / INSTALLED)
        return {name: digest for name, digest in found.items() if digest != "folder"}

    def expect_installed(self) -> None:
        wanted = {
            path.relative_to(self.bundle).as_posix(): common.sha256(path)
            for path in common.files_below(self.bundle)
        }
        found = self.installed()
        expect(found.pop("uninstall.exe", None), "there is no uninstall.exe.")
        wrong = sorted(name for name in {**wanted, **found} if wanted.get(name) != found.get(name))
        expect(not wrong, f"{len(wrong)} files were not installed as they are, {wrong[:3]} for example.")

    def registry(self) -> str:
        return (self.prefix / "user.reg").read_text("utf-8", "replace").replace("\\\\", "\\")

    def run(self) -> None:
        shutil.rmtree(self.prefix, ignore_errors=True)
        shutil.rmtree(self.ways, ignore_errors=True)
        self.ways.mkdir(parents=True)
        self.pictures.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(self.products / installer_name(), self.ways / "setup.exe")
        self.wine.start()
        before = self.profile()
        self.install()
        self.demo_and_verify()
        self.papers()
        self.helper()
        with screen(self.work) as display:
            self.window(display)
            self.opened(display)
            self.portable(display)
        self.upgrade()
        self.remove(before)
        self.say("passed")

    def profile(self) -> set[str]:
        """Names in the person's own folders, but for what Windows itself keeps there and the workspaces."""
        names = snapshot(self.prefix / USER)
        left = ("AppData/Local/Temp/", "Documents/民生实事台账", "AppData/LocalLow", "Temp/")
        return {name for name in names if not name.startswith(left)}

    def install(self) -> None:
        self.say("installing silently")
        status = self.status("wine Z:/build/smoke-files/setup.exe /S", "install")
        expect(status == 0, f"the installer ended with {status}.")
        self.expect_installed()
        registry = self.registry()
        for part in (
            "Uninstall\\Taizhang]",
            "OpenWithProgids]",
            "SystemFileAssociations\\.xlsx\\shell\\Taizhang]",
        ):
            expect(part in registry, f"the registry has no {part}")
        expect(
            "[Software\\Classes\\.xlsx]" not in registry.replace("\\\\", "\\"),
            ".xlsx was taken from its owner.",
        )
        links = sorted(path.name for path in (self.prefix / USER).rglob("民生实事台账.lnk"))
        expect(len(links) == 2, f"two shortcuts were to be made, but there are {len(links)}.")

    def demo_and_verify(self) -> None:
        console = f'wine "{WINDOWS_INSTALLED}\\taizhang.exe"'
        said = self.shell(f"{console} --version", "version")
        expect(common.version() in said, f"the installed program says it is {said.strip()!r}.")
        self.say("a sample city in a folder with Chinese letters and a blank")
        began = time.monotonic()
        self.shell(f'{console} demo "{WINDOWS_CITY}" --counties 1 --towns 1 --months 2', "demo", 900)
        self.say(f"made in {time.monotonic() - began:.0f} s")
        city = self.prefix / USER / "Documents" / "民生实事台账" / CITY
        packages = sorted(path for path in city.glob("*/outbox/**/*.xlsx"))
        expect(packages, "the sample city has no package.")
        package = packages[0]
        workspace = f'--workspace "{WINDOWS_CITY}\\city"'
        place = package.relative_to(self.prefix / USER / "Documents").as_posix().replace("/", "\\")
        status = self.status(f'{console} {workspace} verify "C:\\users\\root\\Documents\\{place}"', "verify")
        said = (self.work / "log" / "smoke-verify.log").read_text("utf-8", "replace")
        expect(status == 0, f"{package.name} did not verify ({status}):\n{said}")
        content = bytearray(package.read_bytes())
        content[len(content) // 2] ^= 1
        (self.ways / "changed.xlsx").write_bytes(content)
        status = self.status(f"{console} {workspace} verify Z:/build/smoke-files/changed.xlsx", "changed")
        expect(status == 3, f"a changed package ended verify with {status} instead of 3.")
        self.say(f"{package.name} verifies, and does not with one bit changed")

    def papers(self) -> None:
        """Word, Excel, PDF, pictures, a telephone's photo: each by a library of its own that freezing may lose."""
        self.say("papers, pictures and a telephone's photo")
        city = self.workspace(6).parent / "city"
        console = f'wine "{WINDOWS_INSTALLED}\\taizhang.exe" --workspace'
        out = "Z:/build/smoke-files"
        steps = {
            "bulletin": f"report bulletin --out {out}/bulletin.docx",
            "board": f"report board --out {out}/board.pdf",
            "phone": f"report board --size phone --out {out}/phone.png",
            "year": f"report year --out {out}/year.xlsx",
            "doctor": "doctor",
        }
        for name, words in steps.items():
            status = self.status(f'{console} "{self.place(city)}" {words}', name)
            expect(status == 0, f"{words.partition(' --')[0]} ended with {status}.")
        self.heic(self.ways / "photo.heic")
        words = f"attach {out}/photo.heic --to 1.1"
        status = self.status(f'{console} "{self.place(self.workspace(9))}" {words}', "heic")
        expect(status == 0, f"attaching a HEIC photo ended with {status}.")
        for name, start in (
            ("bulletin.docx", b"PK"),
            ("board.pdf", b"%PDF"),
            ("phone.png", b"\x89PNG"),
            ("year.xlsx", b"PK"),
        ):
            expect((self.ways / name).read_bytes().startswith(start), f"{name} is not what its name says.")
        shutil.copyfile(self.ways / "phone.png", self.pictures / "windows-phone.png")
        shutil.copyfile(self.ways / "board.pdf", self.pictures / "windows-board.pdf")

    def helper(self) -> None:
        """What verifies packages beside a long merge is the same program, started with pipes: also the one that has
        no console."""
        city = self.prefix / USER / "Documents" / "民生实事台账" / CITY
        package = next(path for path in sorted(city.glob("*/outbox/**/*.xlsx")))
        (self.ways / "asked").write_bytes(common.asked_aside(package))
        for name in ("taizhang", "taizhang-desk"):
            status = self.status(
                f'wine "{WINDOWS_INSTALLED}\\{name}.exe" --verify-aside'
                " < /build/smoke-files/asked > /build/smoke-files/answered",
                f"aside-{name}",
            )
            answered = (self.ways / "answered").read_bytes()
            expect(
                status == 0 and common.answered_aside(answered),
                f"{name} --verify-aside ended with {status} and said {answered[:60]!r}.",
            )
        self.say("both programs verify aside, through pipes")

    @staticmethod
    def heic(path: Path) -> None:
        import pillow_heif
        from PIL import Image

        pillow_heif.register_heif_opener()
        Image.linear_gradient("L").convert("RGB").resize((640, 480)).save(path, "HEIF")

    def place(self, path: Path) -> str:
        """Where Windows sees a file of the prefix."""
        return "C:\\" + path.relative_to(self.prefix / "drive_c").as_posix().replace("/", "\\")

    def workspace(self, digits: int) -> Path:
        """The sample city's first workspace whose unit has a code so long."""
        city = self.prefix / USER / "Documents" / "民生实事台账" / CITY
        return next(
            path.parent for path in sorted(city.glob("*/taizhang.db")) if len(path.parent.name) == digits
        )

    def show(self, display: str, name: str, start: str, meanwhile: str = "", **env: str) -> None:
        """Start a program with a window, wait until it is drawn, take its picture, do something else, close it."""
        done = self.ways / "pictured"
        done.unlink(missing_ok=True)
        script = (
            f"{start} &\nprogram=$!\nwhile [ ! -e /build/smoke-files/pictured ]; do sleep 1; done\n{meanwhile}"
            "wine taskkill /im taizhang-desk.exe\nwait $program; echo $? > /build/smoke-files/closed\n"
        )
        (self.ways / "window.sh").write_text(script, encoding="utf-8")
        log = self.work / "log" / f"smoke-{name}.log"
        path = self.pictures / f"windows-{name}.png"
        began = time.monotonic()
        with log.open("wb") as file:
            child = subprocess.Popen(
                self.wine.command("timeout 300 sh /build/smoke-files/window.sh"),
                env={**self.wine.env, "DISPLAY": display, "TAIZHANG_PASSPHRASE": "demo", **env},
                stdin=subprocess.DEVNULL,
                stdout=file,
                stderr=subprocess.STDOUT,
            )
        try:
            colours = 0
            while child.poll() is None and colours <= ENOUGH and time.monotonic() - began < 120:
                time.sleep(1)
                colours = picture(display, path)
            expect(colours > ENOUGH, f"no window showed; see {log}")
            self.say(f"a window after {time.monotonic() - began:.0f} s")
            time.sleep(6)
            picture(display, path)
            done.touch()
            child.wait(240)
        finally:
            if child.poll() is None:
                child.kill()
                child.wait()
        status = (self.ways / "closed").read_text("ascii").strip()
        expect(status == "0", f"the window closed with {status}; see {log}")

    def window(self, display: str) -> None:
        """The window with Chinese text, and while it is open, installer and uninstaller refuse."""
        self.say("opening the window")
        workspace = self.place(self.workspace(6))
        meanwhile = (
            "wine Z:/build/smoke-files/setup.exe /S; echo $? > /build/smoke-files/refused-install\n"
            f'cp "/build/{PREFIX}/{INSTALLED}/uninstall.exe" /build/smoke-files/uninstall.exe\n'
            f'wine Z:/build/smoke-files/uninstall.exe /S "_?={WINDOWS_INSTALLED}"\n'
            "echo $? > /build/smoke-files/refused-uninstall\n"
        )
        start = f'wine "{WINDOWS_INSTALLED}\\taizhang-desk.exe" --workspace "{workspace}"'
        self.show(display, "window", start, meanwhile)
        for what in ("install", "uninstall"):
            status = (self.ways / f"refused-{what}").read_text("ascii").strip()
            expect(status == "4", f"with the program open, {what}ing ended with {status} instead of 4.")
        self.expect_installed()
        self.say("installer and uninstaller refused while it was open")

    def opened(self, display: str) -> None:
        """A package opened as Explorer does it, with the command that stands in the registry."""
        self.say("opening a package from the folder")
        found = re.search(
            r"shell\\Taizhang\\command\].*?^@=\"(.*?)\"$", self.registry(), re.MULTILINE | re.DOTALL
        )
        expect(found, "there is no command to open a package with.")
        package = sorted(self.workspace(6).glob("outbox/**/*.xlsx"))[0]
        command = found.group(1).replace('\\"', '"').replace("%1", self.place(package)) if found else ""
        city = self.workspace(6).parent / "city"
        self.show(display, "opened", f"wine {command}", TAIZHANG_WORKSPACE=self.place(city))

    def portable(self, display: str) -> None:
        """Unpacked onto a stick, the program keeps to the stick."""
        self.say("the portable folder")
        stick = self.prefix / "drive_c" / "U 盘"
        with zipfile.ZipFile(self.products / portable_name()) as archive:
            archive.extractall(stick)
        program = next(stick.glob("*/taizhang-desk.exe"))
        before = self.profile()
        self.show(display, "portable", f'wine "{self.place(program)}"')
        expect(
            (program.parent / "数据" / "程序").is_dir(), "the portable program made no folder beside itself."
        )
        strayed = sorted(self.profile() - before)
        expect(not strayed, f"the portable program left on the computer: {strayed[:3]}")
        shutil.rmtree(stick)

    def upgrade(self) -> None:
        self.say("an upgrade that cannot be finished, and one that can")
        stale = self.prefix / INSTALLED / "_internal" / "of-an-older-version.dll"
        stale.write_bytes(b"old")
        (self.prefix / INSTALLED / "taizhang.exe").write_bytes(b"old")
        workspace = snapshot(self.prefix / USER / "Documents")
        # A folder of that name keeps the uninstaller, which comes last, from being written.
        uninstaller = self.prefix / INSTALLED / "uninstall.exe"
        uninstaller.rename(self.ways / "kept-uninstall.exe")
        uninstaller.mkdir()
        old = self.installed()
        status = self.status("wine Z:/build/smoke-files/setup.exe /S", "failed-upgrade")
        expect(status == 2, f"an upgrade that could not be finished ended with {status}.")
        expect(self.installed() == old, "an upgrade that failed did not put the version before back.")
        uninstaller.rmdir()
        shutil.move(self.ways / "kept-uninstall.exe", uninstaller)
        status = self.status("wine Z:/build/smoke-files/setup.exe /S", "upgrade")
        expect(status == 0, f"the installer ended with {status} over an installed program.")
        self.expect_installed()
        expect(snapshot(self.prefix / USER / "Documents") == workspace, "upgrading touched the workspaces.")

    def remove(self, before: set[str]) -> None:
        self.say("uninstalling")
        own = self.prefix / INSTALLED / "somebody's own.txt"
        own.write_text("stays", encoding="utf-8")
        workspace = snapshot(self.prefix / USER / "Documents")
        status = self.status(f'wine "{WINDOWS_INSTALLED}\\uninstall.exe" /S', "uninstall")
        expect(status == 0, f"the uninstaller ended with {status}.")
        left = self.installed()
        expect(set(left) == {own.name}, f"in the program's folder there is left: {sorted(left)[:5]}")
        own.unlink()
        for folder in (own.parent, own.parent.parent):
            with contextlib.suppress(OSError):
                folder.rmdir()
        expect(
            snapshot(self.prefix / USER / "Documents") == workspace, "uninstalling touched the workspaces."
        )
        left_over = sorted(self.profile() - before)
        expect(not left_over, f"left behind: {left_over[:5]}")
        lines = [line for line in self.registry().splitlines() if any(mark in line for mark in MARKS)]
        expect(not lines, f"left in the registry: {lines[:3]}")
        self.say(f"nothing left but the workspaces, {len(workspace)} files and folders as they were")
