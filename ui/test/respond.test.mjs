/* What the respondents' code computes by itself: the way through a survey, colours, what is sent. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { readFileSync } from 'node:fs';
import { sources } from './source.mjs';

let opened, way, piped, order, options, accent, json, wrong, isAnswered, offered;
before(async () => {
  opened = await sources();
  const module = (name) => opened.module(`../respond/${name}.ts`);
  ({ way, piped, isAnswered } = await module('logic'));
  ({ order, options } = await module('shuffle'));
  ({ accent } = await module('theme'));
  ({ json } = await module('session'));
  ({ wrong } = await module('check'));
  ({ offered } = await module('mailed'));
});
after(() => opened.close());

const golden = JSON.parse(readFileSync(new URL('../../test/golden/survey-logic.json', import.meta.url), 'utf8'));

test('every way of the golden cases is the way that the server takes', () => {
  assert.ok(golden.cases.length > 20);
  for (const each of golden.cases) {
    const questions = order(each.document, each.key);
    const context = { answers: each.answers, hidden: each.hidden ?? {}, language: each.language };
    const found = way(each.document, questions, context);
    assert.deepEqual(found.questions, each.way, each.name);
    assert.equal(found.end, each.end, each.name);
    for (const { text, is } of each.pipes ?? []) assert.equal(piped(text, each.document, context, found.questions), is, `${each.name}: ${text}`);
    for (const [id, wanted] of Object.entries(each.options ?? {})) {
      const question = each.document.questions.find((one) => one.id === id);
      assert.deepEqual(options(question, question.options, each.key).map((one) => one.id), wanted, each.name);
    }
  }
});

/* WCAG 2.2, "relative luminance" and "contrast ratio". */
function contrast(a, b) {
  const light = (colour) => colour.map((part) => part / 255).map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4)).reduce((sum, part, at) => sum + part * [0.2126, 0.7152, 0.0722][at], 0);
  const [x, y] = [light(a) + 0.05, light(b) + 0.05].sort((one, other) => other - one);
  return x / y;
}

test('whatever accent the author chose can be read, in light and in dark', () => {
  const steps = [0, 15, 51, 85, 119, 153, 187, 221, 255];
  for (const r of steps) for (const g of steps) for (const b of steps) {
    const hex = `#${[r, g, b].map((part) => part.toString(16).padStart(2, '0')).join('')}`;
    for (const dark of [false, true]) {
      const found = accent(hex, dark).match(/\d+/g).map(Number);
      assert.ok(contrast(found, dark ? [27, 28, 37] : [255, 255, 255]) >= 4.5, `${hex} ${dark} ${found}`);
      assert.ok(contrast(found, dark ? [0, 0, 0] : [255, 255, 255]) >= 4.5, `ink on ${hex} ${dark}`);
    }
  }
  assert.equal(accent('#0b6e4f', false), 'rgb(11,110,79)', 'a good colour stays');
  for (const bad of [null, '', 'red', '#12', 'url(x)']) assert.equal(accent(bad, false), accent('#4348a8', false));
});

test('what is sent is JSON even where a page has spoilt the prototypes', () => {
  const value = { text: 'Ễ "q" \\ \n\u2028 😀', list: [1, 'a', { b: null }], left: undefined, no: false, empty: {} };
  const plain = JSON.stringify(value);
  Array.prototype.toJSON = () => 'spoilt';
  String.prototype.toJSON = () => 'spoilt';
  Object.prototype.pollution = 'spoilt';
  try {
    const sent = json(value);
    delete Array.prototype.toJSON;
    delete String.prototype.toJSON;
    delete Object.prototype.pollution;
    assert.deepEqual(JSON.parse(sent), JSON.parse(plain));
  } finally {
    delete Array.prototype.toJSON;
    delete String.prototype.toJSON;
    delete Object.prototype.pollution;
  }
});

test('an answer that the server would refuse is not sent', () => {
  const cases = [
    [{ type: 'nps', required: true }, null, 'required'],
    [{ type: 'nps', required: true }, 0, null],
    [{ type: 'nps' }, null, null],
    [{ type: 'note', required: true }, null, null],
    [{ type: 'text', required: true }, '  ', 'required'],
    [{ type: 'text', most: 5 }, 'Ễễễễễ', null],
    [{ type: 'text', most: 5 }, 'Ễễễễễễ', 'long'],
    [{ type: 'multiple', least: 2 }, ['a'], 'least'],
    [{ type: 'multiple', most: 1 }, ['a', 'b'], 'most'],
    [{ type: 'single' }, { option: 'x', other: ' ' }, 'other'],
    [{ type: 'matrix', required: true, rows: [{ id: 'r1' }, { id: 'r2' }] }, { r1: 'a' }, 'required'],
    [{ type: 'matrix', rows: [{ id: 'r1' }, { id: 'r2' }] }, { r1: 'a' }, null],
    [{ type: 'contact' }, { email: 'lan@' }, 'email'],
    [{ type: 'contact' }, { email: 'lan@congty.vn', phone: '0912 345 678' }, null],
    [{ type: 'contact' }, { phone: '12' }, 'phone'],
  ];
  for (const [question, answer, wanted] of cases) assert.equal(wrong({ id: 'q', ...question }, answer), wanted, JSON.stringify([question, answer]));
  assert.equal(isAnswered(0), true);
  assert.equal(isAnswered([]), false);
});

test('a mail chooses only what the question offers', () => {
  const nps = { id: 'q', type: 'nps', title: {} };
  const csat = { ...nps, type: 'csat', scale: '1-5' };
  const single = { ...nps, type: 'single', options: [{ id: 'a', label: {} }, { id: 'x', label: {}, other: true }] };
  const emotion = { ...nps, type: 'emotion' };
  for (const [question, given, is] of [
    [nps, '0', 0], [nps, '10', 10], [nps, '11', undefined], [nps, '-1', undefined], [nps, '9.5', undefined], [nps, '', undefined],
    [csat, '5', 5], [csat, '9', undefined], [csat, '0', undefined],
    [single, 'a', 'a'], [single, 'b', undefined], [single, 'x', undefined],
    [emotion, 'target', undefined], [emotion, 'constructor', undefined],
    [{ ...nps, type: 'matrix' }, 'a', undefined], [{ ...nps, type: 'text' }, '1', undefined],
  ]) assert.equal(offered(question, given), is, `${question.type} ${given}`);
  assert.deepEqual(offered(emotion, 'joy'), { emotion: 'joy', strength: 2 });
  assert.deepEqual(offered({ ...emotion, target: 'an tâm' }, 'target'), { emotion: 'target', strength: 2 });
});

test('a text is as long as its letters, however many bytes they take', () => {
  const question = { id: 'q', type: 'text', title: {}, most: 10 };
  assert.equal(wrong(question, 'Đặc biệt ạ'), null);
  assert.equal(wrong(question, 'Đặc biệt lắm'), 'long');
});
