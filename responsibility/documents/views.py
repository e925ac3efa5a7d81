"""Handing out a document to whoever sees what it is about."""

import io

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_GET

from responsibility.documents.models import Document
from responsibility.documents.services import WORD, content_of
from safegrid.kernel.refusals import Refused


@require_GET
def download(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Give a document as it was issued, as a download called by its number."""
    row = get_object_or_404(Document.objects.visible_to(request.user), pk=pk)
    try:
        content = content_of(row)
    except Refused as refusal:
        messages.error(request, refusal.message)
        return redirect("home")
    response = FileResponse(
        io.BytesIO(content), content_type=WORD, as_attachment=True, filename=f"{row.number}.docx"
    )
    patch_cache_control(response, private=True, no_store=True)
    return response
