-- Nobody searches what the log's rows hold. Statistics of them were the dearest part of a roll-up that came upon a grown log.
ALTER TABLE "change_log" ALTER COLUMN "old" SET STATISTICS 0, ALTER COLUMN "new" SET STATISTICS 0;
