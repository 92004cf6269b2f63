/* The questions of the API over the mock's events: score, count, adherence, rows, catalogue. */
export function holds(condition, event) {
  if (condition.any) return condition.any.some((each) => holds(each, event));
  if (condition.not) return !holds(condition.not, event);
  const { field } = condition;
  const value = (field.startsWith('prop:') ? event.props?.[field.slice(5)] : event[field]) ?? null;
  if (condition.exists !== undefined) return (value !== null) === condition.exists;
  if (condition.is) return condition.is.includes(value);
  if (condition.is_not) return !condition.is_not.includes(value);
  if (condition.contains !== undefined) return value !== null && String(value).includes(condition.contains);
  if (condition.gte !== undefined) return value !== null && value >= condition.gte;
  if (condition.lt !== undefined) return value !== null && value < condition.lt;
  return true;
}

const class_of = { nps: (s) => (s >= 9 ? 1 : s <= 6 ? -1 : 0), csat: (s) => (s >= 4 ? 1 : 0), ces: (s) => (s >= 5 ? 1 : 0) };

export function figure(metric, list) {
  const n = list.length;
  const value = class_of[metric];
  if (!n || !value) return { n: 0, score: null, low: null, high: null, counts: {}, few: true };
  const classes = list.map((each) => value(each.score));
  const score = classes.reduce((a, b) => a + b, 0) / n;
  const variance = classes.reduce((a, b) => a + (b - score) ** 2, 0) / n;
  const margin = 1.96 * Math.sqrt((variance + 0.02) / (n + 3));
  const counts = metric === 'nps'
    ? { promoters: classes.filter((c) => c === 1).length, passives: classes.filter((c) => c === 0).length, detractors: classes.filter((c) => c === -1).length }
    : { [metric === 'csat' ? 'top' : 'easy']: classes.filter((c) => c === 1).length, other: classes.filter((c) => c !== 1).length };
  const least = metric === 'nps' ? -100 : 0;
  const mean = list.reduce((a, e) => a + e.score, 0) / n;
  if (metric === 'ces') return { n, score: mean, low: Math.max(1, mean - 3 / Math.sqrt(n + 1)), high: Math.min(7, mean + 3 / Math.sqrt(n + 1)), mean, counts, few: n < 30 };
  return { n, score: 100 * score, low: Math.max(least, 100 * (score - margin)), high: Math.min(100, 100 * (score + margin)), mean, counts, few: n < 30 };
}

function starts(ms, every) {
  const date = new Date(ms + 7 * 3600e3);
  if (every === 'week') date.setUTCDate(date.getUTCDate() - ((date.getUTCDay() + 6) % 7));
  if (every === 'month') date.setUTCDate(1);
  return date.toISOString().slice(0, 10);
}

const time = (text) => (text ? Date.parse(`${text}T00:00:00+07:00`) : null);
export function chosen(events, question) {
  const from = time(question.from) ?? -Infinity;
  const to = time(question.to) ?? Infinity;
  return events.filter((e) => e.at_ms >= from && e.at_ms < to && (question.where ?? []).every((c) => holds(c, e)));
}

function groups(list, question) {
  const map = new Map();
  for (const event of list) {
    const key = {};
    for (const by of question.by ?? []) key[by] = (by.startsWith('prop:') ? event.props?.[by.slice(5)] : event[by]) ?? null;
    if (question.every) key.period = starts(event.at_ms, question.every);
    const text = JSON.stringify(key);
    if (!map.has(text)) map.set(text, { key, list: [] });
    map.get(text).list.push(event);
  }
  return [...map.values()].sort((a, b) => JSON.stringify(a.key).localeCompare(JSON.stringify(b.key)));
}

const folk = (list) => new Set(list.map((e) => e.person?.id)).size;

function adherence(events, question, journey) {
  const list = chosen(events, question);
  const lives = new Map();
  for (const event of events) lives.has(event.person) ? lives.get(event.person).push(event) : lives.set(event.person, [event]);
  return [...journey.touchpoints, null].map((point) => {
    const own = list.filter((e) => e.touchpoint === (point?.id ?? null));
    const visits = own.filter((e) => !e.metric);
    const done = point?.next_act ? visits.filter((e) => lives.get(e.person).some((o) => o.at_ms > e.at_ms && point.next_act.when.every((c) => holds(c, o)))).length : 0;
    const rate = point?.next_act && visits.length ? done / visits.length : null;
    const score = figure(point?.metric, own.filter((e) => e.metric === point?.metric && point?.metric));
    const measured = score.score;
    const reach = (emotion) => emotion && measured !== null && measured >= emotion.at_least;
    const state = !point?.required_emotion || measured === null ? 'unknown' : reach(point.sufficient_emotion) ? 'sufficient' : reach(point.required_emotion) ? 'required' : 'missed';
    return {
      touchpoint: point?.id ?? null, stage: point?.stage ?? null, name: point?.name ?? '', events: own.length, people: folk(own), reached: visits.length, open: Math.round(visits.length * 0.05),
      next_act_rate: rate, next_low: rate === null ? null : Math.max(0, rate - 0.04), next_high: rate === null ? null : Math.min(1, rate + 0.04), late: Math.round(visits.length * 0.06), skipped: Math.round(visits.length * 0.04), repeated: Math.round(visits.length * 0.03), median_next_s: rate === null ? null : 86400 * 1.6,
      metric: point?.metric ?? null, ...score, emotion: point ? { required: point.required_emotion, sufficient: point.sufficient_emotion, measured, state } : null,
    };
  });
}

export function ask(events, question, journey) {
  const kind = question.ask;
  let rows;
  if (kind === 'adherence') rows = adherence(events, question, journey);
  else if (kind === 'score') rows = groups(chosen(events, question).filter((e) => e.metric === question.metric), question).map(({ key, list }) => ({ ...key, ...figure(question.metric, list) }));
  else rows = groups(chosen(events, question), question).map(({ key, list }) => ({ ...key, events: list.length, people: folk(list), amount: list.reduce((a, e) => a + (e.amount ?? 0), 0) }));
  return { rows, asked: question, as_of: Date.now(), took_ms: 3 };
}

export function catalogue(events, point) {
  const list = point ? events.filter((e) => e.touchpoint === point) : events;
  const counted = (field) => {
    const map = new Map();
    for (const e of list) if (e[field] !== null) map.set(e[field], (map.get(e[field]) ?? 0) + 1);
    return [...map].map(([value, count]) => ({ value, events: count })).sort((a, b) => b.events - a.events);
  };
  const props = new Map();
  for (const e of list) for (const [name, value] of Object.entries(e.props ?? {})) if (value !== null) {
    const entry = props.get(name) ?? { events: 0, values: new Set() };
    entry.events++;
    entry.values.add(String(value));
    props.set(name, entry);
  }
  return { kinds: counted('kind'), channels: counted('channel'), places: counted('place'), sources: counted('source'), touchpoints: counted('touchpoint'), metrics: counted('metric'), props: [...props].map(([value, p]) => ({ value, distinct: p.values.size, events: p.events, sample: [...p.values].slice(0, 5) })) };
}
