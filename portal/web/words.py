"""Language, dates and numbers: everything a reader sees goes through here."""

import io
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from babel import dates, numbers
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations
from flask import Flask, current_app, g, has_request_context, request

from portal.rules import N_
from portal.store.clock import CHINA, now

LANGUAGES = {"zh-Hans": "简体中文", "zh-Hant": "繁體中文", "en": "English"}
LOCALES = {"zh-Hans": "zh_Hans_CN", "zh-Hant": "zh_Hant_TW", "en": "en_GB"}
COOKIE = "language"
CATALOGS = Path(__file__).parent.parent / "translations"


def language_for(tags: Iterable[str]) -> str | None:
    """The first of our languages that one of the reader's `tags`, best first, means.

    CN, SG and MY read Simplified, TW, HK and MO Traditional, a bare zh Simplified.

    >>> language_for(["fr", "zh-HK", "en"])
    'zh-Hant'
    """
    for tag in tags:
        parts = tag.lower().replace("_", "-").split("-")
        if parts[0] in ("zh", "yue"):
            return "zh-Hant" if {"hant", "tw", "hk", "mo"} & set(parts) and "hans" not in parts else "zh-Hans"
        if parts[0] == "en":
            return "en"
    return None


def language() -> str:
    """The language of this answer: switched to just now, remembered, asked for by the browser, or the site's own."""
    if not has_request_context():
        return str(g.get("language") or current_app.config["SETTINGS"].default_language)
    if "language" not in g:
        wished = (request.form.get("_language", ""), request.cookies.get(COOKIE, ""))
        g.language = next((tag for tag in wished if tag in LANGUAGES), None) or (
            language_for(tag for tag, _ in request.accept_languages) or current_app.config["SETTINGS"].default_language
        )
    return str(g.language)


@contextmanager
def speaking(tag: str) -> Iterator[None]:
    """Inside, everything is said in one of our languages, whatever the reader's is: for what is printed in several."""
    kept = language()
    g.language = tag
    try:
        yield
    finally:
        g.language = kept


def reading() -> tuple[str, bool]:
    """The language of this answer, and whether it speaks of a village."""
    return language(), bool(g.get("village"))


@cache
def catalog(tag: str, village: bool = False) -> NullTranslations:
    """The translations of a language; English is what the code itself says. A village has a villagers' committee."""
    path = CATALOGS / tag.replace("-", "_") / "LC_MESSAGES" / "messages.po"
    if not path.exists():
        return NullTranslations()
    with path.open("rb") as file:
        words = read_po(file, locale=tag.replace("-", "_"))
    for message in words if village else ():
        said = message.string
        message.string = _of_village(said) if isinstance(said, str) else tuple(map(_of_village, said or ()))
    compiled = io.BytesIO()
    write_mo(compiled, words)
    compiled.seek(0)
    return Translations(compiled)


def _of_village(words: str) -> str:
    return words.replace("居委会", "村委会").replace("居委會", "村委會")


def _plain(message: str) -> str:
    return catalog(*reading()).gettext(message) if message else ""


def _plural(one: str, many: str, count: int) -> str:
    return catalog(*reading()).ngettext(one, many, count)


def gettext(message: str, **values: object) -> str:
    return _plain(message) % values


def joined(sentences: Iterable[str]) -> str:
    """Sentences after each other: with a blank between them where the language writes one."""
    return ("" if language().startswith("zh") else " ").join(sentences)


class FormWords:
    """What WTForms asks for words."""

    gettext = staticmethod(_plain)
    ngettext = staticmethod(_plural)


def in_words(thing: Any, field: str) -> str:
    """The text `field` of `thing` in the reader's language where it was translated, else as it was written."""
    translated = (thing.translations or {}).get(language(), {})
    return str(translated.get(field) or getattr(thing, field))


def day(when: date | datetime) -> str:
    """A day in China, such as 2026年11月22日."""
    if isinstance(when, datetime):
        when = when.astimezone(CHINA).date()
    return _day(when, LOCALES[language()])


@lru_cache(4096)
def _day(when: date, locale: str) -> str:
    return dates.format_date(when, "long" if locale.startswith("zh") else "d MMM y", locale)


def month(when: date | str) -> str:
    """The month of a day, or one that is kept as 2026-11, such as 2026年11月."""
    if isinstance(when, str):
        when = date.fromisoformat(f"{when}-01")
    return dates.format_skeleton("yMMMM", when, locale=LOCALES[language()])


def moment(when: datetime) -> str:
    """A day and the time of day in China."""
    return _moment(when.replace(second=0, microsecond=0), LOCALES[language()])


@lru_cache(4096)
def _moment(when: datetime, locale: str) -> str:
    china = when.astimezone(CHINA)
    return _day(china.date(), locale) + " " + dates.format_time(china, "HH:mm", CHINA, locale)


def ago(when: datetime) -> str:
    """How long ago, in the one largest unit: 3天前."""
    seconds = max(0, int((now() - when).total_seconds()))
    if seconds < 60:
        return gettext(N_("just now"))
    size = next((s for s in (86400, 3600) if seconds >= s), 60)
    return _ago(seconds // size * size, LOCALES[language()])


@lru_cache(4096)
def _ago(seconds: int, locale: str) -> str:
    return dates.format_timedelta(
        -seconds, add_direction=True, threshold=1 if seconds < 2 * 86400 else 1.2, locale=locale
    )


@lru_cache(4096)
def _money(fen: int, locale: str) -> str:
    yuan, rest = divmod(fen, 100)
    return numbers.format_currency(
        yuan if not rest else fen / 100, "CNY", "¤#,##0.00" if rest else "¤#,##0", locale, currency_digits=False
    ).replace("CN¥", "¥")


def money(fen: int) -> str:
    """Integer fen as yuan: 1234500 is ¥12,345."""
    return _money(fen, LOCALES[language()])


def number(value: float, digits: int = 0) -> str:
    """A number with so many digits; a whole one has none, as it may be told in whole ones only."""
    return f"{value:,}" if isinstance(value, int) else f"{value:,.{digits}f}"


def install(app: Flask) -> None:
    """Give templates the words, the filters and the language switch."""
    app.jinja_env.add_extension("jinja2.ext.i18n")
    app.jinja_env.install_gettext_callables(_plain, _plural, newstyle=True)  # type: ignore[attr-defined]
    app.jinja_env.filters.update(
        day=day, month=month, moment=moment, ago=ago, money=money, number=number, words=in_words
    )
    app.jinja_env.globals.update(language=language, LANGUAGES=LANGUAGES)
