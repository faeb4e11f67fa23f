"""What the pages of cases share."""

from portal.cases.queries import find_bad_case
from portal.regions.queries import find_region
from portal.web.door import Guarded

bp = Guarded(
    "bad_ratings",
    __name__,
    url_prefix="/<code:region>/bad-ratings",
    finds={"region": find_region, "bad_case": find_bad_case},
)
repairs = Guarded("repairs", __name__, url_prefix="/repairs", finds={"bad_case": find_bad_case})
hers = Guarded("her_case", __name__, url_prefix="/rate/<token>/repair")
