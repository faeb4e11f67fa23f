"""Photos: decoded with care, nothing kept but pixels, in two sizes, under names that cannot be guessed."""

import io
import os
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import pillow_heif
from flask import current_app
from PIL import Image, ImageOps, UnidentifiedImageError

pillow_heif.register_heif_opener()

MOST_PIXELS = 25_000_000
"""Other formats are decoded whole, at 3 to 4 bytes a pixel: about 100 MB."""
MOST_JPEG_PIXELS = 50_000_000
"""A JPEG is shrunk while it is decoded; phones take up to 50 million pixels."""
FORMATS = ("JPEG", "PNG", "WEBP", "HEIF", "GIF")
SIZES = (1600, 320)


class NotAPhoto(ValueError):
    """The file is no photo that we can read, or has too many pixels."""


@dataclass(frozen=True)
class Photo:
    """A kept photo: its name and the size of its larger file in pixels."""

    name: str
    width: int
    height: int


def keep_photo(file: BinaryIO) -> Photo:
    """Keep the photo in `file` as WebP of at most 1600 and 320 pixels. Raises NotAPhoto.

    Pixels are copied to a new image: place, camera and comments stay behind.
    """
    try:
        image: Image.Image = Image.open(file, formats=FORMATS)
        if image.width * image.height > (MOST_JPEG_PIXELS if image.format == "JPEG" else MOST_PIXELS):
            raise NotAPhoto
        image.draft("RGB", (SIZES[0], SIZES[0]))
        upright = ImageOps.exif_transpose(image).convert("RGB")
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise NotAPhoto from error
    name = secrets.token_hex(16)
    upright.thumbnail((SIZES[0], SIZES[0]))
    for size in SIZES:
        _write(photo_path(name, size), _bare(upright, size))
    return Photo(name, upright.width, upright.height)


def _bare(image: Image.Image, size: int) -> bytes:
    small = image.copy()
    small.thumbnail((size, size))
    fresh = Image.new("RGB", small.size)
    fresh.paste(small)
    buffer = io.BytesIO()
    fresh.save(buffer, "WEBP", quality=78 if size > 400 else 70, method=4)
    return buffer.getvalue()


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def discard(names: Iterable[str]) -> None:
    """Delete the files of photos that nothing shows."""
    for name in names:
        for size in SIZES:
            photo_path(name, size).unlink(missing_ok=True)


def photo_path(name: str, size: int) -> Path:
    root: Path = current_app.config["SETTINGS"].data_dir
    return root / "photos" / name[:2] / f"{name}-{size}.webp"
