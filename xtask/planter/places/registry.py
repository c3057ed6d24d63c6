"""Where something can stand: each place is a function that writes a file with the plant there."""

from dataclasses import dataclass

PLACES = {}


@dataclass(frozen=True)
class Place:
    name: str
    suffix: str
    make: object
    part: str  # what the finding has to call it; empty where several words are right
    head: bool  # marks that need the head of a page may stand here
    marks_only: bool  # nothing but a mark makes sense here
    ocr: bool  # read only with --ocr
    convert: str  # LibreOffice makes this of it


@dataclass
class Wish:
    """What one file is to hold."""

    body: list
    line: str
    rng: object

    def lines(self):
        return self.line.split("\n")

    def first(self):
        """The line, then the body, as documents begin with their mark."""
        return self.lines() + self.body

    def amid(self):
        at = self.rng.randrange(1, len(self.body) + 1)
        return self.body[:at] + self.lines() + self.body[at:]


def place(name, suffix, part="", head=False, marks_only=False, ocr=False, convert=""):
    def keep(make):
        PLACES[name] = Place(name, suffix, make, part, head, marks_only, ocr, convert)
        return make

    return keep


def converted(name, of, suffix, convert, part=None):
    """The same, turned into another format by LibreOffice."""
    source = PLACES[of]
    part = source.part if part is None else part
    PLACES[name] = Place(name, suffix, source.make, part, source.head, source.marks_only, source.ocr, convert)
