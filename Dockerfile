# One image for web, worker, beat and prepare; docker-compose.yml says which is which.
FROM python:3.11-slim

ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 AIR_DATA_DIR=/data
RUN useradd --system --uid 10001 --home-dir /registry registry \
    && install -d -o registry -g registry /registry /data /data/attachments /data/exports /data/mail
WORKDIR /registry

# The lock changes seldom, so this layer is kept while the product changes.
COPY requirements.lock .
RUN pip install --no-cache-dir --require-hashes -r requirements.lock

COPY --chown=registry:registry . .
USER registry
# Needs no secret and no database; the key below signs nothing and stays in this line.
RUN SECRET_KEY=only-to-collect-the-static-files-of-the-image python manage.py collectstatic --noinput --verbosity 0

EXPOSE 8000
CMD ["gunicorn", "-c", "python:config.gunicorn", "--bind", "0.0.0.0:8000"]
