-- What people say (listen/voices/feedback.h).

-- part: conditions
-- What a filter asks of a row. A list that is NULL asks nothing.
f.position >= :floor AND f.position < :before AND f.id > :since
AND (:has_text < 0 OR f.has_text = :has_text) AND (:complaint < 0 OR f.complaint = :complaint) AND (:spam < 0 OR f.spam = :spam)
AND (:topics = 0 OR (f.topics & :topics) <> 0) AND (:topics_good = 0 OR (f.topics_good & :topics_good) <> 0)
AND (:topics_bad = 0 OR (f.topics_bad & :topics_bad) <> 0)
AND (:owner = 0 OR f.owner = :owner OR (:owner < 0 AND f.owner IS NULL))
AND (:pain = 0 OR EXISTS (SELECT 1 FROM feedback_pains AS p WHERE p.pain = :pain AND p.feedback = f.id AND p.how <> 'not'))
-- sqlite:
AND (:sources IS NULL OR f.source IN (SELECT value FROM json_each(:sources)))
AND (:kinds IS NULL OR f.kind IN (SELECT value FROM json_each(:kinds)))
AND (:channels IS NULL OR f.channel IN (SELECT value FROM json_each(:channels)))
AND (:places IS NULL OR f.place IN (SELECT value FROM json_each(:places)))
AND (:touchpoints IS NULL OR f.touchpoint IN (SELECT value FROM json_each(:touchpoints)))
AND (:metrics IS NULL OR f.metric IN (SELECT value FROM json_each(:metrics)))
AND (:questions IS NULL OR f.question IN (SELECT value FROM json_each(:questions)))
AND (:surveys IS NULL OR f.survey IN (SELECT value FROM json_each(:surveys)))
AND (:responses IS NULL OR f.response IN (SELECT value FROM json_each(:responses)))
AND (:classes IS NULL OR f.class IN (SELECT value FROM json_each(:classes)))
AND (:emotions IS NULL OR f.emotion IN (SELECT value FROM json_each(:emotions)))
AND (:languages IS NULL OR f.language IN (SELECT value FROM json_each(:languages)))
AND (:statuses IS NULL OR f.status IN (SELECT value FROM json_each(:statuses)))
AND (:scales IS NULL OR f.scale IN (SELECT value FROM json_each(:scales)))
AND (:labels IS NULL OR f.label IN (SELECT value FROM json_each(:labels)))
AND (:aliases IS NULL OR f.alias IN (SELECT value FROM json_each(:aliases)))
AND (:sight_places IS NULL OR f.place IN (SELECT value FROM json_each(:sight_places)))
AND (:sight_touchpoints IS NULL OR f.touchpoint IN (SELECT value FROM json_each(:sight_touchpoints)))
AND (:ids IS NULL OR f.id IN (SELECT value FROM json_each(:ids)))
AND (:score_least IS NULL OR f.score >= :score_least) AND (:score_most IS NULL OR f.score <= :score_most)
-- postgres:
AND (CAST(:sources AS TEXT) IS NULL OR f.source IN (SELECT jsonb_array_elements_text(CAST(:sources AS JSONB))))
AND (CAST(:kinds AS TEXT) IS NULL OR f.kind IN (SELECT jsonb_array_elements_text(CAST(:kinds AS JSONB))))
AND (CAST(:channels AS TEXT) IS NULL OR f.channel IN (SELECT jsonb_array_elements_text(CAST(:channels AS JSONB))))
AND (CAST(:places AS TEXT) IS NULL OR f.place IN (SELECT jsonb_array_elements_text(CAST(:places AS JSONB))))
AND (CAST(:touchpoints AS TEXT) IS NULL OR f.touchpoint IN (SELECT jsonb_array_elements_text(CAST(:touchpoints AS JSONB))))
AND (CAST(:metrics AS TEXT) IS NULL OR f.metric IN (SELECT jsonb_array_elements_text(CAST(:metrics AS JSONB))))
AND (CAST(:questions AS TEXT) IS NULL OR f.question IN (SELECT jsonb_array_elements_text(CAST(:questions AS JSONB))))
AND (CAST(:surveys AS TEXT) IS NULL OR f.survey IN (SELECT jsonb_array_elements_text(CAST(:surveys AS JSONB))))
AND (CAST(:responses AS TEXT) IS NULL OR f.response IN (SELECT jsonb_array_elements_text(CAST(:responses AS JSONB))))
AND (CAST(:classes AS TEXT) IS NULL OR f.class IN (SELECT jsonb_array_elements_text(CAST(:classes AS JSONB))))
AND (CAST(:emotions AS TEXT) IS NULL OR f.emotion IN (SELECT jsonb_array_elements_text(CAST(:emotions AS JSONB))))
AND (CAST(:languages AS TEXT) IS NULL OR f.language IN (SELECT jsonb_array_elements_text(CAST(:languages AS JSONB))))
AND (CAST(:statuses AS TEXT) IS NULL OR f.status IN (SELECT jsonb_array_elements_text(CAST(:statuses AS JSONB))))
AND (CAST(:scales AS TEXT) IS NULL OR f.scale IN (SELECT jsonb_array_elements_text(CAST(:scales AS JSONB))))
AND (CAST(:labels AS TEXT) IS NULL OR f.label IN (SELECT jsonb_array_elements_text(CAST(:labels AS JSONB))))
AND (CAST(:aliases AS TEXT) IS NULL OR f.alias IN (SELECT jsonb_array_elements_text(CAST(:aliases AS JSONB))))
AND (CAST(:sight_places AS TEXT) IS NULL OR f.place IN (SELECT jsonb_array_elements_text(CAST(:sight_places AS JSONB))))
AND (CAST(:sight_touchpoints AS TEXT) IS NULL OR
    f.touchpoint IN (SELECT jsonb_array_elements_text(CAST(:sight_touchpoints AS JSONB))))
