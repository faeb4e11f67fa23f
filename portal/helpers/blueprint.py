"""The addresses of helped votes; the views beside it hang on this."""

from portal.helpers.queries import find_assistance
from portal.regions.queries import find_region
from portal.voting.queries import find_poll
from portal.web.door import Guarded

bp = Guarded("helpers", __name__, finds={"region": find_region, "poll": find_poll, "assistance": find_assistance})
POLL = "/<code:region>/votes/<int:poll>"
