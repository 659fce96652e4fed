"""Tokens in the administration: seen and revoked there, made by `create_token` only, which shows the secret once."""

from django.contrib import admin
from django.utils import timezone

from api.models import ApiToken
from api.tokens import revoke_token


@admin.register(ApiToken)
class ApiTokenAdmin(admin.ModelAdmin):
    list_display = ("name", "person", "scopes", "expires_at", "last_used_at", "revoked_at")
    list_select_related = ("person",)
    ordering = ("-pk",)
    actions = ("revoke",)

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    @admin.action(description="Revoke the chosen tokens", permissions=["view"])
    def revoke(self, request, queryset):
        for token in queryset:
            revoke_token(token=token, by=request.user, at=timezone.now())
        self.message_user(request, f"Revoked {len(queryset)}.")
