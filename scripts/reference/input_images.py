"""Makes test/fixtures/pictures: the images that image to image and inpainting start from.

A simple sketch as a user would draw it: flat colours, hard edges, a thick line. Run with Pillow:

    python scripts/reference/input_images.py
"""

import pathlib
import struct

from PIL import Image, ImageCms, ImageDraw, ImageFilter

FOLDER = pathlib.Path(__file__).parents[2] / "test" / "fixtures" / "pictures"
SKY, GRASS, SUN, WALL, ROOF, INK = "#7fb2ff", "#3c9a3c", "#ffd21e", "#d9c0a0", "#b22a1c", "#101018"


def sketch(width: int, height: int) -> Image.Image:
    """A house on a meadow under the sun."""
    image = Image.new("RGB", (width, height), SKY)
    draw = ImageDraw.Draw(image)

    def at(*shares: float) -> list[tuple[int, int]]:
        points = zip(shares[::2], shares[1::2], strict=True)
        return [(round(x * (width - 1)), round(y * (height - 1))) for x, y in points]

    draw.rectangle(at(0, 0.7, 1, 1), fill=GRASS)
    draw.ellipse(at(0.05, 0.05, 0.3, 0.3), fill=SUN)
    draw.rectangle(at(0.4, 0.45, 0.85, 0.85), fill=WALL)
    draw.polygon(at(0.35, 0.45, 0.62, 0.2, 0.9, 0.45), fill=ROOF)
    draw.line(at(0.1, 0.95, 0.3, 0.75, 0.5, 0.95, 0.95, 0.9), fill=INK, width=3)
    return image


def soft_mask(size: int) -> Image.Image:
    """White where the image must be generated again, with a soft edge."""
    mask = Image.new("L", (size, size), 0)
    ImageDraw.Draw(mask).ellipse((20, 12, size - 6, size - 14), fill=255)
    return mask.filter(ImageFilter.GaussianBlur(4))


def cut_out(image: Image.Image) -> Image.Image:
    """The sketch on a transparent ground, with half-transparent parts."""
    alpha = Image.new("L", image.size, 0)
    draw = ImageDraw.Draw(alpha)
    draw.ellipse((4, 4, image.width - 5, image.height - 5), fill=255)
    draw.rectangle((30, 40, 50, 60), fill=128)
    result = image.convert("RGBA")
    result.putalpha(alpha)
    return result


def wide_profile() -> bytes:
    """A colour profile like sRGB with the primaries of Display P3."""
    profile = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    profile[24:36] = bytes(12)  # the time at which it was made
    primaries = {
        b"rXYZ": (0.5151, 0.2412, -0.0011),
        b"gXYZ": (0.2920, 0.6922, 0.0419),
        b"bXYZ": (0.1571, 0.0666, 0.7841),
    }
    (count,) = struct.unpack_from(">I", profile, 128)
    for index in range(count):
        name, offset, _ = struct.unpack_from(">4sII", profile, 132 + 12 * index)
        if name in primaries:
            values = (round(value * 65536) for value in primaries[name])
            struct.pack_into(">iii", profile, offset + 8, *values)
    return bytes(profile)


def main() -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    sketch(64, 64).save(FOLDER / "sketch.png", optimize=True)
    sketch(70, 53).save(FOLDER / "sketch-70x53.png", optimize=True)
    sketch(150, 110).save(FOLDER / "sketch-150x110.png", optimize=True)
    sketch(24, 40).save(FOLDER / "sketch-24x40.png", optimize=True)
    sketch(32, 48).save(FOLDER / "sketch-32x48.png", optimize=True)
    sketch(12, 16).save(FOLDER / "sketch-12x16.png", optimize=True)
    sketch(18, 13).save(FOLDER / "sketch-18x13.png", optimize=True)
    cut_out(sketch(64, 64)).save(FOLDER / "sketch-alpha.png", optimize=True)
    # Bitmaps of each kind that Pillow writes; the widths are no multiples of the rows' alignment.
    small = sketch(24, 40).crop((0, 0, 21, 13))
    small.save(FOLDER / "bitmap-24.bmp")
    small.quantize(16).save(FOLDER / "bitmap-8.bmp")
    small.convert("L").save(FOLDER / "bitmap-grey.bmp")
    small.convert("1").save(FOLDER / "bitmap-1.bmp")
    cut_out(sketch(64, 64)).crop((20, 30, 41, 43)).save(FOLDER / "bitmap-32.bmp")
    turned = Image.Exif()
    turned[0x0112] = 6  # Orientation: the camera's right side is up
    picture = sketch(56, 64)
    picture.save(FOLDER / "sketch-turned.jpg", quality=95, subsampling=0, exif=turned)
    small.save(FOLDER / "sketch-wide.png", optimize=True, icc_profile=wide_profile())
    inks = Image.merge("CMYK", (*small.split(), small.convert("L")))
    inks.save(FOLDER / "sketch-ink.tif", compression="tiff_lzw")
    soft_mask(64).save(FOLDER / "mask.png", optimize=True)
    soft_mask(96).save(FOLDER / "mask-96x96.png", optimize=True)


if __name__ == "__main__":
    main()
