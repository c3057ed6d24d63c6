"""Messages with attachments, archives within archives, and files under a wrong name."""

import bz2
import gzip
import io
import lzma
import mailbox
import os
import tarfile
import tempfile
import zipfile
from email.header import Header
from email.message import EmailMessage, Message
from email.policy import SMTP

import py7zr

from . import pdf, sheets, word
from .pictures import plain
from .registry import place


def message(wish, lines=None, subject="周报"):
    made = EmailMessage()
    made["From"], made["To"] = "li.lei@ruping.example", "han.mei@ruping.example"
    made["Date"] = "Thu, 01 Jan 2026 00:00:00 +0000"
    made["Subject"] = subject
    made.set_content("\n".join(wish.body if lines is None else lines), cte=wish.rng.choice(("base64", "quoted-printable")))
    return made


def posted(made):
    return made.as_bytes(policy=SMTP)


place("eml.subject", ".eml", "")(lambda wish: posted(message(wish, subject=" ".join(wish.lines()))))
place("eml.body", ".eml", "")(lambda wish: posted(message(wish, wish.amid())))


@place("eml.subject_gbk", ".eml", "")
def subject_gbk(wish):
    made = Message()
    made["From"] = "li.lei@ruping.example"
    made["Subject"] = Header(" ".join(wish.lines()), "gb18030")
    made.set_payload("\n".join(wish.body), "utf-8")
    return made.as_bytes()


@place("eml.body_gbk", ".eml", "")
def body_gbk(wish):
    made = Message()
    made["From"] = "li.lei@ruping.example"
    made.set_payload("\n".join(wish.amid()).encode("gb18030", "ignore").decode("gb18030"), "gb2312" if wish.line.isascii() else "gb18030")
    return made.as_bytes()


@place("eml.html", ".eml", "")
def html(wish):
    made = message(wish)
    made.add_alternative("<html><body>" + "".join(f"<p>{word.escape(one)}</p>" for one in wish.amid()) + "</body></html>", subtype="html")
    return posted(made)


@place("eml.attached_docx", ".eml", "")
def attached(wish):
    made = message(wish)
    made.add_attachment(word.head(wish), maintype="application", subtype="octet-stream", filename="附件一.docx")
    return posted(made)


@place("eml.attached_name", ".eml", "name", marks_only=True)
def attached_name(wish):
    made = message(wish)
    made.add_attachment(plain(), maintype="image", subtype="png", filename=f"{wish.line.replace('/', '')}.png")
    return posted(made)


@place("eml.message_inside", ".eml", "")
def inside(wish):
    made = message(wish)
    made.add_attachment(message(wish, wish.amid(), "转发"))
    return posted(made)


@place("mbox.second", ".mbox", "")
def mbox(wish):
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "a.mbox")
        box = mailbox.mbox(path)
        box.add(message(wish))
        box.add(message(wish, wish.amid(), "第二封"))
        box.flush()
        with open(path, "rb") as file:
            return file.read()


def zipped(members):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in members.items():
            file.writestr(zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0)), content)
    return out.getvalue()


def seven(members):
    out = io.BytesIO()
    with py7zr.SevenZipFile(out, "w") as file:
        for name, content in members.items():
            file.writestr(content, name)
    return out.getvalue()


def tarred(members, mode=""):
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode=f"w:{mode}") as file:
        for name, content in members.items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            file.addfile(info, io.BytesIO(content))
    return out.getvalue()


def text(wish):
    return "\n".join(wish.amid()).encode()


place("zip.text", ".zip", "")(lambda wish: zipped({"说明/甲.txt": text(wish), "b.png": plain()}))
place("zip.docx", ".zip", "")(lambda wish: zipped({"报告.docx": word.header(wish)}))
place("7z.xlsx", ".7z", "")(lambda wish: seven({"表.xlsx": sheets.cell(wish)}))
place("tar.gz", ".tar.gz", "")(lambda wish: tarred({"a/b.txt": text(wish)}, "gz"))
place("tar.xz", ".tar.xz", "")(lambda wish: tarred({"a/b.docx": word.amid(wish)}, "xz"))
place("tar.bz2", ".tar.bz2", "")(lambda wish: tarred({"a/b.pdf": pdf.amid(wish)}, "bz2"))
place("gz", ".gz", "")(lambda wish: gzip.compress(text(wish), mtime=0))
place("xz", ".xz", "")(lambda wish: lzma.compress(text(wish)))
place("bz2", ".bz2", "")(lambda wish: bz2.compress(text(wish)))
place("nested.2", ".zip", "")(lambda wish: zipped({"a.7z": seven({"b.docx": word.amid(wish)})}))
place("nested.3", ".tar.gz", "")(lambda wish: tarred({"a.zip": zipped({"b.7z": seven({"c.txt": text(wish)})})}, "gz"))
place("nested.mail", ".zip", "")(lambda wish: zipped({"信.eml": attached(wish)}))
place("zip.name", ".zip", "name", marks_only=True)(lambda wish: zipped({f"{wish.line.replace('/', '')}.png": plain()}))


@place("zip.comment", ".zip", "")
def comment(wish):
    out = io.BytesIO(zipped({"a.txt": "\n".join(wish.body)}))
    with zipfile.ZipFile(out, "a") as file:
        file.comment = wish.line.encode("utf-8")
    return out.getvalue()


@place("zip.behind_jpeg", ".jpg", "")
def behind(wish):
    from PIL import Image

    out = io.BytesIO()
    Image.new("RGB", (64, 48)).save(out, "JPEG")
    return out.getvalue() + zipped({"a.txt": text(wish)})


place("wrong.docx_as_jpg", ".jpg", "")(lambda wish: word.amid(wish))
place("wrong.pdf_as_txt", ".txt", "")(lambda wish: pdf.amid(wish))
place("wrong.xlsx_as_dat", ".dat", "")(lambda wish: sheets.cell(wish))
place("wrong.no_suffix", "", "")(lambda wish: word.header(wish))
place("wrong.text_as_exe", ".exe", "")(lambda wish: text(wish))
