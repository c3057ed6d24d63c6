"""Bodies of carriers: paragraphs of real texts, read by programs that are not ours."""

import glob
import gzip
import os
import re

from docx import Document

# Texts that are registered, and so never a body: passages of them are planted.
REGISTERED_EACH = 4
PARAGRAPH_LEAST = 12
PARAGRAPH_MOST = 400


def decoded(path):
    """A text of the corpus, whose name says its encoding."""
    name = os.path.basename(path)
    found = re.search(r"\.(gb18030|gb2312|big5hkscs|utf-16-le|utf-16-be|utf-16|utf-8-sig|utf-8|hz)\.txt$", name)
    with open(path, "rb") as file:
        content = file.read()
    return content.decode(found.group(1)) if found else None


def paragraphs(text):
    lines = (re.sub(r"\s+", " ", line).strip() for line in text.splitlines())
    return [line[:PARAGRAPH_MOST] for line in lines if len(line) >= PARAGRAPH_LEAST]


def laws(corpus):
    """Chinese texts of the corpus by name: what is plain text or a whole DOCX."""
    found = {}
    for path in sorted(glob.glob(f"{corpus}/txt/derived__law*.txt")):
        text = decoded(path)
        if text:
            found[os.path.basename(path)] = text
    for path in sorted(glob.glob(f"{corpus}/docx/derived__law*.docx")):
        try:
            text = "\n".join(one.text for one in Document(path).paragraphs)
        except Exception:  # what is broken on purpose is no body
            continue
        if len(text) > 500:
            found[os.path.basename(path)] = text
    return found


def manuals(language="zh_CN", most=60):
    """Manual pages as plain text, without the commands of roff."""
    pattern = f"/usr/share/man/{language}/man[1-8]/*.gz" if language else "/usr/share/man/man[1-8]/*.gz"
    found = {}
    for path in sorted(glob.glob(pattern)):
        if len(found) >= most:
            break
        try:
            with gzip.open(path, "rt", encoding="utf-8") as file:
                text = file.read()
        except (OSError, UnicodeDecodeError):
            continue
        lines = [re.sub(r"\\f[BIPR]|\\-|\\&|^\.\w+ ?", "", line) for line in text.splitlines()]
        text = "\n".join(line for line in lines if line and not line.startswith((".", "'", "\\")))
        if len(paragraphs(text)) >= 8:
            found[os.path.basename(path)] = text
    return found


class Texts:
    """All texts, parted into bodies and registered documents."""

    def __init__(self, corpus, rng):
        chinese = laws(corpus)
        if len(chinese) < 8:
            raise SystemExit(f"no Chinese texts below {corpus}: give the corpus with --corpus")
        names = sorted(chinese)
        self.registered = {name: chinese[name] for name in names[::REGISTERED_EACH]}
        bodies = [chinese[name] for name in names if name not in self.registered]
        bodies += manuals().values()
        self.bodies = [found for found in map(paragraphs, bodies) if len(found) >= 8]
        self.english = [paragraphs(text) for text in manuals(language="", most=40).values()]
        self.rng = rng

    def body(self, rng, least=4, most=9):
        """Some paragraphs that follow each other."""
        text = rng.choice(self.bodies)
        count = rng.randint(least, most)
        begin = rng.randrange(max(1, len(text) - count))
        return text[begin : begin + count]
