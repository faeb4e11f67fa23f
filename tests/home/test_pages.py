"""The first page of a community and a person's own page."""

from portal.rules.needs import NeedState
from tests import builders as a


def test_a_stranger_sees_what_goes_on_and_the_three_acts(app, client):
    region = a.a_region_tree().villages[0]
    a.a_need(region, "楼道灯坏了")
    a.a_need(region, "想要食堂", state=NeedState.ANSWERED)
    a.a_need(region, "不公开的事", private=True)
    a.an_open_round(a.a_project(region))
    said = client.get(f"/{region.code}/").text
    assert "楼道灯坏了" in said
    assert "灯已经换好了，谢谢您的提醒。" in said
    assert "不公开的事" not in said
    for act in ("needs/report", "votes/", "providers/"):
        assert f'href="{act}"' in said


def test_the_community_is_remembered(app, client):
    region = a.a_region_tree().villages[0]
    assert client.get("/").location == "/find"
    client.get(f"/{region.code}/")
    assert client.get("/").location == f"/{region.code}/"


def test_a_place_above_shows_the_places_below_it(app, client):
    tree = a.a_region_tree()
    said = client.get(f"/{tree.township.code}/").text
    assert all(village.name in said for village in tree.villages)


def test_a_person_finds_what_she_said_and_was_told(app, client):
    region = a.a_region_tree().villages[0]
    author = a.a_resident(region)
    a.a_need(region, "楼道灯坏了", author=author, state=NeedState.ANSWERED)
    a.signed_in(client, author)
    said = client.get("/mine/").text
    assert said.count("楼道灯坏了") >= 2
    assert 'class="state going"' in said
    client.post("/mine/read")
    assert 'class="card fresh"' not in client.get("/mine/").text


def test_each_office_finds_its_desks_from_her_own_page(app, client):
    tree = a.a_region_tree()
    place, county = tree.villages[0], tree.county
    for person, desks in (
        (a.a_committee(place), (f"/{place.code}/services/record", f"/{place.code}/bad-ratings/desk")),
        (a.an_official(county), (f"/{county.code}/open/", f"/{county.code}/providers/credit/pleas/")),
    ):
        a.signed_in(client, person)
        assert all(f'href="{one}"' in client.get("/mine/").text for one in desks)


def test_a_stranger_is_asked_to_sign_in_first(app, client):
    assert client.get("/mine/").location.startswith("/sign-in?next=/mine/")
