"""An official sees a summary of her own region, and of nobody else's."""

from portal.insights.actions import refresh_summary
from portal.regions.queries import find_region
from portal.rules.needs import NeedState
from portal.voting import actions as voting
from tests import builders as a
from tests.counting import statements
from tests.insights.rated import rated

MOST_STATEMENTS = 8


def test_an_official_reads_hers_and_goes_down_one_level_a_tap(app, client):  # A2, expectation 40
    tree = a.a_region_tree()
    a.a_need(tree.villages[0], state=NeedState.SUBMITTED)
    a.an_open_round(a.a_project(tree.villages[1]))
    refresh_summary()
    a.signed_in(client, a.an_official(tree.county))
    page = client.get(f"/{tree.county.code}/summary/")
    assert page.status_code == 200
    assert f'href="/{tree.township.code}/summary/"' in page.text
    assert f'href="/{tree.prefecture.code}/summary/"' not in page.text
    below = client.get(f"/{tree.township.code}/summary/")
    assert all(f'href="/{place.code}/summary/"' in below.text for place in (tree.county, *tree.villages))


def test_an_official_of_another_county_may_not(app, client):
    tree = a.a_region_tree()
    a.import_places([("990122000000", "county", "临江县", tree.prefecture.code)])
    elsewhere = find_region("990122000000")
    a.signed_in(client, a.an_official(elsewhere))
    for path in ("summary/", "summary.csv"):
        assert client.get(f"/{tree.county.code}/{path}").status_code == 403
    assert client.get(f"/{elsewhere.code}/summary/").status_code == 200


def test_a_resident_may_not_and_a_stranger_is_asked_to_sign_in(app, client):
    tree = a.a_region_tree()
    address = f"/{tree.villages[0].code}/summary/"
    assert client.get(address).status_code == 303
    a.signed_in(client, a.a_resident(tree.villages[0]))
    assert client.get(address).status_code == 403


def test_an_empty_place_says_so_and_does_not_fail(app, client):
    tree = a.a_region_tree()
    a.signed_in(client, a.an_official(tree.province))
    assert "being counted" in client.get(f"/{tree.province.code}/summary/", headers={"Accept-Language": "en"}).text
    refresh_summary()
    assert (
        "not enough answers yet"
        in client.get(f"/{tree.villages[0].code}/summary/", headers={"Accept-Language": "en"}).text
    )


def test_every_chart_has_a_title_a_description_a_table_and_a_file(app, client):  # expectation 37
    tree = a.a_region_tree()
    provider = a.a_provider(tree.county)
    with a.at("2026-11-20"):
        for month in ("2026-05", "2026-06", "2026-11"):
            rated(provider, tree.villages[0], {5: 15, 2: 3}, month)
        refresh_summary()
        a.signed_in(client, a.an_official(tree.province))
        page = client.get(f"/{tree.province.code}/summary/", headers={"Accept-Language": "en"}).text
    assert page.count('<svg class="chart"') == 3
    for name in ("c1", "c2", "c3"):
        assert f'<title id="{name}-title">' in page
        assert f'<desc id="{name}-says">' in page
    for what in ("satisfaction", "needs", "ages"):
        assert f'href="../summary.csv?what={what}"' in page


def test_fewer_than_five_voters_are_not_a_number(app, client):  # F9
    tree = a.a_region_tree()
    village = tree.villages[0]
    project = a.a_project(village)
    voting.cast_vote(a.actor(a.a_resident(village)), a.an_open_round(project), 1, 1)
    refresh_summary()
    a.signed_in(client, a.an_official(village))
    assert "fewer than 5" in client.get(f"/{village.code}/summary/", headers={"Accept-Language": "en"}).text


def test_the_table_is_saved_for_excel(app, client):  # expectation 38
    tree = a.a_region_tree()
    a.a_need(tree.villages[0], state=NeedState.SUBMITTED)
    refresh_summary()
    a.signed_in(client, a.an_official(tree.township))
    answer = client.get(f"/{tree.township.code}/summary.csv", headers={"Accept-Language": "en"})
    assert answer.content_type == "text/csv; charset=utf-8"
    assert answer.data.startswith(b"\xef\xbb\xbfDivision code,Place,Score,")
    assert f"\r\n{tree.villages[0].code}\t,长桥社区居委会,not enough answers yet,,,,1,0,0\r\n".encode() in answer.data
    for what in ("satisfaction", "needs", "ages", "votes", "worst"):
        assert client.get(f"/{tree.township.code}/summary.csv?what={what}").status_code == 200
    assert client.get(f"/{tree.township.code}/summary.csv?what=secrets").status_code == 404


def test_fifty_places_cost_what_one_costs(app, client):
    tree = a.a_region_tree()
    rows = [(f"9901211{n:02}000", "township", f"第{n}镇", tree.county.code) for n in range(20, 70)]
    a.import_places([(tree.county.code.replace("0121", "0125"), "county", "小县", tree.prefecture.code), *rows])
    a.import_places([("990125100000", "township", "独镇", "990125000000")])
    author = a.a_resident(tree.villages[0])
    for code in ("990125100000", rows[0][0], rows[1][0]):
        place = find_region(code)
        a.a_need(place, author=author, state=NeedState.SUBMITTED)
        rated(a.a_provider(place), place, {5: 20})
        a.an_open_round(a.a_project(place, needs=(a.a_need(place, author=author),)))
    refresh_summary()
    a.signed_in(client, a.an_official(tree.province))
    counts = []
    for code in ("990125000000", tree.county.code):
        client.get(f"/{code}/summary/")
        with statements() as said:
            page = client.get(f"/{code}/summary/")
        counts.append((page.text.count('/summary/">'), len(said)))
    (few, one), (many, fifty) = counts
    assert many - few == 50
    assert one == fifty <= MOST_STATEMENTS
