import pytest
from flask import Flask

from tests import builders


@pytest.fixture
def tree(app: Flask) -> builders.Tree:
    return builders.a_region_tree()
