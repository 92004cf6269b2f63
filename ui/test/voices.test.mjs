/* What the pages of voices compute by themselves: what is marked in a text, filters in addresses, intervals of shares. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { sources } from './source.mjs';

let source, marks, analysis, feedback;
before(async () => {
  globalThis.localStorage = { getItem: () => null, setItem: () => {}, removeItem: () => {} };
  Object.defineProperty(globalThis, 'navigator', { value: { languages: ['vi-VN'] }, configurable: true });
  globalThis.location ??= { pathname: '/voices', search: '', origin: 'http://x' };
  globalThis.window ??= globalThis;
  source = await sources();
  [marks, analysis, feedback] = await Promise.all(['marks.ts', 'analysis.ts', 'feedback.ts'].map((name) => source.module(`pages/voices/${name}`)));
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
