"""The addresses of projects; the views beside it hang on this."""

from portal.projects.queries import find_project
from portal.regions.queries import find_region
from portal.web.door import Guarded

bp = Guarded(
    "projects",
    __name__,
    url_prefix="/<code:region>/projects",
    finds={"region": find_region, "project": find_project},
)
