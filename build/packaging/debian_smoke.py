"""Tries out what debian.py built, in Debian systems that nobody has touched, as an office would use it.

In each: install the package with what it depends on and nothing else, make a sample city and verify its packages as
an ordinary user, purge, and find nothing left; install again, look at the window, type Chinese, purge again, and find
the workspaces as they were.  Then the portable folder, which must work with nothing installed and leave nothing.
"""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import common
import debian_folder
import debian_parts
from common import OUT, Stop, say
from debian_folder import CACHE, inside
from debian_parts import HOME, PACKAGE

PICTURES = OUT / "installer-linux"
# The oldest and a newer system.  Names of the cached folders, releases, and the input method tried in each.
SYSTEMS = (("bullseye", "ibus"), ("bookworm", "fcitx"))
TOOLS = [
    "xvfb",
    "xdotool",
    "openbox",
    "dbus",
    "dbus-x11",
    "fonts-wqy-zenhei",
    "desktop-file-utils",
    "libglib2.0-bin",
]
INPUT = {
    "fcitx": ["fcitx5", "fcitx5-chinese-addons"],
    "ibus": ["ibus", "ibus-libpinyin", "dconf-gsettings-backend"],
}
SCREEN = (1366, 768)
# Where apt, dpkg, the loader and fontconfig keep what they note about themselves.
VOLATILE = re.compile(
    r"^/(proc|sys|dev|tmp|run|drop|fb|stick|person|var/(cache|log|tmp|lib/(apt|dpkg|systemd|dbus|ucf|pam))|"
    r"etc/(ld\.so\.cache|passwd|group|shadow|gshadow|subuid|subgid|machine-id|\.pwd\.lock)|"
    r"root/\.|usr/share/(mime|info|icons/hicolor/icon-theme\.cache))"
)
AS_USER = (
    "setpriv --reuid=1000 --regid=1000 --clear-groups env -i HOME=/person USER=tester PATH=/usr/bin:/bin "
    "LC_ALL=C.UTF-8 TAIZHANG_PASSPHRASE=demo"
)
DEMO = "demo /person/city --counties 1 --towns 1 --months 1"


