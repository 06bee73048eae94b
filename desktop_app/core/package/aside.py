"""Verifying packages in a second process of this program, while the first writes what the last one held.

Verifying and writing cost about the same, and neither can run beside the other within one interpreter.  The helper
gets a file's bytes and answers with what verifying found; where it finds fault, or where it cannot be started, answers
nothing or has died, the caller verifies for itself, so that nothing ever depends on it.  It ends when the pipe to it
closes, however the first process ends.
"""

from __future__ import annotations

import contextlib
import io
import os
import pickle
import queue
import struct
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Sequence
from pathlib import Path
from typing import IO, Any

import msgspec

from desktop_app.core import i18n
from desktop_app.core.journal.line import Located
from desktop_app.core.package.limits import MIB
from desktop_app.core.package.opened import Journal, OpenedPackage
from desktop_app.core.package.zipread import ZipReader

WORD = "--verify-aside"
"""What the frozen program is started with to be the helper."""

_LENGTH = struct.Struct("<Q")
_PIPE = 1 * MIB
"""Room in the pipes (where the system lets one ask), so that neither side waits for the other."""
_LARGEST = 256 * MIB
"""Bytes of a message; what a small file says is far below it."""
_LONGEST = 120.0
"""Seconds for one small file; the helper is given up after that."""
_entries = msgspec.msgpack.Decoder(tuple[Located, ...])


class Asked:
    """A file that was handed to the helper."""

    def __init__(self, name: str, content: bytes) -> None:
        self.name = name
        self.content = content
        self.answered = threading.Event()
        self.answer: bytes | None = None

    def settle(self, answer: bytes | None) -> None:
        self.answer = answer
        self.answered.set()


class Aside:
    """The helper as its caller sees it.  Use as a context manager; nothing raises because of the helper."""

    def __init__(self, roots: Sequence[bytes]) -> None:
        self._roots = tuple(roots)
        self._process: subprocess.Popen[bytes] | None = None
        self._waiting: deque[Asked] = deque()
        self._requests: queue.SimpleQueue[Asked | None] = queue.SimpleQueue()
        self._threads: list[threading.Thread] = []
        self._lock = threading.Lock()
        self._broken = False
        self.ready = False
        """Whether it has said that it is there; until then the caller is quicker alone."""

    def start(self) -> None:
        try:
            self._process = subprocess.Popen(
                _command(),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                pipesize=_PIPE if sys.platform == "linux" else -1,
                # The console program would open a window of its own beside the desk.
                creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
            )
        except OSError:
            self._broken = True
            return
        for work in (self._write, self._read):
            thread = threading.Thread(target=work, name="aside", daemon=True)
            thread.start()
            self._threads.append(thread)

    def ask(self, name: str, content: bytes) -> Asked:
        asked = Asked(name, content)
        with self._lock:
            if self._broken:
                asked.settle(None)
            else:
                self._waiting.append(asked)
                self._requests.put(asked)
        return asked

    def opened(self, asked: Asked) -> OpenedPackage | None:
        """What the helper found; None where the caller has to look for itself."""
        if not asked.answered.wait(_LONGEST):
            self._give_up()
        return None if asked.answer is None else _opened(asked)

    def _write(self) -> None:
        assert self._process is not None and self._process.stdin is not None
        pipe = self._process.stdin
        try:
            _send(pipe, pickle.dumps((self._roots, i18n.language())))
            while (asked := self._requests.get()) is not None:
                _send(pipe, pickle.dumps((asked.name, asked.content)))
            pipe.close()
        except (OSError, ValueError):
            self._give_up()

    def _read(self) -> None:
        assert self._process is not None and self._process.stdout is not None
        pipe = self._process.stdout
        try:
            while (answer := _receive(pipe)) is not None:
                if not self.ready:
                    self.ready = True
                    continue
                with self._lock:
                    asked = self._waiting.popleft()
                asked.settle(answer or None)
        except (OSError, ValueError, IndexError):
            pass  # Whatever came is no answer; giving up says so to whoever waits.
        finally:
            self._give_up()

    def _give_up(self) -> None:
        with self._lock:
            self._broken, self.ready = True, False
            waiting, self._waiting = self._waiting, deque()
        for asked in waiting:
            asked.settle(None)
        if self._process is not None:
            with contextlib.suppress(OSError):
                self._process.kill()

    def __enter__(self) -> Aside:
        return self

    def __exit__(self, *_exc: object) -> None:
        if self._process is None:
            return
        self._requests.put(None)
        # What it still works on is of no use to anybody any more.
        self._give_up()
        self._process.wait()
        for thread in self._threads:
            thread.join()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                with contextlib.suppress(OSError):
                    pipe.close()


