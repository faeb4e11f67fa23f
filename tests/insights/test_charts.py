"""Numbers become pictures that can be read without eyes, and hold nothing that the policy forbids."""

from xml.etree import ElementTree

import pytest

from portal.insights import charts
from portal.insights.charts import Point

POINTS = [Point("2026-01"), Point("2026-02", 80, 70, 90), Point("2026-03", 85, 80, 90)]
DRAWN = {
    "line": charts.line(
        "a", "T & t", "<s>", [Point("2026-01"), Point("2026-02", 80, 70, 90), Point("2026-03", 85, 80, 90)]
    ),
    "one": charts.line("a", "T & t", "<s>", [Point("2026-01", 0, 0, 100)]),
    "gaps": charts.line("a", "T & t", "<s>", [Point("x"), Point("y")]),
    "nothing": charts.line("a", "T & t", "<s>", []),
    "bars": charts.bars("a", "T & t", "<s>", [("<b>", 3), ("none", 0)]),
    "stacked": charts.stacked("a", "T & t", "<s>", [("up to 7 days", 1), ("b", 0), ("c", 999), ("d", 0)]),
    "no needs": charts.stacked("a", "T & t", "<s>", [("a", 0), ("b", 0), ("c", 0), ("d", 0)]),
}


@pytest.mark.parametrize("name", DRAWN)
def test_a_chart_is_well_formed_named_and_without_style(name):  # expectation 37
    svg = ElementTree.fromstring(DRAWN[name])
    assert svg.get("role") == "img"
    assert [part.text for part in svg[:2]] == ["T & t", "<s>"]
    assert svg.get("aria-labelledby") == f"{svg[0].get('id')} {svg[1].get('id')}"
    assert not [part for part in svg.iter() if {"style", "onload", "fill"} & set(part.attrib)]


def test_a_gap_stays_a_gap():
    points = [Point("a", 1, 0, 2), Point("b"), Point("c", 3, 2, 4), Point("d", 3, 2, 4)]
    assert charts.line("a", "t", "s", points).count('class="line"') == 2


def test_parts_fill_the_bar():
    svg = ElementTree.fromstring(charts.stacked("a", "t", "s", [("a", 1), ("b", 1), ("c", 2)]))
    widths = [float(part.get("width", 0)) for part in svg if part.tag == "rect" and part.get("height") == "28"]
    assert widths == [320, 78, 78, 158]
