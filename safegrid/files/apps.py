"""The files app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class FilesConfig(AppConfig):
    """Evidence."""

    name = "safegrid.files"
    label = "files"
    verbose_name = _("Evidence")
