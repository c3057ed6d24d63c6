"""DOCX, by python-docx and where it has no words for it by the XML itself."""

import io
import zipfile

from docx import Document
from docx.oxml import parse_xml
from docx.shared import Pt
from openpyxl import Workbook

from .registry import place

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
NS = f'xmlns:w="{W}" xmlns:v="urn:schemas-microsoft-com:vml" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'


def escape(text):
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def document(paragraphs):
    made = Document()
    for text in paragraphs:
        made.add_paragraph(text)
    return made


def saved(made):
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def changed(content, members):
    """The package with members added, or changed by functions."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for info in old.infolist():
            value = old.read(info)
            change = members.get(info.filename)
            new.writestr(info.filename, change(value.decode()) if callable(change) else value)
        for name, value in members.items():
            if not callable(value):
                new.writestr(name, value)
    return out.getvalue()


def typed(name, kind):
    return lambda xml: xml.replace("</Types>", f'<Override PartName="/{name}" ContentType="{kind}"/></Types>')


def related(target, kind, key="rIdPlant"):
    link = f'<Relationship Id="{key}" Type="{kind}" Target="{target}"/>'
    return lambda xml: xml.replace("</Relationships>", f"{link}</Relationships>")


def paragraphs_xml(lines, inside="w:t", rpr=""):
    return "".join(f'<w:p><w:r>{rpr}<{inside} xml:space="preserve">{escape(line)}</{inside}></w:r></w:p>' for line in lines)


@place("docx.body_head", ".docx", "body", head=True)
def head(wish):
    return saved(document(wish.first()))


@place("docx.body_amid", ".docx", "body")
def amid(wish):
    return saved(document(wish.amid()))


@place("docx.table", ".docx", "body")
def table(wish):
    made = document(wish.body)
    grid = made.add_table(2, 2)
    grid.cell(0, 0).text, grid.cell(0, 1).text, grid.cell(1, 0).text = "序号", "内容", "1"
    grid.cell(1, 1).text = wish.line
    return saved(made)


@place("docx.header", ".docx", "header", head=True)
def header(wish):
    made = document(wish.body)
    made.sections[0].header.paragraphs[0].text = wish.line
    return saved(made)


@place("docx.first_header", ".docx", "header", head=True)
def first_header(wish):
    made = document(wish.body)
    made.sections[0].different_first_page_header_footer = True
    made.sections[0].first_page_header.paragraphs[0].text = wish.line
    return saved(made)


@place("docx.footer", ".docx", "footer", head=True)
def footer(wish):
    made = document(wish.body)
    made.sections[0].footer.paragraphs[0].text = wish.line
    return saved(made)


@place("docx.comment", ".docx", "comment")
def comment(wish):
    made = document(wish.body)
    made.add_comment(made.paragraphs[0].runs, text=wish.line, author="李雷", initials="L")
    return saved(made)


@place("docx.hidden_text", ".docx", "hidden")
def hidden(wish):
    made = document(wish.body)
    made.add_paragraph().add_run(wish.line).font.hidden = True
    return saved(made)


@place("docx.tiny_white_text", ".docx", "")
def tiny(wish):
    made = document(wish.body)
    run = made.add_paragraph().add_run(wish.line)
    run.font.size = Pt(1)
    run._r.get_or_add_rPr().append(parse_xml(f'<w:color {NS} w:val="FFFFFF"/>'))
    return saved(made)


@place("docx.deleted", ".docx", "hidden")
def deleted(wish):
    made = document(wish.body)
    made.element.body.insert(
        1,
        parse_xml(
            f'<w:p {NS}><w:del w:id="9" w:author="a" w:date="2026-01-01T00:00:00Z"><w:r>'
            f'<w:delText xml:space="preserve">{escape(wish.line)}</w:delText></w:r></w:del></w:p>'
        ),
    )
    return saved(made)


@place("docx.inserted", ".docx", "")
def inserted(wish):
    made = document(wish.body)
    made.element.body.insert(
        1,
        parse_xml(
            f'<w:p {NS}><w:ins w:id="9" w:author="a" w:date="2026-01-01T00:00:00Z"><w:r>'
            f'<w:t xml:space="preserve">{escape(wish.line)}</w:t></w:r></w:ins></w:p>'
        ),
    )
    return saved(made)


@place("docx.textbox", ".docx", "textbox", head=True)
def textbox(wish):
    made = document(wish.body)
    box = paragraphs_xml(wish.lines())
    made.element.body.insert(
        1,
        parse_xml(
            f'<w:p {NS}><w:r><w:pict><v:shape style="width:200pt;height:50pt"><v:textbox><w:txbxContent>{box}'
            "</w:txbxContent></v:textbox></v:shape></w:pict></w:r></w:p>"
        ),
    )
    return saved(made)


@place("docx.content_control", ".docx", "body")
def control(wish):
    made = document(wish.body)
    made.element.body.insert(1, parse_xml(f"<w:sdt {NS}><w:sdtContent>{paragraphs_xml(wish.lines())}</w:sdtContent></w:sdt>"))
    return saved(made)


def notes(wish, kind):
    made = document(wish.body)
    made.paragraphs[0]._p.append(parse_xml(f'<w:r {NS}><w:{kind}Reference w:id="2"/></w:r>'))
    xml = f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?><w:{kind}s {NS}><w:{kind} w:id="2">{paragraphs_xml(wish.lines())}</w:{kind}></w:{kind}s>'
    name = f"{kind}s.xml"
    return changed(
        saved(made),
        {
            f"word/{name}": xml,
            "[Content_Types].xml": typed(
                f"word/{name}", f"application/vnd.openxmlformats-officedocument.wordprocessingml.{kind}s+xml"
            ),
            "word/_rels/document.xml.rels": related(
                name, f"http://schemas.openxmlformats.org/officeDocument/2006/relationships/{kind}s"
            ),
        },
    )


@place("docx.footnote", ".docx", "footnote")
def footnote(wish):
    return notes(wish, "footnote")


@place("docx.endnote", ".docx", "footnote")
def endnote(wish):
    return notes(wish, "endnote")


@place("docx.property", ".docx", "metadata")
def core(wish):
    made = document(wish.body)
    setattr(made.core_properties, wish.rng.choice(("subject", "comments", "title", "category")), wish.line)
    return saved(made)


@place("docx.custom_xml", ".docx", "metadata")
def custom_xml(wish):
    xml = f'<?xml version="1.0" encoding="UTF-8"?><doc xmlns="urn:oa"><mj>{escape(wish.line)}</mj></doc>'
    return changed(saved(document(wish.body)), {"customXml/item2.xml": xml})


def custom(content, name, value):
    xml = (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?><Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/custom-properties"'
        ' xmlns:vt="http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes"><property fmtid="{D5CDD505-2E9C-101B-9397-08002B2CF9AE}"'
        f' pid="2" name="{escape(name)}"><vt:lpwstr>{escape(value)}</vt:lpwstr></property></Properties>'
    )
    return changed(
        content,
        {
            "docProps/custom.xml": xml,
            "[Content_Types].xml": typed("docProps/custom.xml", "application/vnd.openxmlformats-officedocument.custom-properties+xml"),
            "_rels/.rels": related(
                "docProps/custom.xml", "http://schemas.openxmlformats.org/officeDocument/2006/relationships/custom-properties"
            ),
        },
    )


@place("docx.custom_property", ".docx", "metadata")
def custom_property(wish):
    return custom(saved(document(wish.body)), "备注", wish.line)


@place("docx.alt_text", ".docx", "textbox")
def alt_text(wish):
    from . import pictures

    made = document(wish.body)
    made.add_picture(io.BytesIO(pictures.plain()))
    for one in made.element.iter("{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}docPr"):
        one.set("descr", wish.line)
    return saved(made)


@place("docx.embedded_sheet", ".docx", "")
def embedded(wish):
    book = Workbook()
    book.active["B2"] = wish.line
    out = io.BytesIO()
    book.save(out)
    return changed(saved(document(wish.body)), {"word/embeddings/Microsoft_Excel_Worksheet1.xlsx": out.getvalue()})


@place("docx.split_runs", ".docx", "body", marks_only=True)
def split_runs(wish):
    made = document(wish.body)
    paragraph = made.paragraphs[0].insert_paragraph_before()
    for c in wish.line:
        paragraph.add_run(c).bold = wish.rng.random() < 0.5
    return saved(made)


@place("docx.split_cells", ".docx", "body", marks_only=True)
def split_cells(wish):
    at = wish.rng.randrange(1, len(wish.line))
    made = document(wish.body)
    grid = made.add_table(1, 2)
    grid.cell(0, 0).text, grid.cell(0, 1).text = wish.line[:at], wish.line[at:]
    return saved(made)
