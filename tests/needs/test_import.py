"""What a community has in a spreadsheet goes into its queue: whole, once, and searchable. (A17, A37)"""

from pathlib import Path

import pytest
from sqlalchemy import func, select, text

from portal.audit.models import AuditEntry
from portal.moderation.queries import count_waiting
from portal.needs.actions import fill_search
from portal.needs.imports import BadNeedRow, count_rows, import_needs
from portal.needs.models import Need
from portal.needs.queries import count_matching
from portal.store import action, db
from tests import builders as a

REAL = Path(__file__).parents[3] / "shared/data/tipdm2020c_messages_votes.csv"
ROWS = "id,subject,body,created_at\n"


def written(folder: Path, text: str) -> Path:
    file = folder / "messages.csv"
    file.write_text(text, "utf-8")
    return file


def test_both_ways_of_writing_a_time_are_read(app, tmp_path):
    region = a.a_region_tree().villages[0]
    file = written(tmp_path, ROWS + "1,灯,楼道灯坏了,2019-02-28T11:25:05\n2,食堂,想要养老食堂,2019/2/8 9:05:00\n")
    assert import_needs(file, region) == (2, 0)
    times = db.session.scalars(select(Need.reported_at).order_by(Need.id)).all()
    assert [time.isoformat() for time in times] == ["2019-02-28T03:25:05+00:00", "2019-02-08T01:05:00+00:00"]


def test_an_interrupted_import_goes_on_and_nothing_is_there_twice(app, tmp_path):
    region = a.a_region_tree().villages[0]
    rows = [f"{n},,第{n}条留言,2020/1/1 8:00\n" for n in range(450)]
    with pytest.raises(BadNeedRow, match="line 352"):
        import_needs(written(tmp_path, ROWS + "".join([*rows[:350], "350,,x,never\n", *rows[351:]])), region)
    assert count_waiting(region) == 200
    whole = written(tmp_path, ROWS + "".join(rows))
    assert import_needs(whole, region) == (250, 200)
    assert import_needs(whole, region) == (0, 450)
    assert count_waiting(region) == 450


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("id,body\n1,灯坏了\n", "created_at"),
        (ROWS + ",灯,楼道灯坏了,2020-01-01\n", "line 2: the id"),
        (ROWS + "1,灯,灯,2020-01-01\n", "line 2: the words"),
        (ROWS + "1,灯,楼道灯坏了,昨天\n", "line 2: the time '昨天'"),
    ],
)
def test_a_bad_row_is_named_by_line_and_reason(app, tmp_path, text, reason):
    region = a.a_region_tree().villages[0]
    with pytest.raises(BadNeedRow, match=reason):
        import_needs(written(tmp_path, text), region)
    assert count_waiting(region) == 0


def test_imported_words_of_two_characters_are_found_in_either_script(app, tmp_path):
    region = a.a_region_tree().villages[0]
    file = written(
        tmp_path,
        ROWS
        + "1,,想办养老食堂,2020-01-01\n2,,申请低保,2020-01-01\n3,,想辦養老院,2020-01-01\n4,,养了一只老猫,2020-01-01\n",
    )
    import_needs(file, region)
    assert count_matching(region, "养老", whole=True) == 2
    assert count_matching(region, "養老", whole=True) == 2
    assert count_matching(region, "低保", whole=True) == 1


def test_searching_real_messages_finds_the_true_number(app):
    """4,326 real messages; without the file the rule is shown on a made one of the same form."""
    region = a.a_region_tree().villages[0]
    file = REAL
    if not file.exists():
        file = Path(app.config["SETTINGS"].data_dir) / "made.csv"
        file.write_text(
            ROWS + "".join(f"{n},留言{n},{'养老' if n % 7 else '低保'}问题第{n}条,2020-01-01\n" for n in range(700)),
            "utf-8",
        )
    import_needs(file, region)
    assert count_waiting(region) == count_rows(file)
    for words in ("养老", "低保"):
        holds = Need.title.contains(words) | Need.story.contains(words)
        truth = db.session.scalar(select(func.count()).select_from(Need).where(holds))
        assert truth
        assert count_matching(region, words, whole=True) == truth


def test_words_are_found_again_after_their_full_text_was_lost(app):
    region = a.a_region_tree().villages[0]
    a.a_need(region, "想办养老食堂")

    @action
    def lose():
        db.session.execute(text("DELETE FROM need_search"))

    lose()
    assert count_matching(region, "养老") == 0
    fill_search()
    assert count_matching(region, "养老") == 1


def test_the_whole_subject_stands_in_the_title_or_before_the_words(app, tmp_path):
    region = a.a_region_tree().villages[0]
    long = "投诉" + "很" * 130 + "吵的工地"
    import_needs(
        written(tmp_path, f"{ROWS}1,西湖路太吵！请管一管,半夜施工,2020-01-01\n2,{long},夜里睡不着,2020-01-01\n"), region
    )
    short, cut = db.session.scalars(select(Need).order_by(Need.source)).all()
    assert (short.title, short.story) == ("西湖路太吵！请管一管", "半夜施工")
    assert (len(cut.title), cut.title[-1], cut.story) == (120, "…", f"{long}\n夜里睡不着")


def test_what_was_imported_is_found_again_after_its_full_text_was_lost(app, tmp_path):
    region = a.a_region_tree().villages[0]
    long = "投诉" + "很" * 130 + "吵的工地"
    import_needs(
        written(tmp_path, f"{ROWS}1,西湖路太吵！请管一管,半夜施工,2020-01-01\n2,{long},睡不着,2020-01-01\n"), region
    )

    @action
    def lose():
        db.session.execute(text("DELETE FROM need_search"))

    wanted = ("管一管", "工地", "半夜", "睡不着")
    assert [count_matching(region, words, whole=True) for words in wanted] == [1] * 4
    lose()
    fill_search()
    assert [count_matching(region, words, whole=True) for words in wanted] == [1] * 4


def test_the_log_knows_what_was_imported(app, tmp_path):  # B32
    region = a.a_region_tree().villages[0]
    file = written(tmp_path, ROWS + "1,灯,楼道灯坏了,2020-01-01\n")
    import_needs(file, region)
    import_needs(file, region)
    mine = select(AuditEntry).where(AuditEntry.deed == "data:import", AuditEntry.subject == f"region:{region.id}")
    entry = db.session.scalars(mine).one()
    assert entry.actor_id is None
    assert entry.detail == {"file": "messages.csv", "new": 1, "known": 0}
