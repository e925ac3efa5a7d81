"""Make the font that documents are set in: Noto Serif SC, with the characters of GBK and no others.

Run it when the version below changes: `python tools/document_font.py`. It needs `npm`, a network and
fonttools; nothing else in the project does. The package is pinned by version and by the SHA-512 of its
archive. A document embeds only those characters that it shows.
"""

from __future__ import annotations

import base64
import hashlib
import subprocess
import tarfile
import tempfile
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont

FONTS = Path(__file__).resolve().parent.parent / "responsibility" / "documents" / "fonts"
PACKAGE, VERSION = "@expo-google-fonts/noto-serif-sc", "0.4.3"
SHA512 = "fSmUpiSFtSeyHV45/2xUOy5SdfExklQwwMKN3cQjAZAujITHDmSbpMHCVdCMhRqMjQtu0ZRgc29u8A+CU3akfw=="
FACE = "package/400Regular/NotoSerifSC_400Regular.ttf"
LICENCE = "package/LICENSE_FONT"

README = f"""# The font of documents

`NotoSerifSC-GBK.ttf` is Noto Serif SC Regular with the characters of GBK and no others, made by
`tools/document_font.py` from the npm package {PACKAGE} {VERSION}. Licence: SIL Open Font License 1.1
(`OFL.txt`), which reserves no name.
"""


def gbk() -> set[int]:
    """Return the code points of GBK, and of Latin with accents."""
    points = set(range(0x20, 0x7F)) | set(range(0xA0, 0x180))
    for lead in range(0x81, 0xFF):
        for trail in range(0x40, 0xFF):
            try:
                points.add(ord(bytes([lead, trail]).decode("gbk")))
            except UnicodeDecodeError:
                continue
    return points


def fetch(folder: Path) -> Path:
    """Return the archive of the package, checked against its sum."""
    subprocess.run(["npm", "pack", "--silent", f"{PACKAGE}@{VERSION}"], cwd=folder, check=True)
    (archive,) = folder.glob("*.tgz")
    found = base64.b64encode(hashlib.sha512(archive.read_bytes()).digest()).decode()
    if found != SHA512:
        raise SystemExit(f"{archive.name} is not what was pinned: {found}")
    return archive


def main() -> None:
    """Write the font, its licence and where it comes from."""
    FONTS.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, tarfile.open(fetch(Path(folder))) as packed:
        packed.extract(FACE, folder, filter="data")
        licence = packed.extractfile(LICENCE)
        assert licence is not None
        (FONTS / "OFL.txt").write_bytes(licence.read())
        font = TTFont(Path(folder) / FACE)
        wanted = subset.Options(layout_features=[], hinting=False, name_IDs=[0, 1, 2, 3, 4, 5, 6, 13, 14])
        cutter = subset.Subsetter(wanted)
        cutter.populate(unicodes=gbk())
        cutter.subset(font)
        font.save(FONTS / "NotoSerifSC-GBK.ttf")
    (FONTS / "README.md").write_text(README)


if __name__ == "__main__":
    main()
