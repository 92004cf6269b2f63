-- Finding by a part of a text (store/search.h).

-- name: search_put
INSERT INTO search_texts (kind, id, folded) VALUES (:kind, :id, :folded)
ON CONFLICT (kind, id) DO UPDATE SET folded = :folded WHERE search_texts.folded <> :folded

-- name: search_add
-- A thing that is new.
INSERT INTO search_texts (kind, id, folded) VALUES (:kind, :id, :folded)

-- name: search_add_grams
-- SQLite: the text that was written last.
-- sqlite:
INSERT INTO search_grams (rowid, folded) VALUES (last_insert_rowid(), :folded)
-- postgres:
SELECT :folded

-- name: search_unlearn
-- SQLite: the index forgets a text that is about to change.
-- sqlite:
INSERT INTO search_grams (search_grams, rowid, folded)
SELECT 'delete', place, folded FROM search_texts WHERE kind = :kind AND id = :id AND folded <> :folded
-- postgres:
SELECT :kind, :id, :folded

-- name: search_learn
-- And knows it when it has changed.
-- sqlite:
INSERT INTO search_grams (rowid, folded) SELECT place, folded FROM search_texts WHERE kind = :kind AND id = :id
-- postgres:
SELECT :kind, :id

-- name: search_unlearn_many
-- sqlite:
INSERT INTO search_grams (search_grams, rowid, folded)
SELECT 'delete', place, folded FROM search_texts WHERE kind = :kind AND id IN (SELECT value FROM json_each(:ids))
-- postgres:
SELECT :kind, :ids

-- name: search_unlearn_all
-- sqlite:
INSERT INTO search_grams (search_grams, rowid, folded)
SELECT 'delete', place, folded FROM search_texts WHERE kind = :kind
-- postgres:
SELECT :kind

-- name: search_remove
DELETE FROM search_texts WHERE kind = :kind AND
-- sqlite:
id IN (SELECT value FROM json_each(:ids))
-- postgres:
id IN (SELECT unnest(CAST(translate(:ids, '[]', '{}') AS BIGINT[])))

-- name: search_newest
-- Among the newest texts, one after the other.
SELECT id FROM (SELECT id, folded FROM search_texts WHERE kind = :kind AND id < :before ORDER BY id DESC LIMIT :look) AS newest
-- sqlite:
WHERE instr(folded, :text) > 0
-- postgres:
WHERE strpos(folded, :text) > 0
-- both:
ORDER BY id DESC LIMIT :limit

-- name: search_reached
-- How far a look at so many of the newest reaches; 0: to the end.
SELECT id FROM search_texts WHERE kind = :kind AND id < :before ORDER BY id DESC LIMIT 1 OFFSET :look

-- name: search_found
-- Through the index, which comes first (CROSS JOIN). `grams` are the text's threes as FTS5 wants them, `pattern` is the text
-- for LIKE.
-- sqlite:
SELECT search_texts.id FROM search_grams CROSS JOIN search_texts ON search_texts.place = search_grams.rowid
WHERE search_grams MATCH :grams AND search_texts.kind = :kind AND search_texts.id < :before
    AND instr(search_texts.folded, :text) > 0 AND :pattern <> ''
ORDER BY search_texts.id DESC LIMIT :limit
-- postgres:
WITH found AS MATERIALIZED (SELECT id FROM search_texts WHERE folded LIKE :pattern AND kind = :kind AND id < :before
    AND strpos(folded, :text) > 0 AND :grams <> '')
SELECT id FROM found ORDER BY id DESC LIMIT :limit

-- name: search_holds
-- 1 when a thing is found by a text.
SELECT count(*) FROM search_texts WHERE kind = :kind AND id = :id
-- sqlite:
AND instr(folded, :text) > 0
-- postgres:
AND strpos(folded, :text) > 0

-- name: search_any
-- 1 when there is a text of a kind.
SELECT count(*) FROM (SELECT 1 FROM search_texts WHERE kind = :kind LIMIT 1) AS one

-- name: search_clear
DELETE FROM search_texts WHERE kind = :kind

-- name: search_purge
-- Takes what was removed out of the index's pages.
-- sqlite:
INSERT INTO search_grams (search_grams) VALUES ('optimize')
-- postgres:
SELECT 1

-- name: search_index
-- PostgreSQL: 1 when the index is there and may be used.
-- sqlite:
SELECT 1
-- postgres:
SELECT count(*) FROM pg_index WHERE indisvalid AND indexrelid = to_regclass('search_texts_grams')

-- name: search_extension_make
-- PostgreSQL: whoever may create something in the database may create this one.
-- sqlite:
SELECT 1
-- postgres:
CREATE EXTENSION IF NOT EXISTS pg_trgm

-- name: search_index_make
-- sqlite:
SELECT 1
-- postgres:
CREATE INDEX IF NOT EXISTS search_texts_grams ON search_texts USING gin (folded gin_trgm_ops)
