"""PPTX, by python-pptx and the XML."""

import io

from pptx import Presentation
from pptx.chart.data import CategoryChartData
from pptx.enum.chart import XL_CHART_TYPE
from pptx.util import Inches

from .registry import place
from .word import changed, custom, escape, related, typed


def show(wish):
    made = Presentation()
    for text in wish.body[:3]:
        slide = made.slides.add_slide(made.slide_layouts[1])
        slide.shapes.title.text = text[:20]
        slide.placeholders[1].text = text
    return made


def saved(made):
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


@place("pptx.title", ".pptx", "body", head=True)
def title(wish):
    made = show(wish)
    made.slides[0].shapes.title.text = wish.line
    return saved(made)


@place("pptx.body", ".pptx", "body")
def body(wish):
    made = show(wish)
    frame = made.slides[1].placeholders[1].text_frame
    for line in wish.lines():
        frame.add_paragraph().text = line
    return saved(made)


@place("pptx.textbox", ".pptx", "", head=True)
def textbox(wish):
    made = show(wish)
    made.slides[0].shapes.add_textbox(0, 0, Inches(3), Inches(1)).text_frame.text = wish.line
    return saved(made)


@place("pptx.table", ".pptx", "")
def table(wish):
    made = show(wish)
    grid = made.slides[1].shapes.add_table(2, 2, 0, 0, Inches(4), Inches(1)).table
    grid.cell(0, 0).text, grid.cell(1, 1).text = "内容", wish.line
    return saved(made)


@place("pptx.group", ".pptx", "")
def group(wish):
    made = show(wish)
    inside = made.slides[1].shapes.add_group_shape()
    inside.shapes.add_textbox(0, 0, Inches(3), Inches(1)).text_frame.text = wish.line
    return saved(made)


@place("pptx.notes", ".pptx", "notes")
def notes(wish):
    made = show(wish)
    made.slides[0].notes_slide.notes_text_frame.text = wish.line
    return saved(made)


@place("pptx.hidden_slide", ".pptx", "hidden")
def hidden(wish):
    made = show(wish)
    slide = made.slides.add_slide(made.slide_layouts[1])
    slide.placeholders[1].text = wish.line
    slide._element.set("show", "0")
    return saved(made)


@place("pptx.master", ".pptx", "", head=True)
def master(wish):
    made = show(wish)
    shapes = made.slide_master.shapes
    holder = next(one for one in shapes if one.has_text_frame)
    holder.text_frame.text = wish.line
    return saved(made)


@place("pptx.alt_text", ".pptx", "textbox")
def alt_text(wish):
    made = show(wish)
    made.slides[0].shapes.title._element.nvSpPr.cNvPr.set("descr", wish.line)
    return saved(made)


@place("pptx.chart_title", ".pptx", "textbox")
def chart(wish):
    made = show(wish)
    data = CategoryChartData()
    data.categories = ["甲", "乙"]
    data.add_series("数", (1, 2))
    made_chart = made.slides[0].shapes.add_chart(XL_CHART_TYPE.BAR_CLUSTERED, 0, 0, Inches(3), Inches(3), data).chart
    made_chart.has_title = True
    made_chart.chart_title.text_frame.text = wish.line
    return saved(made)


@place("pptx.comment", ".pptx", "comment")
def comment(wish):
    p = "http://schemas.openxmlformats.org/presentationml/2006/main"
    xml = (
        f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?><p:cmLst xmlns:p="{p}"><p:cm authorId="0" dt="2026-01-01T00:00:00" idx="1">'
        f'<p:pos x="10" y="10"/><p:text>{escape(wish.line)}</p:text></p:cm></p:cmLst>'
    )
    return changed(
        saved(show(wish)),
        {
            "ppt/comments/comment1.xml": xml,
            "[Content_Types].xml": typed(
                "ppt/comments/comment1.xml", "application/vnd.openxmlformats-officedocument.presentationml.comments+xml"
            ),
            "ppt/slides/_rels/slide1.xml.rels": related(
                "../comments/comment1.xml", "http://schemas.openxmlformats.org/officeDocument/2006/relationships/comments"
            ),
        },
    )


@place("pptx.property", ".pptx", "metadata")
def core(wish):
    made = show(wish)
    setattr(made.core_properties, wish.rng.choice(("subject", "comments", "title", "keywords")), wish.line)
    return saved(made)


@place("pptx.custom_property", ".pptx", "metadata")
def custom_property(wish):
    return custom(saved(show(wish)), "说明", wish.line)
