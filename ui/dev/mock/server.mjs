/* A stand-in for the server while the pages are drawn: `node dev/mock/server.mjs [demo|fresh|empty] [port] [role]`.
 *
 * Answers with the shapes of the API from made-up data and serves dist/ with the
 * content security policy of the real one. Never part of the product.
 */
import { createServer } from 'node:http';
import { existsSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { ask, catalogue, chosen, figure, holds } from './ask.mjs';
import { events, generate, people } from './data.mjs';
import * as map from './journey.mjs';
import { entry, more } from './more.mjs';
import { begin, surveysOf, wordsOf } from './surveys.mjs';

const [mode = 'demo', port = '8090', role = 'owner'] = process.argv.slice(2);
const until = Date.UTC(2026, 10, 22, 3);
if (mode !== 'empty') generate(mode === 'fresh' ? 300 : 2500, until);
let journey = map.journey(mode !== 'demo');
begin(mode === 'demo');
place();

function place() {
  for (const event of events) {
    const point = journey.touchpoints.find((each) => each.where.every((c) => holds(c, event)));
    event.touchpoint = point?.id ?? null;
    event.stage = point?.stage ?? null;
  }
}

const rights = { owner: ['ask', 'journeys.read', 'journeys.write', 'people.read', 'people.erase', 'imports.read', 'imports.write', 'debugger.read', 'users.manage', 'keys.manage', 'settings.write', 'audit.read', 'voices.read', 'voices.write', 'surveys.read', 'surveys.write'], agent: ['ask', 'journeys.read', 'people.read', 'voices.read', 'surveys.read'], viewer: ['ask', 'journeys.read', 'voices.read', 'surveys.read'] };
let user = { id: 'u1', email: 'lan@congty.vn', name: 'Nguyễn Thị Lan', role, language: null, places: [], departments: [] };
const session = () => ({ user, rights: user ? rights[role] : [], installation: { organisation: 'Nhà Mình', zone: 'Asia/Ho_Chi_Minh', language: 'vi', minimum_n: 30, demo: mode === 'demo', needs_owner: false, readonly: false, version: '0.1.0' } });

const row = (e) => ({ ...e, props: e.props, person: e.person && { id: e.person.id, name: e.person.name }, alias: e.person && `user:${e.person.id}` });
const paged = (list, after, limit) => {
  const from = after ? Number(after) : 0;
  return { items: list.slice(from, from + limit), next: from + limit < list.length ? String(from + limit) : null };
};
const own = (id) => events.filter((e) => e.person?.id === id).reverse();
const scores = (list) => ['nps', 'csat', 'ces'].map((metric) => ({ metric, ...figure(metric, list.filter((e) => e.metric === metric)) })).filter((f) => f.n);

function finding(query, point, field, value, metric, good) {
  const where = [{ field: 'touchpoint', is: [point] }, { field, is: [value] }];
  const span = (Date.parse(query.get('to')) - Date.parse(query.get('from'))) || 30 * 86400e3;
  const back = (text) => new Date(Date.parse(text) - span).toISOString().slice(0, 10);
  const q = { from: query.get('from'), to: query.get('to') };
  const of = (list) => figure(metric, list.filter((e) => e.metric === metric));
  const now = chosen(events, { ...q, where });
  const before = q.from ? of(chosen(events, { from: back(q.from), to: back(q.to), where })) : null;
  const rest = of(chosen(events, { ...q, where: [where[0], { not: where[1] }] }));
  const tp = journey.touchpoints.find((each) => each.id === point);
  const score = of(now);
  return { touchpoint: point, name: tp?.name, stage: tp?.stage, field, value, metric, kind: 'score', now: score, before, rest, delta: (score.score ?? 0) - (rest.score ?? 0), people: new Set(now.map((e) => e.person.id)).size, good, where };
}

function unmapped() {
  const map = new Map();
  for (const e of events) if (!e.touchpoint) {
    const item = map.get(e.kind) ?? { kind: e.kind, channel: e.channel, metric: e.metric, events: 0, folk: new Set() };
    item.events++;
    item.folk.add(e.person.id);
    map.set(e.kind, item);
  }
  return [...map.values()].sort((a, b) => b.events - a.events).map(({ folk, ...item }) => ({ ...item, people: folk.size, suggested: { id: item.kind.toLowerCase().replaceAll(' ', '-'), name: item.kind, stage: 'mua-hang', lane: null, function: '', task: '', required_emotion: null, sufficient_emotion: null, next_act: null, department: null, channel: item.channel, dimension: null, metric: item.metric, moment_that_matters: false, where: [{ field: 'kind', is: [item.kind] }] } }));
}

const locale = (language) => JSON.parse(readFileSync(new URL(`../../../locales/${language}.json`, import.meta.url)));
function glossary(language) {
  const words = locale(language.startsWith('en') ? 'en' : 'vi');
  const terms = [...new Set(Object.keys(words).filter((k) => k.startsWith('term.')).map((k) => k.split('.')[1]))];
  return { items: terms.map((term) => ({ term, title: words[`term.${term}.title`], text: words[`term.${term}.text`], formula: words[`term.${term}.formula`] ?? '' })) };
}

function person(id) {
  const found = people.find((each) => each.id === id);
  if (!found) return null;
  const list = own(id);
  return { id, name: found.name, traits: { city: found.place, segment: 'thân thiết', birthday: '1990-04-12' }, aliases: [{ kind: 'user', value: id, verified: true, since_ms: list.at(-1)?.at_ms }, { kind: 'phone', value: '+84905123456', verified: true, since_ms: list.at(-1)?.at_ms }, { kind: 'email', value: `${id}@vidu.vn`, verified: false, since_ms: list[0]?.at_ms }], first_ms: list.at(-1)?.at_ms ?? null, last_ms: list[0]?.at_ms ?? null, events: list.length, orders: list.filter((e) => e.kind === 'Order Completed').length, amounts: [{ currency: 'VND', amount: list.reduce((a, e) => a + (e.amount ?? 0), 0) }], scores: scores(list) };
}
const fold = (text) => text.normalize('NFD').replace(/\p{M}/gu, '').replace(/[đĐ]/g, 'd').toLowerCase();
const summary = (p) => ({ id: p.id, name: p.name, aliases: [{ kind: 'user', value: p.id }, { kind: 'phone', value: '+84905123456' }], events: own(p.id).length, last_ms: own(p.id)[0]?.at_ms ?? null, scores: scores(own(p.id)) });

const ok = (body, status = 200) => ({ status, body });
const table = [
  ['GET', /^\/session$/, () => ok(session())],
  ['POST', /^\/session$/, () => ((user = { id: 'u1', email: 'lan@congty.vn', name: 'Nguyễn Thị Lan', role, language: null, places: [], departments: [] }), ok(session()))],
  ['DELETE', /^\/session$/, () => ((user = null), { status: 204 })],
  ['PATCH', /^\/me$/, () => ok(session())],
  ['GET', /^\/journeys$/, () => ok({ items: mode === 'empty' ? [] : [{ ...journey, touchpoints: undefined, stages: undefined, lanes: undefined }] })],
  ['POST', /^\/journeys$/, () => ok(journey)],
  ['GET', /^\/journeys\/[^/]+$/, () => ok(journey)],
  ['GET', /^\/journeys\/[^/]+\/unmapped$/, () => ok({ items: unmapped() })],
  ['POST', /^\/journeys\/[^/]+\/adopt$/, ({ body }) => ((journey = { ...journey, touchpoints: [...journey.touchpoints, ...body.touchpoints], version: journey.version + 1 }), place(), ok(journey))],
  ['GET', /^\/journeys\/[^/]+\/findings$/, ({ query }) => ok({ items: mode !== 'demo' ? [] : [finding(query, 'giao-hang', 'place', 'Đà Nẵng', 'csat', false), finding(query, 'thanh-toan', 'prop:app_version', '3.2.0', 'ces', false), finding(query, 'thu-tai-cua-hang', 'place', 'Hà Nội · Nguyễn Trãi', 'csat', true)] })],
  ['POST', /^\/ask$/, ({ body }) => ok(ask(events, body, journey))],
  ['POST', /^\/rows$/, ({ body }) => ok((({ items, next }) => ({ items: items.map(row), next }))(paged(chosen(events, body).reverse(), body.after, body.limit ?? 50)))],
  ['GET', /^\/catalogue$/, ({ query }) => ok(catalogue(events, query.get('touchpoint')))],
  ['GET', /^\/people$/, ({ query }) => ok((({ items, next }) => ({ items: items.map(summary), next }))(paged(people.filter((p) => fold(p.name).includes(fold(query.get('q') ?? ''))), query.get('after'), Number(query.get('limit') ?? 50))))],
  ['GET', /^\/people\/([^/]+)$/, ({ match }) => { const p = person(match[1]); return p ? ok(p) : { status: 404, body: { title: 'Không tìm thấy', detail: 'Không có người này.' } }; }],
  ['GET', /^\/people\/([^/]+)\/timeline$/, ({ match, query }) => ok((({ items, next }) => ({ items: items.map(row), next }))(paged(own(match[1]), query.get('after'), Number(query.get('limit') ?? 100))))],
  ['DELETE', /^\/people\/([^/]+)$/, () => ok({ id: 'c1', person: 'p1', asked_ms: Date.now(), done_ms: Date.now(), events: 12, aliases: 3, digest: 'b2f0…' })],
  ['GET', /^\/glossary$/, ({ language }) => ok(glossary(language))],
  ['POST', /^\/demo\/clear$/, () => ok({ job: 'j1' }, 202)],
];

const types = { '.js': 'text/javascript', '.css': 'text/css', '.html': 'text/html; charset=utf-8', '.svg': 'image/svg+xml', '.woff2': 'font/woff2' };
const policy = "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'";
function page(path, response) {
  const dist = new URL('../../dist', import.meta.url).pathname;
  let file = join(dist, path);
  if (!extname(path) || !existsSync(file)) file = join(dist, 'index.html');
  response.writeHead(200, { 'content-type': types[extname(file)] ?? 'application/octet-stream', 'content-security-policy': policy });
  response.end(readFileSync(file));
}

function answer(request, url, body) {
  const path = url.pathname.slice('/api/v1'.length);
  const found = surveysOf(request.method, path, body) ?? wordsOf(path) ?? more(request.method, path, body, url.searchParams);
  if (found) return found;
  for (const [method, pattern, handler] of table) {
    const match = request.method === method && pattern.exec(path);
    if (match) return handler({ body, match, query: url.searchParams, language: request.headers['accept-language'] ?? 'vi' });
  }
  return { status: 404, body: { title: 'Không tìm thấy', detail: path } };
}

createServer((request, response) => {
  const url = new URL(request.url, 'http://localhost');
  if (!url.pathname.startsWith('/api/')) return page(url.pathname, response);
  if (url.pathname.endsWith('/live')) return response.writeHead(200, { 'content-type': 'text/event-stream' }).write(': here\n\n');
  if (url.pathname.endsWith('/debugger/stream')) {
    response.writeHead(200, { 'content-type': 'text/event-stream' }).write(': here\n\n');
    let k = 0;
    const timer = mode === 'demo' && setInterval(() => response.write(`event: entry\ndata: ${JSON.stringify(entry(Date.now(), ++k))}\n\n`), 1500);
    return request.on('close', () => clearInterval(timer));
  }
  let text = '';
  request.on('data', (part) => (text += part));
  request.on('end', () => {
    let body = null;
    try {
      body = JSON.parse(text || 'null');
    } catch {
      body = text;
    }
    const { status, body: out } = answer(request, url, body);
    response.writeHead(status, { 'content-type': status < 400 ? 'application/json' : 'application/problem+json' });
    response.end(out === undefined ? '' : JSON.stringify(out));
  });
}).listen(Number(port), '127.0.0.1', () => console.log(`${mode}: http://127.0.0.1:${port} (${events.length} events)`));
