"""Those who work for the county, by whose names the files speak of them."""

RESIDENT, OFFICIAL, PROVIDER = "林小梅", "郑国强", "何晓燕"
COMMITTEE = {"hepan": "周敏", "dongyuan": "吴桂芳", "huaishu": "方大勇"}
