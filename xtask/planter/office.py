"""LibreOffice, which turns many files into another format at once."""

import os
import shutil
import subprocess
import tempfile

AT_ONCE = 60
SECONDS = 900


def program():
    return shutil.which("soffice") or shutil.which("libreoffice")


def convert(sources, target, folder, home):
    """Converts files; what comes out has their names with the new suffix."""
    suffix = target.split(":")[0]
    for begin in range(0, len(sources), AT_ONCE):
        part = sources[begin : begin + AT_ONCE]
        subprocess.run(
            [program(), "--headless", f"-env:UserInstallation=file://{home}", "--convert-to", target, "--outdir", folder, *part],
            check=True, timeout=SECONDS, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )
    missing = [one for one in sources if not os.path.exists(made(one, folder, suffix))]
    if missing:
        raise SystemExit(f"LibreOffice made no {suffix} of {len(missing)} files, {missing[0]} first")


def made(source, folder, suffix):
    return os.path.join(folder, os.path.splitext(os.path.basename(source))[0] + "." + suffix)


class Later:
    """Files that wait for their conversion."""

    def __init__(self, folder):
        self.folder = folder
        self.waiting = {}

    def add(self, target, suffix, content, path):
        """`path` will hold `content` turned into `target`; `suffix` is what `content` has."""
        self.waiting.setdefault(target, []).append((suffix, content, path))

    def run(self):
        for target, files in sorted(self.waiting.items()):
            with tempfile.TemporaryDirectory(dir=self.folder) as work:
                home, out = os.path.join(self.folder, "office"), os.path.join(work, "out")
                os.mkdir(out)
                sources = []
                for number, (suffix, content, _) in enumerate(files):
                    sources.append(os.path.join(work, f"{number:05}{suffix}"))
                    with open(sources[-1], "wb") as file:
                        file.write(content)
                convert(sources, target, out, home)
                for source, (_, _, path) in zip(sources, files):
                    shutil.move(made(source, out, target.split(":")[0]), path)
