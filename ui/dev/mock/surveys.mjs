/* Surveys in memory: made from the templates of the server, with drafts, versions and a state. */
import { existsSync, readFileSync } from 'node:fs';

const file = process.env.BANK ?? new URL('../../../src/listen/survey/texts/bank.json', import.meta.url);
const bank = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : { items: [], templates: [] };
const surveys = new Map();
let count = 0;
const now = () => Date.UTC(2026, 10, 22, 2) + count * 60_000;

function make(document, state = 'draft', more = {}) {
  const survey = { id: `s${++count}`, state, access: 'open', version: 0, published_ms: null, created_ms: now(), changed_ms: now(), by: 'Nguyễn Thị Lan', invited: 0, opened: 0, started: 0, finished: 0, last_ms: null, etag: '1', document, versions: [], ...more };
  surveys.set(survey.id, survey);
  return survey;
}
const series = (survey, document) => ({ ...document, questions: document.questions.map((each) => ({ ...each, series: each.bank ?? `${survey.id}.${each.id}` })) });
function publish(survey) {
  survey.version = survey.versions.length + 1;
  survey.versions.push({ version: survey.version, published_ms: now(), by: survey.by, responses: survey.version * 41, document: structuredClone(series(survey, survey.document)) });
  Object.assign(survey, { state: 'open', published_ms: now() });
  survey.document = survey.versions.at(-1).document;
  return survey;
}
const shown = (survey) => ({ ...survey, versions: undefined, name: survey.document.name, draft: survey.version === 0 || JSON.stringify(survey.document) !== JSON.stringify(survey.versions.at(-1).document), problems: [] });
const line = ({ document, ...rest }) => ({ ...rest, answered_invited: Math.round(rest.invited * 0.34), score: rest.finished ? { metric: 'csat', scale: '1-5', n: rest.finished, score: 74, low: 70, high: 78, mean: 3.9, few: false, counts: [] } : null, languages: document.languages, questions: document.questions.length });

export function begin(full) {
  if (!full) return;
  for (const [at, template] of bank.templates.entries()) {
    const survey = make(structuredClone(template.document), 'draft', at % 3 === 2 ? {} : { invited: at % 2 ? 900 + at : 0, opened: 700 - at * 31, started: 640 - at * 30, finished: 571 - at * 29, last_ms: now() });
    survey.document.name = `${template.name.vi}, quý 4`;
    if (at % 3 !== 2) publish(survey);
    if (at === 4) survey.state = 'paused';
  }
}

/* The same numbers at every start. */
let seed = 7;
const random = () => (seed = (seed * 1103515245 + 12345) % 2147483648) / 2147483648;
const spread = (values, n) => {
  const weights = values.map(() => 0.2 + random());
  const sum = weights.reduce((a, b) => a + b, 0);
  return values.map((value, at) => ({ value: String(value), n: Math.round((n * weights[at]) / sum) }));
};
const range = (low, high) => Array.from({ length: high - low + 1 }, (_, at) => low + at);
const ids = (list) => (list ?? []).map((each) => each.id);
const counts = (question, n) => spread(ids(question.options), n).map((each) => ({ id: each.value, n: each.n }));
function counted(survey, question, at) {
  const seen = Math.round(survey.started * (1 - 0.03 * at));
  const answered = Math.round(seen * (question.type === 'text' ? 0.41 : 0.94));
  const one = { id: question.id, series: question.series, type: question.type, versions: range(1, survey.version).map((version) => ({ version })), seen, answered, skipped: Math.round((seen - answered) * 0.7), left: Math.round((seen - answered) * 0.3), seconds_median: 3 + random() * 12, texts: 0 };
  const metric = ['nps', 'csat', 'ces'].find((each) => each === question.type);
  if (metric) {
    const scale = question.scale ?? { nps: '0-10', csat: '1-5', ces: '1-7' }[metric];
    const score = metric === 'ces' ? 5.4 : metric === 'nps' ? 31 : 74;
    const counts = spread(range(...scale.split('-').map(Number)), answered).map(({ value, n }) => ({ value: Number(value), n }));
    one.figure = { metric, scale, n: answered, score, low: score * 0.94, high: score * 1.06, mean: score, few: answered < 30, counts };
  } else if (question.type === 'emotion') one.emotions = spread(['joy', 'sadness', 'anger', 'fear', 'disgust', 'surprise', 'target'], answered).map(({ value, n }) => ({ id: value, n, mean: 1 + random() * 2 }));
  else if (question.type === 'matrix') one.rows = ids(question.rows).map((id) => ({ id, options: counts(question, answered) }));
  else if (question.type === 'ranking') one.ranks = ids(question.options).map((id, k) => ({ id, mean: 1 + k * 0.7, n: answered }));
  else if (question.options) one.options = counts(question, answered);
  return one;
}
const results = (survey) => ({ invited: survey.invited, answered_invited: Math.round(survey.invited * 0.34), opened: survey.opened, started: survey.started, finished: survey.finished, partial: survey.started - survey.finished, over: 0, response_rate: survey.invited ? 0.34 : null, seconds_median: 46, seconds_p90: 131, ends: [], questions: survey.started ? survey.document.questions.filter((each) => each.type !== 'note').map((each, at) => counted(survey, each, at)) : [] });
const answers = { nps: () => 9, csat: () => 4, ces: () => 6, single: (q) => q.options[0].id, multiple: (q) => ids(q.options).slice(0, 2), ranking: (q) => ids(q.options), text: () => 'Nhân viên nhiệt tình nhưng giao hàng chậm hai ngày so với hẹn.', emotion: () => ({ emotion: 'joy', strength: 2 }), contact: () => ({ name: 'Trần Minh', phone: '0905 123 456', consent: true }), matrix: (q) => Object.fromEntries(ids(q.rows).map((id) => [id, q.options[0].id])), slider: () => 60 };
const answersOf = (survey) => Object.fromEntries(survey.versions.at(-1).document.questions.flatMap((each, at) => (answers[each.type] && at !== 2 ? [[each.id, answers[each.type](each)]] : [])));
function response(survey, k) {
  const finished = k % 5 !== 3;
  return { id: `r${k}`, state: finished ? 'finished' : 'partial', version: survey.version, language: k % 4 ? 'vi' : 'en', channel: ['email', 'qr', 'web'][k % 3], place: k % 3 === 1 ? 'Hà Nội · Nguyễn Trãi' : '', link: 'l1', link_name: k % 3 === 1 ? 'Quầy thu ngân' : '', link_kind: 'link', device: 'd', alias: k % 2 ? null : `user:U${k}`, started_ms: survey.last_ms - k * 3_600_000, finished_ms: finished ? survey.last_ms - k * 3_600_000 + 52_000 : null, seconds: finished ? 52 : null, answered: finished ? 5 : 2, end: finished ? 'thanks' : '', answers: answersOf(survey) };
}
function one(survey, k) {
  const { document } = survey.versions.at(-1);
  return { about: response(survey, k), document, path: document.questions.map((each) => ({ question: each.id, ms: 4200 })), hidden: { don_hang: 'DH-1042' }, files: [] };
}

