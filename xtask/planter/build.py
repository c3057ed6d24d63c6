"""Writes the labelled set of `cargo xtask bench detect`.

    python build.py --corpus DIR --out DIR --seed N [--half 0|1]

Below DIR: `planted/` (one plant in each file), `copies/` and `registered/` (passages and the documents they are of), `clean/`
(real files without marks), and `labels.jsonl`, one object for each file. Nothing here uses `crates/inspect`.
"""

import argparse
import json
import os
import random
import shutil

import clean
import copies
import evasions
import identifiers
import keys
import marks
import office
from places import PLACES, Wish
from places.pdf import song
from places.word import document, saved
from plant import Plant
from texts import Texts

EACH_PLACE = 10  # files of each place that is written directly
EACH_CONVERTED = 6  # and of each that LibreOffice has to make
OTHERS = 3  # of these, how many are numbers, keys and words
EACH_EVASION = 30
EACH_SPLIT = 24
EACH_NUMBER = 12
EVASION_CARRIERS = (
    "txt.amid", "txt.gb18030", "txt.utf16_bom", "docx.body_amid", "docx.header", "docx.table", "xlsx.cell", "xlsx.comment", "pptx.body",
    "pdf.amid", "html.heading", "odt.head", "eml.body", "md.heading", "zip.docx",
)
NUMBER_CARRIERS = ("txt.amid", "txt.gbk", "docx.body_amid", "docx.table", "xlsx.cell", "pptx.body", "pdf.amid", "html.table", "eml.body", "log.line")
SPLITS = {
    "split_runs": ("docx.split_runs", "html.spans", "html.line_breaks"),
    "split_cells": ("docx.split_cells", "xlsx.split_cells"),
    "letter_spaced": ("pdf.letter_spaced",),
}
LABELS = {  # property, value, level; whether the level is the label's own
    "MSIP_Label_0a1b2c3d-1111-2222-3333-444455556666_Name": [("机密", "state.secret"), ("Confidential", "foreign."), ("内部", "work.internal")],
    "密级": [("机密", "state.secret"), ("秘密", "state.confidential"), ("绝密", "state.top_secret"), ("核心商密", "trade.core")],
    "文件密级": [("机密★10年", "state.secret"), ("秘密", "state.confidential")],
    "Classification": [("NATO SECRET", "foreign.nato.secret"), ("机密", "state.secret"), ("TOP SECRET", "foreign.us.top_secret")],
    "涉密等级": [("机密", "state.secret"), ("绝密", "state.top_secret")],
    "TitusClassification": [("Secret", "foreign.us.secret")],
}


class Set:
    """The set while it is written."""

    def __init__(self, out, texts, seed):
        self.out, self.texts, self.seed = out, texts, seed
        self.later = office.Later(out)
        self.labels = []

    def rng(self, *key):
        """Randomness of one file; what is written before it changes nothing."""
        return random.Random(f"{self.seed} {' '.join(map(str, key))}")

    def put(self, group, place, plant, rng, body=None, **more):
        """Writes one file, or says that the place cannot hold it."""
        place = PLACES[place]
        if place.name.startswith(("pdf.", "tar.bz2", "wrong.pdf")) and not song(plant.line()):
            return False
        # no name of a file has strokes in it
        if place.part == "name" and "/" in plant.text:
            return False
        if place.name in ENCODINGS and not fits(plant.line(), ENCODINGS[place.name]):
            return False
        body = body or self.texts.body(rng)
        path = os.path.join(group, f"{len(self.labels):05}{place.suffix}")
        content = place.make(Wish(body, plant.line(), rng))
        whole = os.path.join(self.out, path)
        if place.convert:
            before = ".docx" if content[:2] == b"PK" else ""
            self.later.add(place.convert, SOURCE_SUFFIX[place.name.split(".")[0]] or before, content, whole)
        else:
            with open(whole, "wb") as file:
                file.write(content)
        self.labels.append(
            {
                "path": path, "group": group, "kind": plant.kind, "place": place.name, "form": plant.form, "text": plant.text,
                "base": plant.base, "rules": list(plant.rules), "level": plant.level, "part": place.part, "ocr": place.ocr, **more,
            }
        )
        return True


