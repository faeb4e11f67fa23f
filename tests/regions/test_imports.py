"""The official list of divisions is loaded whole, or not at all."""

import csv
import itertools
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from portal.audit.models import AuditEntry
from portal.commands import main
from portal.regions.imports import COLUMNS, BadRegionRow, import_regions
from portal.regions.models import LEVELS, Region
from portal.regions.queries import find_region
from portal.store import db
from tests import builders
from tests.builders import PLACES

ANHUI = Path(__file__).parents[3] / "shared/data/divisions_anhui.csv"


def a_file(folder: Path, *rows: tuple[str, ...], heading: tuple[str, ...] = tuple(COLUMNS)) -> Path:
    path = folder / "places.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([heading, *rows])
    return path


def count() -> int:
    return db.session.scalar(select(func.count()).select_from(Region)) or 0


def test_every_place_knows_the_way_down_to_it(app: Flask) -> None:  # B12
    tree = builders.a_region_tree()
    village = tree.villages[1]
    line = [tree.province, tree.prefecture, tree.county, tree.township, village]
    assert village.path == "".join(f"{region.id}." for region in line)
    assert [region.level for region in line] == list(LEVELS)


def test_children_may_stand_before_their_parents(app: Flask, tmp_path: Path) -> None:
    assert import_regions(a_file(tmp_path, *reversed(PLACES))) == (7, 0)
    assert find_region("990121100203").path.count(".") == 5


def test_a_second_run_changes_nothing(app: Flask, tmp_path: Path) -> None:
    path = a_file(tmp_path, *PLACES)
    assert import_regions(path) == (7, 0)
    before = db.session.execute(select(Region.id, Region.code, Region.path).order_by(Region.id)).all()
    assert import_regions(path) == (0, 0)
    assert db.session.execute(select(Region.id, Region.code, Region.path).order_by(Region.id)).all() == before


def test_a_new_name_is_taken_over_and_found(app: Flask, tmp_path: Path) -> None:
    import_regions(a_file(tmp_path, *PLACES))
    renamed = [(*row[:2], "大桥社区居委会", row[3]) if row[0] == "990121100001" else row for row in PLACES]
    assert import_regions(a_file(tmp_path, *renamed)) == (0, 1)
    db.session.expire_all()
    assert find_region("990121100001").folded == "大桥社区居委会"


def test_a_file_from_excel_is_read(app: Flask, tmp_path: Path) -> None:
    path = a_file(tmp_path, *PLACES)
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n").replace(b"\r\r\n", b"\r\n"))
    assert import_regions(path) == (7, 0)


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (("99012110000", "village", "短码", "990121100000"), "must have 12 digits, it has 11"),
        (("9901211000011", "village", "长码", "990121100000"), "must have 12 digits, it has 13"),
        (("99012110000x", "village", "字母", "990121100000"), "must have 12 digits"),
        (("９９０１２１１０００９９", "village", "全角", "990121100000"), "must have 12 digits"),
        (("990121100001", "village", "又一个", "990121100000"), "was already on line 6"),
        (("990121100099", "hamlet", "庄", "990121100000"), "the level 'hamlet'"),
        (("990121100099", "village", "", "990121100000"), "1 to 80 characters"),
        (("990121100099", "village", "名" * 81, "990121100000"), "1 to 80 characters"),
        (("990121100099", "village", "孤儿", "990121999000"), "the parent 990121999000 is unknown"),
        (("990121100099", "village", "孤儿", ""), "has no parent"),
        (("990121100099", "village", "孤儿", "99012110"), "the parent's code '99012110' must have 12 digits"),
        (("990121100099", "township", "倒置", "990121100001"), "cannot lie in the village"),
        (("990121100099", "village", "缺"), "fewer fields"),
        (("990121100099", "village", "多", "990121100000", "x"), "more fields"),
    ],
)
def test_a_bad_row_stops_it_with_its_line_and_reason(
    app: Flask, tmp_path: Path, row: tuple[str, ...], reason: str
) -> None:
    with pytest.raises(BadRegionRow, match=r"line 9: ") as caught:
        import_regions(a_file(tmp_path, *PLACES, row))
    assert reason in str(caught.value)
    db.session.rollback()
    assert count() == 0, "nothing may be half-loaded"


def test_a_moved_place_stops_it(app: Flask, tmp_path: Path) -> None:
    import_regions(a_file(tmp_path, *PLACES))
    with pytest.raises(BadRegionRow, match="already lies elsewhere"):
        import_regions(a_file(tmp_path, *PLACES[:-1], ("990121100203", "village", "石榴村委会", "990121000000")))


def test_a_wrong_heading_and_a_wrong_encoding_are_said(app: Flask, tmp_path: Path) -> None:
    with pytest.raises(BadRegionRow, match="the columns must be code, level, name, parent_code"):
        import_regions(a_file(tmp_path, *PLACES, heading=("a", "b", "c", "d")))
    path = tmp_path / "gbk.csv"
    path.write_text(f"{','.join(COLUMNS)}\n990000000000,province,云泽省,\n", "gbk")
    with pytest.raises(BadRegionRow, match="line 2: this is not UTF-8"):
        import_regions(path)


def test_progress_goes_from_nothing_to_everything(app: Flask, tmp_path: Path) -> None:
    said: list[tuple[int, int]] = []
    import_regions(a_file(tmp_path, *PLACES), lambda done, total: said.append((done, total)))
    assert said[-1] == (7, 7)
    assert all(a <= b for (a, _), (b, _) in itertools.pairwise(said))


def test_the_command_says_the_line_and_loads_nothing(
    app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = app.config["SETTINGS"]
    monkeypatch.setenv("PORTAL_DATA_DIR", str(settings.data_dir))
    monkeypatch.setenv("PORTAL_DATABASE_URL", settings.database_url)
    bad = a_file(tmp_path, *PLACES, ("990121100099", "village", "孤儿", "990121999000"))
    with pytest.raises(SystemExit) as ended:
        main(["import", "regions", str(bad)])
    assert ended.value.code == 2
    assert "line 9: the parent 990121999000 is unknown; nothing was loaded" in capsys.readouterr().err
    with pytest.raises(SystemExit) as ended:
        main(["import", "regions", str(a_file(tmp_path, *PLACES))])
    assert ended.value.code == 0
    assert "7 new, 0 changed" in capsys.readouterr().out
    db.session.rollback()
    assert count() == 7


def test_the_province_of_anhui_is_loaded_twice_without_change(app: Flask) -> None:  # B12
    if not ANHUI.exists():
        return  # the list of a real province is not part of the repository
    assert import_regions(ANHUI) == (20155, 0)
    assert import_regions(ANHUI) == (0, 0)
    assert count() == 20155


def test_the_log_knows_what_was_loaded(app: Flask, tmp_path: Path) -> None:  # B32
    path = a_file(tmp_path, *reversed(PLACES))
    import_regions(path)
    import_regions(path)
    entry = db.session.scalars(select(AuditEntry)).one()
    assert (entry.actor_id, entry.deed) == (None, "data:import")
    assert entry.subject == f"region:{find_region('990000000000').id}"
    assert entry.detail == {"file": "places.csv", "new": 7, "changed": 0}
