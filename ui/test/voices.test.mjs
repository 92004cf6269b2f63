/* What the pages of voices compute by themselves: what is marked in a text, filters in addresses, intervals of shares. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { sources } from './source.mjs';

let source, marks, analysis, feedback, alerts, pains;
before(async () => {
  globalThis.localStorage = { getItem: () => null, setItem: () => {}, removeItem: () => {} };
  Object.defineProperty(globalThis, 'navigator', { value: { languages: ['vi-VN'] }, configurable: true });
  globalThis.location ??= { pathname: '/voices', search: '', origin: 'http://x' };
  globalThis.window ??= globalThis;
  source = await sources();
  await (await source.module('lib/i18n.svelte.ts')).speak('vi');
  [marks, analysis, feedback, alerts, pains] = await Promise.all(['marks.ts', 'analysis.ts', 'feedback.ts', 'trends/alerts.ts', 'pains/pains.ts'].map((name) => source.module(`pages/voices/${name}`)));
});
after(() => source.close());

const hits = (text, q) => marks.searched(text, q).filter((each) => each.hit).map((each) => each.text);

test('words are found whatever their case, tones and đ, and a star makes a beginning of them', () => {
  assert.deepEqual(hits('Giao hàng chậm, GIAO lại', 'giao'), ['Giao', 'GIAO']);
  assert.deepEqual(hits('Đóng gói đẹp', 'dong'), ['Đóng']);
  assert.deepEqual(hits('giao hàng', 'gia'), []);
  assert.deepEqual(hits('giao hàng', 'gia*'), ['giao']);
  assert.deepEqual(hits('ha\u0300ng về', 'hang'), ['ha\u0300ng'], 'a text in parts is one all the same');
  assert.equal(marks.searched('Giao hàng chậm', 'hang').map((each) => each.text).join(''), 'Giao hàng chậm', 'nothing of the text is lost');
  assert.deepEqual(hits('bất kỳ', ''), []);
});

test('findings name bytes, and the words stand where the bytes are, behind tones and emoji too', () => {
  const text = '😡 Giao hàng chậm!';
  const at = new TextEncoder().encode('😡 Giao hàng ').length;
  const pieces = marks.explained(text, [{ text: 'chậm', at, weight: -1.5, what: 'word' }]);
  assert.deepEqual(pieces.map((each) => [each.text, Boolean(each.because)]), [['😡 Giao hàng ', false], ['chậm', true], ['!', false]]);
  assert.deepEqual(marks.explained('abc', [{ text: 'zz', at: 99, weight: 1, what: 'word' }]).map((each) => each.text), ['abc'], 'a place that is none marks nothing');
  const twice = marks.explained('rất rất tốt', [{ text: 'rất rất tốt', at: 0, weight: 2, what: 'stronger' }, { text: 'tốt', at: new TextEncoder().encode('rất rất ').length, weight: 1, what: 'word' }]);
  assert.equal(twice.map((each) => each.text).join(''), 'rất rất tốt', 'what overlaps is marked once');
});

test('a figure opens its feedback: the half-open span of a filter is the last day of an address', () => {
  assert.equal(feedback.inboxAddress({ topic: ['delivery'], polarity: 'negative', from: '2026-10-01', to: '2026-11-01' }), '/voices?topic=delivery&polarity=negative&from=2026-10-01&to=2026-10-31');
  assert.equal(feedback.inboxAddress({ pain: 'P1' }), '/voices?pain=P1&period=all');
  assert.equal(feedback.filterQuery({ class: ['negative', 'neutral'], q: 'giao*' }, { limit: 50, after: null }), '?class=negative&class=neutral&q=giao*&limit=50');
});

test('the interval of a share is Wilson’s', () => {
  // Newcombe 1998, table I, method 3: 81 of 263, 15 of 148, 0 of 20, 1 of 29.
  for (const [hits, n, low, high] of [[81, 263, 0.2553, 0.3662], [15, 148, 0.0624, 0.1605], [0, 20, 0, 0.1611], [1, 29, 0.0061, 0.1718]]) {
    const found = analysis.shareOf(hits, n);
    assert.ok(Math.abs(found.low - low) < 5e-5 && Math.abs(found.high - high) < 5e-5, `${hits}/${n}: ${found.low} ${found.high}`);
  }
  assert.equal(analysis.shareOf(0, 0), null);
});

test('alerts of one metric differ by which way and where; shares have their sign and what they are of', () => {
  const alert = { id: '1', kind: 'drift', what: 'score', key: 'csat', period: '2026-09-07', observed: 68.1, expected: 79.9, low: null, high: null, filter: { metric: ['csat'] }, seen: null };
  const { alertTitle, alertRests } = alerts;
  assert.equal(alertTitle(alert), 'CSAT giảm dần · toàn công ty');
  assert.equal(alertTitle({ ...alert, filter: { place: ['Đà Nẵng'], scale: ['1-5'] } }), 'CSAT giảm dần · Đà Nẵng');
  assert.equal(alertTitle({ ...alert, filter: { scale: ['1-10'] } }), 'CSAT giảm dần · 1–10 · toàn công ty');
  assert.equal(alertRests(alert), 'Từ tuần 07/09/2026: 68\u00a0%, trước đó khoảng 80\u00a0%');
  const waiting = { ...alert, what: 'topic', key: 'waiting', observed: 0.035, expected: 0.0011, filter: { topic: ['waiting'] } };
  assert.match(alertTitle(waiting), /^Lời chê về .+ tăng dần$/);
  assert.equal(alertRests(waiting), 'Từ tuần 07/09/2026: 3,5\u00a0% số lời, trước đó khoảng 0,1\u00a0%');
  assert.equal(alertRests({ ...waiting, kind: 'spike', observed: 14, expected: 3.24, low: 0, high: 8 }), '07/09/2026: 14, lẽ ra khoảng 3,2 (0 đến 8)');
});

test('a forecast leaves weeks of few answers aside, unless all are', () => {
  const week = (n, value) => ({ period: `2026-01-0${n % 10}`, n, value });
  const few = (history, of = 'score') => analysis.forecastPoints({ of, history, forecast: [{ period: '2026-02-01', value: 70 }] }, 30).map((each) => each.few);
  assert.deepEqual(few([week(1, 0), week(84, 77), week(168, 74)]), [true, false, false, false]);
  assert.deepEqual(few([week(1, 0), week(4, 77), week(8, 74)]), [false, false, false, false]);
  assert.deepEqual(few([week(1, 1), week(84, 84)], 'count'), [false, false, false]);
});

test('the week that has just begun ends no course', () => {
  const monday = Date.UTC(2026, 10, 16);
  const weeks = [{ from_ms: monday }, { from_ms: monday + 7 * 86_400_000 }];
  assert.deepEqual(pains.over(weeks, monday + 8 * 86_400_000), weeks.slice(0, 1));
});

test('under a pain point stands criticism alone, the worst first and each once', async () => {
  const { quotesOf } = await source.module('pages/voices/proposals/pack.ts');
  const said = (id, text, more) => ({ id, text, class: 'negative', complaint: false, score: null, scale: null, reversed: false, ...more });
  const quotes = quotesOf([
    said('1', 'quét mã QR cái xong liền.', { class: 'positive' }),
    said('2', 'duoc giai quyet ngay', { score: 5, scale: '1-5' }),
    said('3', 'Ứng dụng văng hoài'),
    said('4', 'ung dung vang hoai!!', { score: 1, scale: '1-5' }),
    said('5', 'Nhập mã ba lần', { class: 'neutral', score: 2, scale: '1-5' }),
    said('6', '!!!'),
    said('7', 'dễ mà', { score: 7, scale: '1-7', reversed: true }),
  ]);
  assert.deepEqual(quotes.map(({ id }) => id), ['4', '5']);
});