AND (CAST(:ids AS TEXT) IS NULL OR f.id = ANY(CAST(translate(:ids, '[]', '{}') AS BIGINT[])))
AND (CAST(:score_least AS DOUBLE PRECISION) IS NULL OR f.score >= CAST(:score_least AS DOUBLE PRECISION))
AND (CAST(:score_most AS DOUBLE PRECISION) IS NULL OR f.score <= CAST(:score_most AS DOUBLE PRECISION))

-- part: columns
f.position, f.id, f.at_ms, f.received_ms, f.import, f.alias, f.source, f.kind, f.channel, f.place, f.touchpoint, f.metric,
    f.question,
f.version, f.survey, f.response, f.score, f.scale, f.reversed, f.has_text, f.language, f.sentiment, f.class, f.emotion, f.complaint,
f.spam, f.topics, f.topics_good, f.topics_bad, f.label, f.confidence, f.status, f.owner, t.text, t.said, t.product, t.author, t.url

-- part: texts
LEFT JOIN feedback_texts AS t ON t.position = f.position

-- part: tallied
f.source, f.channel, f.place, f.touchpoint, f.metric, f.question, f.survey, f.scale, f.score, f.has_text, f.language, f.class,
    f.emotion,
f.complaint, f.spam, f.topics, f.topics_good, f.topics_bad, f.label, f.status, f.owner

-- part: with_words
-- SQLite walks the index of words from its end.
-- sqlite:
search_tokens AS w CROSS JOIN feedback AS f ON f.position = w.rowid
-- postgres:
(SELECT w.position FROM search_words AS w WHERE w.words @@ CAST(:query AS TSQUERY) AND w.position >= :floor
    AND w.position < :before OFFSET 0) AS w JOIN feedback AS f ON f.position = w.position

-- part: found
-- sqlite:
w.search_tokens MATCH :query AND w.rowid >= :floor AND w.rowid < :before AND
-- postgres:

-- part: each_found
-- PostgreSQL: the positions are sorted before anything else of the rows is read, one row after the other until a page is full.
-- sqlite:
feedback AS f
-- postgres:
(SELECT position FROM found ORDER BY position DESC OFFSET 0) AS w
CROSS JOIN LATERAL (SELECT * FROM feedback WHERE feedback.position = w.position OFFSET 0) AS f

-- part: of_people
-- sqlite:
f.alias IN (SELECT value FROM json_each(:aliases)) AND
-- postgres:
f.alias = ANY(ARRAY(SELECT jsonb_array_elements_text(CAST(:aliases AS JSONB)))) AND

-- part: of_ids
-- sqlite:
f.id IN (SELECT value FROM json_each(:ids)) AND
-- postgres:
f.id = ANY(CAST(translate(:ids, '[]', '{}') AS BIGINT[])) AND

-- name: feedback_page
-- The newest first.
SELECT {columns} FROM feedback AS f {texts} WHERE {conditions} ORDER BY f.position DESC LIMIT :limit

-- name: feedback_page_people
SELECT {columns} FROM feedback AS f {texts} WHERE {of_people} {conditions} ORDER BY f.position DESC LIMIT :limit

