-- Finding by whole words and by the beginning of the last one (store/search.h).

-- name: search_words_add
-- `words` are the tokens with one blank between them.
INSERT INTO search_words (position, words)
-- sqlite:
VALUES (:position, :words)
-- postgres:
VALUES (:position, array_to_tsvector(ARRAY(SELECT DISTINCT word FROM unnest(string_to_array(:words, ' ')) AS word
    WHERE word <> '')))

-- name: search_words_learn
-- SQLite: the index takes in what was added.
-- sqlite:
INSERT INTO search_tokens (rowid, words) VALUES (:position, :words)
-- postgres:
SELECT :position, :words

-- name: search_words_unlearn
-- sqlite:
INSERT INTO search_tokens (search_tokens, rowid, words)
SELECT 'delete', position, words FROM search_words WHERE position IN (SELECT value FROM json_each(:positions))
-- postgres:
SELECT :positions

-- name: search_words_remove
DELETE FROM search_words WHERE
-- sqlite:
position IN (SELECT value FROM json_each(:positions))
-- postgres:
position IN (SELECT unnest(CAST(translate(:positions, '[]', '{}') AS BIGINT[])))

-- name: search_words_forget
-- SQLite: all of the index.
-- sqlite:
INSERT INTO search_tokens (search_tokens) VALUES ('delete-all')
-- postgres:
SELECT 1

-- name: search_words_clear
DELETE FROM search_words

-- name: search_words_purge
-- Takes what was removed out of the index's pages.
-- sqlite:
INSERT INTO search_tokens (search_tokens) VALUES ('optimize')
-- postgres:
SELECT 1

-- name: search_words_found
-- The newest first. SQLite walks the index from its end and stops when it has enough.
-- sqlite:
SELECT rowid FROM search_tokens WHERE search_tokens MATCH :query AND rowid < :before ORDER BY rowid DESC LIMIT :limit
-- postgres:
WITH found AS MATERIALIZED (SELECT position FROM search_words WHERE words @@ CAST(:query AS TSQUERY) AND position < :before)
SELECT position FROM found ORDER BY position DESC LIMIT :limit

-- name: search_words_newest
-- The same among so many of the newest, one after the other: what is frequent stands there.
-- sqlite:
SELECT rowid FROM search_tokens WHERE search_tokens MATCH :query AND rowid < :before AND :look > 0 ORDER BY rowid DESC LIMIT :limit
-- postgres:
SELECT position FROM (SELECT position, words FROM search_words
    WHERE position < :before ORDER BY position DESC LIMIT :look) AS newest
WHERE words @@ CAST(:query AS TSQUERY) ORDER BY position DESC LIMIT :limit

-- name: search_words_reached
-- How far a look at so many of the newest reaches; no row: to the end.
SELECT position FROM search_words WHERE position < :before ORDER BY position DESC LIMIT 1 OFFSET :look