SOURCE_SUFFIX = {
    "doc": ".docx", "wps": ".docx", "office_rtf": ".docx", "office_odt": ".docx", "office_pdf": ".docx", "xls": ".xlsx",
    "office_ods": ".xlsx", "ppt": ".pptx", "office_odp": ".pptx",
}


def other(rng):
    """A number, a key or a word."""
    kind = rng.randrange(3)
    if kind == 0:
        return identifiers.some(rng, rng.choice(list(identifiers.KINDS)))
    if kind == 1:
        return keys.some(rng, rng.choice([one for one in keys.KINDS if one != "secret.private_key"]))
    return marks.keyword(rng)


def clean_places(made):
    for name, place in PLACES.items():
        count = EACH_CONVERTED if place.convert else EACH_PLACE
        for number in range(count):
            for attempt in range(20):
                rng = made.rng("place", name, number, attempt)
                if number < OTHERS and not place.marks_only and not place.ocr:
                    plant = other(rng)
                elif place.head and rng.random() < 0.5:
                    plant = marks.at_head(rng)
                else:
                    plant = marks.anywhere(rng)
                if name in SPLIT_PLACES:
                    plant = Plant(plant.kind, plant.text, plant.rules, plant.level, form=SPLIT_PLACES[name], base=plant.text)
                if made.put("planted", name, plant, rng):
                    break


SPLIT_PLACES = {place: form for form, places in SPLITS.items() for place in places}
ENCODINGS = {"txt.gbk": "gbk", "txt.hz": "hz", "txt.big5": "big5hkscs", "eml.body_gbk": "gb18030", "zip.name": "gbk", "rtf.gbk_bytes": "gb18030", "html.gbk": "gbk"}


def fits(text, encoding):
    if encoding == "big5hkscs":
        from places.plain import TRADITIONAL

        text = text.translate(TRADITIONAL)
    try:
        text.encode(encoding)
        return True
    except UnicodeEncodeError:
        return False


def bent_marks(made):
    for name, (_, _, latin) in evasions.EVASIONS.items():
        count, attempt = 0, 0
        while count < EACH_EVASION and attempt < EACH_EVASION * 40:
            attempt += 1
            rng = made.rng("evasion", name, attempt)
            mark = marks.foreign(rng, head=False) if latin and rng.random() < 0.4 else marks.chinese(rng)
            plant = evasions.bend(mark, name, rng)
            if plant is None:
                continue
            carrier = rng.choice(EVASION_CARRIERS)
            # a page shows letters in the order in which they are read: there is nothing to turn round
            if carrier == "pdf.amid" and name in ("turned", "bidi_signs", "combining", "compatible"):
                continue
            count += made.put("planted", carrier, plant, rng)
    for form, places in SPLITS.items():
        for number in range(EACH_SPLIT):
            rng = made.rng("split", form, number)
            mark = marks.chinese(rng)
            plant = Plant("mark", mark.text, mark.rules, mark.level, form=form, base=mark.text)
            made.put("planted", rng.choice(places), plant, rng)


def numbers_and_keys(made):
    for rule in identifiers.KINDS:
        for number in range(EACH_NUMBER):
            rng = made.rng("number", rule, number)
            made.put("planted", rng.choice(NUMBER_CARRIERS), identifiers.some(rng, rule), rng)
            made.put("planted", rng.choice(NUMBER_CARRIERS), identifiers.nearly(rng, rule), rng)
        for form in identifiers.FORMS:
            for number in range(4):
                rng = made.rng("number", rule, form, number)
                plant = identifiers.bent(rng, rule, form)
                if plant:
                    made.put("planted", rng.choice(NUMBER_CARRIERS), plant, rng)
    for rule in keys.KINDS:
        for number in range(EACH_NUMBER):
            rng = made.rng("key", rule, number)
            carriers = ("txt.amid",) if rule == "secret.private_key" else NUMBER_CARRIERS
            made.put("planted", rng.choice(carriers), keys.some(rng, rule), rng)
    for number in range(60):
        rng = made.rng("stand-in", number)
        made.put("planted", rng.choice(NUMBER_CARRIERS), keys.nearly(rng), rng)
    for number in range(60):
        rng = made.rng("keyword", number)
        made.put("planted", rng.choice(NUMBER_CARRIERS), marks.keyword(rng), rng)


