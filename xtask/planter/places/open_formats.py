"""OpenDocument by odfpy, EPUB by EbookLib, OFD by zipfile alone (GB/T 33190)."""

import io
import zipfile

from ebooklib import epub
from odf import dc, office, style, table, text
from odf.opendocument import OpenDocumentSpreadsheet, OpenDocumentText

from .registry import place
from .word import changed, escape


def saved(made):
    out = io.BytesIO()
    made.write(out)
    return out.getvalue()


def writer(paragraphs):
    made = OpenDocumentText()
    for one in paragraphs:
        made.text.addElement(text.P(text=one))
    return made


place("odt.head", ".odt", "body", head=True)(lambda wish: saved(writer(wish.first())))


@place("odt.header", ".odt", "header", head=True)
def header(wish):
    made = writer(wish.body)
    layout = style.PageLayout(name="pl")
    made.automaticstyles.addElement(layout)
    master = style.MasterPage(name="Standard", pagelayoutname=layout)
    above = style.Header()
    for line in wish.lines():
        above.addElement(text.P(text=line))
    master.addElement(above)
    made.masterstyles.addElement(master)
    return saved(made)


@place("odt.footnote", ".odt", "footnote")
def footnote(wish):
    made = writer(wish.body)
    note = text.Note(noteclass="footnote", id="ftn1")
    note.addElement(text.NoteCitation(text="1"))
    inside = text.NoteBody()
    inside.addElement(text.P(text=wish.line))
    note.addElement(inside)
    paragraph = text.P(text=wish.body[0])
    paragraph.addElement(note)
    made.text.addElement(paragraph)
    return saved(made)


@place("odt.comment", ".odt", "comment")
def comment(wish):
    made = writer(wish.body)
    remark = office.Annotation()
    remark.addElement(text.P(text=wish.line))
    paragraph = text.P(text=wish.body[0])
    paragraph.addElement(remark)
    made.text.addElement(paragraph)
    return saved(made)


@place("odt.hidden_paragraph", ".odt", "")
def hidden(wish):
    made = writer(wish.body)
    section = text.Section(name="s", display="none")
    section.addElement(text.P(text=wish.line))
    made.text.addElement(section)
    return saved(made)


@place("odt.deleted", ".odt", "hidden")
def deleted(wish):
    changes = (
        '<text:tracked-changes><text:changed-region xml:id="c1" text:id="c1"><text:deletion><office:change-info><dc:creator>a</dc:creator>'
        f"<dc:date>2026-01-01T00:00:00</dc:date></office:change-info><text:p>{escape(wish.line)}</text:p></text:deletion></text:changed-region></text:tracked-changes>"
    )
    return changed(
        saved(writer(wish.body)),
        {"content.xml": lambda xml: xml.replace("<office:text>", f"<office:text>{changes}", 1).replace("<office:text/>", f"<office:text>{changes}</office:text>")},
    )


@place("odt.property", ".odt", "metadata")
def properties(wish):
    made = writer(wish.body)
    made.meta.addElement(dc.Subject(text=wish.line))
    return saved(made)


def calc(wish, hidden):
    made = OpenDocumentSpreadsheet()
    concealed = style.Style(name="gone", family="table")
    concealed.addElement(style.TableProperties(display="false"))
    made.automaticstyles.addElement(concealed)

    def sheet(name, lines, **more):
        one = table.Table(name=name, **more)
        for line in lines:
            row = table.TableRow()
            cell = table.TableCell()
            cell.addElement(text.P(text=line))
            row.addElement(cell)
            one.addElement(row)
        made.spreadsheet.addElement(one)

    if hidden:
        sheet("汇总", wish.body)
        sheet("底稿", wish.lines(), stylename=concealed)
    else:
        sheet("汇总", wish.amid())
    return saved(made)


place("ods.cell", ".ods", "body")(lambda wish: calc(wish, hidden=False))
place("ods.hidden_sheet", ".ods", "hidden")(lambda wish: calc(wish, hidden=True))


@place("epub.chapter", ".epub", "body")
def book(wish):
    made = epub.EpubBook()
    made.set_identifier("plant")
    made.set_title("说明")
    made.set_language("zh")
    one = epub.EpubHtml(title="一", file_name="one.xhtml", lang="zh")
    one.content = "<html><body>" + "".join(f"<p>{escape(line)}</p>" for line in wish.amid()) + "</body></html>"
    made.add_item(one)
    made.toc, made.spine = [one], [one]
    made.add_item(epub.EpubNcx())
    out = io.BytesIO()
    epub.write_epub(out, made)
    return out.getvalue()


