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
const line = ({ document, ...rest }) => ({ ...rest, languages: document.languages, questions: document.questions.length });

export function begin(full) {
  if (!full) return;
  for (const [at, template] of bank.templates.entries()) {
    const survey = make(structuredClone(template.document), 'draft', at % 3 === 2 ? {} : { invited: at % 2 ? 900 + at : 0, opened: 700 - at * 31, started: 640 - at * 30, finished: 571 - at * 29, last_ms: now() });
    survey.document.name = `${template.name.vi}, quý 4`;
    if (at % 3 !== 2) publish(survey);
    if (at === 4) survey.state = 'paused';
  }
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
  return null;
}