-- name: feedback_page_ids
SELECT {columns} FROM feedback AS f {texts} WHERE {of_ids} {conditions} ORDER BY f.position DESC LIMIT :limit

-- name: feedback_page_survey
SELECT {columns} FROM feedback AS f {texts} WHERE f.survey = :survey AND {conditions} ORDER BY f.position DESC LIMIT :limit

-- name: feedback_page_owner
SELECT {columns} FROM feedback AS f {texts} WHERE f.owner = :owner AND {conditions} ORDER BY f.position DESC LIMIT :limit

-- name: feedback_page_since
-- What came after an event.
SELECT {columns} FROM (SELECT position FROM feedback WHERE id > :since) AS s CROSS JOIN feedback AS f {texts}
WHERE f.position = s.position AND {conditions} ORDER BY f.position DESC LIMIT :limit

-- name: feedback_page_words
-- sqlite:
SELECT {columns} FROM {with_words} {texts} WHERE {found} {conditions} ORDER BY w.rowid DESC LIMIT :limit
-- postgres:
-- Whatever the database thinks of the range of positions, the plan is the index of words: `+ 0`.
WITH found AS MATERIALIZED (SELECT position FROM search_words WHERE words @@ CAST(:query AS TSQUERY)
    AND position + 0 >= :floor AND position + 0 < :before)
SELECT {columns} FROM {each_found} {texts} WHERE {conditions} ORDER BY w.position DESC LIMIT :limit

-- name: feedback_page_words_newest
-- The same among the newest texts alone, those from :reach on: what is frequent stands there.
-- sqlite:
SELECT {columns} FROM {with_words} {texts} WHERE {found} w.rowid >= :reach AND {conditions} ORDER BY w.rowid DESC LIMIT :limit
-- postgres:
WITH found AS MATERIALIZED (SELECT position FROM (SELECT position, words FROM search_words WHERE position >= :reach
    AND position >= :floor AND position < :before OFFSET 0) AS newest WHERE words @@ CAST(:query AS TSQUERY))
SELECT {columns} FROM {each_found} {texts} WHERE {conditions} ORDER BY w.position DESC LIMIT :limit

-- name: feedback_tallies
-- Everything that is counted of the rows of a filter. PostgreSQL adds up what is equal before it sends it.
-- sqlite:
SELECT {tallied}, 1 AS n FROM feedback AS f WHERE {conditions}
-- postgres:
SELECT {tallied}, count(*) AS n FROM feedback AS f WHERE {conditions} GROUP BY {tallied}

-- name: feedback_tallies_people
-- sqlite:
SELECT {tallied}, 1 AS n FROM feedback AS f WHERE {of_people} {conditions}
-- postgres:
SELECT {tallied}, count(*) AS n FROM feedback AS f WHERE {of_people} {conditions} GROUP BY {tallied}

-- name: feedback_tallies_survey
-- sqlite:
SELECT {tallied}, 1 AS n FROM feedback AS f WHERE f.survey = :survey AND {conditions}
-- postgres:
SELECT {tallied}, count(*) AS n FROM feedback AS f WHERE f.survey = :survey AND {conditions} GROUP BY {tallied}

-- name: feedback_tallies_words
-- sqlite:
SELECT {tallied}, 1 AS n FROM {with_words} WHERE {found} {conditions}
-- postgres:
SELECT {tallied}, count(*) AS n FROM {with_words} WHERE {conditions} GROUP BY {tallied}

-- name: feedback_one
SELECT {columns} FROM feedback AS f {texts} WHERE f.id = :id

-- name: feedback_positions
-- Which of these events are here.
SELECT id, position FROM feedback WHERE
-- sqlite:
id IN (SELECT value FROM json_each(:ids))
-- postgres:
id IN (SELECT unnest(CAST(translate(:ids, '[]', '{}') AS BIGINT[])))

-- name: feedback_last_of
-- The last position taken in each of these stretches, which have one length; NULL where none is.
-- sqlite:
SELECT value AS first, (SELECT max(position) FROM feedback WHERE position >= value AND position < value + :length) AS last
FROM json_each(:firsts)
-- postgres:
SELECT first, (SELECT max(position) FROM feedback WHERE position >= first AND position < first + :length) AS last
FROM unnest(CAST(translate(:firsts, '[]', '{}') AS BIGINT[])) AS first

-- name: feedback_add
INSERT INTO feedback (position, id, at_ms, received_ms, import, alias, source, kind, channel, place, touchpoint, metric,
    question, version,
    survey, response, score, scale, reversed, has_text, language, sentiment, class, emotion, complaint, spam, topics, topics_good,
    topics_bad, label, confidence, status, owner)
