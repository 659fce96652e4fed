"""Every address of the product."""

from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("", include("registry.web.urls")),
    path("api/v1/", include("api.urls")),
    path("account/", include("allauth.urls")),
    path("admin/", admin.site.urls),
]
