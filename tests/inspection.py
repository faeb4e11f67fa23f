"""What is wrong with an HTML answer: each fault in one line that says what to mend."""

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any
from xml.etree.ElementTree import Element

import html5lib
from html5lib.constants import E as PARSE_ERRORS
from werkzeug.test import TestResponse

LANGUAGES = ("zh-Hans", "zh-Hant", "en")
REFERENCES = ("for", "form", "list", "aria-labelledby", "aria-describedby", "aria-controls", "aria-owns")
ADDRESSES = ("src", "href", "action", "formaction", "poster", "hx-get", "hx-post")
POSTING = ("hx-post", "hx-put", "hx-patch", "hx-delete")
NAMELESS = ("hidden", "submit", "button", "image", "reset")
_ELSEWHERE = re.compile(r"\s*(?:https?:)?//", re.IGNORECASE)
_HOSTLESS = "data:"


def faults_of_answer(answer: TestResponse) -> list[str]:
    """Everything that is wrong with `answer`, the page or the part that was asked for."""
    whole = "HTTP_HX_REQUEST" not in answer.request.environ or answer.text.lstrip()[:15].lower().startswith("<!doctype")
    return [*faults_of_html(answer.text, whole, _nonce(answer)), *_faults_of_headers(answer)]


def faults_of_html(html: str, whole: bool = True, nonce: str = "") -> list[str]:
    """Everything that is wrong with a page, or with a part of one."""
    parser = html5lib.HTMLParser(namespaceHTMLElements=False)
    root = parser.parse(html) if whole else parser.parseFragment(html, container=_container(html))
    tree = Tree(root)
    faults = [f"not valid HTML, line {at[0]}: {PARSE_ERRORS[code] % info}" for at, code, info in parser.errors]
    faults += _page_faults(tree) if whole else []
    for check in (_ids, _safety, _names, _forms, _words):
        faults += check(tree)
    faults += _references(tree) if whole else []
    faults += _scripts(tree, nonce)
    return faults


class Tree:
    """The elements of a document, each with those around it."""

    def __init__(self, root: Element) -> None:
        self.elements = [element for element in root.iter() if isinstance(element.tag, str)]
        self._around = {child: element for element in self.elements for child in element}

    def all(self, *tags: str) -> list[Element]:
        return [element for element in self.elements if element.tag in tags]

    def around(self, element: Element, tag: str) -> Element | None:
        """The nearest `tag` that `element` stands in, itself among them."""
        found: Element | None = element
        while found is not None and found.tag != tag:
            found = self._around.get(found)
        return found


def text_of(element: Element) -> str:
    """All text in an element, as it is read out: images by their alternative."""
    said = []
    for one in element.iter():
        if isinstance(one.tag, str):
            said += [one.text or "", one.get("alt") or "", one.get("aria-label") or ""]
        said.append(one.tail or "" if one is not element else "")
    return " ".join("".join(said).split())


def _container(html: str) -> str:
    first = re.match(r"\s*<(\w+)", html)
    return {"tr": "tbody", "td": "tr", "th": "tr", "option": "select"}.get(first[1] if first else "", "div")


def _page_faults(tree: Tree) -> Iterator[str]:
    html = tree.all("html")[0]
    if html.get("lang") not in LANGUAGES:
        yield f"<html lang> is {html.get('lang')!r}, not one of {', '.join(LANGUAGES)}"
    if len(tree.all("h1")) != 1:
        yield f"{len(tree.all('h1'))} <h1>; a page has one"
    titles = [title for title in tree.all("title") if tree.around(title, "head") is not None]
    if not titles or not text_of(titles[0]):
        yield "the <title> is empty"
    if len(tree.all("main")) != 1:
        yield f"{len(tree.all('main'))} <main>; a page has one"


def _ids(tree: Tree) -> Iterator[str]:
    counts = Counter(element.get("id") for element in tree.elements if "id" in element.attrib)
    for name, number in counts.items():
        if not name or number > 1 or re.search(r"\s", name):
            yield f'id="{name}" stands {number} times; ids are words and unique'


def _references(tree: Tree) -> Iterator[str]:
    ids = {element.get("id") for element in tree.elements}
    for element in tree.elements:
        for name in REFERENCES:
            for wanted in element.get(name, "").split():
                if wanted not in ids:
                    yield f'{_shown(element)}: {name}="{wanted}" names no element'
        target = element.get("href", "")
        if element.tag == "a" and target.startswith("#") and target[1:] not in ids:
            yield f"{_shown(element)}: href names no element"
        wanted = element.get("hx-target", "")
        if wanted.startswith("#") and wanted[1:] not in ids:
            yield f"{_shown(element)}: hx-target names no element"


