"""What the pages of checks and exits share."""

from portal.regions.queries import find_region
from portal.supervision import queries
from portal.web.door import Guarded

bp = Guarded(
    "supervision",
    __name__,
    url_prefix="/<code:region>/supervision",
    finds={"region": find_region, "contract": queries.find_watched, "check": queries.find_check},
)