class System:
    """A copy of a clean system, used up by the test."""

    def __init__(self, suite: str, package: Path, portable: Path) -> None:
        self.suite = suite
        clean = debian_folder.bootstrap(f"clean-{suite}", suite, [])
        self.folder = debian_folder.copy(clean, CACHE / "smoke" / suite)
        drop = self.folder / "drop"
        drop.mkdir()
        shutil.copyfile(package, drop / package.name)
        self.deb = f"/drop/{package.name}"
        self.portable = portable
        self.inside("user", "useradd --create-home --home-dir /person --uid 1000 --shell /bin/sh tester")

    def inside(self, name: str, script: str, timeout: float = 900) -> str:
        return inside(self.folder, script, log=f"smoke-{self.suite}-{name}.log", timeout=timeout)

    def user(self, name: str, script: str, timeout: float = 900) -> str:
        """Run a script as the ordinary user."""
        (self.folder / "drop" / f"{name}.sh").write_text("set -e\n" + script + "\n")
        return self.inside(name, f"{AS_USER} sh /drop/{name}.sh", timeout)

    # What is there ------------------------------------------------------------------------------------------------

    def files(self) -> set[str]:
        listed = self.inside("files", "find / -xdev -not -type d", timeout=300)
        return {line for line in listed.splitlines() if not VOLATILE.match(line)}

    def home(self) -> dict[str, str]:
        """Digest of every file that the user has."""
        home = self.folder / "person" / "city"
        return {path.relative_to(home).as_posix(): common.sha256(path) for path in common.files_below(home)}

    def packages(self) -> set[str]:
        return set(self.inside("packages", "dpkg-query -W -f '${Package}\\n'").split())

    # Steps --------------------------------------------------------------------------------------------------------

    def install(self) -> None:
        self.inside(
            "install",
            f"apt-get update -qq\napt-get install -y -qq --no-install-recommends {self.deb}",
            timeout=1800,
        )

    def purge(self, before: set[str]) -> None:
        """Purge the package and what came with it; autoremove keeps what others merely recommend."""
        self.inside("purge", f"apt-get purge -y -qq {PACKAGE}")
        self.purge_leaves_nothing()
        more = " ".join(sorted(self.packages() - before))
        self.inside("purge-more", f"apt-get purge -y -qq {more}")

    def purge_leaves_nothing(self) -> None:
        left = self.inside(
            "left",
            f"find / -xdev \\( -path /person -o -path /drop -o -path /proc -o -path /stick -o -path /tmp \\) -prune -o "
            f"-iname '*{PACKAGE}*' -print\n"
            f"grep -rl {PACKAGE} /usr/share/applications /usr/share/mime 2>/dev/null || true",
        )
        if left.strip() or (self.folder / HOME).exists():
            raise Stop(f"{self.suite}: purging left this behind:\n{left}")

    def libraries(self) -> None:
        """Every library and plugin finds all that it needs, in the bundle or in the packages depended on.

        What wheels keep in folders of their own (x.libs) is found by the search path of the module that asks for it.
        """
        missing = self.inside(
            "ldd",
            f"export LD_LIBRARY_PATH=/{HOME}/_internal  # as the program's own start does\n"
            f"for file in $(find /{HOME} -path '*.libs' -prune -o -name '*.so*' -type f -print) /{HOME}/taizhang; do\n"
            'ldd "$file" 2>&1 | grep -E "not found" | sed "s|^|$file: |"\n'
            "done\nexit 0",
        )
        wanted = [
            line for line in missing.splitlines() if not any(name in line for name in debian_parts.OPTIONAL)
        ]
        if wanted:
            raise Stop(f"{self.suite}: libraries are missing:\n" + "\n".join(wanted[:20]))

    def command_line(self) -> None:
        log = self.user(
            "demo",
            f"taizhang --version\ntaizhang {DEMO}\n"
            "for file in $(find ~/city -name '*.xlsx' | sort); do\n"
            'taizhang --workspace ~/city/city verify "$file"\ndone',
        )
        verified = len(re.findall(r"\.xlsx +有效", log))
        if not verified or f"taizhang, version {common.version()}" not in log:
            raise Stop(f"{self.suite}: the command line did not do its work; see {debian_folder.LOGS}.")
        say(f"{self.suite}: sample city made, {verified} packages verified")
        package = next(iter(sorted((self.folder / "person/city").rglob("outbox/**/*.xlsx"))))
        (self.folder / "drop" / "asked").write_bytes(common.asked_aside(package))
        self.user("aside", "taizhang --verify-aside < /drop/asked > ~/answered")
        if not common.answered_aside((self.folder / "person" / "answered").read_bytes()):
            raise Stop(f"{self.suite}: the program does not verify packages aside.")

    def window(self, method: str) -> None:
        """The desk under a real X server, and Chinese typed into it."""
        tools = " ".join([*TOOLS, *INPUT[method]])
        self.inside("tools", f"apt-get install -y -qq --no-install-recommends {tools}", timeout=1800)
        town = next(
            path.name for path in sorted((self.folder / "person/city").iterdir()) if is_town(path.name)
        )
        log = self.show("desk", f"taizhang-desk --workspace /person/city/{town}", method)
        for name in ("desk", "typing", "typed"):
            self.picture(name)
        if method == "fcitx" and "program:taizhang" not in log:
            raise Stop(f"{self.suite}: fcitx5 does not know the program; its plugin was not loaded.")
        if method == "ibus" and "ibus has an input context" not in log:
            raise Stop(f"{self.suite}: ibus does not know the program.")

    def show(self, name: str, command: str, method: str) -> str:
        """Start the desk under an X server, take pictures, type, close it; what was noted on the way."""
        width, height = SCREEN
        (self.folder / "drop" / "window.sh").write_text(WINDOW)
        (self.folder / "drop" / "profile").write_text(FCITX_PROFILE)
        (self.folder / "fb").mkdir(exist_ok=True)
        (self.folder / "fb").chmod(0o777)
        log = self.inside(
            name,
            "mkdir -p /tmp/.X11-unix /run/user/1000; chmod 1777 /tmp/.X11-unix; chown 1000 /run/user/1000\n"
            "chmod 700 /run/user/1000; dbus-uuidgen --ensure\n"
            "rm -f /tmp/.X5-lock /tmp/.X11-unix/X5  # of the server before, which had no time to\n"
            f"Xvfb :5 -screen 0 {width}x{height}x24 -fbdir /fb -nolisten tcp >/dev/null 2>&1 &\n"
            "sleep 1; chmod 644 /fb/Xvfb_screen0\n"
            f"{AS_USER} DISPLAY=:5 XDG_RUNTIME_DIR=/run/user/1000 dbus-run-session -- "
            f"sh /drop/window.sh {method} {name} {command}",
            timeout=180,
        )
        started = re.search(r"^window after (\d+) ms", log, re.MULTILINE)
        if not started or "ended with 0" not in log:
            raise Stop(f"{self.suite}: the window did not come, or did not close; see {debian_folder.LOGS}.")
        say(f"{self.suite}: {name}: the window came after {int(started.group(1)) / 1000:.1f} s")
        return log

    def picture(self, name: str) -> None:
        from PIL import Image

        taken = debian_parts.read_xwd((self.folder / "fb" / f"{name}.xwd").read_bytes())
        image = Image.frombytes("RGB", (taken.width, taken.height), taken.rgb)
        colours = image.getcolors(1 << 24) or []
        PICTURES.mkdir(parents=True, exist_ok=True)
        file = PICTURES / f"{self.suite}-{name}.png"
        image.save(file)
        if len(colours) < 50:
            raise Stop(f"{self.suite}: the picture of the screen is nearly empty: {file}")
        say(f"picture: {file.relative_to(common.ROOT)}")

    def default_program(self) -> None:
        """Where there is a spreadsheet program, tables go on being opened by it; ours stands beside it."""
        kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
        for other in ("libreoffice-calc", "wps-office-et", "yozo-office-ss"):
            entry = f"[Desktop Entry]\\nType=Application\\nName={other}\\nExec=/bin/true %%U\\nMimeType={kind};\\n"
            log = self.inside(
                "mime",
                f"printf '{entry}' > /usr/share/applications/{other}.desktop\n"
                f"update-desktop-database /usr/share/applications\n{AS_USER} gio mime {kind}\n"
                f"rm /usr/share/applications/{other}.desktop\nupdate-desktop-database /usr/share/applications",
            )
            default, _, rest = log.partition("\n")
            if other not in default or debian_parts.DESKTOP_ENTRY not in rest:
                raise Stop(f"{self.suite}: beside {other}, tables would be opened thus:\n{log}")
        say(f"{self.suite}: tables stay with the spreadsheet program, “open with” offers ours")

    def travelling(self) -> None:
        """The portable folder, with nothing installed: it keeps to itself, and works under another name and place."""
        home = self.folder / "person"
        stick = self.folder / "stick"
        # A minimal system has no xz; every desktop has.
        stick.mkdir()
        common.run(["tar", "-xJf", self.portable, "-C", stick])
        self.inside("stick", "chown -R 1000 /stick")
        links = [path for path in stick.rglob("*") if path.is_symlink()]
        if links:
            raise Stop(
                f"{self.suite}: sticks cannot hold symbolic links, but the portable folder has {links[0]}."
            )
        program = f"/stick/{common.NAME}"
        city = f"{program}/数据/样例城市"
        before = {path for path in home.rglob("*") if not path.is_symlink()}
        self.user("portable", f"{program}/taizhang demo {city} --counties 1 --towns 1 --months 1")
        town = next(
            path.name
            for path in sorted((stick / city.removeprefix("/stick/")).iterdir())
            if is_town(path.name)
        )
        self.show("portable-desk", f"{program}/taizhang-desk --workspace {city}/{town}", "none")
        own = stick / common.NAME / "数据" / "程序"
        for file in (own / "taizhang.ini", own / "logs" / "taizhang.log"):
            if not file.is_file():
                raise Stop(f"{self.suite}: on a stick {file.name} was to stand in {own}.")
        if f"@portable/样例城市/{town}" not in (own / "taizhang.ini").read_text(encoding="utf-8"):
            raise Stop(f"{self.suite}: the folder of last time is not remembered as one on the stick.")
        # The stick comes back under another name; without a word the desk of last time opens.
        self.inside("move", "mkdir -p /stick/media\nmv /stick/" + common.NAME + " '/stick/media/又一个 U盘'")
        self.show("portable-moved", "'/stick/media/又一个 U盘/taizhang-desk'", "none")
        for name in ("portable-desk", "portable-moved"):
            self.picture(name)
        own_traces = [
            str(path)
            for path in home.rglob("*")
            if path not in before
            and ("taizhang" in path.name or common.NAME in path.name or "样例" in path.name)
        ]
        if own_traces:
            raise Stop(f"{self.suite}: the portable program left this on the computer: {own_traces[:5]}")
        say(f"{self.suite}: the portable folder kept to itself, under two names")


