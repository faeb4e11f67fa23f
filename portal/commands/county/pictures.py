"""Flat drawings for designs and needs, made when the demo is loaded; a picture is 320 by 240 units."""

import io
from collections.abc import Callable
from random import Random

from PIL import Image, ImageDraw

DRAWN, KEPT = 6, 3
"""Pixels of a unit: while drawing, and after the edges were smoothed."""
CREAM, SKY, WHITE, INK = "#fff3dc", "#cfe8ee", "#ffffff", "#2f3b45"
TEAL, CORAL, AMBER, LEAF, MOSS, WOOD = "#2f7f86", "#e8705a", "#f2b84b", "#7bb274", "#3f7550", "#9a6b4b"
SAND, GREY, SILVER, SKIN, TAN = "#ead2ac", "#b9c4c9", "#d9dfe2", "#f3c9a5", "#d9a57e"


class Sheet:
    """Something to draw on, in units, with round corners everywhere."""

    def __init__(self, ground: str) -> None:
        self.image = Image.new("RGB", (320 * DRAWN, 240 * DRAWN), ground)
        self.draw = ImageDraw.Draw(self.image)

    def box(self, x: float, y: float, width: float, height: float, colour: str, round_: float = 3) -> None:
        corners = (x * DRAWN, y * DRAWN, (x + width) * DRAWN, (y + height) * DRAWN)
        self.draw.rounded_rectangle(corners, round_ * DRAWN, colour)

    def disc(self, x: float, y: float, radius: float, colour: str, flat: float = 1) -> None:
        high = radius * flat
        corners = ((x - radius) * DRAWN, (y - high) * DRAWN, (x + radius) * DRAWN, (y + high) * DRAWN)
        self.draw.ellipse(corners, colour)

    def dome(self, x: float, y: float, radius: float, colour: str, start: int = 180, end: int = 360) -> None:
        corners = ((x - radius) * DRAWN, (y - radius) * DRAWN, (x + radius) * DRAWN, (y + radius) * DRAWN)
        self.draw.pieslice(corners, start, end, colour)

    def shape(self, points: list[tuple[float, float]], colour: str) -> None:
        self.draw.polygon([(x * DRAWN, y * DRAWN) for x, y in points], colour)

    def line(self, points: list[tuple[float, float]], colour: str, width: float = 2) -> None:
        self.draw.line([(x * DRAWN, y * DRAWN) for x, y in points], colour, round(width * DRAWN), "curve")
        for x, y in (points[0], points[-1]):
            self.disc(x, y, width / 2, colour)

    def person(self, x: float, y: float, shirt: str, hair: str = INK, skin: str = SKIN, size: float = 1) -> None:
        """Head and shoulders; (x, y) is the middle of the shoulders' lower edge."""
        self.dome(x, y, 15 * size, shirt)
        self.box(x - 15 * size, y - 0.5, 30 * size, 14 * size, shirt, 3)
        self.disc(x, y - 21 * size, 9 * size, skin)
        self.dome(x, y - 22.5 * size, 9.6 * size, hair)

    def steam(self, x: float, y: float) -> None:
        self.line([(x, y), (x + 2, y - 4), (x - 1, y - 8), (x + 1, y - 12)], WHITE, 1.6)

    def hills(self) -> None:
        self.disc(60, 210, 120, "#b7d9b0", 0.55)
        self.disc(250, 216, 140, "#a5cf9d", 0.5)

    def file(self) -> io.BytesIO:
        """The picture as a file, its edges smoothed."""
        kept = io.BytesIO()
        self.image.reduce(DRAWN // KEPT).save(kept, "PNG", compress_level=1)
        kept.seek(0)
        return kept


def canteen() -> Sheet:
    """Old neighbours round a table, three lamps, a cook behind steaming pots."""
    sheet = Sheet(CREAM)
    sheet.box(0, 186, 320, 54, SAND, 0)
    sheet.box(26, 30, 84, 66, WHITE, 4)
    sheet.box(31, 35, 35, 56, SKY, 2)
    sheet.box(70, 35, 35, 56, SKY, 2)
    for x in (150, 214, 278):
        sheet.line([(x, 0), (x, 34)], INK, 1.4)
        sheet.dome(x, 48, 16, AMBER)
        sheet.dome(x, 48, 5, WHITE, 0, 180)
    sheet.person(68, 130, CORAL, INK)
    sheet.box(59, 92, 18, 12, WHITE, 3)
    sheet.disc(68, 92, 12, WHITE, 0.6)
    sheet.box(14, 138, 112, 64, TEAL, 4)
    sheet.box(10, 132, 120, 9, WOOD, 3)
    for x in (34, 100):
        sheet.box(x - 14, 116, 28, 17, GREY, 4)
        sheet.box(x - 16, 113, 32, 5, SILVER, 2)
        sheet.steam(x, 108)
    sheet.person(180, 150, CORAL, SILVER)
    sheet.person(226, 142, LEAF, WHITE, TAN)
    sheet.person(272, 150, AMBER, SILVER)
    sheet.disc(226, 172, 74, WOOD, 0.24)
    sheet.disc(226, 169, 74, "#b98560", 0.22)
    sheet.box(218, 184, 16, 40, WOOD, 2)
    for x, y in ((186, 166), (226, 160), (266, 166)):
        sheet.dome(x, y, 11, WHITE, 0, 180)
        sheet.disc(x, y, 11, CORAL if x == 226 else AMBER, 0.28)
    sheet.disc(226, 174, 13, LEAF, 0.35)
    return sheet


def delivery() -> Sheet:
    """A scooter with a warm box before an open door, where someone old is waiting."""
    sheet = Sheet(SKY)
    sheet.hills()
    sheet.box(0, 196, 320, 44, SAND, 0)
    sheet.box(186, 22, 120, 176, "#f4dcc0", 4)
    for x in (202, 264):
        sheet.box(x, 40, 28, 30, WHITE, 3)
        sheet.box(x + 3, 43, 22, 24, "#a9d3dd", 2)
    sheet.box(180, 88, 132, 10, CORAL, 3)
    sheet.box(224, 106, 56, 92, WOOD, 3)
    sheet.box(230, 112, 44, 86, "#5d4437", 2)
    sheet.person(252, 160, LEAF, SILVER)
    sheet.box(237, 170, 30, 28, LEAF, 2)
    for x in (62, 146):
        sheet.disc(x, 194, 17, INK)
        sheet.disc(x, 194, 8, SILVER)
    sheet.line([(60, 182), (84, 168), (128, 178), (142, 150), (138, 132)], TEAL, 9)
    sheet.line([(130, 130), (146, 128)], INK, 4)
    sheet.box(76, 158, 34, 9, INK, 4)
    sheet.line([(50, 160), (62, 180)], INK, 5)
    sheet.box(34, 122, 42, 38, CORAL, 4)
    sheet.box(34, 134, 42, 6, WHITE, 0)
    sheet.person(96, 140, TEAL, INK)
    sheet.dome(96, 116, 12, AMBER)
    sheet.box(84, 114, 27, 4, AMBER, 2)
    sheet.line([(104, 136), (122, 142), (136, 132)], TEAL, 7)
    sheet.line([(92, 156), (108, 166), (112, 184)], INK, 8)
    sheet.box(206, 172, 18, 14, AMBER, 3)
    sheet.line([(206, 174), (215, 164), (224, 174)], WOOD, 2)
    sheet.line([(240, 166), (224, 172)], SKIN, 4)
    return sheet


def van() -> Sheet:
    """A meal van with a striped awning and a short queue."""
    sheet = Sheet(SKY)
    sheet.disc(268, 44, 20, AMBER)
    sheet.hills()
    sheet.box(0, 194, 320, 46, "#d8c7a6", 0)
    sheet.box(36, 82, 168, 108, CORAL, 10)
    sheet.box(36, 148, 168, 42, "#cf5b46", 8)
    sheet.shape([(204, 190), (204, 104), (228, 104), (250, 146), (250, 190)], CORAL)
    sheet.shape([(209, 112), (225, 112), (241, 146), (209, 146)], SKY)
    sheet.box(62, 104, 104, 46, "#5d4437", 3)
    sheet.person(96, 138, WHITE, INK)
    sheet.box(86, 101, 20, 9, WHITE, 3)
    sheet.box(56, 146, 116, 7, WOOD, 2)
    sheet.dome(136, 140, 9, AMBER, 0, 180)
    sheet.steam(136, 136)
    for number in range(8):
        colour = WHITE if number % 2 else AMBER
        sheet.box(54 + number * 15, 84, 15, 16, colour, 0)
        sheet.dome(61.5 + number * 15, 99, 7.5, colour, 0, 180)
    for x in (78, 212):
        sheet.disc(x, 192, 19, INK)
        sheet.disc(x, 192, 9, SILVER)
    sheet.box(242, 168, 10, 7, AMBER, 2)
    for x, shirt, hair in ((266, TEAL, SILVER), (298, LEAF, WHITE)):
        sheet.person(x, 172, shirt, hair, TAN if x == 298 else SKIN)
        sheet.box(x - 13, 182, 26, 22, INK, 3)
    return sheet


def reading() -> Sheet:
    """A wall of books, a lamp, a child and someone old reading at one table."""
    sheet = Sheet("#f7e6cb")
    chance = Random(7)  # noqa: S311 (book spines)
    sheet.box(0, 198, 320, 42, "#c99f76", 0)
    sheet.box(20, 18, 280, 128, WOOD, 5)
    for shelf in range(3):
        top = 25 + shelf * 40
        sheet.box(26, top, 268, 34, "#7d5439", 2)
        x = 29.0
        while x < 284:
            width, high = chance.choice((6, 8, 10)), chance.choice((22, 26, 29))
            colour = chance.choice((TEAL, CORAL, AMBER, LEAF, CREAM, MOSS, SKY))
            if chance.random() > 0.1:
                sheet.box(x, top + 34 - high, width, high, colour, 1)
            x += width + 1
    sheet.person(104, 170, AMBER, INK, SKIN, 0.85)
    sheet.person(212, 166, TEAL, SILVER)
    sheet.box(48, 182, 224, 11, "#b98560", 4)
    for x in (62, 250):
        sheet.box(x, 192, 9, 40, WOOD, 2)
    for x, colour in ((104, CORAL), (212, LEAF)):
        sheet.shape([(x, 183), (x - 19, 178), (x - 19, 166), (x, 171)], WHITE)
        sheet.shape([(x, 183), (x + 19, 178), (x + 19, 166), (x, 171)], SILVER)
        sheet.line([(x - 19, 179), (x, 184), (x + 19, 179)], colour, 2)
    sheet.box(155, 150, 4, 32, INK, 1)
    sheet.box(146, 179, 22, 4, INK, 2)
    sheet.shape([(146, 136), (168, 136), (176, 154), (138, 154)], AMBER)
    return sheet


def garden() -> Sheet:
    """Raised beds with vegetables and flowers, a fence, a neighbour with a watering can."""
    sheet = Sheet(SKY)
    sheet.disc(52, 44, 20, AMBER)
    sheet.hills()
    sheet.box(0, 150, 320, 90, "#9cc98f", 0)
    for x in range(6, 320, 22):
        sheet.box(x, 124, 10, 34, WHITE, 3)
    sheet.box(0, 132, 320, 5, WHITE, 0)
    sheet.box(0, 146, 320, 5, WHITE, 0)
    for x, y, wide in ((18, 172, 128), (176, 172, 126), (60, 210, 200)):
        sheet.box(x, y, wide, 24, WOOD, 4)
        sheet.box(x + 4, y - 3, wide - 8, 9, "#5d4437", 4)
    for number in range(5):
        x = 36 + number * 23
        sheet.disc(x, 164, 8, LEAF)
        sheet.disc(x - 5, 167, 5, MOSS)
        sheet.disc(x + 5, 167, 5, MOSS)
    for number in range(5):
        x = 192 + number * 23
        sheet.line([(x, 170), (x, 150)], MOSS, 2)
        for dx, dy in ((-5, 0), (5, 0), (0, -5), (0, 5)):
            sheet.disc(x + dx, 147 + dy, 4.4, CORAL if number % 2 else WHITE)
        sheet.disc(x, 147, 3.6, AMBER)
    for number in range(8):
        x = 74 + number * 24
        sheet.line([(x, 208), (x, 190)], MOSS, 2.2)
        sheet.disc(x - 5, 199, 5, CORAL)
        sheet.disc(x + 5, 194, 5, LEAF)
    sheet.person(160, 136, TEAL, SILVER)
    sheet.box(145, 146, 30, 26, TEAL, 3)
    sheet.dome(160, 110, 17, AMBER)
    sheet.box(139, 108, 42, 4, AMBER, 2)
    sheet.line([(150, 142), (138, 152)], TEAL, 7)
    sheet.box(118, 146, 20, 16, CORAL, 3)
    sheet.line([(118, 154), (104, 146)], CORAL, 3)
    for dx in (0, 4, 8):
        sheet.line([(102 - dx, 150 + dx / 2), (99 - dx, 160)], "#6fb3d3", 1.4)
    return sheet


def mending() -> Sheet:
    """A craftsman at a bench with a shoe; tools and an umbrella on the wall."""
    sheet = Sheet("#e6eee2")
    sheet.box(0, 200, 320, 40, "#c7b08d", 0)
    sheet.box(24, 26, 120, 88, "#cfae86", 5)
    sheet.box(40, 40, 6, 44, WOOD, 2)
    sheet.box(32, 38, 22, 11, INK, 2)
    sheet.line([(74, 40), (74, 86)], GREY, 5)
    sheet.disc(74, 42, 8, GREY)
    sheet.disc(74, 38, 4, "#cfae86")
    for dx in (-1, 1):
        sheet.line([(106 - dx * 9, 42), (106 + dx * 9, 78)], GREY, 3)
        sheet.disc(106 + dx * 11, 86, 7, CORAL)
        sheet.disc(106 + dx * 11, 86, 3.5, "#cfae86")
    sheet.dome(240, 88, 54, CORAL)
    for x in (204, 240, 276):
        sheet.dome(x, 88, 18, "#e6eee2")
    sheet.dome(240, 88, 17, CORAL, 180, 360)
    sheet.line([(240, 36), (240, 126)], INK, 3)
    sheet.line([(240, 126), (245, 132), (251, 126)], INK, 3)
    sheet.person(150, 150, TEAL, INK, TAN, 1.2)
    sheet.box(138, 142, 24, 30, AMBER, 4)
    sheet.box(24, 170, 272, 12, WOOD, 4)
    for x in (40, 266):
        sheet.box(x, 180, 12, 50, "#7d5439", 2)
    sheet.line([(134, 150), (122, 166)], TAN, 6)
    sheet.line([(168, 150), (182, 162)], TAN, 6)
    sheet.box(84, 156, 48, 12, "#6b3f2e", 5)
    sheet.box(84, 144, 22, 20, "#6b3f2e", 5)
    sheet.box(82, 166, 52, 5, INK, 2)
    sheet.line([(184, 166), (204, 150)], WOOD, 4)
    sheet.box(196, 142, 18, 10, GREY, 2)
    for x, colour in ((232, CORAL), (248, LEAF), (264, AMBER)):
        sheet.box(x - 6, 156, 12, 14, colour, 2)
        sheet.box(x - 7, 154, 14, 3, WOOD, 1)
    return sheet


def stairs() -> Sheet:
    """A stairwell seen from below: many steps, no lift, someone in a wheelchair at the top."""
    sheet = Sheet("#dfe6e4")
    sheet.box(0, 206, 320, 34, "#b8c2c0", 0)
    sheet.box(44, 30, 62, 62, WHITE, 4)
    sheet.box(50, 36, 50, 50, SKY, 2)
    sheet.disc(84, 54, 9, AMBER)
    for number in range(7):
        sheet.box(46 + number * 26, 190 - number * 16, 320, 260, "#8e9a9a" if number % 2 else "#9ba6a5", 1)
        sheet.box(46 + number * 26, 190 - number * 16, 320, 3, WHITE, 1)
    sheet.line([(36, 160), (210, 53), (320, 53)], CORAL, 5)
    for x, y in ((62, 144), (114, 112), (166, 80), (210, 56)):
        sheet.line([(x, y), (x, y + 44)], WOOD, 3)
    sheet.disc(262, 80, 15, INK)
    sheet.disc(262, 80, 11, "#9ba6a5")
    sheet.disc(240, 89, 6, INK)
    sheet.person(260, 62, LEAF, WHITE, SKIN, 0.85)
    sheet.line([(252, 70), (240, 72), (238, 86)], INK, 4)
    sheet.box(272, 48, 4, 30, INK, 1)
    return sheet


def bench() -> Sheet:
    """A broken stone bench under a tree."""
    sheet = Sheet(SKY)
    sheet.hills()
    sheet.box(0, 176, 320, 64, "#9cc98f", 0)
    sheet.box(70, 200, 250, 24, SAND, 8)
    sheet.box(64, 84, 18, 112, WOOD, 5)
    for x, y, radius in ((48, 76, 34), (96, 70, 38), (72, 42, 36)):
        sheet.disc(x, y, radius, LEAF)
    sheet.disc(84, 58, 24, MOSS)
    sheet.box(150, 160, 20, 40, "#8f9a9d", 3)
    sheet.box(250, 160, 20, 40, "#8f9a9d", 3)
    sheet.shape([(138, 150), (206, 150), (198, 158), (204, 164), (138, 164)], GREY)
    sheet.shape([(216, 158), (284, 150), (284, 164), (222, 176), (212, 170)], GREY)
    for x, y in ((196, 204), (212, 208), (226, 203)):
        sheet.disc(x, y, 5, "#8f9a9d", 0.7)
    return sheet


PICTURES: dict[str, Callable[[], Sheet]] = {
    drawing.__name__: drawing for drawing in (canteen, delivery, van, reading, garden, mending, stairs, bench)
}
