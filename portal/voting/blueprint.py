"""The addresses of votes; the views beside it hang on this."""

from portal.projects.queries import find_project
from portal.regions.queries import find_region
from portal.voting.queries import find_poll
from portal.web.door import Guarded

bp = Guarded(
    "voting",
    __name__,
    url_prefix="/<code:region>/votes",
    finds={"region": find_region, "poll": find_poll, "project": find_project},
)
