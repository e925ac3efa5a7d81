"""Handing out a document to whoever sees what it is about."""

import io

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_GET

from responsibility.documents.models import Document
from responsibility.documents.services import PDF, WORD, content_of
from safegrid.kernel.refusals import Refused


@require_GET
def download(request: HttpRequest, pk: int, *, pdf: bool = False) -> HttpResponseBase:
    """Give a document as it was issued, called by its number: Word as a download, PDF to be looked at."""
    row = get_object_or_404(Document.objects.visible_to(request.user), pk=pk)
    if pdf and not row.pdf:
        raise Http404
    try:
        content = content_of(row, pdf=pdf)
    except Refused as refusal:
        messages.error(request, refusal.message)
        return redirect("home")
    response = FileResponse(
        io.BytesIO(content),
        content_type=PDF if pdf else WORD,
        as_attachment=not pdf,
        filename=f"{row.number}.{'pdf' if pdf else 'docx'}",
    )
    patch_cache_control(response, private=True, no_store=True)
    return response
