"""Evidence on its way in and out. A file is shown to whoever sees what it is evidence of."""

from uuid import UUID

from django.conf import settings
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import get_object_or_404
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from safegrid.files.choices import FileState
from safegrid.files.models import StoredFile
from safegrid.files.services import store
from safegrid.kernel import clock
from safegrid.kernel.refusals import Invalid

DAY = 24 * 60 * 60  # seconds


@require_POST
def upload(request: HttpRequest) -> JsonResponse:
    """Take one photo ahead of its form and acknowledge it by its hash; sending it again is harmless.

    201 with `id`, `sha256` and `size`; 422 or 400 with `error`, a sentence for the person.
    """
    given = request.FILES.get("photo")
    if given is None:
        return JsonResponse({"error": _("No photo arrived. Choose it again.")}, status=400)
    try:
        row = store(upload=given, actor=request.user, now=clock.now(), origin=request.POST.get("origin", ""))
    except Invalid as refusal:
        return JsonResponse({"error": " ".join(refusal.messages)}, status=422)
    return JsonResponse({"id": str(row.pk), "sha256": row.sha256, "size": row.size}, status=201)


@require_GET
def show(request: HttpRequest, pk: UUID, small: bool = False) -> HttpResponseBase:
    """Hand out the derivative (or the thumbnail) of a file that the person may see."""
    row = get_object_or_404(StoredFile.objects.visible_to(request.user), pk=pk)
    if row.state != FileState.READY:
        waiting = HttpResponse(row.get_state_display(), status=202, content_type="text/plain; charset=utf-8")
        patch_cache_control(waiting, no_store=True)
        return waiting
    chosen = row.thumbnail if small else row.derivative
    response: HttpResponseBase
    if settings.MEDIA_ACCEL_PREFIX:
        response = HttpResponse(content_type="image/jpeg")
        response["X-Accel-Redirect"] = f"{settings.MEDIA_ACCEL_PREFIX}{chosen.name}"
    else:
        response = FileResponse(chosen.open("rb"), content_type="image/jpeg")
    patch_cache_control(response, private=True, max_age=DAY)
    return response
