"""Officials see honest summaries of their region and go down one level a tap."""

from typing import Any

from flask import Flask, abort, request

from portal.insights import charts, queries, tables
from portal.policies.queries import rules_for
from portal.regions.models import Region
from portal.regions.queries import find_region, path_to
from portal.rules import N_
from portal.rules.permissions import Deed, may
from portal.rules.scoring import Direction
from portal.web.csv import table_as_csv
from portal.web.door import Guarded, actor, page
from portal.web.words import gettext

TREND_WORDS = {
    Direction.UP: N_("clearly higher"),
    Direction.DOWN: N_("clearly lower"),
    Direction.UNCLEAR: N_("no clear change"),
    Direction.UNKNOWN: N_("too few ratings to see a trend"),
}

bp = Guarded("insights", __name__, url_prefix="/<code:region>", finds={"region": find_region})


@bp.get("/summary/", deed=Deed.READ_SUMMARY)
def summary(region: Region) -> Any:
    """An official sees how a region is doing: what people say of the services, what waits, what is late."""
    seen = queries.overview(region, rules_for(region))
    return page(
        region=region,
        seen=seen,
        tables={name: made(seen) for name, made in tables.TABLES.items()},
        charts=charts,
        points=[
            charts.Point(month, score.mean, score.low, score.high) if score else charts.Point(month)
            for month, score in seen.months.items()
        ],
        trend_words={direction: gettext(words) for direction, words in TREND_WORDS.items()},
        way=[step for step in path_to(region)[:-1] if may(actor(), Deed.READ_SUMMARY, step.path)],
    )


@bp.get("/summary.csv", deed=Deed.READ_SUMMARY)
def table(region: Region) -> Any:
    """An official saves a table of the summary (`?what=`) for a spreadsheet."""
    what = request.args.get("what", "places")
    made = tables.TABLES.get(what) or abort(404)
    found = made(queries.overview(region, rules_for(region)))
    return table_as_csv(f"{region.code}-{what}", found.head, found.rows)


def install(app: Flask) -> None:
    app.register_blueprint(bp)
