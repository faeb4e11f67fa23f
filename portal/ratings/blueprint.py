"""What the pages of ratings share."""

from portal.providers.queries import find_provider
from portal.ratings.import_keys import find_key
from portal.regions.queries import find_region
from portal.web.door import Guarded

bp = Guarded("ratings", __name__, finds={"region": find_region, "provider": find_provider, "import_key": find_key})
