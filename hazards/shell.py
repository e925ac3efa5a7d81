"""What hazards add to the shell."""

from django.utils.translation import gettext_lazy as _

from safegrid.kernel.shell import MenuItem, menu

menu.plug("hazards", MenuItem(_("Hazards"), "hazards:list", "alert-triangle", key="h"), order=20)
