-- name: click_not
-- The opposite of a condition. No NOT: 18.16 loses its parentheses when it passes a statement on to other servers.
(({a}) = 0)

-- name: click_and
-- Both of two conditions.
({a} AND {b})

-- name: click_or
-- One of two conditions.
({a} OR {b})

-- name: click_alias
-- An expression with a name.
{expression} AS {name}

-- name: click_number
-- A small number as the type that keys are read in.
toUInt32({number})

-- name: click_answered
-- Is the event an answer?
(metric != '' OR question != '' OR scored)

-- name: click_scale
-- The scale of an answer.
if(metric != '' OR question != '' OR scored, scale, '')

-- name: click_currency
-- The currency of an amount.
if(priced, currency, '')

-- name: click_prop
-- A property as text; '' where the event has none.
prop_values[indexOf(prop_names, :name)]

-- name: click_prop_number
-- A property as number; to be looked at only where the text is not ''.
prop_numbers[indexOf(prop_names, :name)]

-- name: click_text_number
-- A text as a number; nan where it is none.
if(length({text}) <= 64 AND
    match({text}, '^[-+]?([0-9]+[.]?[0-9]*|[.][0-9]+)([eE][-+]?[0-9]+)?$'),
    toFloat64OrZero(replaceRegexpOne({text}, '^[+]', '')), nan)

-- name: click_none
-- A text that is not there.
({text} = '')

-- name: click_some
-- A text that is there.
({text} != '')

-- name: click_one_of
-- A text or number that is one of several.
({value} IN ({items}))

-- name: click_text_is
-- A text equals a number: as number where it is one, else by its bytes.
({text} != '' AND if(isNaN({number}), {text} = :word, abs({number} - :value) <= 1e-9))

-- name: click_text_above
-- A text lies behind another, by bytes.
({text} != '' AND {text} > :word)

-- name: click_text_from
-- A text equals another or lies behind it, by bytes.
({text} != '' AND {text} >= :word)

-- name: click_text_below
-- A text lies before another, by bytes.
({text} != '' AND {text} < :word)

-- name: click_text_upto
-- A text equals another or lies before it, by bytes.
({text} != '' AND {text} <= :word)

-- name: click_has
-- A text holds another.
(position({text}, :word) > 0)

-- name: click_number_is
-- A number equals another, closely enough.
({has} AND abs({number} - :value) <= 1e-9)

-- name: click_number_above
-- A number is greater than another.
({has} AND {number} - :value > 1e-9)

-- name: click_number_from
-- A number is not smaller than another.
({has} AND {number} - :value >= -1e-9)

-- name: click_number_below
-- A number is smaller than another.
({has} AND {number} - :value < -1e-9)

-- name: click_number_upto
-- A number is not greater than another.
({has} AND {number} - :value <= 1e-9)

-- name: click_voiced
-- The customer said something.
notEmpty(text)

-- name: click_person
-- The person of an event where persons of several aliases take part.
if(moved_person = 0, alias_id, moved_person)

-- name: click_in_people
-- The person is one of a list.
(person IN (SELECT toInt64(arrayJoin(splitByChar(',', :ids)))))

-- name: click_did
-- The person did something often enough.
(alias_id != 0 AND person GLOBAL IN (SELECT who FROM (
{with}SELECT person AS who, count() AS times FROM {from} WHERE {where} AND alias_id != 0 GROUP BY who
) GROUP BY who HAVING sum(times) >= :least))

-- name: click_trait
-- The number of a trait's value, by person.
transform(person, (SELECT arrayMap(x -> toInt64(x), splitByChar(',', :ids))),
    (SELECT arrayMap(x -> toUInt32(x), splitByChar(',', :codes))), toUInt32(0))

-- name: click_first_of
-- The value behind the first condition that holds.
multiIf({pairs}, {otherwise})

-- name: click_translate
-- A number for another number; 0 where it is not in the list.
transform({number}, [{from}], [{into}], 0)

-- name: click_before
-- Before a moment.
(at_ms < :at)

-- name: click_since
-- At a moment or later.
(at_ms >= :at)

-- name: click_even_period
-- The number of the period, where all are equally long.
intDiv({at} - :first, :length)