OFD = 'xmlns:ofd="http://www.ofdspec.org/2016"'
HEAD = '<?xml version="1.0" encoding="UTF-8"?>'


def text_objects(lines, first=100):
    return "".join(
        f'<ofd:TextObject ID="{first + n}" Boundary="20 {10 + 8 * n} 170 8" Font="3" Size="4"><ofd:TextCode X="0" Y="4">{escape(line)}</ofd:TextCode></ofd:TextObject>'
        for n, line in enumerate(lines)
    )


def ofd(lines, members=None, root="", doc="", info=""):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr(
            "OFD.xml",
            f'{HEAD}<ofd:OFD {OFD} Version="1.1" DocType="OFD"><ofd:DocBody><ofd:DocInfo><ofd:DocID>0123456789abcdef0123456789abcdef</ofd:DocID>{info}</ofd:DocInfo>'
            f"<ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot>{root}</ofd:DocBody></ofd:OFD>",
        )
        file.writestr(
            "Doc_0/Document.xml",
            f'{HEAD}<ofd:Document {OFD}><ofd:CommonData><ofd:MaxUnitID>900</ofd:MaxUnitID><ofd:PageArea><ofd:PhysicalBox>0 0 210 297</ofd:PhysicalBox></ofd:PageArea>'
            f'{"".join(doc[:1])}</ofd:CommonData><ofd:Pages><ofd:Page ID="1" BaseLoc="Pages/Page_0/Content.xml"/></ofd:Pages>{"".join(doc[1:])}</ofd:Document>',
        )
        template = '<ofd:Template TemplateID="50" ZOrder="Background"/>' if doc and "TemplatePage" in doc[0] else ""
        file.writestr(
            "Doc_0/Pages/Page_0/Content.xml",
            f'{HEAD}<ofd:Page {OFD}>{template}<ofd:Content><ofd:Layer ID="2">{text_objects(lines)}</ofd:Layer></ofd:Content></ofd:Page>',
        )
        for name, value in (members or {}).items():
            file.writestr(name, value)
    return out.getvalue()


place("ofd.page", ".ofd", "", head=True)(lambda wish: ofd(wish.first()))


@place("ofd.template", ".ofd", "", head=True)
def template(wish):
    xml = f'{HEAD}<ofd:Page {OFD}><ofd:Content><ofd:Layer ID="60">{text_objects(wish.lines(), 200)}</ofd:Layer></ofd:Content></ofd:Page>'
    return ofd(
        wish.body,
        {"Doc_0/Tpls/Tpl_0/Content.xml": xml},
        doc=('<ofd:TemplatePage ID="50" BaseLoc="Tpls/Tpl_0/Content.xml"/>',),
    )


@place("ofd.annotation", ".ofd", "comment")
def annotation(wish):
    note = (
        f'{HEAD}<ofd:PageAnnot {OFD}><ofd:Annot ID="70" Type="Watermark" Creator="a"><ofd:Appearance Boundary="0 0 210 297">{text_objects(wish.lines(), 300)}'
        "</ofd:Appearance></ofd:Annot></ofd:PageAnnot>"
    )
    listed = f'{HEAD}<ofd:Annotations {OFD}><ofd:Page PageID="1"><ofd:FileLoc>Page_0/Annotation.xml</ofd:FileLoc></ofd:Page></ofd:Annotations>'
    return ofd(
        wish.body,
        {"Doc_0/Annots/Annotations.xml": listed, "Doc_0/Annots/Page_0/Annotation.xml": note},
        doc=("", "<ofd:Annotations>Annots/Annotations.xml</ofd:Annotations>"),
    )


@place("ofd.custom_data", ".ofd", "metadata")
def custom_data(wish):
    return ofd(wish.body, info=f'<ofd:CustomDatas><ofd:CustomData Name="备注">{escape(wish.line)}</ofd:CustomData></ofd:CustomDatas>')


@place("ofd.attachment", ".ofd", "")
def attachment(wish):
    listed = (
        f'{HEAD}<ofd:Attachments {OFD}><ofd:Attachment ID="a1" Name="附件" Format="txt"><ofd:FileLoc>附件.txt</ofd:FileLoc></ofd:Attachment></ofd:Attachments>'
    )
    return ofd(
        wish.body,
        {"Doc_0/Attachs/Attachments.xml": listed, "Doc_0/Attachs/附件.txt": "\n".join(wish.amid())},
        doc=("", "<ofd:Attachments>Attachs/Attachments.xml</ofd:Attachments>"),
    )
