-- How often events were deleted: what is kept beside the log is of one count, and worthless at another. A program that does
-- not count must not delete, so this is a format of its own.
INSERT INTO marks (name, value) VALUES ('deletions', 0);
