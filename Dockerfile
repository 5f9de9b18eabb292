# strag-sim with its cluster extra: `docker build -t strag-sim .`, then docs/guides/containers.md.
FROM python:3.11-slim-bookworm
COPY setup.cfg pyproject.toml README.md /source/
COPY strag_sim /source/strag_sim
RUN pip install --no-cache-dir '/source[cluster]' && rm -r /source
WORKDIR /work
ENTRYPOINT ["strag-sim"]
