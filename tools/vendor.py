"""Fetch the front-end parts that SafeGrid ships, so that no page ever asks another host for one.

Run it when a version below changes: `python tools/vendor.py`. It needs `npm` and a network; nothing
else in the project does. Each package is pinned by version and by the SHA-512 of its archive; only
the files that pages use are kept, each beside its licence, and `static/vendor/README.md` lists them.

The icons become one sprite with only those named in `tools/icons.txt`: add a name there before using it.
"""

from __future__ import annotations

import base64
import hashlib
import re
import subprocess
import sys
import tarfile
import tempfile
from dataclasses import dataclass
from pathlib import Path

VENDOR = Path(__file__).resolve().parent.parent / "static" / "vendor"

ICONS = (Path(__file__).parent / "icons.txt").read_text().split()

MIT = """{name}

{copyright}

The MIT License

Permission is hereby granted, free of charge, to any person obtaining a copy
of this software and associated documentation files (the "Software"), to deal
in the Software without restriction, including without limitation the rights
to use, copy, modify, merge, publish, distribute, sublicense, and/or sell
copies of the Software, and to permit persons to whom the Software is
furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all
copies or substantial portions of the Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR
IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES OF MERCHANTABILITY,
FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE
AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER
LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM,
OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE
SOFTWARE.
"""


@dataclass(frozen=True)
class Package:
    """One pinned npm package and what is kept of it: `files` maps archive path to a name in `folder`."""

    name: str
    version: str
    licence: str
    integrity: str
    folder: str
    files: dict[str, str]
    # For an archive that carries no licence file: whose copyright the standard text is to name.
    copyright: str = ""


PACKAGES = [
    Package(
        name="@tabler/core",
        version="1.6.1",
        licence="MIT",
        integrity="sha512-lgmR9gcxRp5JlLxcmRi9Rz85JrEvH6Bz71KnlcPVSa97wtwQNjgSs3g3fxwbAlulHyRMghhIV04QUuW3pqDsIg==",
        folder="tabler",
        files={"dist/css/tabler.min.css": "tabler.min.css", "dist/js/tabler.min.js": "tabler.min.js"},
        copyright="Copyright 2018-2026 The Tabler Authors\nCopyright 2018-2026 codecalm.net Paweł Kuna\n\n"
        "Contains Bootstrap, copyright 2011-2026 The Bootstrap Authors, and Popper,\n"
        "copyright 2019 Federico Zivolo, both under the same licence.",
    ),
    Package(
        name="@tabler/icons",
        version="3.51.0",
        licence="MIT",
        integrity="sha512-0pinvPZz7YeX+OSfxuEAbnEPWbocVXW5iU8h5lh41pYG8sZuQfpWECC980lxOT0clGIcNGn8xsBr+zKaRGdA/g==",
        folder="tabler-icons",
        files={"LICENSE": "LICENSE"},
    ),
    Package(
        name="echarts",
        version="6.1.0",
        licence="Apache-2.0",
        integrity="sha512-q0yaFPggC9FUdsWH4blavRWFmxdrIodbkoKNAjJudAI6CA9gNPxHtV2RcZNEepZVlk4yvBYkOkbk6HIVpIyHZA==",
        folder="echarts",
        files={
            "dist/echarts.common.min.js": "echarts.common.min.js",
            "LICENSE": "LICENSE",
            "NOTICE": "NOTICE",
            "licenses/LICENSE-d3": "LICENSE-d3",
        },
    ),
    Package(
        name="leaflet.markercluster",
        version="1.5.3",
        licence="MIT",
        integrity="sha512-vPTw/Bndq7eQHjLBVlWpnGeLa3t+3zGiuM7fJwCkiMFq+nmRuG3RI3f7f4N4TDX7T4NpbAXpR2+NTRSEGfCSeA==",
        folder="leaflet.markercluster",
        files={
            "dist/leaflet.markercluster.js": "leaflet.markercluster.js",
            "dist/MarkerCluster.css": "MarkerCluster.css",
            "dist/MarkerCluster.Default.css": "MarkerCluster.Default.css",
            "MIT-LICENCE.txt": "LICENSE",
        },
    ),
    Package(
        name="@geoman-io/leaflet-geoman-free",
        version="2.20.2",
        licence="MIT",
        integrity="sha512-KQpSe0VKyuVCudq/08rMjJW1vvIwFldTwBny2wZ7ABcyyUAP7/eoFo967hCu9yRqAAHb4QOxC6gY5dGqttY68g==",
        folder="leaflet-geoman",
        files={
            "dist/leaflet-geoman.min.js": "leaflet-geoman.min.js",
            "dist/leaflet-geoman.css": "leaflet-geoman.css",
            "LICENSE": "LICENSE",
        },
    ),
]


