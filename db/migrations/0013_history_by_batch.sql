-- A run is found by its batches. History is appended in their order, so a summary of block ranges serves: 120 kB for 288,000 versions.
CREATE INDEX record_version_batch ON record_version USING brin (batch_id) WITH (pages_per_range = 16, autosummarize = on);
