"""Passages of registered documents inside other files: word by word, lightly changed, and short."""

from plant import Plant

CARRIERS = ("txt.amid", "txt.gb18030", "docx.body_amid", "docx.footnote", "pdf.amid", "html.table", "eml.body", "xlsx.cell", "pptx.body", "nested.2")
OTHER_SIGNS = str.maketrans({"，": ",", "。": ".", "；": ";", "：": ":", "（": "(", "）": ")"})
CHINESE = range(0x4E00, 0xA000)


def letters(text):
    return sum(c.isalnum() for c in text)


def passage(rng, text, count):
    """A piece with so many letters, begun at one."""
    text = "".join(text.split())
    starts = len(text) - 2 * count
    if starts < 1:
        return None
    at = rng.randrange(starts)
    end, held = at, 0
    while held < count and end < len(text):
        held += text[end].isalnum()
        end += 1
    return text[at:end] if held == count else None


def edited(rng, text, each):
    """Other punctuation and line ends, and one character in each so many changed, left out or put in."""
    out = list(text.translate(OTHER_SIGNS) if rng.random() < 0.5 else text)
    for begin in range(0, len(out), each):
        at = begin + rng.randrange(min(each, len(out) - begin))
        kind = rng.choice(("change", "leave", "put"))
        if kind == "change":
            out[at] = "某"
        elif kind == "leave":
            out[at] = ""
        else:
            out[at] += "的"
    at = rng.randrange(1, len(out))
    return "".join(out[:at]) + rng.choice((" ", "\n", "")) + "".join(out[at:])


# Form, letters at least and most, how many, change of one character in each so many (0: none).
FORMS = (
    ("verbatim_100", 100, 300, 150, 0),
    ("light_edits_100", 100, 300, 150, 100),
    ("more_edits_100", 100, 300, 60, 50),
    ("verbatim_59_99", 59, 99, 60, 0),
    ("verbatim_40_58", 40, 58, 60, 0),
    ("light_edits_40_99", 40, 99, 60, 100),
)


def plants(rng, registered):
    """All passages, each with its document."""
    names = sorted(name for name, text in registered.items() if letters(text) > 1_000)
    for form, least, most, count, each in FORMS:
        made = 0
        while made < count:
            name = rng.choice(names)
            text = passage(rng, registered[name], rng.randint(least, most))
            if text is None:
                continue
            made += 1
            said = edited(rng, text, each) if each else text
            yield name, Plant("copy", said, ("copy.registered",), level="state.secret", form=form, base=name)
