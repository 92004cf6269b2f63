/* The working pages' part of the stand-in server: files, imports, users, keys, settings, the debugger. */
let serial = 100;
const id = () => `x${++serial}`;
const ok = (body, status = 200) => ({ status, body });
const problem = (status, detail, errors = []) => ({ status, body: { title: detail, status, detail, errors } });
const full = process.argv[2] !== 'empty';
const now = Date.UTC(2026, 10, 22, 3);

const columns = ['mã_khách', 'thời_gian', 'sự_kiện', 'cửa_hàng', 'điểm', 'lời_bình', 'số_tiền'];
const rows = Array.from({ length: 20 }, (_, k) => [
  k % 5 === 4 ? null : `KH-${1000 + k}`,
  `2026-11-${String(1 + k).padStart(2, '0')} 09:3${k % 10}:00`,
  k % 3 === 0 ? 'Khảo sát' : 'Mua hàng',
  ['Hà Nội · Nguyễn Trãi', 'Đà Nẵng · Lê Duẩn', 'TP. Hồ Chí Minh · Quận 1'][k % 3],
  k % 3 === 0 ? String(k % 11) : null,
  k % 3 === 0 ? 'Nhân viên rất nhiệt tình, nhưng giao hàng chậm hơn lời hứa và phải gọi tổng đài ba lần' : null,
  k % 3 === 0 ? null : `${(k + 1) * 125}.000`,
]);
const guess = { person: 'mã_khách', at: { column: 'thời_gian', format: '%Y-%m-%d %H:%M:%S' }, kind: 'sự_kiện', place: 'cửa_hàng', score: { column: 'điểm', metric: 'nps', scale: '0-10' }, text: 'lời_bình', props: '*' };

const finished = { id: 'i1', name: 'don-hang-2026-11.csv', state: 'done', lines: 209029, stored: 208840, duplicates: 120, refused: 69, progress: 1, started_ms: now - 86400e3, ended_ms: now - 86400e3 + 14000, reasons: [{ reason: 'Thời gian “31/02/2026” không có thật', count: 41 }, { reason: 'Số cột nhiều hơn tiêu đề', count: 28 }] };
const imports = full
  ? [{ ...finished, id: 'i2', name: 'khảo-sát-cửa-hàng-quý-3-bản-cuối-cùng-đã-sửa.xlsx', state: 'cancelled', lines: 4120, stored: 4100, duplicates: 0, refused: 20, progress: 0.4 }, finished, { ...finished, id: 'i3', name: 'thu-nghiem.jsonl', state: 'undone', lines: 12, stored: 0, refused: 0, duplicates: 0, reasons: [] }, { ...finished, id: 'i4', name: 'loi.csv', state: 'failed', lines: 10, stored: 10, refused: 0, reasons: [], progress: 0.1 }]
  : [];

function run(item) {
  if (item.state !== 'running' && item.state !== 'waiting') return;
  item.state = 'running';
  item.progress = Math.min(1, item.progress + 0.2);
  item.lines = Math.round(5000 * item.progress);
  item.refused = Math.round(item.lines / 500);
  item.stored = item.lines - item.refused;
  item.reasons = item.refused ? [{ reason: 'Thiếu thời gian', count: item.refused }] : [];
  if (item.progress >= 1) Object.assign(item, { state: 'done', ended_ms: Date.now() });
}

