"""Someone with a phone: she goes, taps and types; her taps are counted and her steps are photographed."""

from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, Locator, Page, Request, Response, expect

from portal.settings import ROOT

LOCALES = {"zh-Hans": "zh-CN", "zh-Hant": "zh-TW", "en": "en-GB"}
"""What the browsers of our readers ask for."""
PHONE = {"width": 360, "height": 640}
PAPER = {"width": 703, "height": 1032}
"""A sheet of A4 within its margins."""
PICTURES = ROOT / "artifacts" / "journeys"


class Walker:
    """A browser of her own on a phone; what goes wrong behind her back is kept in `faults`."""

    def __init__(self, context: BrowserContext, site: str, language: str, engine: str, who: str) -> None:
        self.context = context
        self.site = site
        self.language = language
        self.name = f"{language}-{engine}-{{:02}}-{who}-{{}}.png"
        self.taps = 0
        self.faults: list[str] = []
        self.forgives: tuple[str, ...] = ("status of 422",)
        self._pictures = 0
        context.on("request", self._asked)
        context.on("response", self._answered)
        self.page: Page = context.new_page()
        self.page.on("console", lambda said: self._complain(said.text) if said.type in ("error", "warning") else None)
        self.page.on("pageerror", lambda error: self._complain(str(error)))

    def _asked(self, request: Request) -> None:
        address = urlsplit(request.url)
        if address.scheme in ("http", "https") and not request.url.startswith(self.site):
            self._complain(f"asked another host: {request.url}")

    def _answered(self, response: Response) -> None:
        if response.status >= 500:
            self._complain(f"{response.status} from {response.url}")

    def _complain(self, fault: str) -> None:
        if not any(known in fault for known in self.forgives):
            self.faults.append(f"{urlsplit(self.page.url).path}: {fault}")

    def goes(self, path: str) -> None:
        self.page.goto(self.site + path)

    def tap(self, selector: str) -> None:
        """Tap the one thing that `selector` means."""
        self.taps += 1
        self.page.click(selector, strict=True)

    def types(self, selector: str, words: str) -> None:
        self.page.locator(selector).fill(words)

    def sees(self, selector: str, count: int | None = None, words: str | None = None) -> Locator:
        """Wait until she sees `count` of these (some, if None) and `words` in the first of them."""
        found = self.page.locator(selector)
        if count is not None:
            expect(found).to_have_count(count)
        if count != 0:
            expect(found.first).to_be_visible()
        if words is not None:
            expect(found.first).to_contain_text(words)
        return found

    def is_at(self, path: str) -> None:
        """Wait until she has arrived at `path`, whatever the query says."""
        self.page.wait_for_url(lambda url: urlsplit(url).path == path)

    @property
    def path(self) -> str:
        return urlsplit(self.page.url).path

    def picture(self, step: str) -> None:
        """Keep a picture of this step; the page must speak her language and fit her screen."""
        self._pictures += 1
        PICTURES.mkdir(parents=True, exist_ok=True)
        path = PICTURES / self.name.format(self._pictures, step)
        self.page.screenshot(path=path, full_page=True, animations="disabled", caret="initial")
        assert self.page.get_attribute("html", "lang") == self.language
        screen = self.page.viewport_size or PHONE
        assert self.page.evaluate("document.documentElement.scrollWidth") <= screen["width"], (
            f"{self.path} scrolls sideways"
        )

    def print(self, what: str) -> None:
        """Keep a picture of the page as it comes from a printer, with nothing to tap on it."""
        self.page.set_viewport_size(PAPER)
        self.page.emulate_media(media="print")
        self.sees(":is(nav, button, .button, .foot):visible", 0)
        self.picture(f"{what}-printed")
        self.page.emulate_media(media="screen")
        self.page.set_viewport_size(PHONE)
