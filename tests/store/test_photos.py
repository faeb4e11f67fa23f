"""A kept photo is pixels and nothing else."""

import io
import struct
import zlib
from collections.abc import Iterator

import pytest
from flask import Flask
from PIL import Image

from portal.store.files import NotAPhoto, discard, keep_photo, photo_path

pytestmark = pytest.mark.parametrize("site", ["sqlite"], indirect=True)

ORIENTATION, MAKER, GPS = 0x0112, 0x010F, 0x8825


@pytest.fixture
def kept(app: Flask) -> Iterator[None]:
    with app.app_context():
        yield


def a_picture(kind: str = "JPEG", size: tuple[int, int] = (400, 200), exif: Image.Exif | None = None) -> io.BytesIO:
    """A picture that is red on the left and blue on the right."""
    image = Image.new("RGB", size, "blue")
    image.paste("red", (0, 0, size[0] // 2, size[1]))
    file = io.BytesIO()
    image.save(file, kind, **({"exif": exif} if exif else {}))
    file.seek(0)
    return file


@pytest.mark.usefixtures("kept")
def test_place_camera_and_comments_are_gone() -> None:
    exif = Image.Exif()
    exif[MAKER] = "Phone of Someone"
    exif.get_ifd(GPS)[1] = "N"
    photo = keep_photo(a_picture(exif=exif))
    for size in (1600, 320):
        raw = photo_path(photo.name, size).read_bytes()
        with Image.open(io.BytesIO(raw)) as image:
            assert image.format == "WEBP"
            assert not image.getexif()
        assert b"Phone of Someone" not in raw
        assert b"EXIF" not in raw


@pytest.mark.usefixtures("kept")
def test_a_photo_taken_sideways_stands_upright() -> None:
    exif = Image.Exif()
    exif[ORIENTATION] = 6
    photo = keep_photo(a_picture(exif=exif))
    assert (photo.width, photo.height) == (200, 400)
    with Image.open(photo_path(photo.name, 320)) as image:
        red, _, blue = image.convert("RGB").getpixel((image.width // 2, 10))
        assert red > blue


@pytest.mark.usefixtures("kept")
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "GIF", "HEIF"])
def test_what_phones_make_is_read(kind: str) -> None:
    photo = keep_photo(a_picture(kind))
    assert photo_path(photo.name, 1600).stat().st_size > 0


@pytest.mark.usefixtures("kept")
def test_a_large_photo_is_made_small() -> None:
    photo = keep_photo(a_picture(size=(4000, 3000)))
    assert (photo.width, photo.height) == (1600, 1200)
    with Image.open(photo_path(photo.name, 320)) as image:
        assert image.size == (320, 240)


@pytest.mark.usefixtures("kept")
@pytest.mark.parametrize(
    "content",
    [b"", b"not a photo", b"\xff\xd8\xff\xe0" + b"\0" * 50, b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"%PDF-1.7"],
)
def test_what_is_no_photo_is_refused(content: bytes) -> None:
    with pytest.raises(NotAPhoto):
        keep_photo(io.BytesIO(content))


@pytest.mark.usefixtures("kept")
def test_a_bomb_is_refused_before_it_is_unpacked() -> None:
    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    head = struct.pack(">IIBBBBB", 30000, 30000, 8, 2, 0, 0, 0)
    bomb = (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(b"\0" * 100_000))
        + chunk(b"IEND", b"")
    )
    with pytest.raises(NotAPhoto):
        keep_photo(io.BytesIO(bomb))


@pytest.mark.usefixtures("kept")
def test_names_cannot_be_guessed() -> None:
    names = {keep_photo(a_picture()).name for _ in range(3)}
    assert len(names) == 3
    assert all(len(name) == 32 for name in names)


@pytest.mark.usefixtures("kept")
@pytest.mark.parametrize(
    ("kind", "size", "read"),
    [("JPEG", (8000, 6000), True), ("JPEG", (8000, 6400), False), ("PNG", (5200, 5000), False)],
)
def test_more_pixels_than_memory_is_good_for_are_refused(kind: str, size: tuple[int, int], read: bool) -> None:
    file = io.BytesIO()
    Image.new("L", size).save(file, kind)
    file.seek(0)
    if read:
        assert keep_photo(file).width == 1600
    else:
        with pytest.raises(NotAPhoto):
            keep_photo(file)


@pytest.mark.usefixtures("kept")
def test_a_discarded_photo_leaves_no_file() -> None:
    photo = keep_photo(a_picture())
    discard([photo.name])
    assert not any(photo_path(photo.name, size).exists() for size in (1600, 320))
    discard([photo.name])
