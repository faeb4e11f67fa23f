"""Those who work for the county, by whose names the files speak of them."""

from portal.commands.county import content

RESIDENT, OFFICIAL, PROVIDER = "林小梅", "郑国强", "何晓燕"
COMMITTEE = {"hepan": "周敏", "dongyuan": "吴桂芳", "huaishu": "方大勇"}
COLLEAGUE = "何平"
"""The second one of the first committee: papers and entries of the roll take two."""

COUNTY = "990121000000"
"""Where the official works; what belongs to the whole county stands there."""
TOWNSHIP = "韩立新"
"""Of the office above the first community: what its committee is tied to is decided there."""


def staff_of(provider: str) -> str:
    """Who works for a provider, by the provider's name in the files; empty if nobody of its own."""
    return str(content.story()["staff"].get(provider, ""))
