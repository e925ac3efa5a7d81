"""The project's settings, with two pages that exist only to be measured against."""

from safegrid.settings import *  # noqa: F403
from safegrid.settings import STORAGES as PRODUCTIONS

ROOT_URLCONF = "bench.urls"
# The same names in pages. Compressing the files would take longer than all else, and nobody asks for them.
STORAGES = PRODUCTIONS | {
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"}
}
