"""The part of the static desk that is about keys, certificates, stamps and what was merged."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import fake_county as county
import fake_data as data

from desktop_app.core.errors import InputError, TrustError
from desktop_app.core.model.entry import Changes
from desktop_app.core.model.period import Period
from desktop_app.core.model.view import HistoryView

ROOT = "4821 0093 7716 2254 9031 6680 1427 5539"
OWN = "1107 3342 9058 6614 2270 8893 4401 7726"
ASKED = "6012 7745 0098 3321 5567 1184 9920 4436"


@dataclass
class FakeReport:
    state: str = "certified"
    key_spoken: str = OWN
    ca_spoken: str = ""
    not_after: str = "2031-07-01T00:00:00+00:00"
    issuer: str = "云溪县"
    ca: bool = False
    root_spoken: str = ROOT


@dataclass
class FakeRequest:
    code: str
    role: str = "desk"
    spoken: str = ASKED


class FakeTrust:
    level: str
    unit: str
    calls: list[tuple]

    def begin_trust(self) -> None:
        above = self.level != "township"
        self.report = FakeReport(ca=above, ca_spoken=ASKED[::-1] if above else "")
        self.asking = [FakeRequest(f"{data.COUNTY}110")]
        self.stamp = "missing"
        self.turned_away: list[HistoryView] = []
        self.falls_out = ["12 无障碍改造户数 2024-06", "25 老年教育新增学员 2024-06"]

    def key_report(self) -> FakeReport:
        return self.report

    def make_key(self, passphrase: str) -> None:
        self.calls.append(("make_key", passphrase))
        self.report.state = "requested"

    def replace_key(self, passphrase: str) -> None:
        self.calls.append(("replace_key", passphrase))
        self.report.state = "requested"

    def save_request(self, path: Path, passphrase: str) -> Path:
        self.calls.append(("save_request", path, passphrase))
        path.write_text("-----BEGIN CERTIFICATE REQUEST-----", encoding="utf-8")
        return path

    def install_certificate(self, path: Path, passphrase: str) -> None:
        self.calls.append(("install", path, passphrase))
        self.report.state = "certified"

    def hand_over(self, operator: str, old: str, new: str) -> None:
        self.calls.append(("hand_over", operator, old, new))

    def asked_by(self, path: Path) -> list[FakeRequest]:
        self.calls.append(("asked_by", path))
        return self.asking

    def grant(self, path: Path, out: Path, passphrase: str, *fingerprints: str) -> Path:
        said = {words.replace(" ", "") for words in fingerprints}
        if any(request.spoken.replace(" ", "") not in said for request in self.asking):
            raise TrustError("指纹与盖章申请表上的不一致，没有签发。", next_step="请与申请单位核对。")
        self.calls.append(("grant", path, out, passphrase))
        out.write_text("-----BEGIN CERTIFICATE-----", encoding="utf-8")
        return out

    def setup(self, unit: str, folder: Path, progress: Any) -> county.FakeFile:
        progress(1, 1, "")
        path = folder / f"{self.unit}-setup-{unit}.xlsx"
        path.write_bytes(b"PK")
        self.calls.append(("setup", unit, folder))
        return county.FakeFile(path, "", 2)

    def set_aside_path(self, row_path: str) -> Path:
        return Path("/desk") / row_path

    def dependents(self, container: str) -> list[str]:
        return self.falls_out

    def refused(self) -> list[HistoryView]:
        return self.turned_away

    def write_run_report(self, path: Path) -> Path:
        if not self.calls:
            raise InputError("这次打开后还没有汇入过文件。", next_step="请先把收到的文件拖进来。")
        path.write_bytes(b"PK")
        return path

    def add_stamp(self, file: Path, period: Period) -> Changes:
        self.calls.append(("add_stamp", file, period.key))
        self.stamp = "received"
        return Changes(kinds=frozenset({"evidence"}), entries=1)

    def stamp_state(self, period: Period) -> str:
        return self.stamp
