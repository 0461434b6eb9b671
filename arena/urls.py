from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("admin/", admin.site.urls),
    path("", include("evaluations.urls")),
]

handler400 = "evaluations.views.errors.bad_request"
handler403 = "evaluations.views.errors.forbidden"
handler404 = "evaluations.views.errors.not_found"
handler500 = "evaluations.views.errors.failed"
