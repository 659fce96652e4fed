"""Answers as JSON, written by orjson."""

import orjson
from rest_framework.renderers import BaseRenderer


def as_json(data):
    """Times in UTC with a Z, as RFC 3339 has them; lazy texts as they read."""
    return orjson.dumps(data, default=str, option=orjson.OPT_UTC_Z)


class JSONRenderer(BaseRenderer):
    """Bytes pass through: a view that needed them for its ETag has written them already."""

    media_type = "application/json"
    format = "json"
    charset = None
    render_style = "binary"

    def render(self, data, accepted_media_type=None, renderer_context=None):
        if data is None:
            return b""
        return data if isinstance(data, bytes) else as_json(data)
