-- Surveys that very many have answered.
ALTER TABLE surveys ADD COLUMN taken_back {i64} NOT NULL DEFAULT 0; -- how often answers that count were removed or changed

-- Heads, lists and versions count from these alone.
CREATE INDEX responses_figures ON responses (survey_id, version, answered, state, changed_ms, link_id, place);
CREATE INDEX responses_partly ON responses (survey_id) WHERE state = 'partial' AND counted IS NOT NULL;