def is_town(folder: str) -> bool:
    """Nine digits, of which the last three are a bureau's from 001 on, a town's from 101 on."""
    return len(folder) == 9 and folder[-3] != "0"


def run(package: Path, portable: Path) -> None:
    for suite, method in SYSTEMS:
        say(f"trying it out in a clean Debian {suite}")
        system = System(suite, package, portable)
        files, packages = system.files(), system.packages()
        system.install()
        say(f"{suite}: installed with {len(system.packages() - packages) - 1} packages that it depends on")
        system.libraries()
        system.command_line()
        workspace = system.home()
        system.purge(packages)
        left = sorted(system.files() - files)
        if left or system.packages() != packages:
            raise Stop(f"{suite}: the system is not what it was: {left[:10]}")
        say(f"{suite}: purged, every file as before")
        system.install()
        system.window(method)
        system.default_program()
        system.inside("purge-only", f"apt-get purge -y -qq {PACKAGE}")
        system.travelling()
        system.purge_leaves_nothing()
        changed = {name for name, digest in system.home().items() if workspace.get(name) != digest}
        # The desk that was opened notes that it was; nothing else may have changed, and nothing may be missing.
        if workspace.keys() - system.home().keys() or any(not is_own_note(name) for name in changed):
            raise Stop(f"{suite}: the workspaces were touched: {sorted(changed)[:10]}")
        say(f"{suite}: the workspaces are untouched")
        debian_folder.remove(system.folder)


