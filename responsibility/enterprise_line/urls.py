"""Addresses of the enterprise's own line."""

from django.urls import path

from responsibility.enterprise_line.listing import credentials
from responsibility.enterprise_line.views import people, risks, trainings
from safegrid.kernel.listing.views import ListingView

urlpatterns = [
    path("", people.own, name="own"),
    path("table/", people.table, name="own_table"),
    path("certificates/", ListingView.as_view(listing=credentials), name="own_credentials"),
    path("certificates/<int:pk>/", people.credential, name="own_credential"),
    path("certificates/<int:pk>/renew/", people.credential_renew, name="own_credential_renew"),
    path(
        "certificates/<int:pk>/re-examined/", people.credential_reexamined, name="own_credential_reexamined"
    ),
    path("certificates/<int:pk>/aside/", people.credential_aside, name="own_credential_aside"),
    path("people/<int:pk>/", people.person, name="own_person"),
    path("people/<int:pk>/change/", people.person_change, name="own_person_change"),
    path("people/<int:pk>/leave/", people.person_leave, name="own_person_leave"),
    path("training/<int:pk>/", trainings.training, name="own_training"),
    path("training/<int:pk>/correct/", trainings.training_correct, name="own_training_correct"),
    path("risks/<int:pk>/", risks.point, name="own_point"),
    path("risks/<int:pk>/remove/", risks.point_remove, name="own_point_remove"),
    path("rounds/<int:pk>/", risks.round_, name="own_round"),
    path("rounds/<int:pk>/<int:point>/found/", risks.found, name="own_found"),
    path("<int:pk>/", people.line, name="own_line"),
    path("<int:pk>/people/", people.people, name="own_people"),
    path("<int:pk>/people/new/", people.person_new, name="own_person_new"),
    path("<int:pk>/certificates/new/", people.credential_new, name="own_credential_new"),
    path("<int:pk>/training/", trainings.trainings, name="own_trainings"),
    path("<int:pk>/training/new/", trainings.training_new, name="own_training_new"),
    path("<int:pk>/risks/", risks.risks, name="own_risks"),
    path("<int:pk>/risks/new/", risks.point_new, name="own_point_new"),
    path("<int:pk>/risks/card/", risks.card, name="own_card"),
]
