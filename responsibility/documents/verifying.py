"""The public page on which anybody checks a document: number, body, day and hash; nothing personal."""

from __future__ import annotations

import hashlib
from http import HTTPStatus

from django import forms
from django.contrib.auth.decorators import login_not_required
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from responsibility.documents.codes import cleaned
from responsibility.documents.models import Document

LARGEST = 20 << 20  # bytes of a file to compare


class CompareForm(forms.Form):
    """A file that somebody holds. It is read, and not kept."""

    file = forms.FileField(label=gettext_lazy("The file that you have"))

    def clean_file(self) -> UploadedFile:
        """A file that can be a document at all."""
        file: UploadedFile = self.cleaned_data["file"]
        if (file.size or 0) > LARGEST:
            raise forms.ValidationError(_("A file has %(n)s MB at most.") % {"n": LARGEST >> 20})
        return file


def hash_of(file: UploadedFile) -> str:
    """Return the SHA-256 of what was sent, piece by piece."""
    found = hashlib.sha256()
    for piece in file.chunks():
        found.update(piece)
    return found.hexdigest()


@login_not_required
@require_GET
def ask(request: HttpRequest) -> HttpResponse:
    """Take the code that stands on a paper, for whoever cannot scan it."""
    typed = request.GET.get("code", "")
    code = cleaned(typed)
    if code and Document.objects.filter(code=code).exists():
        return redirect("verify", code)
    status = HTTPStatus.NOT_FOUND if code else HTTPStatus.OK
    return render(request, "verify/ask.html", {"typed": typed, "is_unknown": bool(code)}, status=status)


@login_not_required
@require_http_methods(["GET", "POST"])
def verify(request: HttpRequest, code: str) -> HttpResponse:
    """Show what was issued under a code, and compare a file with it."""
    rows = Document.objects.select_related("kind", "unit", "corrects", "corrected_by")
    row = get_object_or_404(rows, code=cleaned(code))
    sent = (request.POST, request.FILES) if request.method == "POST" else ()
    form = CompareForm(*sent)
    found = ""
    if form.is_bound and form.is_valid():
        found = hash_of(form.cleaned_data["file"])
    response = render(
        request,
        "verify/document.html",
        {
            "document": row,
            "replaced_by": getattr(row, "corrected_by", None),
            "hashes": row.hashes,
            "form": form,
            "found": found,
            "is_same": found in row.hashes.values(),
        },
        status=HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK,
    )
    response["X-Robots-Tag"] = "noindex"
    return response