def is_own_note(name: str) -> bool:
    """What an open desk writes: its database with the journal beside it, and, closing, what its window looked like."""
    return name.rsplit("/", 1)[-1].startswith(("taizhang.db", "opening.png"))


WINDOW = """\
# As the ordinary user, in a session with a message bus: window.sh METHOD PICTURE COMMAND...
method=$1 picture=$2; shift 2
[ "$method" = none ] || export XMODIFIERS=@im=$method QT_IM_MODULE=$method
openbox >/dev/null 2>&1 &
case $method in
fcitx)
    mkdir -p ~/.config/fcitx5; cp /drop/profile ~/.config/fcitx5/profile
    fcitx5 >/tmp/fcitx.log 2>&1 &
    ;;
ibus)
    ibus-daemon --replace --xim >/tmp/ibus.log 2>&1 &
    sleep 3
    ibus engine libpinyin || true
    ;;
esac
sleep 3
began=$(date +%s%3N)
"$@" &
program=$!
for wait in $(seq 300); do
    window=$(xdotool search --onlyvisible --class taizhang 2>/dev/null | tail -1)
    [ -n "$window" ] && break
    sleep 0.1
done
echo "window after $(($(date +%s%3N) - began)) ms"
sleep 5
cp /fb/Xvfb_screen0 /fb/$picture.xwd
if [ "$method" != none ]; then
    # The field for searching, which every desk has.
    xdotool key ctrl+k; sleep 1
    [ "$method" = fcitx ] && xdotool key ctrl+space
    sleep 1
    xdotool type --delay 150 nihao
    sleep 2
    cp /fb/Xvfb_screen0 /fb/typing.xwd
    xdotool key --delay 50 space; sleep 3
    cp /fb/Xvfb_screen0 /fb/typed.xwd
fi
case $method in
fcitx)
    dbus-send --session --print-reply --dest=org.fcitx.Fcitx5 /controller org.fcitx.Fcitx.Controller1.DebugInfo ||
        true
    ;;
ibus)
    # The picture shows whether Chinese came out; this only that the plugin was taken.
    grep -q libibusplatforminputcontextplugin /proc/$program/maps && echo "ibus has an input context"
    ;;
esac
xdotool key Escape; sleep 1
xdotool key alt+F4
for wait in $(seq 100); do kill -0 $program 2>/dev/null || break; sleep 0.1; done
kill $program 2>/dev/null
wait $program; echo "ended with $?"
exit 0
"""

FCITX_PROFILE = """\
[Groups/0]
Name=Default
Default Layout=us
DefaultIM=pinyin

[Groups/0/Items/0]
Name=keyboard-us
Layout=

[Groups/0/Items/1]
Name=pinyin
Layout=

[GroupOrder]
0=Default
"""
