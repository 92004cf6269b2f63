-- How much room files of answers take is looked up at every upload.
ALTER TABLE response_files ADD COLUMN kept {i64} NOT NULL DEFAULT 0;    -- 1: of a response that is finished
ALTER TABLE response_files ADD COLUMN sender {text} NOT NULL DEFAULT ''; -- keyed hash of the address, while it is not kept

UPDATE response_files SET kept = 1 WHERE response_id IN (SELECT id FROM responses WHERE state <> 'partial');

CREATE INDEX response_files_room ON response_files (link_id, kept, sender, size);

-- Those who left without an answer: a link keeps only so many.
CREATE INDEX responses_empty ON responses (link_id, id) WHERE answered = 0 AND state = 'partial';
