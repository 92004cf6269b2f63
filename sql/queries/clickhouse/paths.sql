-- Paths: pieces that read `walk`, a traveller's events in their order as (at_ms, id, node, bits, period, keys …); bit 0 of
-- `bits`: a path may begin here, bit 1: it may end here.

-- name: click_path_collapsed
-- Of neighbours with the same node only the first.
arrayMap(w -> arrayFilter((x, i, n) -> i = 1 OR x.3 != n, w, arrayEnumerate(w),
    arrayPopBack(arrayPushFront(arrayMap(x -> x.3, w), ''))), [walk])[1]

-- name: click_path_start
-- The place of the first event that begins a path; 0: there is none.
toInt64(arrayFirstIndex(x -> bitTest(x.4, 0), w))

-- name: click_path_end
-- The place of the last event that ends a path; 0: there is none.
toInt64(arrayReduce('max', arrayMap((x, i) -> if(bitTest(x.4, 1), i, toUInt32(0)), w, arrayEnumerate(w))))

-- name: click_path_from_first
-- A path begins anywhere.
toInt64(1)

-- name: click_path_walk
-- All events.
walk

-- name: click_path_last
-- The place of the last event.
toInt64(length(w))

-- name: click_path_count
-- How many events a path has before it is cut to its steps.
if(p.1 > 0 AND p.2 >= p.1 + :behind, p.2 - p.1 + 1, 0)

-- name: click_path_steps
-- The first events of the path. Its first edge is number 1.
arrayMap(n -> (toInt64(1), arraySlice(w, greatest(p.1, 1), {most})), [{count}])[1]

-- name: click_path_steps_last
-- The last events of the path. Its last edge has the number that it has in a path of all steps.
arrayMap(n -> (greatest(:steps - n, 0) + 1, arraySlice(w, greatest(p.2 - {most} + 1, 1), {most})), [{count}])[1]

-- name: click_path_every
-- So many events as there are.
n

-- name: click_path_most
-- So many events at most.
least(n, :steps)

-- name: click_path_kept
-- The number of the path's first edge, and its events: none, where the traveller has no path.
, arrayMap(w -> arrayMap(p -> {kept}, [({start}, {end})])[1], [{walk}])[1] AS out

-- name: click_path_edge_step
-- The number of an edge in its path.
i + f - 1

-- name: click_path_no_step
-- Edges are not told apart by it.
0

-- name: click_path_edges
-- The edges of a path: sort, from, to, step, time, period, keys, nodes, cut.
arrayMap((f, w) -> arrayMap((a, b, i) ->
        (toUInt8(0), a.3, b.3, toInt64({step}), b.1 - a.1, a.5{keys}, emptyArrayString(), toUInt8(0)),
    arrayPopBack(w), arrayPopFront(w), arrayPopBack(arrayEnumerate(w))), [first], [path])[1]

-- name: click_path_begin
-- Where a path begins, in the form of an edge.
arrayMap(a -> (toUInt8(1), '', a.3, toInt64(0), toInt64(0), a.5{keys}, emptyArrayString(), toUInt8(0)), arraySlice(path, 1, 1))

-- name: click_path_finish
-- Where a path ends, in the form of an edge.
arrayMap(a -> (toUInt8(2), a.3, '', toInt64(0), toInt64(0), a.5{keys}, emptyArrayString(), toUInt8(0)), arraySlice(path, -1, 1))

-- name: click_path_variant
-- A whole path, in the form of an edge.
arrayMap((a, b) -> (toUInt8(3), '', '', toInt64(0), b.1 - a.1, a.5{keys}, arrayMap(x -> x.3, arraySlice(path, 1, :most)),
    toUInt8(length(path) > :most)), arraySlice(path, 1, 1), arraySlice(path, -1, 1))

-- name: click_paths
-- Everything that paths add up to, the first rows of each group: edges and ends, then whole paths. The first of a traveller's
-- equal edges counts the traveller.
SELECT {names}, sort, origin, target, step, nodes, cut, events, people, times[1] AS middle, times[2] AS upper FROM (
SELECT {names}, sort, origin, target, step, nodes, cut, count() AS events, sum(toUInt64(time_of = 1)) AS people,
    quantilesExact(0.5, 0.9)(time) AS times FROM (
SELECT {keys}row.6 AS period, row.1 AS sort, row.2 AS origin, row.3 AS target, row.4 AS step, row.5 AS time,
    row.:nodes AS nodes, row.:cut AS cut, time_of FROM (
SELECT rows, arrayEnumerateUniq({same}) AS times_of FROM (
SELECT arrayConcat({rows}) AS rows FROM (
SELECT out.1 AS first, out.2 AS path FROM ({walks})
) WHERE notEmpty(path)
)) ARRAY JOIN rows AS row, times_of AS time_of
) GROUP BY {names}, sort, origin, target, step, nodes, cut
) ORDER BY sort = 3, events DESC, step, if(origin = '', unhex('FF'), origin), if(target = '', unhex('FF'), target), sort,
    arrayMap(x -> if(x = '', unhex('FF'), x), nodes), cut LIMIT :top BY sort = 3, {names}

-- name: click_path_column
-- One member of all rows of a traveller.
arrayMap(x -> x.:place, rows)

-- name: click_paths_people
-- Who went where the row says: the first event of the edge or of the path.
SELECT {who} AS who, chosen.1 AS at FROM (
SELECT who, chosen FROM (
SELECT who, {chosen} AS found FROM (
SELECT who, out.1 AS first, out.2 AS path FROM ({walks})
)) ARRAY JOIN found AS chosen
) WHERE who != 0

-- name: click_paths_traveller
-- The traveller is a person.
who

-- name: click_paths_owner
-- The person of the event.
chosen.6

-- name: click_path_row_edge
-- An edge of the row's group between the row's nodes; `a.5`: it is in the group.
arrayMap((f, w) -> arrayFilter((a, b, i) -> a.5 AND a.3 = :from AND b.3 = :to{step},
    arrayPopBack(w), arrayPopFront(w), arrayPopBack(arrayEnumerate(w))), [first], [path])[1]

-- name: click_path_row_step
-- It has the row's number too.
 AND i + f - 1 = :step

-- name: click_path_row_begin
-- A path that begins at the row's node.
arrayFilter(a -> a.5 AND a.3 = :to, arraySlice(path, 1, 1))

-- name: click_path_row_end
-- A path that ends there.
arrayFilter(a -> a.5 AND a.3 = :from, arraySlice(path, -1, 1))

-- name: click_path_row_path
-- A path of the row's nodes.
arrayFilter((a, c, n) -> a.5 AND n = :cut AND c = [{nodes}], arraySlice(path, 1, 1),
    arraySlice([arrayMap(x -> x.3, arraySlice(path, 1, :most))], 1, least(length(path), 1)),
    arraySlice([toUInt8(length(path) > :most)], 1, least(length(path), 1)))
