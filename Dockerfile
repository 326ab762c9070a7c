# Herald's image: production dependencies, the sources as they are (Node runs TypeScript), an ordinary user.
# Build: docker build -t herald .   Run: see compose.yaml.
FROM node:24-slim

ENV NODE_ENV=production \
    HERALD_FOLDER=/var/lib/herald \
    HERALD_SERVER_HOST=0.0.0.0

WORKDIR /app

# Dependencies first: this layer is kept while only sources change. The same script is tried by tests/e2e.
COPY package.json package-lock.json ./
COPY docker/install.sh docker/
RUN sh docker/install.sh && npm cache clean --force

COPY main.ts config.ts LICENSE ./
COPY bot bot
COPY cli cli
COPY db db
COPY kpi kpi
COPY platform platform
COPY render render
COPY sync sync

# State: the installation's key, font caches, and an embedded PostgreSQL when no DATABASE_URL is given.
RUN mkdir -p /var/lib/herald && chown node:node /var/lib/herald
VOLUME /var/lib/herald
USER node

EXPOSE 3000
# A first start migrates the database before it listens.
HEALTHCHECK --interval=10s --timeout=3s --start-period=60s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.HERALD_SERVER_PORT ?? 3000}/livez`).then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]

# No npm in between: signals reach Herald itself, which stops gracefully.
ENTRYPOINT ["node", "main.ts"]
CMD ["start"]
