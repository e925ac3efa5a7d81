"""Django's admin with what is kept there, and nothing that the packages would add."""

from importlib import import_module
from importlib.util import find_spec

from django.apps import apps
from django.contrib.admin.apps import SimpleAdminConfig
from django.utils.translation import gettext_lazy as _

#: Packages whose admin stays out: one needs GDAL; the others would show keys that are a person's own.
LEFT_OUT = {"leaflet", "knox", "allauth.account", "allauth.mfa"}


class AdminConfig(SimpleAdminConfig):
    """Import the admin modules that are not left out, and say whose administration it is."""

    def ready(self) -> None:
        super().ready()
        from django.contrib import admin

        admin.site.site_header = admin.site.site_title = _("SafeGrid administration")
        for config in apps.get_app_configs():
            if config.name not in LEFT_OUT and find_spec(f"{config.name}.admin"):
                import_module(f"{config.name}.admin")
