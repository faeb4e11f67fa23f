"""A village has a villagers' committee, and is spoken of so."""

from tests import builders as a


def test_a_village_page_speaks_of_its_villagers_committee(app, client):
    tree = a.a_region_tree()
    community, village = tree.villages[0], tree.villages[2]
    for language, mine, other in (("zh-CN", "村委会", "居委会"), ("zh-TW", "村委會", "居委會")):
        headers = {"Accept-Language": language}
        said = client.get(f"/{village.code}/needs/report", headers=headers).text
        assert mine in said
        assert other not in said
        said = client.get(f"/{community.code}/needs/report", headers=headers).text
        assert other in said.replace(community.name, "")
        assert mine not in said
