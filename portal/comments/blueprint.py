"""What the pages of words share."""

from portal.comments import queries
from portal.providers.queries import find_provider
from portal.regions.queries import find_region
from portal.web.door import Guarded

bp = Guarded(
    "comments",
    __name__,
    finds={
        "region": find_region,
        "provider": find_provider,
        "comment": queries.find_comment,
        "word_appeal": queries.find_appeal,
    },
)
