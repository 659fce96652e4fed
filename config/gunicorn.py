"""How gunicorn serves the registry, here and in the container: `gunicorn -c python:config.gunicorn`."""

from config import env

wsgi_app = "config.wsgi"
worker_class = "gthread"
workers = env.integer("WEB_CONCURRENCY", 2, low=1, high=64)
threads = 8
preload_app = True  # one start of Django for all workers
limit_request_line = 8190
control_socket_disable = True
graceful_timeout = 10
timeout = 60
keepalive = 5
loglevel = "warning"
