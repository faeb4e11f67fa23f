"""Charts: numbers in, accessible SVG out; colours come from classes, so they follow dark mode and print."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from markupsafe import Markup, escape

WIDTH, HEIGHT = 320, 170
LEFT, TOP, BOTTOM = 32, 10, 26
ROW, LEGEND = 36, 24
SHADES = ("fill", "fill3", "fill2", "fill4")


@dataclass(frozen=True)
class Point:
    """A value with its interval at one step of a line; `value` None where nothing is shown."""

    label: str
    value: float | None = None
    low: float = 0
    high: float = 0


def line(name: str, title: str, says: str, points: Sequence[Point], top: int = 100) -> Markup:
    """Values of 0 to `top` over time, with a band for their intervals; gaps stay gaps."""
    step = (WIDTH - LEFT - 10) / max(1, len(points) - 1)
    at = [(LEFT + 4 + n * step, point) for n, point in enumerate(points)]
    shapes = []
    for value in (0, top // 2, top):
        level = _height(value, top)
        shapes.append(f'<path class="grid" d="M{LEFT} {level:.1f}H{WIDTH}"/>')
        shapes.append(f'<text text-anchor="end" x="{LEFT - 4}" y="{level + 4:.1f}">{value}</text>')
    for run in _runs(at):
        upper = [f"{x:.1f} {_height(point.high, top):.1f}" for x, point in run]
        lower = [f"{x:.1f} {_height(point.low, top):.1f}" for x, point in reversed(run)]
        middle = [(f"{x:.1f}", f"{_height(point.value or 0, top):.1f}") for x, point in run]
        shapes.append(f'<path class="area" d="M{"L".join(upper + lower)}Z"/>')
        shapes.append(f'<path class="line" d="M{"L".join(map(" ".join, middle))}"/>')
        shapes += [f'<circle class="dot" cx="{x}" cy="{y}" r="3"/>' for x, y in middle]
    for anchor, (x, point) in zip(("start", "end"), (at[0], at[-1]) if at else (), strict=False):
        shapes.append(f'<text text-anchor="{anchor}" x="{x:.1f}" y="{HEIGHT - 6}">{escape(point.label)}</text>')
    return _svg(name, title, says, HEIGHT, shapes)


def _height(value: float, top: int) -> float:
    return TOP + (HEIGHT - TOP - BOTTOM) * (1 - value / top)


def _runs(at: Sequence[tuple[float, Point]]) -> Iterator[list[tuple[float, Point]]]:
    """Stretches of points without a gap."""
    for shown, run in groupby(at, key=lambda pair: pair[1].value is not None):
        if shown:
            yield list(run)


def bars(name: str, title: str, says: str, rows: Sequence[tuple[str, int]]) -> Markup:
    """One horizontal bar a row, its label above it and its number at the end."""
    most = max((count for _, count in rows), default=0) or 1
    shapes = []
    for n, (label, count) in enumerate(rows):
        top = n * ROW
        shapes.append(f'<text y="{top + 16}">{escape(label)}</text>')
        shapes.append(f'<text text-anchor="end" x="{WIDTH}" y="{top + 16}">{count:,}</text>')
        shapes.append(f'<rect class="track" y="{top + 22}" width="{WIDTH}" height="8" rx="4"/>')
        shapes.append(f'<rect class="fill" y="{top + 22}" width="{WIDTH * count / most:.1f}" height="8" rx="4"/>')
    return _svg(name, title, says, ROW * len(rows), shapes)


def stacked(name: str, title: str, says: str, parts: Sequence[tuple[str, int]]) -> Markup:
    """One bar of up to four `parts`, each named below it with its number."""
    total = sum(count for _, count in parts) or 1
    shapes = [f'<rect class="track" width="{WIDTH}" height="28" rx="4"/>']
    left = 0.0
    for n, (label, count) in enumerate(parts):
        shade, wide = SHADES[n], WIDTH * count / total
        if count:
            shapes.append(f'<rect class="{shade}" x="{left:.1f}" width="{max(1.5, wide - 2):.1f}" height="28" rx="2"/>')
        left += wide
        y = 40 + n * LEGEND
        shapes.append(f'<rect class="{shade}" y="{y}" width="12" height="12" rx="2"/>')
        shapes.append(f'<text x="20" y="{y + 11}">{escape(label)} · {count:,}</text>')
    return _svg(name, title, says, 40 + len(parts) * LEGEND, shapes)


def _svg(name: str, title: str, says: str, height: int, shapes: Sequence[str]) -> Markup:
    """`shapes` with their words, which are escaped where they come in."""
    return Markup(  # noqa: S704
        f'<svg class="chart" viewBox="0 0 {WIDTH} {height}" role="img" aria-labelledby="{name}-title {name}-says">'
        f'<title id="{name}-title">{escape(title)}</title><desc id="{name}-says">{escape(says)}</desc>'
        f"{''.join(shapes)}</svg>"
    )
