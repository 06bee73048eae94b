"""A good package, made once for all the tests of this folder."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

DATA = Path(__file__).resolve().parents[3] / "data"


def load(name: str) -> ModuleType:
    """A module of tests/data, which is no package."""
    known = sys.modules.get(f"taizhang_tests_{name}")
    if known is not None:
        return known
    spec = importlib.util.spec_from_file_location(f"taizhang_tests_{name}", DATA / f"{name}.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def good() -> ModuleType:
    return load("make_good_package")


@pytest.fixture(scope="session")
def bad() -> ModuleType:
    return load("make_bad_packages")


@pytest.fixture(scope="session")
def city(good: ModuleType) -> Any:
    return good.City("p256")


@pytest.fixture(scope="session")
def month(good: ModuleType) -> Any:
    return good.month()


@pytest.fixture(scope="session")
def package(city: Any, month: Any, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("package") / "340421100-2024-06-1.xlsx"
    month.write(path, city.signer())
    return path
