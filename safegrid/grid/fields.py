"""Fields of forms about the grid."""

from django import forms

from safegrid.grid.models import Matter


class MatterChoice(forms.ModelChoiceField):
    """Matters by their names, those below another one set in."""

    def label_from_instance(self, obj: Matter) -> str:
        return "\u3000" * (obj.depth - 1) + obj.label
