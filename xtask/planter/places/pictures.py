"""What programs write into pictures, and pictures of pages (read only with --ocr)."""

import io

from docx import Document
from PIL import Image, ImageDraw, ImageFont, PngImagePlugin

from .registry import place

FONT = "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc"


def plain(size=(64, 48)):
    out = io.BytesIO()
    Image.new("RGB", size, (90, 120, 160)).save(out, "PNG")
    return out.getvalue()


def exif(text):
    made = Image.Exif()
    made[0x9C9C] = text.encode("utf-16-le") + b"\0\0"  # XPComment
    return made


def page(wish):
    """A page of 150 dots to the inch."""
    picture = Image.new("RGB", (1240, 900), "white")
    draw = ImageDraw.Draw(picture)
    y = 60
    draw.text((80, y), wish.line, font=ImageFont.truetype(FONT, 40), fill="black")
    for text in wish.body:
        for at in range(0, len(text), 34):
            y += 46
            if y > 820:
                return picture
            draw.text((80, y), text[at : at + 34], font=ImageFont.truetype(FONT, 30), fill="black")
    return picture


@place("jpeg.exif", ".jpg", "metadata")
def jpeg_exif(wish):
    out = io.BytesIO()
    Image.new("RGB", (64, 48), (90, 120, 160)).save(out, "JPEG", exif=exif(wish.line))
    return out.getvalue()


@place("jpeg.user_comment", ".jpg", "metadata")
def user_comment(wish):
    made = Image.Exif()
    made.get_ifd(0x8769)[0x9286] = b"UNICODE\x00" + wish.line.encode(wish.rng.choice(("utf-16-be", "utf-16-le")))
    out = io.BytesIO()
    Image.new("RGB", (64, 48)).save(out, "JPEG", exif=made)
    return out.getvalue()


@place("png.text", ".png", "metadata")
def png_text(wish):
    info = PngImagePlugin.PngInfo()
    info.add_itxt("Description", wish.line)
    out = io.BytesIO()
    Image.new("RGB", (64, 48)).save(out, "PNG", pnginfo=info)
    return out.getvalue()


@place("jpeg.comment", ".jpg", "metadata")
def jpeg_comment(wish):
    out = io.BytesIO()
    Image.new("RGB", (64, 48)).save(out, "JPEG", comment=wish.line.encode("utf-8"))
    return out.getvalue()


@place("jpeg.text_after_end", ".jpg", "")
def after_end(wish):
    out = io.BytesIO()
    Image.new("RGB", (64, 48)).save(out, "JPEG")
    return out.getvalue() + "\n".join([""] + wish.amid()).encode("utf-8")


@place("ocr.png", ".png", "", ocr=True)
def ocr_png(wish):
    out = io.BytesIO()
    page(wish).save(out, "PNG")
    return out.getvalue()


@place("ocr.jpeg_turned", ".jpg", "", ocr=True)
def ocr_jpeg(wish):
    out = io.BytesIO()
    page(wish).rotate(wish.rng.choice((-2, 2)), fillcolor="white", expand=True).save(out, "JPEG", quality=80)
    return out.getvalue()


@place("ocr.docx_picture", ".docx", "", ocr=True)
def ocr_docx(wish):
    made = Document()
    picture = io.BytesIO()
    page(wish).save(picture, "PNG")
    made.add_picture(picture)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


@place("ocr.pdf_scan", ".pdf", "", ocr=True)
def ocr_pdf(wish):
    out = io.BytesIO()
    page(wish).save(out, "PDF", resolution=150)
    return out.getvalue()
