"""How a page answers what a service refuses: beside the field, or as a message above.

`NotAllowed` needs nothing here: it is a `PermissionDenied` and gives the 403 page.
"""

from collections.abc import Callable
from http import HTTPStatus
from typing import TypeVar

from django import forms
from django.contrib import messages
from django.core.exceptions import NON_FIELD_ERRORS
from django.http import HttpRequest

from safegrid.kernel.refusals import Invalid, Refused

#: Status of a page that shows its form again with what is wrong.
UNACCEPTABLE = HTTPStatus.UNPROCESSABLE_ENTITY

_Result = TypeVar("_Result")


def refusals_to_form(form: forms.BaseForm, invalid: Invalid) -> None:
    """Put each message of `invalid` beside its field, or above the form when the form has no such field."""
    given = invalid.message_dict if hasattr(invalid, "error_dict") else {NON_FIELD_ERRORS: invalid.messages}
    for name, sentences in given.items():
        for sentence in sentences:
            form.add_error(name if name in form.fields else None, sentence)


def attempt(request: HttpRequest, form: forms.BaseForm, act: Callable[[], _Result]) -> _Result | None:
    """Return what `act` returns; when it refuses, tell the person where they look and return None.

    `Invalid` goes beside the fields of `form`, `Refused` and `Stale` become a message on the page.
    """
    try:
        return act()
    except Invalid as refusal:
        refusals_to_form(form, refusal)
    except Refused as refusal:
        messages.error(request, refusal.message)
    return None
