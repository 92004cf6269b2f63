/* Planned against actual: what the map means, what people do, and where it is drawn. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { sources } from './source.mjs';

let source, flow, design, ways, deviations;
before(async () => {
  source = await sources();
  await (await source.module('lib/i18n.svelte.ts')).speak('en');
  [flow, design, ways, deviations] = await Promise.all(['lib/flow.ts', 'pages/journeys/design.ts', 'pages/journeys/ways.ts', 'pages/journeys/deviations.ts'].map(source.module));
});
after(() => source.close());

const kind = (...is) => ({ field: 'kind', is });
const point = (id, stage, where, act, lane = null) => ({ id, name: id.toUpperCase(), stage, lane, where, next_act: act ? { name: `act of ${id}`, within: '1d', when: act } : null });
const journey = {
  id: 'J',
  name: 'J',
  stages: ['look', 'help', 'buy', 'get', 'stay'].map((id) => ({ id, name: id })),
  lanes: [],
  touchpoints: [
    point('ad', 'look', [kind('Ad')], null),
    point('view', 'look', [kind('page', 'Viewed')], [kind('Added')]),
    point('chat', 'help', [{ any: [kind('Chat'), { field: 'touchpoint', is: ['chat'] }] }], [kind('Ordered')]),
    point('basket', 'buy', [kind('Added')], [kind('Checkout')]),
    point('pay', 'buy', [kind('Checkout')], [kind('Ordered')]),
    point('order', 'buy', [kind('Ordered'), { field: 'channel', is_not: ['store'] }], [kind('Delivered')]),
    point('shop', 'buy', [kind('Ordered'), { field: 'channel', is: ['store'] }], [kind('Ordered')], 'shop'),
    point('ship', 'get', [kind('Delivered')], [kind('Ordered')]),
    point('stay', 'stay', [kind('Reviewed')], null),
  ],
};

test('a next act leads to the touchpoints where it can happen', () => {
  const aims = (id) => design.aims(journey, journey.touchpoints.find((each) => each.id === id)).map((each) => each.id);
  assert.deepEqual(aims('view'), ['basket']);
  assert.deepEqual(aims('chat'), ['order', 'shop'], 'whatever the channel');
  assert.deepEqual(aims('ad'), []);
  const store = [kind('Ordered'), { field: 'channel', is: ['store'] }];
  assert.equal(design.meet(store, journey.touchpoints.find((each) => each.id === 'order').where), false, 'a shop order is no web order');
  assert.equal(design.meet([{ field: 'amount', gt: 5 }], [kind('Ordered')]), false, 'no common value is no promise');
});

test('a step goes along the design, passes something over, or goes back', () => {
  const { step } = design.designOf(journey);
  const turn = (from, to) => {
    const { turn, off, over } = step(from, to);
    return [turn, off, over.map((each) => each.id)];
  };
  assert.deepEqual(turn('view', 'basket'), ['planned', false, []]);
  assert.deepEqual(turn('view', 'chat'), ['ahead', false, []], 'between here and the next act');
  assert.deepEqual(turn('basket', 'order'), ['skip', true, ['pay']]);
  assert.deepEqual(turn('ad', 'basket'), ['skip', true, ['chat']], 'a whole stage is left out');
  assert.deepEqual(turn('ad', 'chat'), ['ahead', false, []]);
  assert.deepEqual(turn('pay', 'view'), ['back', true, []]);
  assert.deepEqual(turn('ship', 'order'), ['planned', false, []], 'buys again');
  assert.deepEqual(turn('ship', 'view'), ['round', false, []], 'a new round begins before that');
  assert.deepEqual(turn('ship', 'stay'), ['ahead', false, []]);
  assert.deepEqual(turn('stay', 'view'), ['round', false, []], 'nothing is left to do');
  assert.deepEqual(turn('shop', 'order'), ['planned', false, []]);
});

test('people may be seen last where nothing further is meant to happen', () => {
  const { finish } = design.designOf(journey);
  assert.deepEqual(['view', 'pay', 'ship', 'stay', 'ad'].map(finish), [false, false, true, true, false]);
});

const edge = (from, to, people, median_s = 60, p90_s = 120) => ({ from, to, events: people, people, median_s, p90_s });
const rows = [edge('view', 'basket', 60), edge('basket', 'order', 30), edge('pay', 'view', 9), { ...edge(null, 'view', 100), begin: true, median_s: null, p90_s: null }, { ...edge('view', null, 40), end: true }, { path: ['view'], people: 40, median_s: 0, p90_s: 0 }];

test('ways carry their share of those who went on, and only those of the group', () => {
  const found = ways.waysOf(rows, design.designOf(journey), null);
  assert.equal(found.length, 5, 'whole paths are no ways');
  assert.deepEqual(found.map((way) => way.id), ['>view', 'view>basket', 'view>', 'basket>order', 'pay>view']);
  assert.equal(found[1].share, 0.6);
  assert.deepEqual(found[2].row, { from: 'view', to: null, end: true });
  const grouped = ways.waysOf([{ ...rows[0], 'prop:vip': true }, { ...rows[1], 'prop:vip': false }], design.designOf(journey), { field: 'prop:vip', value: 'true', is: true });
  assert.deepEqual(grouped.map((way) => way.row), [{ 'prop:vip': true, from: 'view', to: 'basket' }]);
});

const adherence = (touchpoint, over) => ({ touchpoint, reached: 100, open: 0, next_act_rate: null, late: 0, repeated: 0, ...over });
const readingOf = (rate) => ({ rows: [adherence('view', { next_act_rate: 0.6, repeated: 5 }), adherence('pay', { reached: 400, next_act_rate: rate, late: 10 })], ways: ways.waysOf(rows, design.designOf(journey), null) });

test('what clearly grew comes first, then what happened to most', () => {
  const calm = deviations.deviations(journey, readingOf(0.9), readingOf(0.9), 30);
  assert.deepEqual(calm.map((each) => each.id), ['missed:pay', 'missed:view', 'skip:basket>order', 'back:pay>view', 'repeated:view']);
  const grown = deviations.deviations(journey, readingOf(0.8), readingOf(0.9), 30);
  assert.equal(grown[0].id, 'missed:pay');
  assert.deepEqual([grown[0].count, grown[0].of, grown[0].other.count, grown[0].more], [80, 400, 40, true]);
  const name = (id) => id.toUpperCase();
  assert.equal(deviations.deviationText(grown[0], name), '80 visits to “PAY” did not get to “act of pay” within 24 hours (20\u00a0% of 400 visits)');
  assert.match(deviations.deviationText(calm[2], name), /30 people went straight from “BASKET” to “ORDER”, passing over “PAY”/);
  assert.equal(deviations.deviations(journey, readingOf(0.8), null, 30)[0].more, false, 'nothing to compare with');
});

test('one of many shares has to have grown more than one of few to be called clearly more', () => {
  const many = (n, rate) => ({ rows: Array.from({ length: n }, (_, i) => adherence(`t${i}`, { reached: 400, next_act_rate: i ? 0.9 : rate })), ways: [] });
  const map = { ...journey, touchpoints: Array.from({ length: 40 }, (_, i) => ({ ...journey.touchpoints.find((each) => each.id === 'pay'), id: `t${i}` })) };
  const clear = (n, rate) => deviations.deviations(map, many(n, rate), many(n, 0.9), 30).some((each) => each.more);
  assert.deepEqual([clear(1, 0.85), clear(40, 0.85), clear(40, 0.8)], [true, false, true]);
  for (const [z, p] of [[0, 0.5], [1.959964, 0.025], [3.290527, 0.0005], [-1.644854, 0.95]]) assert.ok(Math.abs(deviations.above(z) - p) < 1e-6);
});

const nodes = [
  { id: 'a', column: 0, label: 'A' },
  { id: 'b', column: 1, label: 'B' },
  { id: 'c', column: 1, label: 'C' },
];
const link = (from, to, value) => ({ id: `${from}>${to}`, from, to, value, label: '', note: '2 h' });

test('ribbons are as wide as their value and share a side without overlap', () => {
  const drawing = flow.drawFlow(nodes, [link('a', 'b', 300), link('a', 'c', 100), link(null, 'a', 400), link('c', 'a', 20), link('b', 'c', 50), link('b', 'b', 4), link('c', null, 80)], { width: 900 });
  const of = (id) => drawing.ribbons.find((ribbon) => ribbon.link.id === id);
  assert.equal(of('a>b').thick / of('a>c').thick, 3);
  assert.deepEqual(['a>b', 'null>a', 'c>a', 'b>c', 'b>b', 'c>null'].map((id) => of(id).course), ['forward', 'begin', 'back', 'down', 'loop', 'end']);
  const [a, b, c] = ['a', 'b', 'c'].map((id) => drawing.nodes.find((node) => node.id === id));
  assert.ok(b.y + b.height < c.y, 'cards of a column stand below each other');
  assert.ok(a.height >= of('a>b').thick + of('a>c').thick + of('c>a').thick, 'a side holds its ribbons');
  const start = (id) => Number(/^M[\d.]+ ([\d.]+)/.exec(of(id).path)[1]);
  assert.ok(start('a>c') - start('a>b') >= (of('a>b').thick + of('a>c').thick) / 2 - 0.2);
  assert.ok(drawing.ribbons.every(({ path }) => !/NaN|undefined/.test(path)));
});

test('a drawing has its least width, and what leads nowhere is left out', () => {
  const drawing = flow.drawFlow(nodes, [link('a', 'gone', 5), link(null, null, 5)], { width: 100 });
  assert.equal(drawing.ribbons.length, 0);
  assert.ok(drawing.width > 300);
  assert.equal(flow.drawFlow([], [], { width: 500 }).nodes.length, 0);
});

test('a long label is cut into two lines', () => {
  assert.deepEqual(flow.lines('Tìm và xem sản phẩm', 80), ['Tìm và xem', 'sản phẩm']);
  assert.deepEqual(flow.lines('một hai ba bốn năm sáu bảy tám', 60), ['một hai', 'ba bốn …']);
});
