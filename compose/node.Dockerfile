# The node as a container: the same lock file as everywhere, an ordinary user, data in one volume.
FROM python:3.11-slim-bookworm AS build
WORKDIR /src
COPY requirements-s3.lock pyproject.toml README.md ./
RUN python -m venv /opt/allmende && /opt/allmende/bin/pip install --no-cache-dir --require-hashes -r requirements-s3.lock
COPY schemas schemas
COPY federation federation
COPY node node
COPY themes themes
RUN /opt/allmende/bin/pip install --no-cache-dir --no-deps --no-build-isolation .

FROM python:3.11-slim-bookworm
RUN useradd --system --uid 10001 --home-dir /data --create-home allmende
COPY --from=build /opt/allmende /opt/allmende
ENV PATH=/opt/allmende/bin:$PATH ALLMENDE_DATA=/data ALLMENDE_LISTEN=0.0.0.0:8080
USER 10001
VOLUME /data
EXPOSE 8080
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s \
    CMD ["python", "-c", "import urllib.request as r; r.urlopen('http://127.0.0.1:8080/health', timeout=4)"]
STOPSIGNAL SIGTERM
ENTRYPOINT ["allmende"]
CMD ["serve"]
