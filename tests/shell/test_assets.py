"""What is vendored is complete, licensed and can be hashed; what templates ask for is there."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command

ROOT = Path(settings.BASE_DIR)
VENDOR = ROOT / "static" / "vendor"
OWN_PYTHON = ["safegrid", "responsibility", "hazards", "inspections", "analysis"]


def symbols() -> set[str]:
    """The icons in the sprite."""
    return set(re.findall(r'<symbol id="([^"]+)"', (VENDOR / "tabler-icons" / "sprite.svg").read_text()))


def test_the_sprite_holds_exactly_the_listed_icons():
    assert symbols() == set((ROOT / "tools" / "icons.txt").read_text().split())


def test_every_icon_that_a_template_names_is_in_the_sprite():
    used = set()
    for template in (ROOT / "templates").rglob("*.html"):
        text = template.read_text()
        used |= set(re.findall(r'{% icon "([^"]+)"', text))
        used |= set(re.findall(r'components/(?:empty|tile)\.html" with [^%]*icon="([^"]+)"', text))
    assert used
    assert used - symbols() == set()


def test_every_icon_that_a_menu_entry_names_is_in_the_sprite():
    used = set()
    for folder in OWN_PYTHON:
        for module in (ROOT / folder).rglob("*.py"):
            used |= set(re.findall(r'\bicon="([^"]+)"', module.read_text()))
    assert used - symbols() == set()


def test_every_vendored_folder_has_its_licence_and_its_row_in_the_list():
    listed = set(re.findall(r"`([^`]+)/` \|", (VENDOR / "README.md").read_text()))
    folders = {path.name for path in VENDOR.iterdir() if path.is_dir()}
    assert folders == listed
    for folder in folders:
        assert (VENDOR / folder / "LICENSE").stat().st_size > 500, folder


def test_static_files_can_be_collected_under_hashed_names(settings, tmp_path):
    settings.STATIC_ROOT = tmp_path
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"}
    }
    call_command("collectstatic", interactive=False, verbosity=0)
    names = {path.name for path in (tmp_path / "css").iterdir()}
    assert any(re.fullmatch(r"app\.[0-9a-f]{12}\.css", name) for name in names)


@pytest.mark.parametrize("path", sorted((ROOT / "static" / "js").glob("*.js")), ids=lambda path: path.name)
def test_a_script_asks_no_other_host_and_evaluates_nothing(path):
    assert re.findall(r"https?://|\beval\(|new Function|\.innerHTML", path.read_text()) == []
