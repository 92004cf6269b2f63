/* What the pages compute by themselves: how things are written, periods, changes, orders, addresses. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { sources } from './source.mjs';

let source, format, i18n, metric, period, router, fields, filter, names, finding;
before(async () => {
  source = await sources();
  i18n = await source.module('lib/i18n.svelte.ts');
  await i18n.speak('vi');
  [format, metric, period, router, fields, filter, names, finding] = await Promise.all(
    ['lib/format.ts', 'lib/metric.ts', 'lib/period.svelte.ts', 'lib/router.svelte.ts', 'lib/fields.ts', 'lib/filter.svelte.ts', 'lib/names.ts', 'pages/journeys/finding.ts'].map(source.module),
  );
});
after(() => source.close());

const plain = (text) => text.replace(/[\u00a0\u202f]/g, ' ');
const figure = (score, low, high, n = 100, few = false) => ({ n, score, low, high, few });
/* 22 November 2026, 06:30 in Hà Nội, still the 21st in UTC-5. */
const morning = Date.UTC(2026, 10, 21, 23, 30);

test('numbers, money and days are written as the language writes them', async () => {
  assert.equal(format.number(1234.5, 1), '1.234,5');
  assert.equal(plain(format.money(1_250_000, 'VND')), '1.250.000 ₫');
  assert.equal(plain(format.money(1250, 'USD')), '12,50 USD');
  assert.equal(format.date(morning), '22/11/2026');
  assert.equal(format.time(morning), '06:30');
  assert.equal(format.month('2026-08-01'), '08/2026');
  assert.equal(format.shortDay('2026-08-24'), '24/08');
  await i18n.speak('en');
  assert.equal(format.number(1234.5, 1), '1,234.5');
  assert.equal(format.date(morning), '22 Nov 2026');
  assert.equal(format.time(morning), '06:30');
  await i18n.speak('vi');
});

test('a day belongs to the zone of the installation', () => assert.equal(format.isoDay(morning), '2026-11-22'));

test('minus is a minus sign and percent has its space', () => {
  assert.equal(format.number(-36), '−36');
  assert.equal(format.signed(-0.3), '0', 'there is no minus nothing');
  assert.equal(format.signed(4.2, 1), '+4,2');
  assert.equal(format.signed(-4.2, 1), '−4,2');
  assert.equal(format.percent(0.615), '62\u00a0%');
});

test('a length of time takes its largest sensible unit', () => {
  assert.match(plain(format.duration(45)), /^45 giây$/);
  assert.match(plain(format.duration(3600 * 36)), /^36 giờ$/);
  assert.match(plain(format.duration(86_400 * 60)), /^60 ngày$/);
});

test('scores have the unit and digits of their metric', () => {
  assert.equal(metric.scoreText('nps', -35.8974), '−36');
  assert.equal(metric.scoreText('csat', 61.2), '61\u00a0%');
  assert.equal(metric.scoreText('ces', 5.84), '5,8');
});

test('an interval below zero is written in words', () => {
  assert.equal(metric.rangeText('csat', figure(61, 54, 67)), '54–67');
  assert.equal(metric.rangeText('nps', figure(-36, -61, -6)), '−61 đến −6');
});

test('a change is clear only when it is more than chance', () => {
  assert.deepEqual(metric.change('csat', figure(61, 54, 67), figure(79, 75, 83)), { by: -18, text: 'giảm 18 điểm', clear: true, up: false });
  assert.equal(metric.change('csat', figure(61, 54, 67), figure(64, 58, 70)).clear, false);
  assert.equal(metric.change('csat', figure(0, 0, 14, 1, true), figure(100, 90, 100)).clear, false, 'one answer proves nothing');
  assert.equal(metric.change('csat', figure(null, null, null, 0), figure(79, 75, 83)), null);
  assert.equal(metric.change('csat', figure(61, 54, 67), undefined), null);
  assert.equal(metric.change('csat', figure(75, 74, 76), figure(100, 5, 100, 1, true)), null, 'nor does one before');
});

test('the period before is as long as the period and ends where it begins', () => {
  router.go('/?from=2026-10-01&to=2026-10-31');
  const now = period.period();
  assert.deepEqual(now.span, { from: '2026-10-01', to: '2026-11-01' }, 'the last day is included');
  assert.deepEqual(now.before, { from: '2026-08-31', to: '2026-10-01' });
  assert.equal(now.every, 'week');
});

test('a period that makes no sense falls back to thirty days', () => {
  for (const wrong of ['/?from=2026-13-01&to=2026-10-31', '/?from=2026-11-02&to=2026-11-01', '/?period=century', '/?from=x']) {
    router.go(wrong);
    const { id, span } = period.period();
    assert.equal(id, '30d', wrong);
    assert.equal(format.daysBetween(span.from, span.to), 30);
  }
});

test('all time has no bounds and nothing before it', () => {
  router.go('/?period=all');
  const { span, before: earlier } = period.period();
  assert.deepEqual([span, earlier], [null, null]);
});

test('the step of a chart is cut to the period', () => {
  router.go('/?from=2026-10-07&to=2026-12-10');
  const now = period.period();
  assert.deepEqual(period.stepSpan('2026-10-05', now), { from: '2026-10-07', to: '2026-10-12' });
  assert.deepEqual(period.stepSpan('2026-12-07', now), { from: '2026-12-07', to: '2026-12-11' });
});