VALUES (:position, :id, :at_ms, :received_ms, :import, :alias, :source, :kind, :channel, :place, :touchpoint, :metric,
    :question, :version,
    :survey, :response, :score, :scale, :reversed, :has_text, :language, :sentiment, :class, :emotion, :complaint, :spam, :topics,
    :topics_good, :topics_bad, :label, :confidence, :status, :owner)

-- name: feedback_add_text
INSERT INTO feedback_texts (position, text, said, product, author, url) VALUES (:position, :text, :said, :product, :author, :url)

-- name: feedback_set
-- What somebody corrected or decided, beside the row that was read.
UPDATE feedback SET touchpoint = :touchpoint, language = :language, sentiment = :sentiment, class = :class, emotion = :emotion,
    complaint = :complaint, spam = :spam, topics = :topics, topics_good = :topics_good, topics_bad = :topics_bad, status = :status,
    owner = :owner WHERE position = :position

-- name: feedback_set_said
UPDATE feedback_texts SET said = :said WHERE position = :position

-- name: feedback_set_label
-- What the company's own model says.
UPDATE feedback SET label = :label, confidence = :confidence WHERE id = :id

-- name: feedback_forget
DELETE FROM feedback WHERE
-- sqlite:
position IN (SELECT value FROM json_each(:positions))
-- postgres:
position IN (SELECT unnest(CAST(translate(:positions, '[]', '{}') AS BIGINT[])))

-- name: feedback_forget_texts
DELETE FROM feedback_texts WHERE
-- sqlite:
position IN (SELECT value FROM json_each(:positions))
-- postgres:
position IN (SELECT unnest(CAST(translate(:positions, '[]', '{}') AS BIGINT[])))

-- name: feedback_forget_work
DELETE FROM feedback_work WHERE
-- sqlite:
feedback IN (SELECT value FROM json_each(:ids))
-- postgres:
feedback IN (SELECT unnest(CAST(translate(:ids, '[]', '{}') AS BIGINT[])))

-- name: feedback_forget_pains
DELETE FROM feedback_pains WHERE
-- sqlite:
feedback IN (SELECT value FROM json_each(:ids))
-- postgres:
feedback IN (SELECT unnest(CAST(translate(:ids, '[]', '{}') AS BIGINT[])))

-- name: feedback_clear
DELETE FROM feedback

-- name: feedback_clear_texts
DELETE FROM feedback_texts

-- name: feedback_state
SELECT event, reading, whole FROM feedback_state WHERE one = 1

-- name: feedback_state_set
INSERT INTO feedback_state (one, event, reading, whole) VALUES (1, :event, :reading, :whole)
ON CONFLICT (one) DO UPDATE SET event = :event, reading = :reading, whole = :whole

-- name: feedback_work
SELECT feedback, status, owner, corrected, changed_ms, by_name FROM feedback_work WHERE
-- sqlite:
feedback IN (SELECT value FROM json_each(:ids))
-- postgres:
feedback IN (SELECT unnest(CAST(translate(:ids, '[]', '{}') AS BIGINT[])))

-- name: feedback_work_set
INSERT INTO feedback_work (feedback, status, owner, corrected, changed_ms, by_name)
VALUES (:feedback, :status, :owner, :corrected, :changed_ms, :by_name)
ON CONFLICT (feedback) DO UPDATE SET status = :status, owner = :owner, corrected = :corrected, changed_ms = :changed_ms,
    by_name = :by_name

-- name: feedback_newest
SELECT position FROM feedback ORDER BY position DESC LIMIT 1 OFFSET :skip

-- name: feedback_work_short
SELECT feedback, status, owner, corrected FROM feedback_work WHERE
-- sqlite:
feedback IN (SELECT value FROM json_each(:ids))
-- postgres:
feedback IN (SELECT unnest(CAST(translate(:ids, '[]', '{}') AS BIGINT[])))

-- name: feedback_position
SELECT position FROM feedback WHERE id = :id

-- name: feedback_user
-- 1 when there is such a user.
SELECT count(*) FROM users WHERE id = :id

-- name: feedback_labels
-- What somebody corrected, with its words.
SELECT f.id, t.text, f.language, f.class, f.emotion, f.complaint, w.corrected, f.score, f.metric, f.scale
FROM feedback_work AS w JOIN feedback AS f ON f.id = w.feedback JOIN feedback_texts AS t ON t.position = f.position
WHERE w.corrected IS NOT NULL ORDER BY f.position

-- name: feedback_newest_id
SELECT max(id) FROM feedback
