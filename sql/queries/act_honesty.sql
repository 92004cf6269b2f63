-- Can the answers of a survey be trusted: who was asked, who stays silent, who answers for others.

-- name: honest_reasons
-- What became of every invitation.
SELECT state, reason, count(*) AS count FROM sends WHERE object = :survey AND what = 'survey' GROUP BY state, reason
ORDER BY state, reason NULLS FIRST

-- name: honest_channel
-- Sent invitations by channel, and those whose link was answered through.
SELECT s.channel AS value, count(*) AS invited,
    sum(CASE WHEN EXISTS (SELECT 1 FROM responses r WHERE r.link_id = s.link AND r.answered > 0) THEN 1 ELSE 0 END) AS answered
FROM sends s WHERE s.object = :survey AND s.what = 'survey' AND s.state = 'sent' GROUP BY s.channel ORDER BY s.channel

-- name: honest_rule
-- By the rule that asked; NULL: by hand.
SELECT (SELECT name FROM rules WHERE id = s.rule_id) AS value, count(*) AS invited,
    sum(CASE WHEN EXISTS (SELECT 1 FROM responses r WHERE r.link_id = s.link AND r.answered > 0) THEN 1 ELSE 0 END) AS answered
FROM sends s WHERE s.object = :survey AND s.what = 'survey' AND s.state = 'sent' GROUP BY s.rule_id ORDER BY s.rule_id NULLS FIRST

-- name: honest_earlier
-- By what the person had said before the invitation: the newest recommendation under the same alias.
SELECT band AS value, count(*) AS invited, sum(answered) AS answered FROM (
    SELECT CASE WHEN EXISTS (SELECT 1 FROM responses r WHERE r.link_id = s.link AND r.answered > 0) THEN 1 ELSE 0 END AS answered,
        (SELECT CASE WHEN f.score <= 6 THEN 'low' WHEN f.score <= 8 THEN 'middle' ELSE 'high' END FROM feedback f
            WHERE f.alias = s.alias AND f.metric = 'nps' AND f.score IS NOT NULL AND f.at_ms < s.created_ms
            ORDER BY f.position DESC LIMIT 1) AS band
    FROM sends s WHERE s.object = :survey AND s.what = 'survey' AND s.state = 'sent') AS asked
GROUP BY band ORDER BY band NULLS FIRST

-- name: honest_trait
-- By the newest value of a trait, said under the same alias.
SELECT told AS value, count(*) AS invited, sum(answered) AS answered FROM (
    SELECT CASE WHEN EXISTS (SELECT 1 FROM responses r WHERE r.link_id = s.link AND r.answered > 0) THEN 1 ELSE 0 END AS answered,
        (SELECT t.value FROM traits t JOIN aliases a ON a.id = t.alias_id WHERE a.alias = s.alias AND t.name = :trait
            ORDER BY t.at_ms DESC, t.event DESC LIMIT 1) AS told
    FROM sends s WHERE s.object = :survey AND s.what = 'survey' AND s.state = 'sent') AS asked
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
-- The same of everybody who ever said whether they recommend us: what a fair choice looks like.
SELECT 'everybody' AS value, count(*) AS invited, sum(CASE WHEN f.score >= 9 THEN 1 ELSE 0 END) AS answered FROM feedback f
WHERE f.metric = 'nps' AND f.score IS NOT NULL AND f.alias IS NOT NULL AND f.position = (
    SELECT max(g.position) FROM feedback g WHERE g.alias = f.alias AND g.metric = 'nps' AND g.score IS NOT NULL)

-- name: honest_staff
-- Answers under an address of somebody who works here, or under a staff number.
SELECT r.id FROM responses r WHERE r.survey_id = :survey AND r.answered > 0
    AND (r.alias LIKE 'employee:%' OR r.alias IN (SELECT 'email:' || u.email FROM users u)
        OR EXISTS (SELECT 1 FROM aliases a JOIN person_links l ON l.a = a.id OR l.b = a.id
            JOIN aliases o ON (o.id = l.a OR o.id = l.b) AND o.id <> a.id
            WHERE a.alias = r.alias AND (o.alias LIKE 'employee:%' OR o.alias IN (SELECT 'email:' || u.email FROM users u))))
ORDER BY r.id DESC LIMIT 200
