#!/usr/bin/env python3
"""Seeds for the fuzz targets, from a folder of real files: `fuzz/seeds.py FOLDER…`.

Small files are copied to target/corpus/TARGET. Packages are also written without compression, for a byte that is changed inside
packed data makes nothing but damaged data. Nothing of it is committed: files of others have licences of their own.
"""

import hashlib
import io
import pathlib
import sys
import zipfile

MOST = 64 << 10
TARGETS = {
    "ole": "doc xls ppt msg vsd pub hwp one wps et dps",
    "pdf": "pdf",
    "office": "docx docm xlsx xlsm xlsb pptx pptm odt ods odp ofd xps epub",
    "rtf": "rtf",
    "markup": "html htm xml mht svg",
    "zip": "zip jar",
    "sevenzip": "7z",
    "tar": "tar cpio",
    "stream": "gz bz2 xz zst lz4 tgz",
    "cab": "cab",
    "rar": "rar",
    "lzh": "lzh lha",
    "mail": "eml mbox mht",
    "tnef": "tnef dat",
    "data": "sqlite db dbf exe dll",
    "picture": "jpg jpeg png gif tif tiff bmp webp",
    "text": "txt csv md json",
    "rules": "toml",
}


def unpacked(data):
    """The same package, its members stored."""
    out = io.BytesIO()
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
            for member in old.infolist():
                new.writestr(member.filename, old.read(member))
    except Exception:
        return None
    return out.getvalue()


def main():
    corpus = pathlib.Path(__file__).parent / "target" / "corpus"
    for target in TARGETS:
        (corpus / target).mkdir(parents=True, exist_ok=True)
    counts = dict.fromkeys(TARGETS, 0)
    for folder in sys.argv[1:]:
        for path in sorted(pathlib.Path(folder).rglob("*")):
            ending = path.suffix.lower().lstrip(".")
            for target, endings in TARGETS.items():
                if not path.is_file() or ending not in endings.split():
                    continue
                data = path.read_bytes()
                versions = [data]
                if target in ("office", "zip"):
                    versions.append(unpacked(data))
                for version in versions:
                    if version and len(version) <= MOST:
                        name = hashlib.sha256(version).hexdigest()[:16]
                        (corpus / target / name).write_bytes(version)
                        counts[target] += 1
    for target, count in counts.items():
        print(f"{target}: {count}")


main()