def labels_of_programs(made):
    """Sensitivity labels and properties that say the level."""
    from places import sheets, slides, word

    for name, values in LABELS.items():
        for number in range(9):
            rng = made.rng("label", name, number)
            value, level = rng.choice(values)
            body = made.texts.body(rng)
            wish = Wish(body, value, rng)
            suffix, content = rng.choice(
                [(".docx", saved(document(body))), (".xlsx", sheets.saved(sheets.book(wish)[0])), (".pptx", slides.saved(slides.show(wish)))]
            )
            path = os.path.join("planted", f"{len(made.labels):05}{suffix}")
            with open(os.path.join(made.out, path), "wb") as file:
                file.write(word.custom(content, name, value))
            made.labels.append(
                {
                    "path": path, "group": "planted", "kind": "label", "place": "label" + suffix, "form": "clean", "text": value, "base": "",
                    "rules": ["label.*"], "level": level, "part": "metadata", "ocr": False,
                }
            )


def passages(made):
    folder = os.path.join(made.out, "registered")
    rng = made.rng("registered")
    for number, (name, text) in enumerate(sorted(made.texts.registered.items())):
        lines = ["机密★10年"] + text.splitlines()
        # one in two is a DOCX: a copy is found whatever the original's format is
        if number % 2:
            with open(os.path.join(folder, name + ".docx"), "wb") as file:
                file.write(saved(document([line for line in lines if line.strip()])))
        else:
            with open(os.path.join(folder, name), "w", encoding="utf-8") as file:
                file.write("\n".join(lines))
    for number, (name, plant) in enumerate(copies.plants(rng, made.texts.registered)):
        own = made.rng("copy", number)
        made.put("copies", own.choice(copies.CARRIERS), plant, own, document=name)


def without_marks(made, corpus, half):
    for kind, source, path in clean.gather(os.path.join(made.out, "clean"), corpus, half):
        made.labels.append(
            {
                "path": os.path.relpath(path, made.out), "group": "clean", "kind": "clean", "place": kind, "form": "clean", "text": "",
                "base": source, "rules": [], "level": "", "part": "", "ocr": False,
            }
        )


def main():
    asked = argparse.ArgumentParser()
    asked.add_argument("--corpus", required=True)
    asked.add_argument("--out", required=True)
    asked.add_argument("--seed", required=True, type=int)
    asked.add_argument("--half", type=int, default=0, help="which half of the clean files")
    args = asked.parse_args()
    if not office.program():
        raise SystemExit("LibreOffice is not installed")
    shutil.rmtree(args.out, ignore_errors=True)
    for folder in ("planted", "copies", "registered", "clean"):
        os.makedirs(os.path.join(args.out, folder))
    out = os.path.abspath(args.out)
    made = Set(out, Texts(args.corpus, random.Random(args.seed)), args.seed)
    clean_places(made)
    bent_marks(made)
    numbers_and_keys(made)
    labels_of_programs(made)
    passages(made)
    without_marks(made, args.corpus, args.half)
    made.later.run()
    shutil.rmtree(os.path.join(out, "office"), ignore_errors=True)
    with open(os.path.join(out, "labels.jsonl"), "w", encoding="utf-8") as file:
        for label in made.labels:
            file.write(json.dumps(label, ensure_ascii=False) + "\n")
    print(f"{len(made.labels)} files, {sum(one['group'] == 'clean' for one in made.labels)} of them clean")


if __name__ == "__main__":
    main()