-- name: click_period
-- The number of the period: by the stretch of time, in which at most one border lies.
(transform(intDiv({at} - :first, :length), [{stretches}], [{periods}], 0)
 + ({at} - :first >= transform(intDiv({at} - :first, :length), [{stretches}], [{borders}], 0)))

-- name: click_known
-- Events that count at all.
(id NOT IN (SELECT id FROM {removed}))

-- name: click_received
-- What had been received by a moment.
(received_ms <= :at)

-- name: click_events
-- Where events are read that need not be anybody's.
events

-- name: click_people
-- Where events are read with whose they are.
events ANY LEFT JOIN (
SELECT alias_id, argMax(person, version) AS moved_person FROM {moved} GROUP BY alias_id
) AS holders USING alias_id

-- name: click_with
-- Names for what a statement speaks of more than once.
WITH {names}

-- name: click_of_alias
-- Aliases in the numbers of a list.
(alias_id IN ({items}))

-- name: click_alone
-- Aliases that always were a person of their own.
(alias_id != 0 AND alias_id NOT IN (SELECT alias_id FROM {moved}) AND alias_id NOT IN (SELECT person FROM {moved}))

-- name: click_joined
-- Aliases of persons that have or had several.
(alias_id != 0 AND (alias_id IN (SELECT alias_id FROM {moved}) OR alias_id IN (SELECT person FROM {moved})))

-- name: click_walks_alone
-- A row for each person of one alias, made where its events lie: `walk` is the list of its events in their order.
{with}SELECT alias_id AS who, arraySort(groupArray((at_ms, id{items}))) AS walk{results}
FROM events WHERE {where} GROUP BY who{having}

-- name: click_walks_joined
-- The same for persons of several aliases, made by the server that was asked.
SELECT who, arraySort(groupArray(item)) AS walk{results} FROM (
{with}SELECT person AS who, (at_ms, id{items}) AS item
FROM {from} WHERE {where}
) GROUP BY who{having}

-- name: click_alone_of_page
-- Persons of one alias of one page.
(alias_id > :above AND alias_id <= :upto)

-- name: click_joined_of_page
-- Persons of several aliases of one page. What is said of aliases only keeps from reading the others.
((alias_id > :above AND alias_id <= :upto) OR alias_id IN (SELECT alias_id FROM (
SELECT alias_id, argMax(person, version) AS holder FROM {moved} GROUP BY alias_id
) WHERE holder > :above AND holder <= :upto)) AND person > :above AND person <= :upto

-- name: click_both_walks
-- Persons of one alias and of several.
{alone} UNION ALL {joined}

-- name: click_bounds
-- The first and the last moment of all events that count, and how many those are. A shard without any says 0 for both.
SELECT min(first), max(last), sum(events) FROM (
SELECT min(at_ms) AS first, max(at_ms) AS last, count() AS events FROM events WHERE {where}
) WHERE events > 0

-- name: click_walks_by
-- The same for travellers that are not persons.
SELECT who, arraySort(groupArray(item)) AS walk{results} FROM (
{with}SELECT {who} AS who, (at_ms, id{items}) AS item
FROM {from} WHERE {where} AND who != ''
) GROUP BY who{having}

-- name: click_amount
-- An amount as the number that conditions compare.
toFloat64(amount)

-- name: click_on_map
-- An event is on a touchpoint.
({touch} != 0)

-- name: click_texts_of
-- The text behind a number; '' where there is none.
transform({number}, [{from}], [{into}], '')

-- name: click_somebody
-- Events of somebody.
(alias_id != 0)

-- name: click_events_of
-- Events, of amounts alone where nothing else is asked for.
({where} AND priced)

-- name: click_near
-- A number equals one of many, closely enough: the one that its stretch of 2e-9 has. Beyond 1e9 no two numbers are that close.
-- The numbers of stretches are made positive, so that the list is of one type.
({number} IN ({values}) OR abs({number} - transform(
    toUInt64(toInt64(floor(if(abs({number}) < 1e9, {number}, 0) * 5e8)) + 1000000000000000000),
    [0{stretches}], [0.5{nearest}], nan)) <= 1e-9)

-- name: click_number_near
-- A number that is there equals one of many.
({has} AND {near})

-- name: click_text_near
-- A text equals one of many numbers: as number where it is one, else by its bytes.
({text} != '' AND if(isNaN({number}), {text} IN ({words}), {near}))
