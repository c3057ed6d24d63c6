"""PDF by reportlab, and what pypdf adds to it."""

import io

from pypdf import PdfReader, PdfWriter
from pypdf.annotations import FreeText, Text
from reportlab.lib.pagesizes import A4
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen import canvas

from .registry import place

SONG = "STSong-Light"
pdfmetrics.registerFont(UnicodeCIDFont(SONG))
COLUMNS = 76


def song(text):
    """Whether the font has all of it (Latin-1 beyond ASCII it has not), and a line of the page."""
    return columns(text) <= COLUMNS and all(ord(c) < 0x80 or 0x2000 <= ord(c) for c in text)


def columns(text):
    return sum(1 if c.isascii() else 2 for c in text)


def folded(text):
    """Lines as long as the page is wide."""
    lines, held = [""], 0
    for c in text:
        held += columns(c)
        if held > COLUMNS:
            lines.append("")
            held = columns(c)
        lines[-1] += c
    return lines


def pages(wish, lines, after=()):
    out = io.BytesIO()
    # WHY invariant: the same seed gives the same bytes
    page = canvas.Canvas(out, pagesize=A4, invariant=1)
    y = 800
    for text in lines:
        for part in folded(text):
            page.setFont(SONG, 12)
            page.drawString(70, y, part)
            y -= 18
            if y < 60:
                page.showPage()
                y = 800
    for add in after:
        add(page)
    page.showPage()
    page.save()
    return out.getvalue()


def written(writer):
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def added(content):
    return PdfWriter(clone_from=PdfReader(io.BytesIO(content)))


@place("pdf.head", ".pdf", "", head=True)
def head(wish):
    return pages(wish, wish.first())


@place("pdf.amid", ".pdf", "body")
def amid(wish):
    return pages(wish, wish.amid())


@place("pdf.third_page", ".pdf", "", head=True)
def third(wish):
    def add(page):
        page.showPage()
        page.setFont(SONG, 16)
        page.drawString(70, 800, wish.line)

    return pages(wish, wish.body, [lambda page: page.showPage(), add])


@place("pdf.letter_spaced", ".pdf", "", marks_only=True)
def letter_spaced(wish):
    def add(page):
        text = page.beginText(70, 40)
        text.setFont(SONG, 14)
        text.setCharSpace(8)
        text.textLine(wish.line)
        page.drawText(text)

    return pages(wish, wish.body, [add])


@place("pdf.turned", ".pdf", "")
def turned(wish):
    def add(page):
        page.saveState()
        page.translate(40, 300)
        page.rotate(90)
        page.setFont(SONG, 14)
        page.drawString(0, 0, wish.line)
        page.restoreState()

    return pages(wish, wish.body, [add])


@place("pdf.invisible", ".pdf", "")
def invisible(wish):
    def add(page):
        text = page.beginText(70, 40)
        text.setFont(SONG, 12)
        text.setTextRenderMode(3)
        text.textLine(wish.line)
        page.drawText(text)

    return pages(wish, wish.body, [add])


@place("pdf.annotation", ".pdf", "")
def annotation(wish):
    writer = added(pages(wish, wish.body))
    kind = Text if wish.rng.random() < 0.5 else FreeText
    writer.add_annotation(0, kind(text=wish.line, rect=(50, 550, 200, 650)))
    return written(writer)


@place("pdf.attachment", ".pdf", "")
def attachment(wish):
    writer = added(pages(wish, wish.body))
    writer.add_attachment("附件.txt", "\n".join(wish.amid()).encode("utf-8"))
    return written(writer)


@place("pdf.property", ".pdf", "metadata")
def properties(wish):
    writer = added(pages(wish, wish.body))
    writer.add_metadata({wish.rng.choice(("/Subject", "/Title", "/Keywords")): wish.line})
    return written(writer)


@place("pdf.form_field", ".pdf", "")
def form(wish):
    def add(page):
        page.acroForm.textfield(name="remark", x=70, y=40, width=300, height=20, value="x", fontName="Helvetica")

    writer = added(pages(wish, wish.body, [add]))
    writer.update_page_form_field_values(writer.pages[-1], {"remark": wish.line}, auto_regenerate=False)
    return written(writer)


@place("pdf.outline", ".pdf", "")
def outline(wish):
    writer = added(pages(wish, wish.body))
    writer.add_outline_item(wish.line, 0)
    return written(writer)


@place("pdf.xmp", ".pdf", "metadata")
def xmp(wish):
    from .word import escape

    writer = added(pages(wish, wish.body))
    writer.xmp_metadata = (
        '<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
        f'<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:description><rdf:Alt><rdf:li xml:lang="x-default">{escape(wish.line)}'
        '</rdf:li></rdf:Alt></dc:description></rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end="w"?>'
    ).encode()
    return written(writer)
