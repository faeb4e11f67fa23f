"""Excel opens what we save as it is."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.web.csv import as_csv, cell


def test_excel_sees_chinese_and_windows_lines():  # expectation 38
    assert as_csv(["名称", "数"], [["养老", 3]]) == b"\xef\xbb\xbf" + "名称,数\r\n养老,3\r\n".encode()


@pytest.mark.parametrize("text", ["340102199001011234", "13800138000", "0551", "2026-11", "1-2", "12:30", "1e5"])
def test_text_of_digits_stays_text(text):  # expectation 38
    assert cell(text) == text + "\t"


@pytest.mark.parametrize(
    "text", ["=1+1", "+86", "-3", "@SUM(A1)", "\t=1", "\r=1", " =1", "＝1", "−5".replace("−", "-")]
)
def test_no_cell_runs(text):  # expectation 38
    assert cell(text) == "'" + text


def test_numbers_stay_numbers():
    assert [cell(value) for value in (7, -3, 81.5, None)] == [7, -3, 81.5, ""]


@given(st.lists(st.lists(st.text(), min_size=2, max_size=2)))
def test_whatever_was_written_is_read_again(rows):
    text = as_csv(["a", "b"], rows).decode("utf-8-sig")
    read = list(csv.reader(io.StringIO(text, newline="")))[1:]
    assert [[_as_typed(value) for value in row] for row in read] == [[_as_typed(v) for v in row] for row in rows]
    assert not any(value[:1] in ("=", "+", "-", "@", "\t", "\r") for row in read for value in row if value)


def _as_typed(value: str) -> str:
    return value.removeprefix("'").removesuffix("\t")