const missing = { status: 404, body: { title: 'Không tìm thấy', detail: 'Không có khảo sát này.' } };
const ok = (body, status = 200) => ({ status, body });
export function surveysOf(method, path, body) {
  if (path === '/question-bank') return ok({ items: bank.items });
  if (path === '/survey-templates') return ok({ items: bank.templates });
  if (path === '/surveys') return method === 'GET' ? ok({ items: [...surveys.values()].reverse().map((each) => line(shown(each))) }) : ok(shown(make(body.document)), 201);
  const [, id, part, rest] = /^\/surveys\/([^/]+)(?:\/([^/]+))?(?:\/([^/]+))?$/.exec(path) ?? [];
  if (!id) return null;
  const survey = surveys.get(id);
  if (!survey) return missing;
  if (!part && method === 'DELETE') return surveys.delete(id), { status: 204 };
  if (!part) return ok(shown(survey));
  if (part === 'draft') return Object.assign(survey, { document: body, etag: String(Number(survey.etag) + 1) }), ok(shown(survey));
  if (part === 'publish') return ok(shown(publish(survey)));
  if (part === 'state') return (survey.state = body.state), ok(shown(survey));
  if (part === 'versions') return rest ? ok(survey.versions[Number(rest) - 1] ?? missing) : ok({ items: survey.versions.map(({ document: _document, ...each }) => each) });
  if (part === 'links') return ok({ items: [{ id: 'l1', name: 'Quầy thu ngân', kind: 'qr', place: 'Hà Nội · Nguyễn Trãi' }, { id: 'l2', name: 'Trang web', kind: 'link', place: '' }] });
  if (part === 'results') return ok(results(survey));
  if (part === 'responses') return rest ? ok(one(survey, Number(rest.slice(1)))) : ok({ items: survey.started ? range(0, 24).map((k) => response(survey, k)) : [], next: null });
  return null;
}
export function wordsOf(path) {
  if (path === '/feedback') return ok({ items: [{ id: 'f1', at_ms: now(), text: 'Giao hàng trễ hai ngày, gọi tổng đài không ai bắt máy.', class: 'negative' }, { id: 'f2', at_ms: now(), text: 'Nhân viên dễ thương, gói hàng cẩn thận.', class: 'positive' }] });
  if (path === '/feedback/counts') return ok({ n: 240, with_text: 240, facets: [{ name: 'class', values: [{ value: 'positive', n: 121 }, { value: 'negative', n: 78 }, { value: 'neutral', n: 41 }] }] });
  return null;
}
