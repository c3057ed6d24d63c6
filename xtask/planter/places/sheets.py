"""XLSX by openpyxl, old XLS by LibreOffice, tables as text, and a database."""

import csv
import io
import os
import sqlite3
import tempfile

from openpyxl import Workbook
from openpyxl.chart import BarChart, Reference
from openpyxl.comments import Comment
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation

from .registry import place
from .word import changed, custom, escape


def book(wish):
    made = Workbook()
    sheet = made.active
    sheet.title = "汇总"
    sheet.append(["序号", "内容", "数量"])
    for number, text in enumerate(wish.body, 1):
        sheet.append([number, text, wish.rng.randint(1, 500)])
    return made, sheet


def saved(made):
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


@place("xlsx.first_cell", ".xlsx", "body", head=True)
def first_cell(wish):
    made, sheet = book(wish)
    sheet.insert_rows(1)
    sheet["A1"] = wish.line
    return saved(made)


@place("xlsx.cell", ".xlsx", "body")
def cell(wish):
    made, sheet = book(wish)
    one = sheet.cell(wish.rng.randint(2, 9), 5)
    one.value, one.data_type = wish.line, "s"
    return saved(made)


@place("xlsx.inline_string", ".xlsx", "body")
def inline(wish):
    made, _ = book(wish)
    row = f'<row r="40"><c r="B40" t="inlineStr"><is><t>{escape(wish.line)}</t></is></c></row>'
    return changed(saved(made), {"xl/worksheets/sheet1.xml": lambda xml: xml.replace("</sheetData>", f"{row}</sheetData>")})


@place("xlsx.comment", ".xlsx", "comment")
def comment(wish):
    made, sheet = book(wish)
    sheet["B2"].comment = Comment(wish.line, "李雷")
    return saved(made)


@place("xlsx.hidden_sheet", ".xlsx", "hidden")
def hidden_sheet(wish):
    made, _ = book(wish)
    other = made.create_sheet("底稿")
    other["C3"] = wish.line
    other.sheet_state = wish.rng.choice(("hidden", "veryHidden"))
    return saved(made)


@place("xlsx.hidden_row", ".xlsx", "hidden")
def hidden_row(wish):
    made, sheet = book(wish)
    sheet["B20"] = wish.line
    sheet.row_dimensions[20].hidden = True
    return saved(made)


@place("xlsx.hidden_column", ".xlsx", "")
def hidden_column(wish):
    made, sheet = book(wish)
    sheet["H5"] = wish.line
    sheet.column_dimensions["H"].hidden = True
    return saved(made)


@place("xlsx.header", ".xlsx", "header", head=True)
def header(wish):
    made, sheet = book(wish)
    sheet.oddHeader.left.text = wish.line.replace("&", "&&")
    return saved(made)


@place("xlsx.footer", ".xlsx", "footer", head=True)
def footer(wish):
    made, sheet = book(wish)
    sheet.oddFooter.center.text = wish.line.replace("&", "&&")
    return saved(made)


@place("xlsx.chart_title", ".xlsx", "textbox")
def chart(wish):
    made, sheet = book(wish)
    bars = BarChart()
    bars.title = wish.line
    bars.add_data(Reference(sheet, min_col=3, min_row=2, max_row=4))
    sheet.add_chart(bars, "F2")
    return saved(made)


@place("xlsx.validation", ".xlsx", "")
def validation(wish):
    made, sheet = book(wish)
    rule = DataValidation(type="list", formula1='"是,否"')
    rule.prompt = wish.line[:250]
    rule.add("D2")
    sheet.add_data_validation(rule)
    return saved(made)


@place("xlsx.defined_name", ".xlsx", "")
def defined(wish):
    made, _ = book(wish)
    text = wish.line.replace('"', '""')
    made.defined_names["标注"] = DefinedName("标注", attr_text=f'"{text}"')
    return saved(made)


@place("xlsx.property", ".xlsx", "metadata")
def core(wish):
    made, _ = book(wish)
    setattr(made.properties, wish.rng.choice(("subject", "description", "title")), wish.line)
    return saved(made)


@place("xlsx.custom_property", ".xlsx", "metadata")
def custom_property(wish):
    made, _ = book(wish)
    return custom(saved(made), "说明", wish.line)


@place("xlsx.split_cells", ".xlsx", "body", marks_only=True)
def split_cells(wish):
    made, sheet = book(wish)
    at = wish.rng.randrange(1, len(wish.line))
    if wish.rng.random() < 0.5:
        sheet["E2"], sheet["F2"] = wish.line[:at], wish.line[at:]
    else:
        sheet["E2"], sheet["E3"] = wish.line[:at], wish.line[at:]
    return saved(made)


@place("csv.cell", ".csv", "")
def table(wish):
    out = io.StringIO()
    rows = csv.writer(out)
    for number, text in enumerate(wish.amid(), 1):
        rows.writerow([number, text])
    return out.getvalue().encode(wish.rng.choice(("utf-8-sig", "utf-8", "gb18030")))


@place("sqlite.row", ".db", "")
def database(wish):
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "a.db")
        base = sqlite3.connect(path)
        base.execute("create table notice (id integer primary key, body text)")
        base.executemany("insert into notice (body) values (?)", [(one,) for one in wish.amid()])
        base.commit()
        base.close()
        with open(path, "rb") as file:
            return file.read()
