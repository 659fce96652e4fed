"""The administration: only administrators enter it."""

from django.contrib.admin import AdminSite
from django.contrib.admin.apps import SimpleAdminConfig


class RegistryAdminSite(AdminSite):
    site_header = "Alignment Incident Registry"
    site_title = "Registry administration"
    index_title = "Administration"
    enable_nav_sidebar = True

    def has_permission(self, request):
        person = request.user
        return person.is_authenticated and person.is_active and person.is_administrator


class RegistryAdminConfig(SimpleAdminConfig):
    default_site = "config.admin_site.RegistryAdminSite"

    def ready(self):
        super().ready()
        self.module.autodiscover()