const user = (name, email, role, rest = {}) => ({ id: id(), name, email, role, active: true, invited: false, places: [], departments: [], created_ms: now - 40 * 86400e3, last_seen_ms: now - 3600e3, ...rest });
const users = [
  { ...user('Nguyễn Thị Lan', 'lan@congty.vn', 'owner'), id: 'u1' },
  ...(full ? [user('Trần Quốc Bảo', 'bao.tran@congty.vn', 'manager'), user('Phạm Thuỳ Dương', 'duong@congty.vn', 'viewer', { places: ['Hà Nội · Nguyễn Trãi', 'Hà Nội · Cầu Giấy'], departments: ['Cửa hàng'] }), user('', 'moi@congty.vn', 'agent', { invited: true, last_seen_ms: null }), user('Lê Văn Cũ', 'cu@congty.vn', 'analyst', { active: false })] : []),
];
const keys = full ? [{ id: id(), name: 'Trang web nhaminh.vn', kind: 'write', trust: 'browser', scopes: [], prefix: 'wk_b3F', created_ms: now - 30 * 86400e3, last_used_ms: now - 60e3 }, { id: id(), name: 'Máy bán hàng', kind: 'write', trust: 'server', scopes: [], prefix: 'wk_9xQ', created_ms: now - 10 * 86400e3, last_used_ms: null }, { id: id(), name: 'Báo cáo tuần', kind: 'api', scopes: ['read', 'personal'], prefix: 'ak_Zt2', created_ms: now, last_used_ms: now }] : [];
const acts = full ? Array.from({ length: 140 }, (_, k) => ({ id: String(k), at_ms: now - k * 1800e3, who: k % 3 ? 'lan@congty.vn' : 'bao.tran@congty.vn', action: ['people.read', 'journey.publish', 'user.create', 'import.start', 'session.start'][k % 5], object: ['Nguyễn Thị Hoa', 'Mua hàng và giao nhận v3', 'moi@congty.vn', 'don-hang-2026-11.csv', ''][k % 5], detail: '', address: '10.0.0.0' })) : [];
let settings = { organisation: 'Nhà Mình', zone: 'Asia/Ho_Chi_Minh', language: 'vi', minimum_n: 30, public_url: '', dedupe_days: 90, answer_files_mb: 10240, truncate_addresses: true, demo: process.argv[2] === 'demo' };
const entries = full ? Array.from({ length: 60 }, (_, k) => entry(now - k * 4000, k)) : [];
export function entry(at_ms, k) {
  const outcome = k % 7 === 3 ? 'refused' : k % 11 === 5 ? 'duplicate' : 'stored';
  const kind = ['Product Viewed', 'Order Completed', 'page', 'identify', 'Survey Answered'][k % 5];
  return { at_ms, source: k % 4 ? 'Trang web nhaminh.vn' : 'Máy bán hàng', route: k % 4 ? '/v1/t' : '/v1/batch', type: 'track', kind, alias: k % 6 ? `user:KH-${1000 + k}` : '', outcome, reason: outcome === 'refused' ? 'Thang điểm “0-9” không có; cho phép: 0-10, 1-5, 1-7' : null, message_id: `ajs-next-${k}`, excerpt: JSON.stringify({ type: 'track', event: kind, userId: `KH-${1000 + k}`, properties: { channel: 'web', total: 1250000 } }) };
}

let draft = null;

