"""What every page owes its readers, measured in a real browser: axe, fingertips, narrow screens, keys."""

from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from portal.settings import ROOT

MEASURE = (ROOT / "tests/journeys/looking.js").read_text()
AXE = Axe().axe_script
ALL = {"resultTypes": ["violations"]}
CONTRAST = {"resultTypes": ["violations"], "runOnly": {"type": "rule", "values": ["color-contrast"]}}
FINGER, BIG_FINGER = 44, 60
OPEN = "document.querySelectorAll('details').forEach(one => { one.open = true })"
ELDER = "on => { document.documentElement.classList.toggle('elder', on) }"
TWICE = "on => { const root = document.documentElement; root.style.fontSize = on ? parseFloat(getComputedStyle(root).fontSize) * 2 + 'px' : '' }"
START = """() => {
  const start = document.createElement("span");
  start.tabIndex = -1;
  document.body.prepend(start);
  start.focus();
  start.remove();
}"""
FOCUS = """() => {
  const here = document.activeElement;
  if (!here || here === document.body) return null;
  const marks = [here, here.nextElementSibling, here.closest("label")].filter(Boolean).map(e => getComputedStyle(e));
  const again = here.dataset.reached;  // the parts of a date, which the browser itself marks
  const seen = again || marks.some(s => (s.outlineStyle !== "none" && parseFloat(s.outlineWidth) >= 1));
  here.dataset.reached = "1";
  return {seen, what: here.outerHTML.slice(0, 80), first: here.name === "_display" || !document.querySelector("[name=_display]")};
}"""
UNREACHED = """() => [...document.querySelectorAll("a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex='0']")]
  .filter(e => e.checkVisibility({visibilityProperty: true}) && !e.disabled && !e.dataset.reached && e.tabIndex >= 0)
  .filter(e => e.type !== "radio" || !document.querySelector(`input[type=radio][name="${e.name}"][data-reached]`))
  .map(e => e.outerHTML.slice(0, 80))"""


def faults_of(page: Page) -> list[str]:
    """What is wrong with the page as it stands, folded parts opened: at 360 px, at 320 px, with letters twice as large,
    in elder mode, in the dark."""
    page.evaluate(OPEN)
    page.evaluate(AXE)
    faults = _of_axe(page, ALL, "") + _measured(page, FINGER, "")
    page.set_viewport_size({"width": 320, "height": 640})
    faults += _measured(page, 0, "at 320 px ")
    page.evaluate(TWICE, True)
    faults += _measured(page, 0, "at 320 px with letters twice as large ")
    page.evaluate(TWICE, False)
    page.evaluate(ELDER, True)
    faults += _measured(page, BIG_FINGER, "at 320 px in elder mode ")
    page.set_viewport_size({"width": 360, "height": 640})
    faults += _of_axe(page, CONTRAST, "in elder mode ")
    page.emulate_media(color_scheme="dark")
    faults += _of_axe(page, CONTRAST, "in elder mode in the dark ")
    page.evaluate(ELDER, False)
    faults += _of_axe(page, CONTRAST, "in the dark ")
    page.emulate_media(color_scheme="light")
    return faults


def _measured(page: Page, target: int, where: str) -> list[str]:
    return [where + fault for fault in page.evaluate(MEASURE, {"target": target})]


def _of_axe(page: Page, options: dict[str, Any], where: str) -> list[str]:
    found = page.evaluate("options => axe.run(options)", options)["violations"]
    return [f"{where}axe: {rule['id']}: {node['html'][:120]}" for rule in found for node in rule["nodes"]]


def faults_of_keys(page: Page) -> list[str]:
    """What Tab does not reach, or reaches unseen; the elder switch comes first, where there is one."""
    page.evaluate(OPEN)
    page.evaluate(START)
    faults: list[str] = []
    for step in range(300):
        page.keyboard.press("Tab")
        here = page.evaluate(FOCUS)
        if here is None:
            break
        if step == 0 and not here["first"]:
            faults.append(f"the first thing that Tab reaches is {here['what']}, not the elder switch")
        if not here["seen"]:
            faults.append(f"focus cannot be seen on {here['what']}")
    return faults + [f"Tab does not reach {what}" for what in page.evaluate(UNREACHED)]
