/* What Explore computes by itself: questions between the builder and the language, sentences, courses, exports. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { sources } from './source.mjs';

let source, question, event, operators, sentence, series, answers, flows, asker, address, out, i18n;

before(async () => {
  globalThis.localStorage = { getItem: () => null, setItem: () => {}, removeItem: () => {} };
  Object.defineProperty(globalThis, 'navigator', { value: { languages: ['vi-VN'] }, configurable: true });
  source = await sources();
  i18n = await source.module('lib/i18n.svelte.ts');
  await i18n.speak('vi');
  [question, event, operators, sentence, series, answers, flows, asker, address] = await Promise.all(
    ['question.ts', 'event.ts', 'operators.ts', 'sentence.ts', 'series.ts', 'answers.ts', 'flows.ts', 'asker.svelte.ts', 'address.ts'].map((name) => source.module(`pages/explore/${name}`)),
  );
  out = await source.module('lib/export.ts');
});
after(() => source.close());

const kind = (...is) => ({ field: 'kind', is });

test('what the language says in short the builder holds as lists, and gives back as it was', () => {
  const asked = {
    ask: 'funnel',
    steps: [kind('Product Viewed'), [kind('Order Completed'), { field: 'channel', is: ['web'] }]],
    within: '7d',
    where: [{ did: kind('Call Received'), at_least: 2, in_last: '30d' }, { not: { field: 'place', exists: false } }, { any: [kind('a'), [kind('b'), { field: 'score', gte: 9 }]] }],
    later: { kept: true },
  };
  const held = question.fromLanguage(asked);
  assert.deepEqual(held.steps[0], [kind('Product Viewed')]);
  assert.deepEqual(question.toLanguage(held), asked);
  assert.deepEqual(question.toLanguage(question.fromLanguage({ ask: 'count', of: 'people', where: { field: 'kind', is: 'x' } })), { ask: 'count', of: ['people'], where: [kind('x')] });
  for (const wrong of [null, [], {}, { ask: 'guess' }, 'x']) assert.throws(() => question.fromLanguage(wrong));
});

test('what is unfinished is not asked, and what is missing is named', () => {
  const funnel = question.ofKind('funnel');
  assert.equal(question.gap(funnel), 'steps');
  const begun = { ...funnel, steps: [[kind('a')], [], [kind()]], where: [{ field: 'channel', is: [] }, { any: [kind(), kind('b')] }, { not: [kind()] }] };
  assert.equal(question.gap(begun), null);
  assert.deepEqual(question.toLanguage(begun), { ask: 'funnel', steps: [kind('a')], within: '7d', where: [{ any: [kind('b')] }] });
  assert.equal(question.gap({ ask: 'timeline' }), 'person');
});

test('another kind of question keeps what both have', () => {
  const before_ = { ask: 'count', of: ['people'], by: ['channel'], every: 'day', where: [kind('a')] };
  const funnel = question.ofKind('funnel', before_);
  assert.deepEqual([funnel.ask, funnel.by, funnel.every, funnel.where, funnel.of], ['funnel', ['channel'], 'day', [kind('a')], undefined]);
  assert.deepEqual(question.toLanguage({ ...before_, ask: 'timeline', person: 'p' }), { ask: 'timeline', person: 'p', where: [kind('a')] });
  assert.equal(question.toLanguage({ ask: 'paths', depth: 4 }).steps, undefined, 'without a beginning or an end paths have no length');
  assert.equal(question.toLanguage({ ask: 'paths', depth: 4, start: [kind('a')] }).steps, 4);
});

test('kinds and touchpoints are chosen together', () => {
  const clauses = [{ field: 'channel', is: ['web'] }, { any: [kind('a', 'b'), { field: 'touchpoint', is: ['giao-hang'] }] }];
  const picked = event.picked(clauses);
  assert.deepEqual(picked, { picks: ['kind:a', 'kind:b', 'touchpoint:giao-hang'], rest: [clauses[0]] });
  assert.deepEqual(event.unpicked(picked), [clauses[1], clauses[0]]);
  assert.deepEqual(event.unpicked({ picks: ['kind:a'], rest: [] }), [kind('a')]);
  assert.deepEqual(event.unpicked({ picks: [], rest: [clauses[0]] }), [clauses[0]]);
});

test('comparisons change without losing what was chosen', () => {
  assert.equal(operators.operatorOf({ field: 'score', gte: 0, lte: 6 }), 'between');
  assert.equal(operators.operatorOf({ field: 'place', exists: false }), 'missing');
  assert.equal(operators.operatorOf({ field: 'score', gt: 1, lt: 2 }), null);
  assert.deepEqual(operators.withOperator(kind('a', 'b'), 'is_not'), { field: 'kind', is_not: ['a', 'b'] });
  assert.deepEqual(operators.withOperator({ field: 'score', gte: 3 }, 'lt'), { field: 'score', lt: 3 });
});

test('a question is said as a sentence', async () => {
  const funnel = question.fromLanguage({ ask: 'funnel', steps: [kind('Product Viewed'), kind('Product Added'), kind('Order Completed')], within: '7d', by: ['channel'] });
  assert.equal(sentence.sentence(funnel, 'trong 90 ngày qua'), 'Trong 7 ngày, bao nhiêu khách đi từ “Xem sản phẩm” qua “Thêm vào giỏ” đến “Đặt hàng xong”, chia theo kênh, trong 90 ngày qua.');
  const score = question.fromLanguage({ ask: 'score', metric: 'nps', every: 'month', where: [{ field: 'channel', is: ['web', 'zalo'] }, { did: kind('Call Received'), in_last: '30d' }] });
  assert.match(sentence.sentence(score, 'từ trước đến nay'), /^NPS là bao nhiêu, từng tháng, chỉ tính khi kênh là Web hoặc Zalo và khách từng “Gọi tổng đài” trong 30 ngày gần nhất, từ trước đến nay\.$/);
  await i18n.speak('en');
  assert.equal(sentence.sentence(funnel, 'over the last 90 days'), 'Within 7 days, how many people go from “Product viewed” through “Product added” to “Order completed”, by channel, over the last 90 days.');
  await i18n.speak('vi');
});

test('a retention question without a beginning or a return is a sentence too', async () => {
  const say = (asked) => sentence.sentence(question.fromLanguage({ ask: 'retention', every: 'month', ...asked }), 'trong 12 tháng qua');
  assert.equal(say({}), 'Trong số khách xuất hiện lần đầu, bao nhiêu phần trăm quay lại sau 1, 2, 3… tháng, trong 12 tháng qua.');
  assert.match(say({ start: kind('Order Completed') }), /^Trong số khách lần đầu có “Đặt hàng xong”, bao nhiêu phần trăm lại có “Đặt hàng xong” sau/);
  assert.match(say({ return: kind('Order Completed'), cohort: 'every' }), /^Trong số khách có hoạt động trong mỗi tháng, bao nhiêu phần trăm có “Đặt hàng xong” sau/);
});

test('a link says what it says: unknown keys go to the server, what is no question is none', () => {
  const strange = { ask: 'funnel', stepz: [] };
  assert.deepEqual(question.toLanguage(question.fromAddress(JSON.stringify(strange))), { ...strange, steps: [] });
  assert.equal(question.gap(question.fromLanguage(strange)), null);
  for (const wrong of ['{broken', '{"ask":"count","where":"web"}', '{"ask":"count","where":["web"]}', '{"ask":"count","steps":[]}', '{"ask":"funnel","steps":"x"}']) assert.equal(question.fromAddress(wrong), null, wrong);
});

test('a path of one event takes no time', () => {
  const time = answers.variantColumns({ ask: 'paths' }).find((column) => column.id === 'median_s');
  assert.equal(time.text({ path: ['a'], median_s: 0 }), '0 giây');
  assert.equal(time.text({ path: ['a', 'b'], median_s: null }), '–');
});

test('every period has its place, whatever the calendar', () => {
  assert.equal(series.periodStart('2026-11-22', 'week'), '2026-11-16');
  assert.equal(series.periodStart('2026-11-22', 'quarter'), '2026-10-01');
  assert.equal(series.periodNext('2026-10-01', 'quarter'), '2027-01-01');
  assert.equal(series.periodNext('2026-12-01', 'month'), '2027-01-01');
  assert.equal(series.periodNext('2026-01-01', 'year'), '2027-01-01');
  assert.deepEqual(series.periodsOf(['2026-03-01', '2026-01-01'], 'month', null), ['2026-01-01', '2026-02-01', '2026-03-01']);
  assert.deepEqual(series.periodSpan('2026-10-01', 'quarter', { from: '2026-10-20', to: '2026-12-01' }), { from: '2026-10-20', to: '2026-12-01' });
});

test('of many groups the ten largest are drawn, the rest is one exact question', () => {
  const asked = { ask: 'count', of: ['people'], by: ['prop:sku'], where: [kind('a')] };
  const rows = Array.from({ length: 30 }, (_, k) => ({ 'prop:sku': k ? `s${k}` : null, events: k, people: k }));
  const order = asker.largest(asked, rows);
  assert.equal(order.length, 30);
  const rest = asker.othersOf(asked, rows, order.slice(0, 10));
  assert.deepEqual(rest.by, []);
  assert.equal(rest.where.length, 2);
  assert.deepEqual(rest.where[1].not.any[0], { field: 'prop:sku', is: ['s29'] });
  const { bars, left } = series.barsOf({ question: asked, rows, others: [{ events: 1, people: 7 }] }, 'people');
  assert.deepEqual([bars.length, left, bars.at(-1).value, bars.at(-1).others], [11, 20, 7, true]);
});

test('a period without answers is a gap in a score and nothing in a count', () => {
  const of = (ask) => series.coursesOf({ question: { ask, every: 'month', metric: 'nps' }, rows: [{ period: '2026-01-01', score: 5, events: 3, n: 3 }, { period: '2026-03-01', score: 7, events: 4, n: 4 }], others: [] }, ask === 'score' ? 'score' : 'events', null).courses[0].points.map((point) => point.value);
  assert.deepEqual(of('score'), [5, null, 7]);
  assert.deepEqual(of('count'), [3, 0, 4]);
});

test('a CSV opens in a spreadsheet as what it is', () => {
  const columns = [
    { id: 'a', label: 'Tên, "đầy đủ"', value: (row) => row.a, text: (row) => row.a },
    { id: 'b', label: '=điểm', value: (row) => row.b, text: () => 'làm tròn' },
    { id: 'c', label: 'chỉ để xem', text: () => 'x' },
    { id: 'd', label: 'không xuất', value: () => 1, text: () => '', exported: false },
  ];
  const rows = [{ a: '=HYPERLINK("x")', b: -0.1234567890123 }, { a: '+84 901', b: 1e21 }, { a: '-3', b: null }, { a: '@mai', b: 0 }, { a: 'dòng\nmới', b: 2.5 }, { a: '\t=1', b: 1 }];
  const text = out.csv(columns, rows);
  assert.equal(text.charCodeAt(0), 0xfeff);
  assert.deepEqual(text.slice(1).split('\r\n'), ['"Tên, ""đầy đủ""",\'=điểm', '"\'=HYPERLINK(""x"")",-0.1234567890123', "'+84 901,1e+21", "'-3,", "'@mai,0", '"dòng\nmới",2.5', "'\t=1,1", '']);
  assert.equal(out.tabbed(columns, rows.slice(1, 3)), 'Tên, "đầy đủ"\t\'=điểm\n\'+84 901\t1e+21\n\'-3\t');
  assert.match(out.fileName('Phễu mua hàng: tháng 11/2026!', 'csv'), /^phễu-mua-hàng-tháng-11-2026-\d{4}-\d{2}-\d{2}\.csv$/);
});

test('a table has the figures of its question, numbers unrounded', () => {
  const asked = question.fromLanguage({ ask: 'retention', start: [kind('a')], every: 'month' });
  const columns = answers.columnsOf(asked, [{ cohort: '2026-01-01', size: 3, returned: [3, 0, null] }]);
  const row = { cohort: '2026-01-01', size: 3, returned: [3, 0, null] };
  assert.deepEqual(columns.map((column) => column.value(row)), ['2026-01-01', 3, 3, 0, null]);
  assert.deepEqual(columns.map((column) => column.text(row)), ['01/2026', '3', '3', '0', '–']);
  const funnel = answers.columnsOf({ ask: 'funnel', steps: [[kind('a')]] }, [{ step: 1 }]);
  assert.equal(funnel.find((column) => column.id === 'of_first').value({ of_first: 0.123456 }), 0.123456);
});

test('edges with places stand in the column of their place, the others one after what leads to them', () => {
  const placed = flows.drawn({ ask: 'paths' }, [{ from: 'a', to: 'b', step: 1, events: 5, people: 5, median_s: 60, p90_s: 90 }, { from: 'b', to: 'a', step: 2, events: 2, people: 2, median_s: null, p90_s: null }, { path: ['a', 'b'], people: 3 }]);
  assert.deepEqual(placed.nodes.map((node) => [node.id, node.column]), [['1:a', 0], ['2:b', 1], ['3:a', 2]]);
  assert.deepEqual(placed.nodes.map((node) => node.note), [undefined, undefined, undefined], 'no box says what is not known');
  assert.deepEqual(placed.links.map((link) => [link.from, link.to, link.value]), [['1:a', '2:b', 5], ['2:b', '3:a', 2]]);
  const spread = flows.drawn({ ask: 'paths' }, [{ from: 'a', to: 'b', events: 9, people: 9 }, { from: 'b', to: 'c', events: 5, people: 5 }, { from: 'c', to: 'b', events: 1, people: 1 }, { from: null, to: 'a', begin: true, events: 9, people: 9 }, { from: 'b', to: 'b', events: 2, people: 2 }]);
  assert.deepEqual(spread.nodes.map((node) => [node.id, node.column]), [['a', 0], ['b', 1], ['c', 2]]);
  assert.equal(spread.links.length, 5);
});

test('a box says how often its event occurs, from the side of it that is complete', () => {
  const rows = [{ from: 'a', to: 'b', events: 4, people: 3 }, { from: 'b', to: 'a', events: 1, people: 1 }];
  const whole = [...rows, { from: 'a', to: 'c', events: 2, people: 2 }, { from: null, to: 'a', begin: true, events: 5, people: 5 }, { from: 'b', to: null, end: true, events: 3, people: 3 }, { from: 'c', to: null, end: true, events: 2, people: 2 }];
  assert.deepEqual(flows.drawn({ ask: 'paths' }, rows, whole).nodes.map(({ id, note }) => [id, note]), [['a', '6 lượt'], ['b', '4 lượt']]);
  const steps = [{ from: 'a', to: 'b', step: 1, events: 3, people: 3 }, { from: 'b', to: 'c', step: 2, events: 1, people: 1 }];
  const all = [...steps, { from: null, to: 'a', begin: true, events: 4, people: 4 }, { from: 'a', to: null, end: true, events: 1, people: 1 }, { from: 'b', to: null, end: true, events: 2, people: 2 }, { from: 'c', to: null, end: true, events: 1, people: 1 }];
  assert.deepEqual(flows.drawn({ ask: 'paths', start: [kind('a')], depth: 3 }, steps, all).nodes.map(({ id, note }) => [id, note]), [['1:a', '4 lượt'], ['2:b', '3 lượt'], ['3:c', '1 lượt']]);
  const back = [{ from: 'a', to: 'c', step: 2, events: 3, people: 3 }, { from: null, to: 'a', begin: true, events: 3, people: 3 }, { from: null, to: 'c', begin: true, events: 1, people: 1 }, { from: 'c', to: null, end: true, events: 4, people: 4 }];
  assert.deepEqual(flows.drawn({ ask: 'paths', end: [kind('c')], depth: 3 }, back.slice(0, 1), back).nodes.map(({ id, note }) => [id, note]), [['2:a', '3 lượt'], ['3:c', '4 lượt']]);
  assert.equal(asker.holdsAllEdges({ ask: 'paths', by: ['channel'] }, [{ channel: 'web' }, { channel: 'app' }, { channel: 'app', path: ['a'] }], 2), true);
  assert.equal(asker.holdsAllEdges({ ask: 'paths' }, [{}, {}], 2), false);
});

test('what is kept follows the period: it moves along, or the days stay', () => {
  const asked = question.fromLanguage({ ask: 'count', from: '2026-01-01', to: '2026-02-01' });
  const split = address.splitPeriod(asked);
  assert.deepEqual(split, { question: { ask: 'count' }, search: { from: '2026-01-01', to: '2026-01-31', period: null } });
  assert.deepEqual(address.forKeeping(split.question, { id: '30d', span: { from: 'x', to: 'y' } }), { question: { ask: 'count' }, period: '30d' });
  assert.deepEqual(address.forKeeping(split.question, { id: 'custom', span: { from: '2026-01-01', to: '2026-02-01' } }), { question: { ask: 'count', from: '2026-01-01', to: '2026-02-01' }, period: '' });
  assert.deepEqual(question.fromAddress(question.toAddress(split.question)), split.question);
  assert.equal(question.fromAddress('{"ask"'), null);
});
