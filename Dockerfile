# SPDX-License-Identifier: Apache-2.0
# Wireroom as an image: one binary, the four C libraries it links, libpq for databases of PostgreSQL, libcurl for requests to other
# servers, five libraries for pictures, Pango with fonts for pictures of text, and a volume for SQLite's databases.
#
#   docker build -t wireroom .
#   docker run --read-only -v wireroom:/data -p 8080:8080 -e WIREROOM_ADMIN_KEY=… wireroom
#
# scripts/image-check proves it on a machine without a container engine.

FROM swift:6.3-bookworm AS build

RUN apt-get update \
    && apt-get install --yes --no-install-recommends libcmark-dev libcurl4-openssl-dev libgif-dev libjpeg-dev \
        liblcms2-dev libpng-dev libsqlite3-dev libssl-dev libwebp-dev pkg-config zlib1g-dev \
    && rm -rf /var/lib/apt/lists/*

WORKDIR /source

# SwiftPM wants to see the folders of the test targets, whatever it builds. Empty ones do: with the tests themselves a
# change to a test would compile the product again.
COPY Package.swift ./
RUN grep -oE 'Tests/[A-Za-z]+|[A-Za-z]+Tests' Package.swift | sed 's,^Tests/,,' | sort -u \
    | while read -r target; do mkdir -p "Tests/$target" && : > "Tests/$target/Empty.swift"; done

# What seldom changes comes first. openapi.yaml and Migrations are embedded by Sources/CResources.
COPY openapi.yaml ./
COPY Migrations Migrations
COPY Sources Sources

# The Swift runtime goes into the binary, so that the second stage needs no Swift.
RUN swift build --configuration release --static-swift-stdlib --product wireroom \
    && strip --strip-all --output-file=/usr/local/bin/wireroom .build/release/wireroom


FROM debian:bookworm-slim

# What draws social images is left to those who want them, as it takes 28 MiB:
# --build-arg SOCIAL_IMAGES="libpangocairo-1.0-0 fonts-droid-fallback". Finer fonts with more scripts, in 140 MiB: fonts-noto-core,
# fonts-noto-cjk and fonts-noto-color-emoji.
ARG SOCIAL_IMAGES=

RUN apt-get update \
    && apt-get install --yes --no-install-recommends ca-certificates libcmark0.30.2 libcurl4 libgif7 \
        libjpeg62-turbo liblcms2-2 libpng16-16 libpq5 libsqlite3-0 libssl3 libstdc++6 libwebp7 zlib1g \
        ${SOCIAL_IMAGES} \
    && rm -rf /var/lib/apt/lists/* /var/cache/apt/* /var/log/apt/* /var/log/dpkg.log \
    && install --directory --owner=10001 --group=10001 --mode=0750 /data

COPY --from=build /usr/local/bin/wireroom /usr/local/bin/wireroom

# By number, so that an orchestrator can see that it is not root. A folder of the host that is mounted at /data must
# belong to it; a named volume takes the owner from the image.
USER 10001:10001
VOLUME /data
WORKDIR /data

ENV WIREROOM_DATABASE=/data/wireroom.db \
    WIREROOM_HOST=0.0.0.0 \
    WIREROOM_PORT=8080
EXPOSE 8080

HEALTHCHECK --interval=30s --timeout=5s --start-period=10s --retries=3 CMD ["wireroom", "health"]

# The server lets requests in flight finish, at most 9 s, then exits with 0: within the 10 s that engines wait.
STOPSIGNAL SIGTERM
ENTRYPOINT ["wireroom"]
CMD ["serve"]

# Last, because they change with every release and must not spoil the layers above.
ARG VERSION=unknown
ARG REVISION=unknown
LABEL org.opencontainers.image.title="Wireroom" \
    org.opencontainers.image.description="HTTP JSON API server for live-update feeds" \
    org.opencontainers.image.licenses="Apache-2.0" \
    org.opencontainers.image.version="$VERSION" \
    org.opencontainers.image.revision="$REVISION"