def main() -> None:
    """Fetch, check and unpack every package, then write the sprite and the list."""
    with tempfile.TemporaryDirectory() as scratch:
        for package in PACKAGES:
            archive = fetch(package, Path(scratch))
            with tarfile.open(archive) as tar:
                unpack(package, tar)
                if package.name == "@tabler/icons":
                    write(VENDOR / package.folder / "sprite.svg", sprite(tar, package.version).encode())
    write(VENDOR / "README.md", listing().encode())


def fetch(package: Package, folder: Path) -> Path:
    """Download one package's archive into `folder`; stops the program if it is not the pinned one."""
    spec = f"{package.name}@{package.version}"
    command = ["npm", "pack", spec, "--silent", "--pack-destination", str(folder)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    archive = folder / done.stdout.split()[-1]
    digest = base64.b64encode(hashlib.sha512(archive.read_bytes()).digest()).decode()
    if f"sha512-{digest}" != package.integrity:
        sys.exit(f"{spec}: the archive is not the pinned one (sha512-{digest})")
    return archive


def unpack(package: Package, tar: tarfile.TarFile) -> None:
    """Write the kept files of one package, and a licence text where its archive has none."""
    for source, target in package.files.items():
        write(VENDOR / package.folder / target, without_source_map(content(tar, source)))
    if package.copyright:
        text = MIT.format(name=package.name, copyright=package.copyright)
        write(VENDOR / package.folder / "LICENSE", text.encode())


def content(tar: tarfile.TarFile, path: str) -> bytes:
    """The bytes of one file in an npm archive, whose files all lie under `package/`."""
    member = tar.extractfile(f"package/{path}")
    if member is None:
        sys.exit(f"{path} is no file")
    return member.read()


def without_source_map(data: bytes) -> bytes:
    """Drop the pointer to a map that is not shipped: hashing static files would fail on it."""
    data = re.sub(rb"\n?//[#@] ?sourceMappingURL=\S*", b"", data)
    return re.sub(rb"\n?/\*[#@] ?sourceMappingURL=.*?\*/", b"", data)


def sprite(tar: tarfile.TarFile, version: str) -> str:
    """One SVG file with a `<symbol>` for each of `ICONS`; line width is left to the style sheet."""
    symbols = []
    for name in sorted(ICONS):
        svg = content(tar, f"icons/outline/{name}.svg").decode()
        shapes = re.sub(r"^.*?<svg[^>]*>|</svg>\s*$", "", svg, flags=re.DOTALL)
        shapes = shapes.replace('<path stroke="none" d="M0 0h24v24H0z" fill="none" />', "")
        shapes = "".join(line.strip() for line in shapes.splitlines())
        symbols.append(
            f'<symbol id="{name}" viewBox="0 0 24 24" fill="none" stroke="currentColor" '
            f'stroke-linecap="round" stroke-linejoin="round">{shapes}</symbol>'
        )
    head = f"<!-- Tabler Icons {version}, MIT, copyright 2020-2026 Paweł Kuna. Made by tools/vendor.py -->"
    return "\n".join([head, '<svg xmlns="http://www.w3.org/2000/svg">', *symbols, "</svg>", ""])


def listing() -> str:
    """The table of what is vendored, for `static/vendor/README.md`."""
    rows = [
        f"| {p.name} | {p.version} | {p.licence} | `{p.folder}/` | npm package {p.name} |" for p in PACKAGES
    ]
    return "\n".join(
        [
            "# Vendored front-end parts",
            "",
            "Made by `tools/vendor.py`; do not edit by hand. Unchanged, except that pointers to source maps",
            "are dropped and the icons in use are gathered into one sprite. Leaflet comes with",
            "django-leaflet and htmx with django-htmx, so neither is here.",
            "",
            "| Name | Version | Licence | Folder | Source |",
            "| --- | --- | --- | --- | --- |",
            *rows,
            "",
        ]
    )


def write(path: Path, data: bytes) -> None:
    """Write a file, making its folder."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)


if __name__ == "__main__":
    main()
