"""Django's admin without autodiscovery of django-leaflet's admin, which needs GDAL."""

from importlib import import_module
from importlib.util import find_spec

from django.apps import apps
from django.contrib.admin.apps import SimpleAdminConfig
from django.utils.translation import gettext_lazy as _


class AdminConfig(SimpleAdminConfig):
    """Import every app's admin module but leaflet's, and say whose administration it is."""

    def ready(self) -> None:
        super().ready()
        from django.contrib import admin

        admin.site.site_header = admin.site.site_title = _("SafeGrid administration")
        for config in apps.get_app_configs():
            if config.name != "leaflet" and find_spec(f"{config.name}.admin"):
                import_module(f"{config.name}.admin")
