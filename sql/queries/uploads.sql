-- Uploaded files and lists of refused lines, in pieces.

-- name: upload_add
-- All pieces of it are there.
INSERT INTO uploads (id, size, created_ms) VALUES (:id, :size, :now_ms)

-- name: upload_size
-- Its size and one; 0 without such an upload.
SELECT size + 1 FROM uploads WHERE id = :id

-- name: upload_piece_add
INSERT INTO upload_pieces (upload, number, piece) VALUES (:upload, :number, :piece)

-- name: upload_piece
SELECT piece FROM upload_pieces WHERE upload = :upload AND number = :number

-- name: upload_remove
DELETE FROM uploads WHERE id = :id

-- name: upload_pieces_remove
DELETE FROM upload_pieces WHERE upload = :upload

-- name: uploads_old
DELETE FROM uploads WHERE created_ms < :before_ms

-- name: upload_pieces_lost
-- Pieces of uploads that are gone or never were whole, but not of those that arrive now.
DELETE FROM upload_pieces WHERE upload < :before AND upload NOT IN (SELECT id FROM uploads)

-- name: refused_piece_add
INSERT INTO refused_pieces (import, start, piece) VALUES (:import, :start, :piece)

-- name: refused_piece
-- The piece that begins here or, where none does, the next.
SELECT start, piece FROM refused_pieces WHERE import = :import AND start >= :start ORDER BY start LIMIT 1

-- name: refused_cut
-- What was written behind the last checkpoint; from 0: all.
DELETE FROM refused_pieces WHERE import = :import AND start >= :start

-- name: upload_pieces_count
SELECT count(*) FROM upload_pieces

-- name: upload_piece_after
-- The next piece of this upload, or the first of the next one.
SELECT upload, number, piece FROM upload_pieces
WHERE upload > :upload OR (upload = :upload AND number > :number) ORDER BY upload, number LIMIT 1

-- name: refused_piece_after
-- The next piece of this list, or the first of the next one.
SELECT import, start, piece FROM refused_pieces
WHERE import > :import OR (import = :import AND start > :start) ORDER BY import, start LIMIT 1

-- name: refused_piece_hide
-- The same lines with stars in place of somebody's texts.
UPDATE refused_pieces SET piece = :piece WHERE import = :import AND start = :start
