/* Deterministic events of a retailer that does not exist, for looking at the pages without the server. */
let seed = 1;
const random = () => {
  seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
  return seed / 4294967296;
};
const pick = (list) => list[Math.floor(random() * list.length)];
const chance = (share) => random() < share;
const around = (mean, spread) => mean + (random() + random() + random() - 1.5) * spread;

const family = ['Nguyễn', 'Trần', 'Lê', 'Phạm', 'Hoàng', 'Huỳnh', 'Phan', 'Vũ', 'Võ', 'Đặng', 'Bùi', 'Đỗ'];
const middle = ['Thị', 'Văn', 'Minh', 'Ngọc', 'Quốc', 'Thu', 'Hữu', 'Thanh'];
const given = ['Anh', 'Bình', 'Châu', 'Dũng', 'Giang', 'Hà', 'Hương', 'Khánh', 'Lan', 'Linh', 'Mai', 'Nam', 'Phương', 'Quân', 'Thảo', 'Trang', 'Tuấn', 'Vy'];
const cities = ['Hà Nội', 'Đà Nẵng', 'TP. Hồ Chí Minh'];
const voices = {
  low: ['Giao trễ 4 ngày so với hẹn, gọi không ai nghe máy.', 'Thanh toán báo lỗi 3 lần mới xong, suýt bị trừ tiền hai lần.', 'Nhân viên giao hàng không gọi trước, hàng để ngoài cổng ướt hết.', 'Chờ tổng đài hơn 20 phút rồi bị ngắt.'],
  mid: ['Tạm được, giá hơi cao.', 'Hàng đúng mô tả nhưng đóng gói sơ sài.', 'Bình thường.'],
  high: ['Nhân viên nhiệt tình, tư vấn rất có tâm.', 'Giao nhanh hơn dự kiến, cảm ơn shop!', 'Cửa hàng Nguyễn Trãi phục vụ tuyệt vời, sẽ quay lại.', 'Mua lần thứ ba rồi, vẫn ưng.'],
};
const day = 86_400_000;

export const people = [];
export const events = [];

function add(person, at, kind, channel, place, more = {}) {
  events.push({ id: '', at_ms: Math.round(at), received_ms: Math.round(at) + 900, person, source: more.source ?? 'web', kind, channel, place, metric: null, question: null, version: 3, score: null, scale: null, amount: null, currency: null, text: null, props: {}, ...more });
}

const scales = { nps: [0, 10, '0-10'], csat: [1, 5, '1-5'], ces: [1, 7, '1-7'] };
function answer(person, at, kind, metric, channel, place, mean, props = {}) {
  const [low, high, scale] = scales[metric];
  const score = Math.max(low, Math.min(high, Math.round(around(mean, (high - low) * 0.55))));
  const part = (score - low) / (high - low);
  const text = chance(0.35) ? pick(part < 0.45 ? voices.low : part < 0.75 ? voices.mid : voices.high) : null;
  add(person, at, kind, channel, place, { metric, score, scale, question: `${metric}-1`, text, props });
}

function order(person, at, until, home) {
  const version = pick(['3.1.0', '3.1.0', '3.2.0', '3.2.1']);
  const channel = pick(['app', 'app', 'web', 'store']);
  add(person, at - 3600e3, 'Product Added', channel, home);
  const error = channel === 'app' && version === '3.2.0' && at > until - 40 * day;
  add(person, at, 'Payment Attempted', channel, home, { props: { app_version: channel === 'app' ? version : null, method: pick(['MoMo', 'Thẻ', 'COD']), error } });
  if (chance(0.3)) answer(person, at + 60e3, 'CES Payment', 'ces', channel, home, error ? 2.6 : 5.7, { app_version: channel === 'app' ? version : null });
  if (error && chance(0.55)) return;
  const total = Math.round(around(900, 800)) * 1000;
  add(person, at + 90e3, 'Order Completed', channel, home, { amount: Math.max(90_000, total), currency: 'VND', props: { items: 1 + Math.floor(random() * 4), app_version: channel === 'app' ? version : null } });
  const carrier = at > until - 70 * day && home === 'Đà Nẵng' ? 'Nhanh Express' : pick(['GHN', 'Viettel Post']);
  const late = carrier === 'Nhanh Express' ? chance(0.6) : chance(0.09);
  const arrive = at + (late ? 5 : 2) * day * around(1, 0.5);
  if (channel === 'store' || arrive > until) return;
  add(person, arrive, 'Order Delivered', 'delivery', home, { source: 'orders', props: { carrier, late: late ? 'trễ' : 'đúng hẹn' } });
  if (chance(0.45)) answer(person, arrive + 5 * 3600e3, 'CSAT Delivery', 'csat', 'sms', home, late ? 2.2 : 4.5, { carrier });
}

function live(person, from, until) {
  const home = person.place;
  let at = from + random() * (until - from);
  if (chance(0.5)) add(person, at, 'Ad Clicked', 'facebook', null);
  if (chance(0.7)) add(person, (at += day * random()), 'Product Viewed', pick(['web', 'app']), null);
  if (chance(0.08)) answer(person, at + 6e5, 'CES Product', 'ces', 'web', null, 5.4);
  if (chance(0.3)) {
    const shop = `${home} · ${pick(['Nguyễn Trãi', 'Lê Lợi', 'Trần Phú'])}`;
    add(person, (at += day * random()), 'Store Visited', 'store', shop, { source: 'pos' });
    if (chance(0.5)) answer(person, at + 36e5, 'CSAT Store', 'csat', 'store', shop, shop.includes('Hà Nội · Nguyễn Trãi') ? 4.9 : 3.9);
  }
  if (chance(0.25)) add(person, (at += day * random()), 'Chat Started', 'zalo', null), chance(0.4) && answer(person, at + 6e5, 'CSAT Chat', 'csat', 'zalo', null, 4.2);
  for (let n = Math.floor(random() * 4); n > 0 && at < until; n--) order(person, (at += day * 25 * random()), until, home), (at += 20 * day * random());
  if (chance(0.12) && at < until) add(person, at, 'Call Answered', 'phone', null, { source: 'call-centre' }), chance(0.5) && answer(person, at + 6e5, 'CSAT Call', 'csat', 'phone', null, 3.8);
  if (chance(0.05) && at < until) add(person, at, 'Return Requested', 'store', home), answer(person, at + 9e5, 'CES Return', 'ces', 'store', home, 4.1);
  if (chance(0.2) && at < until) answer(person, at, 'NPS Answered', 'nps', 'email', null, 7.8);
  if (chance(0.15)) add(person, at, 'Warranty Registered', 'web', null), add(person, at + day, 'Review Written', 'facebook', null);
}

export function generate(count, until) {
  const from = until - 200 * day;
  for (let i = 0; i < count; i++) {
    const person = { id: `p${(i + 1).toString(36).padStart(4, '0')}`, name: `${pick(family)} ${pick(middle)} ${pick(given)}`, place: pick(cities) };
    people.push(person);
    live(person, from, until);
  }
  for (const each of events) if (each.at_ms > until) each.at_ms = until - Math.floor(random() * day);
  events.sort((a, b) => a.at_ms - b.at_ms);
  events.forEach((each, i) => (each.id = `e${i.toString(36)}`));
}
