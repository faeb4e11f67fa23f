"""The addresses of the resource list; the views beside it hang on this."""

from portal.regions.queries import find_region
from portal.resources.agreements import find_agreement
from portal.resources.calendars import find_booking
from portal.resources.incubators import find_incubator, find_organisation
from portal.resources.queries import find_resource
from portal.web.door import Guarded

bp = Guarded(
    "resources",
    __name__,
    url_prefix="/<code:region>/resources",
    finds={
        "region": find_region,
        "resource": find_resource,
        "booking": find_booking,
        "agreement": find_agreement,
        "incubator": find_incubator,
        "organisation": find_organisation,
    },
)
