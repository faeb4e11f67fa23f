"""An approved project in a community whose county buys."""

from typing import Any

import pytest
from flask import Flask

from tests import builders as a
from tests.purchases import making


@pytest.fixture
def village(app: Flask) -> Any:
    return a.a_region_tree().villages[0]


@pytest.fixture
def project(village: Any) -> Any:
    return making.approved(a.a_project(village))


@pytest.fixture
def official(project: Any) -> Any:
    return making.the_official(project)
