"""The administration: only administrators enter it."""

from django.apps import apps
from django.contrib.admin import AdminSite, site
from django.contrib.admin.apps import SimpleAdminConfig


class RegistryAdminSite(AdminSite):
    site_header = "Alignment Incident Registry"
    site_title = "Registry administration"
    index_title = "Administration"
    enable_nav_sidebar = True

    def has_permission(self, request):
        person = request.user
        return person.is_authenticated and person.is_active and person.is_administrator

    def get_urls(self):
        """Without the way from a number to its page, which would tell whether a hidden case exists."""
        return [url for url in super().get_urls() if getattr(url, "name", "") != "view_on_site"]


class RegistryAdminConfig(SimpleAdminConfig):
    default_site = "config.admin_site.RegistryAdminSite"

    def ready(self):
        super().ready()
        self.module.autodiscover()
        # The registry knows roles, not groups, and a person's address stands with the person.
        site.unregister([apps.get_model("auth.Group"), apps.get_model("account.EmailAddress")])
