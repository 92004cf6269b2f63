-- What became of runs and invitations is looked up by them.
CREATE INDEX sends_link ON sends (link);
CREATE INDEX notices_run ON notices (run_id);

-- Runs of which nothing went out have not fired.
UPDATE rule_runs SET outcome = 'unsent' WHERE outcome = 'fired'
    AND EXISTS (SELECT 1 FROM sends s WHERE s.run_id = rule_runs.id)
    AND NOT EXISTS (SELECT 1 FROM sends s WHERE s.run_id = rule_runs.id AND s.state IN ('waiting', 'sending', 'sent'))
    AND NOT EXISTS (SELECT 1 FROM notices n WHERE n.run_id = rule_runs.id);
