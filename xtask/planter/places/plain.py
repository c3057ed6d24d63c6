"""Plain text in many encodings, and text formats."""

import html
import json

from .registry import place

TRADITIONAL = str.maketrans("绝机级内长资务业项严传发标阅电气东远个时会开结", "絕機級內長資務業項嚴傳發標閱電氣東遠個時會開結")


def encoded(encoding, mark=b""):
    return lambda wish: mark + "\n".join(wish.amid()).encode(encoding, "ignore")


place("txt.head", ".txt", "body", head=True)(lambda wish: "\n".join(wish.first()).encode())
place("txt.amid", ".txt", "body")(encoded("utf-8"))
place("txt.windows_lines", ".txt", "body")(lambda wish: "\r\n".join(wish.amid()).encode())
place("txt.utf8_bom", ".txt", "body")(encoded("utf-8-sig"))
place("txt.gb18030", ".txt", "body")(encoded("gb18030"))
place("txt.gbk", ".txt", "body")(encoded("gbk"))
place("txt.utf16_bom", ".txt", "body")(encoded("utf-16"))
place("txt.utf16le", ".txt", "body")(encoded("utf-16-le"))
place("txt.utf16be", ".txt", "body")(encoded("utf-16-be"))
place("txt.utf32le", ".txt", "body")(encoded("utf-32-le"))
place("txt.hz", ".txt", "body", marks_only=True)(encoded("hz"))
place("log.line", ".log", "body")(
    lambda wish: "\n".join(f"2026-01-02 10:00:{number:02} INFO {text}" for number, text in enumerate(wish.body)).encode()
    + b"\n" + wish.line.encode() + b"\n"
)


@place("txt.big5", ".txt", "body", marks_only=True)
def big5(wish):
    lines = [line.translate(TRADITIONAL) for line in wish.amid()]
    return "\n".join(lines).encode("big5hkscs", "ignore")


@place("md.heading", ".md", "body", head=True)
def markdown(wish):
    return "\n".join([f"**{wish.line}**", "", "# 说明", ""] + wish.body).encode()


@place("json.value", ".json", "")
def in_json(wish):
    return json.dumps({"id": 7, "title": wish.body[0], "remark": wish.line, "body": wish.body}, ensure_ascii=wish.rng.random() < 0.5).encode()


@place("xml.element", ".xml", "")
def in_xml(wish):
    body = "".join(f"<p>{html.escape(text)}</p>" for text in wish.body)
    return f'<?xml version="1.0" encoding="UTF-8"?><doc><remark>{html.escape(wish.line)}</remark>{body}</doc>'.encode()


@place("yaml.value", ".yaml", "")
def yaml(wish):
    return ("id: 7\nremark: |\n" + "".join(f"  {line}\n" for line in wish.lines()) + "body: |\n" + "".join(f"  {text}\n" for text in wish.body)).encode()


def page(wish, head="", inside="", encoding="utf-8"):
    body = "".join(f"<p>{html.escape(text)}</p>" for text in wish.body)
    return (
        f'<!DOCTYPE html><html><head><meta charset="{encoding}"><title>说明</title>{head}</head><body>{inside}{body}</body></html>'
    ).encode(encoding, "xmlcharrefreplace")


place("html.heading", ".html", "body", head=True)(lambda wish: page(wish, inside=f"<h1>{html.escape(wish.line)}</h1>"))
place("html.gbk", ".html", "body")(lambda wish: page(wish, inside=f"<p>{html.escape(wish.line)}</p>", encoding="gbk"))
place("html.title", ".html", "")(lambda wish: page(wish, head=f"<title>{html.escape(wish.line)}</title>"))
place("html.meta", ".html", "")(lambda wish: page(wish, head=f'<meta name="description" content="{html.escape(wish.line)}">'))
place("html.comment", ".html", "")(lambda wish: page(wish, inside=f"<!-- {wish.line} -->"))
place("html.hidden", ".html", "")(lambda wish: page(wish, inside=f'<div style="display:none">{html.escape(wish.line)}</div>'))
place("html.alt", ".html", "")(lambda wish: page(wish, inside=f'<img src="a.png" alt="{html.escape(wish.line)}">'))
place("html.table", ".html", "body")(
    lambda wish: page(wish, inside=f"<table><tr><td>备注</td><td>{html.escape(wish.line)}</td></tr></table>")
)
place("html.spans", ".html", "body", marks_only=True)(
    lambda wish: page(wish, inside="<p>" + "".join(f"<span>{html.escape(c)}</span>" for c in wish.line) + "</p>")
)
place("html.line_breaks", ".html", "body", marks_only=True)(
    lambda wish: page(wish, inside="<p>" + "<br>".join(html.escape(c) for c in wish.line) + "</p>")
)
place("svg.text", ".svg", "")(
    lambda wish: f'<svg xmlns="http://www.w3.org/2000/svg"><text x="1" y="9">{html.escape(wish.line)}</text></svg>'.encode()
)


def rtf_text(text):
    return "".join(c if c.isascii() and c not in "\\{}" else (f"\\{c}" if c in "\\{}" else f"\\u{ord(c) if ord(c) < 32768 else ord(c) - 65536}?") for c in text)


def rtf(parts):
    return ("{\\rtf1\\ansi\\ansicpg936\\uc1 " + "".join(parts) + "}").encode("ascii")


def rtf_lines(lines):
    return [rtf_text(line) + "\\par\n" for line in lines]


place("rtf.head", ".rtf", "body", head=True)(lambda wish: rtf(rtf_lines(wish.first())))
place("rtf.hidden", ".rtf", "hidden")(lambda wish: rtf(rtf_lines(wish.body) + ["{\\v " + rtf_text(wish.line) + "}\\par\n"]))
place("rtf.textbox", ".rtf", "textbox", head=True)(
    lambda wish: rtf(["{\\shp{\\*\\shpinst{\\shptxt " + rtf_text(wish.line) + "\\par}}}"] + rtf_lines(wish.body))
)
place("rtf.header", ".rtf", "header", head=True)(lambda wish: rtf(["{\\header " + rtf_text(wish.line) + "\\par}"] + rtf_lines(wish.body)))
place("rtf.info", ".rtf", "metadata")(lambda wish: rtf(["{\\info{\\subject " + rtf_text(wish.line) + "}}"] + rtf_lines(wish.body)))


@place("rtf.gbk_bytes", ".rtf", "body")
def rtf_gbk(wish):
    def said(text):
        return "".join(chr(b) if b < 0x80 and chr(b) not in "\\{}" else f"\\'{b:02x}" for b in text.encode("gb18030", "ignore"))

    return rtf([said(line) + "\\par\n" for line in wish.amid()])