def _safety(tree: Tree) -> Iterator[str]:
    for element in tree.elements:
        for name in element.attrib:
            if name == "style" or name.startswith(("on", "hx-on")):
                yield f"{_shown(element)}: {name}=… is forbidden by our Content-Security-Policy; use a class or portal.js"
        for name in ADDRESSES:
            if _ELSEWHERE.match(element.get(name, "")):
                yield f'{_shown(element)}: {name}="{element.get(name)}" leads to another host'
        if element.tag in ("iframe", "object", "embed", "base"):
            yield f"<{element.tag}> is forbidden by our Content-Security-Policy"


def _scripts(tree: Tree, nonce: str) -> Iterator[str]:
    for element in tree.all("script", "style"):
        if not element.get("nonce") or (nonce and element.get("nonce") != nonce):
            yield f"{_shown(element)} without this answer's nonce will not run"
        if element.tag == "script" and not element.get("src") and element.get("type", "") in ("", "module"):
            yield f"{_shown(element)}: scripts live in static/portal.js"


def _names(tree: Tree) -> Iterator[str]:
    """Everything that can be used or seen has a name."""
    labels = {label.get("for"): label for label in tree.all("label")}
    for element in tree.all("input", "select", "textarea"):
        if element.tag == "input" and element.get("type") in NAMELESS:
            continue
        around = tree.around(element, "label")
        label = labels.get(element.get("id")) if element.get("id") else None
        said = [text_of(one) for one in (label, around) if one is not None]
        if not any(said) and not element.get("aria-label") and not element.get("aria-labelledby"):
            yield f"{_shown(element)} has no label"
    for element in tree.all("a", "button", "summary", "legend", "h1", "h2", "h3", "th", "caption", "figcaption"):
        if not text_of(element) and not element.get("aria-label") and not element.get("aria-labelledby"):
            yield f"{_shown(element)} has no words"
    for element in tree.all("img"):
        if "alt" not in element.attrib:
            yield f"{_shown(element)} has no alt"
    for element in tree.elements:
        if element.tag.endswith("}svg") or element.tag == "svg":
            named = element.get("aria-label") or element.get("aria-labelledby")
            if element.get("aria-hidden") != "true" and not (element.get("role") == "img" and named):
                yield 'an <svg> is aria-hidden="true", or role="img" with a name'


def _forms(tree: Tree) -> Iterator[str]:
    for form in tree.all("form"):
        inside = [e for e in form.iter() if e.tag == "input" and e.get("name") == "csrf_token"]
        if form.get("method", "get").lower() == "post" and not (inside and inside[0].get("value")):
            yield f"{_shown(form)} posts without csrf_token"
        if form.get("method", "get").lower() != "post" and inside:
            yield f"{_shown(form)} puts the csrf_token into an address"
    for element in tree.elements:
        for name in POSTING:
            if name in element.attrib and not _posts_without_script(tree, element, element.get(name, "")):
                yield f"{_shown(element)}: {name} needs a form with the same action, for those without JavaScript"
        if "hx-get" in element.attrib and element.get("href") is None and tree.around(element, "form") is None:
            yield f"{_shown(element)}: hx-get needs a link or a form, for those without JavaScript"


def _posts_without_script(tree: Tree, element: Element, address: str) -> bool:
    form = tree.around(element, "form")
    if form is None or form.get("method", "").lower() != "post":
        return False
    return address in (form.get("action"), element.get("formaction"))


def _words(tree: Tree) -> Iterator[str]:
    for element in tree.elements:
        for said in (element.text, element.tail):
            if said and element.tag != "script" and re.search(r"%\(\w+\)|\{\{|\bNone\b|Undefined", said):
                yield f"{_shown(element)}: these words were not filled in: {' '.join(said.split())[:60]}"


def _faults_of_headers(answer: TestResponse) -> Iterator[str]:
    varies = {name.lower() for name in answer.vary}
    for name in ("HX-Request", "HX-Target", "Cookie", "Accept-Language"):
        if name.lower() not in varies and (name, answer.request.method) != ("Cookie", "POST"):
            yield f"Vary lacks {name}: answer with page() (portal/web/door.py)"
    if not _nonce(answer):
        yield "Content-Security-Policy has no nonce (portal/web/safety.py)"


def _nonce(answer: TestResponse) -> str:
    found = re.search(r"'nonce-([^']+)'", answer.headers.get("Content-Security-Policy", ""))
    return found[1] if found else ""


def _shown(element: Any) -> str:
    marks = " ".join(f'{n}="{v[:60]}"' for n, v in list(element.attrib.items())[:4])
    return f"<{element.tag}{' ' * bool(marks)}{marks}>"
