"""What a service raises when it does not do what it was asked. Each changes nothing.

Pages show them beside the field or as a message; the API answers with their code.
"""

from django.core.exceptions import PermissionDenied, ValidationError


class Refused(Exception):
    """The act is not possible now. `message` is for the person, in their language."""

    code = "refused"

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class Stale(Refused):
    """Somebody else was faster, or the same form was sent twice: the row is no longer as it was seen."""

    code = "stale"


class Invalid(ValidationError):
    """What was given is not acceptable: `Invalid({"field": "why"})`."""

    code = "invalid"


class NotAllowed(PermissionDenied):
    """The actor's post may not do this."""

    code = "not_allowed"
