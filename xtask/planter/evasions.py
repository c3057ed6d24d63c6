"""Ways in which a mark is bent so that a plain search misses it."""

import base64
import quopri
import urllib.parse
from dataclasses import replace

TRADITIONAL = str.maketrans("绝机级内长资务业项严传发标阅电气东远个时会开结", "絕機級內長資務業項嚴傳發標閱電氣東遠個時會開結")
COMPATIBLE = str.maketrans("年工日月心文用不", "\uf98e\u2f2f\u2f47\u2f49\u2f3c\u2f42\u2f64\uf967")
ALIKE = str.maketrans("AEOPCTSKMHI", "АЕОРСТЅКМНІ")
ZERO_WIDTH = ("\u200b", "\u200c", "\u200d", "\u2060", "\ufeff")
BIDI = ("\u200e", "\u200f", "\u202a", "\u202c", "\u2066", "\u2069", "\u061c")
STARS = "☆*＊✩⭐·✪●✦※"
NUMERALS = "〇一二三四五六七八九"
FORMAL = "零壹贰叁肆伍陆柒捌玖"


def between(text, sign, rng=None, each=True):
    """A sign between characters; `sign` may draw a new one each time."""
    draw = sign if callable(sign) else (lambda: sign)
    out = text[:1]
    for one in text[1:]:
        out += (draw() if each or rng.random() < 0.5 else "") + one
    return out


def wide(text):
    return "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in text)


def counted(text, digits, ten, rng=None):
    """Arabic numbers below 100 as Chinese ones; larger ones digit by digit."""
    out, number = "", ""

    def said(number):
        value = int(number)
        if value >= 100:
            return "".join(digits[int(c)] for c in number)
        tens, ones = divmod(value, 10)
        head = "" if tens == 0 else (ten if tens == 1 else digits[tens] + ten)
        return head + (digits[ones] if ones or not tens else "")

    for c in text + " ":
        if c.isdigit():
            number += c
        else:
            out += (said(number) if number else "") + c
            number = ""
    return out[:-1]


def circled(text):
    """10 as ⑩, other numbers digit by digit."""
    out, number = "", ""
    for c in text + " ":
        if c.isdigit() and c.isascii():
            number += c
            continue
        if number:
            value = int(number)
            out += chr(0x2460 + value - 1) if 1 <= value <= 20 else "".join("⓪①②③④⑤⑥⑦⑧⑨"[int(d)] for d in number)
            number = ""
        out += c
    return out[:-1]


def entities(text, rng):
    return "".join(f"&#{ord(c)};" if rng.random() < 0.5 else f"&#x{ord(c):x};" for c in text)


def has_digit(text):
    return any(c.isdigit() and c.isascii() for c in text)


# Name, what it needs of the mark, how it bends it, whether Latin marks are bent so too.
EVASIONS = {
    "full_width": (lambda t: any("!" <= c <= "~" for c in t), lambda t, r: wide(t), True),
    "one_space": (lambda t: True, lambda t, r: between(t, " "), False),
    "some_spaces": (lambda t: True, lambda t, r: between(t, lambda: " " * r.randint(1, 3)), False),
    "wide_space": (lambda t: True, lambda t, r: between(t, "\u3000"), False),
    "other_space": (lambda t: True, lambda t, r: between(t, lambda: r.choice("\u00a0\u2002\u2003\u2009\u202f")), False),
    "zero_width": (lambda t: True, lambda t, r: between(t, lambda: r.choice(ZERO_WIDTH)), True),
    "soft_hyphen": (lambda t: True, lambda t, r: between(t, "\u00ad"), True),
    "bidi_signs": (lambda t: True, lambda t, r: between(t, lambda: r.choice(BIDI)), True),
    "combining": (lambda t: True, lambda t, r: between(t, lambda: r.choice("\u0332\u0336\u20dd")), False),
    "traditional": (lambda t: t.translate(TRADITIONAL) != t, lambda t, r: t.translate(TRADITIONAL), False),
    "old_form": (lambda t: "秘" in t, lambda t, r: t.replace("秘", "祕"), False),
    "star": (lambda t: "★" in t, lambda t, r: t.replace("★", r.choice(STARS)), False),
    "no_star": (lambda t: "★" in t and has_digit(t), lambda t, r: t.replace("★", ""), False),
    "numerals": (has_digit, lambda t, r: counted(t, NUMERALS, "十"), False),
    "formal_numerals": (has_digit, lambda t, r: counted(t, FORMAL, "拾"), False),
    "circled": (has_digit, lambda t, r: circled(t), False),
    "compatible": (lambda t: t.translate(COMPATIBLE) != t, lambda t, r: t.translate(COMPATIBLE), False),
    "line_inside": (lambda t: len(t) >= 3, lambda t, r: (lambda at: t[:at] + "\n" + t[at:])(r.randrange(1, len(t))), False),
    "vertical": (lambda t: True, lambda t, r: "\n".join(t.replace(" ", "")), False),
    "point_between": (lambda t: True, lambda t, r: between(t, lambda: r.choice("·.-_")), False),
    "one_separator": (lambda t: True, lambda t, r: t[:1] + r.choice("-_.~|/·、") + t[1:], False),
    "turned": (lambda t: True, lambda t, r: "\u202e" + t[::-1] + "\u202c", True),
    "alike": (lambda t: t.isascii() and t.isupper(), lambda t, r: t.translate(ALIKE), True),
    "letters_apart": (lambda t: t.isascii(), lambda t, r: "   ".join(" ".join(word) for word in t.split(" ")), True),
    "entities": (lambda t: True, lambda t, r: entities(t, r), False),
    "percent": (lambda t: True, lambda t, r: urllib.parse.quote(t), False),
    "escapes": (lambda t: True, lambda t, r: t.encode("ascii", "backslashreplace").decode(), False),
    "quoted_printable": (lambda t: True, lambda t, r: quopri.encodestring(t.encode()).decode().strip(), False),
    "base64": (lambda t: len(t) >= 4, lambda t, r: base64.b64encode(t.encode()).decode(), False),
    "base64_gbk": (lambda t: len(t) >= 5, lambda t, r: base64.b64encode(t.encode("gb18030")).decode(), False),
    "bent_twice": (
        lambda t: "★" in t,
        lambda t, r: between(wide(t.translate(TRADITIONAL).replace("★", r.choice("☆⭐✩"))), lambda: r.choice(" \u3000\u200b")),
        False,
    ),
}

# Two ways that need a carrier of their own: see places.
SPLITS = ("split_runs", "split_cells", "letter_spaced")


def bend(plant, name, rng):
    """The plant in that form, or nothing where that form says nothing else."""
    wants, how, latin = EVASIONS[name]
    if plant.text.isascii() and not latin:
        return None
    if not plant.text.isascii() and name in ("alike", "letters_apart"):
        return None
    if not wants(plant.text):
        return None
    text = how(plant.text, rng)
    if text == plant.text:
        return None
    return replace(plant, text=text, form=name, base=plant.text)
