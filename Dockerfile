# otpapp as an image. What it runs on is installed in a first one, so that no cache of it stays.
FROM python:3.11-slim-bookworm AS build
WORKDIR /opt/otpapp
COPY requirements.txt ./
RUN python -m venv .venv && .venv/bin/pip install --no-cache-dir --requirement requirements.txt

FROM python:3.11-slim-bookworm
WORKDIR /opt/otpapp
COPY --from=build /opt/otpapp/.venv .venv
COPY otpapp otpapp
COPY templates templates
COPY static static
COPY migrations migrations
COPY wsgi.py ./
# Nobody of the machine around it, and the same number wherever it runs, for files to belong to.
RUN useradd --uid 10001 --no-create-home --shell /usr/sbin/nologin otpapp \
    && install -d -o otpapp -g otpapp -m 700 instance
USER 10001
ENV PATH=/opt/otpapp/.venv/bin:$PATH PYTHONDONTWRITEBYTECODE=1
# Where the database is, unless OTPAPP_DATABASE_URL names another.
VOLUME /opt/otpapp/instance
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/healthz', timeout=4)"]
CMD ["granian", "--interface", "wsgi", "--no-ws", "--workers", "2", "--blocking-threads", "1", "--host", "0.0.0.0", "--port", "8000", "wsgi:app"]
