"""Every address of the product."""

from django.contrib import admin
from django.urls import include, path

from api.views import metrics, token_pages
from config import health

urlpatterns = [
    path("", include("registry.web.urls")),
    path("api/v1/", include("api.urls")),
    # Here, because tokens are the API's and the account pages the registry's, which does not know it.
    path("account/tokens/", token_pages.tokens, name="account-tokens"),
    path("account/tokens/new/", token_pages.new_token, name="account-token-new"),
    path("account/tokens/<int:number>/revoke", token_pages.revoke, name="account-token-revoke"),
    path("account/", include("allauth.urls")),
    path("admin/", admin.site.urls),
    path("healthz", health.alive),
    path("readyz", health.ready),
    path("metrics", metrics.Metrics.as_view(), name="metrics"),
]

# Pages for people, problems for the API.
handler400 = "api.errors.bad_request"
handler403 = "api.errors.permission_denied"
handler404 = "api.errors.page_not_found"
handler500 = "api.errors.server_error"
