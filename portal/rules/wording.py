"""What may not stand in public text: numbers that lead to a person."""

import re
import unicodedata
from collections.abc import Iterator

from portal.rules import N_, Refusal

_GAP = r"[ \-–—.·_]?"
_PHONE = re.compile(
    rf"(?<!\d)(?:\+?86{_GAP})?1[3-9]\d{_GAP}\d{{4}}{_GAP}\d{{4}}(?!\d)|(?<!\d)0\d{{2,3}}{_GAP}[2-8]\d{{2,3}}{_GAP}\d{{4}}(?!\d)"
)
_ID = re.compile(
    rf"(?<!\d)[1-9]\d{{5}}{_GAP}(?:18|19|20)\d{{2}}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01]){_GAP}\d{{3}}[\dXx](?![\dXx])"
)
_MAIL = re.compile(r"[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+")
_LONG = re.compile(r"(?<!\d)\d(?:[ \-]?\d){14,18}(?!\d)")


def too_long(words: str, beside: str, most: int) -> Iterator[Refusal]:
    """Refuse more than `most` characters."""
    if len(words) > most:
        yield Refusal(N_("This is too long: at most %(most)s characters."), beside, {"most": most})


def public_text(words: str, beside: str, most: int, fewest: int = 0) -> Iterator[Refusal]:
    """Refuse what may not stand where everyone reads it: too little or too much, or a person's numbers. Source: B31."""
    if len(words) < fewest:
        yield Refusal(N_("Please write a few words."), beside)
    yield from too_long(words, beside, most)
    yield from personal_numbers(words, beside)


def personal_numbers(text: str, beside: str) -> Iterator[Refusal]:
    """Refuse phone, identity-card and bank-card numbers in text that everyone can read.

    Source: B31 with 2.6 (PIPL 25: publishing personal information needs separate consent).
    """
    plain = unicodedata.normalize("NFKC", text)
    if any(_id_checks(match[0]) for match in _ID.finditer(plain)):
        yield Refusal(N_("Everyone will read this: please leave identity-card numbers out."), beside)
    elif any(_luhn(re.sub(r"\D", "", match[0])) for match in _LONG.finditer(plain)):
        yield Refusal(N_("Everyone will read this: please leave bank-card numbers out."), beside)
    elif _PHONE.search(plain):
        yield Refusal(N_("Everyone will read this: please leave phone numbers out. The committee has yours."), beside)


def without_numbers(text: str, number: str, mail: str) -> str:
    """`text` with `number` in the place of what looks like a phone, identity or bank number, and `mail` of addresses.

    >>> without_numbers("打138 0013 8000，或写a.b@example.com", "#", "@")
    '打#，或写@'
    """
    plain = [unicodedata.normalize("NFKC", sign) for sign in text]
    place = [at for at, signs in enumerate(plain) for _ in signs]
    found: list[tuple[int, int, str]] = []
    for pattern, instead in ((_MAIL, mail), (_ID, number), (_LONG, number), (_PHONE, number)):
        for match in pattern.finditer("".join(plain)):
            start, end = place[match.start()], place[match.end() - 1] + 1
            if all(end <= first or last <= start for first, last, _ in found):
                found.append((start, end, instead))
    for start, end, instead in sorted(found, reverse=True):
        text = text[:start] + instead + text[end:]
    return text


def _id_checks(number: str) -> bool:
    """Whether the last sign fits the other 17 digits (GB 11643: ISO 7064 mod 11-2)."""
    digits = re.sub(rf"{_GAP[:-1]}", "", number).upper()
    total = sum(int(digit) * pow(2, 17 - place, 11) for place, digit in enumerate(digits[:17]))
    return "10X98765432"[total % 11] == digits[17]


def _luhn(digits: str) -> bool:
    """Whether the digits end in the check digit of bank cards (ISO/IEC 7812)."""
    doubled = [int(d) * (2 if place % 2 else 1) for place, d in enumerate(reversed(digits))]
    return sum(d - 9 if d > 9 else d for d in doubled) % 10 == 0


def title_of(words: str, most: int = 40) -> str:
    """The first sentence of what was said, as a title of at most `most` characters.

    >>> title_of("楼道灯坏了。晚上看不见，老人上楼很危险。")
    '楼道灯坏了'
    """
    first = re.split(r"[。！？!?\n；;]|\.\s", words.strip(), maxsplit=1)[0].strip() or words.strip()
    return first if len(first) <= most else first[: most - 1].rstrip("，,、 ") + "…"
