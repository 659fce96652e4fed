"""Addresses of the REST API."""

urlpatterns = []
