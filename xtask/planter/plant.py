"""What is planted: a mark, a number, a key, a word; and what a scan has to say of it."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Plant:
    """One thing that is planted into one file."""

    kind: str  # mark, label, identifier, secret, keyword, copy, nearly (must not be found)
    text: str  # as it stands in the file
    rules: tuple = ()  # keys of rules, any of which may tell it; a `*` at the end stands for anything
    level: str = ""  # the level that has to be told, where it speaks for one
    form: str = "clean"  # clean, or the name of the evasion
    head: bool = False  # a mark only where marks stand: a line of its own at the head of a page
    base: str = field(default="")  # the clean form, where `text` is an evasion
    lead: str = ""  # what stands before it on its line
    tail: str = ""  # what stands after it on its line

    def line(self):
        return f"{self.lead}{self.text}{self.tail}"
