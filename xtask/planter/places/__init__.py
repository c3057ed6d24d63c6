"""All places. The order of imports is the order of the list."""

from . import word, sheets, slides, pdf, pictures, plain, open_formats, boxes  # noqa: F401
from .registry import PLACES, Wish, converted

WORD = ("body_head", "body_amid", "header", "footer", "footnote", "comment", "textbox", "table", "hidden_text", "deleted", "property")
for name in WORD:
    converted(f"doc.{name}", f"docx.{name}", ".doc", "doc:MS Word 97")
    converted(f"wps.{name}", f"docx.{name}", ".wps", "doc:MS Word 97")
    # LibreOffice writes no text boxes into RTF
    if name != "textbox":
        converted(f"office_rtf.{name}", f"docx.{name}", ".rtf", "rtf")
    converted(f"office_odt.{name}", f"docx.{name}", ".odt", "odt")
for name in ("body_head", "body_amid", "header", "footer", "footnote", "textbox", "table"):
    converted(f"office_pdf.{name}", f"docx.{name}", ".pdf", "pdf", part="")
for name in ("first_cell", "cell", "comment", "hidden_sheet", "hidden_row", "header", "chart_title", "property"):
    converted(f"xls.{name}", f"xlsx.{name}", ".xls", "xls:MS Excel 97")
    converted(f"office_ods.{name}", f"xlsx.{name}", ".ods", "ods")
for name in ("title", "body", "table", "textbox", "notes", "hidden_slide", "property"):
    converted(f"ppt.{name}", f"pptx.{name}", ".ppt", "ppt:MS PowerPoint 97", part="")
    converted(f"office_odp.{name}", f"pptx.{name}", ".odp", "odp", part="")

__all__ = ["PLACES", "Wish"]
