"""Files without marks: real texts that are on this machine. Those of one seed are not those of the other."""

import csv
import gzip
import hashlib
import os
import shutil

csv.field_size_limit(1 << 24)

# Folders, endings, how many at most.
SOURCES = (
    ("chinese_manuals", "/usr/share/man/zh_CN", (".gz",), 400),
    ("chinese_manuals", "/usr/share/man/zh_TW", (".gz",), 200),
    ("manuals", "/usr/share/man/man", (".gz",), 500),
    ("licences", "/usr/share/common-licenses", ("",), 40),
    ("licences", "/usr/share/doc", ("copyright",), 500),
    ("documents", "/usr/share/doc", (".txt", ".html", ".md", "README", ".gz"), 300),
    ("python", "/usr/lib/python3", (".py",), 300),
    ("rust", os.path.expanduser("~/.cargo/registry/src"), (".rs", ".md", ".toml", ".c", ".h"), 500),
)
LARGEST = 1 << 20


def mine(path, half):
    return hashlib.sha256(path.encode()).digest()[0] % 2 == half


def found(root, endings, most, half):
    folder, begin = (root, "") if os.path.isdir(root) else os.path.split(root)
    paths = []
    if not os.path.isdir(folder):
        return paths
    for inside in sorted(os.listdir(folder)):
        if not inside.startswith(begin):
            continue
        for above, folders, names in os.walk(os.path.join(folder, inside)):
            folders.sort()
            paths += [os.path.join(above, name) for name in sorted(names) if name.endswith(endings)]
        if os.path.isfile(os.path.join(folder, inside)):
            paths.append(os.path.join(folder, inside))
    paths = [one for one in paths if mine(one, half) and os.path.isfile(one) and 0 < os.path.getsize(one) < LARGEST]
    # the order of digests is as good as drawing
    return sorted(paths, key=lambda one: hashlib.sha256(one.encode()).digest())[:most]


def corpus(folder):
    """Files of the corpus of which its list does not say that they carry a mark."""
    words = ("绝密", "机密★", "秘密★", "marked", "planted")
    with open(os.path.join(folder, "MANIFEST.tsv"), encoding="utf-8", newline="") as file:
        for line in list(file)[1:]:
            if not any(word in line for word in words):
                yield os.path.join(folder, line.split("\t")[0])


def gather(folder, corpus_folder, half):
    """Copies them below a folder; packed pages are unpacked. Gives their paths with their source."""
    seen, listed = set(), []
    sources = [(kind, found(root, endings, most, half)) for kind, root, endings, most in SOURCES]
    sources.append(("corpus", [one for one in corpus(corpus_folder) if os.path.isfile(one)]))
    for kind, paths in sources:
        for path in paths:
            real = os.path.realpath(path)
            if real in seen:
                continue
            seen.add(real)
            name = os.path.basename(path)
            number = len(listed)
            if path.endswith(".gz") and kind != "corpus":
                target = os.path.join(folder, f"{number:05}-{name[:-3]}")
                try:
                    with gzip.open(path) as packed, open(target, "wb") as file:
                        file.write(packed.read())
                except OSError:
                    continue
            else:
                target = os.path.join(folder, f"{number:05}-{name}")
                shutil.copyfile(path, target)
            listed.append((kind, path, target))
    return listed