const table = [
  ['POST', /^\/files$/, ({ query, body }) => ok({ id: id(), name: query.get('name'), size: String(body ?? '').length })],
  ['POST', /^\/imports\/preview$/, ({ body }) => preview(body.map)],
  ['GET', /^\/imports$/, () => ok({ items: imports })],
  ['POST', /^\/imports$/, ({ body }) => {
    const item = { id: id(), name: body.name, state: 'waiting', lines: 0, stored: 0, duplicates: 0, refused: 0, progress: 0, started_ms: Date.now(), ended_ms: null, reasons: [] };
    imports.unshift(item);
    return ok(item, 201);
  }],
  ['GET', /^\/imports\/([^/]+)$/, ({ match }) => {
    const item = imports.find((each) => each.id === match[1]);
    if (item) run(item);
    return item ? ok(item) : problem(404, 'Không có lần nhập này.');
  }],
  ['POST', /^\/imports\/([^/]+)\/(cancel|resume|undo)$/, ({ match }) => {
    const item = imports.find((each) => each.id === match[1]);
    item.state = { cancel: 'cancelled', resume: 'running', undo: 'undone' }[match[2]];
    if (match[2] === 'undo') item.stored = 0;
    return ok(item);
  }],
  ['GET', /^\/users$/, () => ok({ items: users })],
  ['POST', /^\/users$/, ({ body }) => {
    if (users.some((each) => each.email === body.email)) return problem(422, 'Không hợp lệ', [{ pointer: '/email', detail: 'Địa chỉ này đã có tài khoản.' }]);
    const made = user(body.name, body.email, body.role, { ...body, invited: true, last_seen_ms: null });
    users.push(made);
    return ok({ user: made, link: 'http://127.0.0.1:8090/welcome#kq3T0dYp5cJw8XrE2mBz7nVhL4sUaF6gQ1iO9tRyKxM' }, 201);
  }],
  ['PATCH', /^\/users\/([^/]+)$/, ({ match, body }) => ok(Object.assign(users.find((each) => each.id === match[1]), body))],
  ['POST', /^\/users\/[^/]+\/link$/, () => ok({ link: 'http://127.0.0.1:8090/welcome#reset' })],
  ['GET', /^\/keys$/, () => ok({ items: keys })],
  ['POST', /^\/keys$/, ({ body }) => {
    const key = { id: id(), ...body, prefix: 'wk_new', created_ms: Date.now(), last_used_ms: null };
    keys.push(key);
    return ok({ key, secret: 'wk_kq3T0dYp5cJw8XrE2mBz7nVhL4sUaF6gQ1iO9tRyKxM' }, 201);
  }],
  ['DELETE', /^\/keys\/([^/]+)$/, ({ match }) => (keys.splice(keys.findIndex((each) => each.id === match[1]), 1), { status: 204 })],
  ['GET', /^\/audit$/, ({ query }) => {
    const from = Number(query.get('after') ?? 0);
    return ok({ items: acts.slice(from, from + 100), next: from + 100 < acts.length ? String(from + 100) : null });
  }],
  ['GET', /^\/system$/, () => ok(system())],
  ['GET', /^\/settings$/, () => ok(settings)],
  ['PATCH', /^\/settings$/, ({ body }) => ok((settings = { ...settings, ...body }))],
  ['GET', /^\/debugger$/, () => ok({ items: entries })],
  ['POST', /^\/links\/look$/, ({ body }) => ({ owner: ok({ purpose: 'owner', email: null, name: null, role: 'owner' }), invitation: ok({ purpose: 'invitation', email: 'moi@congty.vn', name: 'Đỗ Mai', role: 'analyst' }), reset: ok({ purpose: 'reset', email: 'lan@congty.vn', name: 'Lan', role: 'owner' }) })[body.token] ?? problem(404, 'Liên kết không dùng được.')],
  ['GET', /^\/journeys\/[^/]+$/, ({ query }) => (query.get('version') === 'draft' && draft ? ok(draft) : null)],
  ['GET', /^\/journeys\/[^/]+\/versions$/, () => ok({ items: full ? [3, 2, 1].map((version) => ({ version, published_ms: now - (4 - version) * 9 * 86400e3, by: 'Nguyễn Thị Lan' })) : [] })],
  ['PUT', /^\/journeys\/([^/]+)\/draft$/, ({ match, body }) => ok((draft = { id: match[1], version: 3, published_ms: now, ...body, draft: true, etag: id() }))],
  ['POST', /^\/journeys\/([^/]+)\/publish$/, ({ match }) => ok({ ...draft, id: match[1], version: 4, draft: false })],
];

function system() {
  const host = (name, state = 'ok') => ({ name, version: state === 'ok' ? '24.8.4.13' : '', state });
  const none = { bytes: null, events: null, shards: null, replicas: null, hosts: [], files: [] };
  const process = (name, days, self) => ({ id: id(), name, version: '0.1.0', folder: '/var/lib/cham', started_ms: now - days * 86400e3, seen_ms: Date.now() - 1200, self });
  return {
    shared: true,
    stores: [
      { ...none, name: 'records', engine: 'postgresql', state: 'ok', version: '15.10', place: 'postgres://db.congty.vn:5432/cham?sslmode=verify-full', bytes: 84e9 },
      { ...none, name: 'events', engine: 'clickhouse', state: 'ok', version: '24.8.4.13', place: 'clickhouse+https://ch1.congty.vn:8443,ch2.congty.vn:8443/cham?cluster=cham', bytes: 1.42e12, events: 31_248_112_004, shards: 2, replicas: 4, hosts: [host('ch1.congty.vn:8443'), host('ch2.congty.vn:8443', 'away')] },
    ],
    processes: [process('may-chu-1', 12, true), process('may-chu-2', 12, false), process('may-chu-3', 0.1, false)],
  };
}

function preview(map) {
  const fresh = !map || !Object.keys(map).some((name) => guess[name] !== undefined);
  const chosen = fresh ? { ...guess, ...map } : map;
  const problems = [];
  if (!chosen.at) problems.push({ target: 'at', detail: 'Cần thời điểm của sự kiện.' });
  if (!chosen.kind) problems.push({ target: 'kind', detail: 'Cần loại sự kiện: một cột hoặc một giá trị chung.' });
  return ok({ columns, rows, map: chosen, encoding: 'utf-8', separator: ',', kind: 'csv', sheets: null, problems });
}

export function more(method, path, body, query) {
  for (const [verb, pattern, handler] of table) {
    const match = verb === method && pattern.exec(path);
    if (match) return handler({ match, body, query });
  }
  return null;
}
