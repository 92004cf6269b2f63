-- Can the answers of a survey be trusted: who was asked, who stays silent, who answers for others.

-- part: answered
CASE WHEN EXISTS (SELECT 1 FROM responses r WHERE r.link_id = l.id AND r.counted IS NOT NULL) THEN 1 ELSE 0 END

-- part: invited
-- As in the figures of the survey: invitations that were sent, and personal links made by hand.
survey_links l LEFT JOIN sends s ON s.link = l.id
WHERE l.survey_id = :survey AND l.kind = 'invitation' AND (s.id IS NULL OR s.state = 'sent')

-- name: honest_reasons
-- What became of every invitation.
SELECT state, reason, count(*) AS count FROM sends WHERE object = :survey AND what = 'survey' GROUP BY state, reason
ORDER BY state, reason NULLS FIRST

-- name: honest_channel
-- Invitations by channel, and those whose answers count; NULL: a link that somebody passed on.
SELECT s.channel AS value, count(*) AS invited, sum({answered}) AS answered
FROM {invited} GROUP BY s.channel ORDER BY s.channel NULLS FIRST

-- name: honest_rule
-- By the rule that asked; NULL: by hand.
SELECT (SELECT name FROM rules WHERE id = s.rule_id) AS value, count(*) AS invited,
    sum({answered}) AS answered
FROM {invited} GROUP BY s.rule_id ORDER BY s.rule_id NULLS FIRST

-- name: honest_earlier
-- By what the person had said before the invitation: the newest recommendation under the same alias.
SELECT band AS value, count(*) AS invited, sum(answered) AS answered FROM (
    SELECT {answered} AS answered,
        (SELECT CASE WHEN f.score <= 6 THEN 'low' WHEN f.score <= 8 THEN 'middle' ELSE 'high' END FROM feedback f
            WHERE f.alias = l.alias AND f.metric = 'nps' AND f.score IS NOT NULL AND f.at_ms < coalesce(s.created_ms, l.created_ms)
            ORDER BY f.position DESC LIMIT 1) AS band
    FROM {invited}) AS asked
GROUP BY band ORDER BY band NULLS FIRST

-- name: honest_trait
-- By the newest value of a trait, said under the same alias.
SELECT told AS value, count(*) AS invited, sum(answered) AS answered FROM (
    SELECT {answered} AS answered,
        (SELECT t.value FROM traits t JOIN aliases a ON a.id = t.alias_id WHERE a.alias = l.alias AND t.name = :trait
            ORDER BY t.at_ms DESC, t.event DESC LIMIT 1) AS told
    FROM {invited}) AS asked
GROUP BY told ORDER BY invited DESC, told NULLS FIRST LIMIT 30

-- name: honest_inviters
-- Who chose people by hand: how many of those had recommended us before, of how many who had said anything.
SELECT by_name AS value, sum(known) AS invited, sum(high) AS answered FROM (
    SELECT s.by_name, CASE WHEN band IS NULL THEN 0 ELSE 1 END AS known, CASE WHEN band >= 9 THEN 1 ELSE 0 END AS high
    FROM (SELECT by_name, (SELECT f.score FROM feedback f WHERE f.alias = sends.alias AND f.metric = 'nps' AND f.score IS NOT NULL
            AND f.at_ms < sends.created_ms ORDER BY f.position DESC LIMIT 1) AS band
        FROM sends WHERE object = :survey AND what = 'survey' AND by_name <> '') AS s) AS chosen
GROUP BY by_name ORDER BY by_name

-- name: honest_everybody
-- The same of everybody who ever said whether they recommend us: what a fair choice looks like. In one pass: row by row through
-- an index a million of them take ten times as long.
SELECT 'everybody' AS value, count(*) AS invited, sum(CASE WHEN newest.score >= 9 THEN 1 ELSE 0 END) AS answered FROM (
-- sqlite:
    SELECT score, max(position) FROM feedback NOT INDEXED WHERE metric = 'nps' AND score IS NOT NULL AND alias IS NOT NULL
    GROUP BY alias
-- postgres:
    SELECT DISTINCT ON (alias) score FROM feedback WHERE metric = 'nps' AND score IS NOT NULL AND alias IS NOT NULL
    ORDER BY alias, position DESC
-- both:
) AS newest

-- name: honest_staff
-- Answers under an address of somebody who works here, or under a staff number.
SELECT r.id FROM responses r WHERE r.survey_id = :survey AND r.answered > 0
    AND (r.alias LIKE 'employee:%' OR r.alias IN (SELECT 'email:' || u.email FROM users u)
        OR EXISTS (SELECT 1 FROM aliases a JOIN person_links l ON l.a = a.id OR l.b = a.id
            JOIN aliases o ON (o.id = l.a OR o.id = l.b) AND o.id <> a.id
            WHERE a.alias = r.alias AND (o.alias LIKE 'employee:%' OR o.alias IN (SELECT 'email:' || u.email FROM users u))))
ORDER BY r.id DESC LIMIT 200