test('a step without answers keeps its place', async () => {
  const { filled, stepsOf } = await source.module('lib/steps.ts');
  const span = { from: '2026-10-07', to: '2026-10-28' };
  assert.deepEqual(stepsOf(span, 'week', []), ['2026-10-05', '2026-10-12', '2026-10-19', '2026-10-26']);
  assert.deepEqual(stepsOf(null, 'month', ['2026-11-01', '2026-08-01']), ['2026-08-01', '2026-09-01', '2026-10-01', '2026-11-01']);
  assert.deepEqual(stepsOf(null, 'month', []), []);
  const rows = filled([{ period: '2026-10-19', n: 40, score: 70, low: 60, high: 80 }], span, 'week');
  assert.deepEqual(rows.map((row) => row.n), [0, 0, 40, 0]);
  assert.equal(rows[0].score, null, 'no answers is no score, never 0');
});

test('filters of one field are one condition with several values', () => {
  router.go('/?f=place~Đà Nẵng&f=place~Hà Nội&f=prop:app_version~3.2.0');
  assert.deepEqual(filter.conditions(), [
    { field: 'place', is: ['Đà Nẵng', 'Hà Nội'] },
    { field: 'prop:app_version', is: ['3.2.0'] },
  ]);
});

test('addresses lead to pages with their parameters', () => {
  const found = router.match('/journeys/j1/touchpoints/giao-hang');
  assert.deepEqual(found.params, { id: 'j1', tp: 'giao-hang' });
  assert.equal(router.match('/journeys/j1/other/x'), null);
  assert.equal(router.match('/people/p%201').params.id, 'p 1');
  assert.equal(router.match('/overview/').route.path, '/overview');
});

test('the worst comes first, and what rests on few answers last', () => {
  const part = (value, score, few = false) => ({ value, now: { ...figure(score, score, score), few }, before: undefined });
  const order = [part('a', 80), part('few', 10, true), part('b', 40), part('c', 60)].sort(fields.worstFirst).map((each) => each.value);
  assert.deepEqual(order, ['b', 'c', 'a', 'few']);
});

test('a value that is missing is asked for as missing', () => {
  assert.deepEqual(fields.valueCondition('place', null), { field: 'place', exists: false });
  assert.deepEqual(fields.valueCondition('place', 'Huế'), { field: 'place', is: ['Huế'] });
});

test('what has too many values is not broken down by', () => {
  const list = (n) => Array.from({ length: n }, (_, i) => ({ value: `v${i}`, events: 1 }));
  const prop = (value, distinct) => ({ value, distinct, events: 100, sample: [] });
  const catalogue = { channels: list(3), places: list(1), sources: list(1), props: [prop('carrier', 2), prop('order_id', 9000), prop('one', 1), prop('$', 4)] };
  assert.deepEqual(fields.fieldsOf(catalogue), ['channel', 'prop:carrier']);
});

test('codes of senders get words where there are any', () => {
  assert.equal(names.kindName('Order Completed'), 'Đặt hàng xong');
  assert.equal(names.kindName('Something Else'), 'Something Else');
  assert.equal(names.channelName('store'), 'Cửa hàng');
  assert.equal(names.valueName('place', null), '(không rõ)');
});

test('a finding says what, where, how sure and against what', () => {
  const found = { touchpoint: 'giao-hang', name: 'Giao hàng', stage: 's', field: 'place', value: 'Đà Nẵng', metric: 'csat', kind: 'score', now: figure(61, 54, 67, 412), before: figure(79, 75, 83, 400), rest: figure(80, 78, 82, 4000), delta: -18, people: 1240, good: false, where: [] };
  assert.equal(finding.where(found), 'Giao hàng tại Đà Nẵng');
  assert.equal(finding.figureText(found), 'CSAT 61\u00a0% (54–67, n = 412)');
  assert.deepEqual(finding.comparisons(found), ['giảm 18 điểm so với kỳ trước', 'phần còn lại: 80\u00a0%']);
});

test('one trouble does not hide the next', () => {
  const list = ['a', 'a', 'a', 'a', 'b', 'c', 'd'].map((touchpoint, index) => ({ touchpoint, index }));
  assert.deepEqual(finding.front(list, 4).map((each) => each.index), [0, 1, 4, 5]);
});

test('two findings about nearly the same people are told as one', async () => {
  const one = (field, value, people, over = {}) => ({ touchpoint: 'ship', kind: 'score', metric: 'csat', event: null, good: false, field, value, people, where: [{ field: 'touchpoint', is: ['ship'] }, { field, is: [value] }, { field: 'metric', is: ['csat'] }], ...over });
  const list = [one('prop:carrier', 'Cánh Buồm', 269), one('prop:region', 'Miền Trung', 262), one('place', 'Đà Nẵng', 187), one('prop:region', 'Miền Trung', 262, { kind: 'next_act', metric: null }), one('channel', 'app', 265)];
  const asked = [];
  const told = await finding.joined(list, async (where) => {
    asked.push(where.map((each) => each.field));
    return where.some((each) => each.field === 'channel') ? 120 : 258;
  });
  assert.deepEqual(told.map((each) => [each.field, each.kind, each.also.length]), [['prop:carrier', 'score', 1], ['place', 'score', 0], ['prop:region', 'next_act', 0], ['channel', 'score', 0]]);
  assert.deepEqual(asked, [['touchpoint', 'prop:carrier', 'prop:region'], ['touchpoint', 'prop:carrier', 'channel']], 'only those of nearly the same size are counted');
  assert.equal(finding.alsoText(told[0]), 'Vùng: Miền Trung');
});
