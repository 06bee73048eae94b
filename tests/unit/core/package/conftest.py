"""A good package, made once for all the tests of this folder."""

from __future__ import annotations

import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

# The makers of good and bad packages lie beside the other test data, which is no package of Python's.
sys.path.insert(0, str(Path(__file__).resolve().parents[3] / "data"))


@pytest.fixture(scope="session")
def good() -> ModuleType:
    import make_good_package

    return make_good_package


@pytest.fixture(scope="session")
def bad() -> ModuleType:
    import make_bad_packages

    return make_bad_packages


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
