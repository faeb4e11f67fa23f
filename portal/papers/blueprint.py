"""The addresses of slips and papers; the views beside it hang on this."""

from portal.regions.queries import find_region
from portal.voting.queries import find_poll
from portal.web.door import Guarded

bp = Guarded("papers", __name__, finds={"region": find_region, "poll": find_poll})