def worth_it(files: int) -> bool:
    """Whether so many files repay starting a second process, on a machine that can run two at once."""
    if hasattr(os, "sched_getaffinity"):
        cores = len(os.sched_getaffinity(0))
    else:
        cores = os.cpu_count() or 1
    return files >= FEWEST and cores > 1


FEWEST = 24
"""The first process verifies some twenty files by the time the second has come up."""


def _command() -> list[str]:
    if getattr(sys, "frozen", False):
        return [sys.executable, WORD]
    source = (
        f"import sys; sys.path[:] = {sys.path!r}; from desktop_app.core.package.aside import serve; serve()"
    )
    return [sys.executable, "-c", source]


def _send(pipe: IO[bytes], data: bytes) -> None:
    pipe.write(_LENGTH.pack(len(data)))
    pipe.write(data)
    pipe.flush()


def _receive(pipe: IO[bytes]) -> bytes | None:
    """A message; None where the other side has ended."""
    head = pipe.read(_LENGTH.size)
    if not head:
        return None
    length = int.from_bytes(head, "little")
    if len(head) != _LENGTH.size or length > _LARGEST:
        raise ValueError("not a message")
    data = pipe.read(length)
    if len(data) != length:
        raise ValueError("cut off")
    return data


# --- what goes over ------------------------------------------------------------------------------------------------


def _packed(journals: Sequence[Journal]) -> list[tuple[str, bytes, bytes]]:
    # A thousand entries are pickled one by one, but packed at once.
    return [(journal.part, journal.data, msgspec.msgpack.encode(journal.entries)) for journal in journals]


def _unpacked(packed: Sequence[tuple[str, bytes, bytes]]) -> tuple[Journal, ...]:
    return tuple(
        Journal(part=part, data=data, entries=_entries.decode(entries)) for part, data, entries in packed
    )


def _told(package: OpenedPackage) -> bytes:
    forwarded = [
        (
            {name: getattr(item, name) for name in item.__struct_fields__ if name != "journals"},
            _packed(item.journals),
        )
        for item in package.forwarded
    ]
    said: dict[str, Any] = {
        "name": package.name,
        "container": package.container,
        "sig1": package.sig1,
        "payload": package.payload,
        "manifest": package.manifest,
        "signer": package.signer,
        "notes": package.notes,
    }
    return pickle.dumps((said, _packed(package.journals), forwarded), protocol=5)


def _opened(asked: Asked) -> OpenedPackage | None:
    from desktop_app.core.package.opened import ForwardedSubmission

    assert asked.answer is not None
    try:
        said, journals, forwarded = pickle.loads(asked.answer)
        file = io.BytesIO(asked.content)
        return OpenedPackage(
            file=file,
            reader=ZipReader(file),
            journals=_unpacked(journals),
            forwarded=tuple(
                ForwardedSubmission(**fields, journals=_unpacked(packed)) for fields, packed in forwarded
            ),
            **said,
        )
    except (pickle.UnpicklingError, EOFError, ValueError, TypeError, msgspec.MsgspecError):
        return None


# --- the helper's own side -----------------------------------------------------------------------------------------


def serve() -> int:
    """The helper: reads bytes of packages, writes what verifying found, an empty answer where it found fault."""
    import signal

    # An interruption is the first process's to answer; this one ends with the pipe.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        if sys.platform == "win32":
            import msvcrt

            for descriptor in (0, 1):
                msvcrt.setmode(descriptor, os.O_BINARY)
        with open(0, "rb", closefd=False) as requests, open(1, "wb", closefd=False) as answers:
            _serve(requests, answers)
    except (OSError, ValueError):
        return 1
    return 0


def _serve(requests: IO[bytes], answers: IO[bytes]) -> None:
    from desktop_app.core.package.verify import open_package

    first = _receive(requests)
    if first is None:
        return
    roots, language = pickle.loads(first)
    i18n.choose_language(language)
    _send(answers, b"here")
    while (request := _receive(requests)) is not None:
        name, content = pickle.loads(request)
        try:
            with open_package(Path(name), roots, content=content) as package:
                answer = _told(package)
        except Exception:  # Whatever it is, the first process meets it too, and there it is told in full.
            answer = b""
        _send(answers, answer if len(answer) <= _LARGEST else b"")
