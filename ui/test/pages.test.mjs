/* What the working pages compute: import maps, changes of a journey map, conditions, passwords. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { sources } from './source.mjs';

let source, map, model, changesBetween, conditions, strengthOf;
before(async () => {
  source = await sources();
  map = await source.module('pages/imports/map.ts');
  model = await source.module('pages/editor/model.ts');
  conditions = await source.module('pages/editor/conditions.ts');
  ({ changesBetween } = await source.module('pages/editor/changes.ts'));
  ({ strengthOf } = await source.module('pages/signin/strength.ts'));
});
after(() => source.close());

test('a column alone is written as its name, options make it an object', () => {
  assert.deepEqual(map.withField({}, 'kind', { column: 'event' }), { kind: 'event' });
  assert.deepEqual(map.withField({}, 'at', { column: 'when', format: 'iso', zone: '' }), { at: { column: 'when', format: 'iso' } });
  assert.deepEqual(map.withField({ kind: 'event', text: 'why' }, 'kind', null), { text: 'why' });
  assert.deepEqual(map.withField({}, 'kind', { value: '' }), { kind: { value: '' } }, 'a constant that is being typed is kept');
});

test('one answer is an object, several are a list, and what is unknown is carried along', () => {
  const read = { score: { column: 'q1', metric: 'nps', later: true }, unknown: { a: 1 } };
  const [first] = map.answersOf(read);
  assert.deepEqual(map.withAnswers(read, [first]), read);
  assert.deepEqual(map.withAnswers(read, [first, { column: 'q2' }]).score, [{ column: 'q1', metric: 'nps', later: true }, 'q2']);
  assert.equal(map.withAnswers(read, []).score, undefined);
});

test('a column tells which targets use it, options included', () => {
  const read = { amount: { column: 'price', times: 'quantity', currency: { column: 'money' } }, score: [{ column: 'a', text: 'why' }], id: { columns: ['x', 'y'] }, props: '*' };
  assert.deepEqual(map.usersOf(read, 'quantity'), ['amount']);
  assert.deepEqual(map.usersOf(read, 'money'), ['amount']);
  assert.deepEqual(map.usersOf(read, 'why'), ['score']);
  assert.deepEqual(map.usersOf(read, 'y'), ['id']);
  assert.deepEqual(map.usersOf(read, 'other'), ['props']);
});

test('only a map is taken for a map', () => {
  for (const wrong of [null, [], 'x', {}, { columns: [] }]) assert.throws(() => map.knownMap(wrong));
  assert.deepEqual(map.knownMap({ at: 'when' }), { at: 'when' });
  assert.ok(map.isFresh(map.aboutReading({ at: 'when', separator: ';', encoding: 'utf-8' })));
});

const touchpoint = (id, stage, more = {}) => ({ id, name: id, stage, lane: null, function: '', task: '', required_emotion: null, sufficient_emotion: null, next_act: null, department: null, channel: null, dimension: null, metric: null, moment_that_matters: false, where: [], ...more });
const journey = () => ({
  id: 'j', name: 'Mua hàng', description: '', version: 1, published_ms: 0, draft: false, etag: '1',
  stages: ['a', 'b'].map((id) => ({ id, name: id.toUpperCase(), description: '' })),
  lanes: [],
  touchpoints: [touchpoint('one', 'a'), touchpoint('two', 'a'), touchpoint('three', 'b')],
});
const order = (of) => of.touchpoints.map((each) => `${each.stage}:${each.id}`).join(' ');

test('ids are slugs that stay apart', () => {
  assert.equal(model.slugOf('Giao hàng tận nơi', []), 'giao-hang-tan-noi');
  assert.equal(model.slugOf('Đổi trả!', ['doi-tra', 'doi-tra-2']), 'doi-tra-3');
  assert.equal(model.slugOf('東京', []), 'x');
});

test('the list of touchpoints follows what is seen: stages from the left, then from top to bottom', () => {
  assert.equal(order(model.placeTouchpoint(journey(), 'three', 'a', 1)), 'a:one a:three a:two');
  assert.equal(order(model.stepTouchpoint(journey(), 'two', 'up')), 'a:two a:one b:three');
  assert.equal(order(model.stepTouchpoint(journey(), 'one', 'right')), 'a:two b:one b:three');
  assert.equal(order(model.moveStage(journey(), 'b', -1)), 'b:three a:one a:two');
  assert.equal(order(model.addTouchpoint(journey(), 'a', 'Mới').journey), 'a:one a:two a:moi b:three');
  assert.equal(order(model.removeStage(journey(), 'a')), 'b:three');
});

test('a step beyond the border changes nothing', () => {
  const before = journey();
  for (const [id, step] of [['one', 'up'], ['one', 'left'], ['two', 'down'], ['three', 'right']]) {
    assert.equal(model.stepTouchpoint(before, id, step), before);
  }
  assert.equal(model.moveStage(before, 'a', -1), before);
});

test('changes are said once each: a move to another stage is no new order', () => {
  const before = journey();
  const said = (after) => changesBetween(before, after).map((each) => `${each.what} ${each.how} ${each.name}${each.fields ? ` ${each.fields}` : ''}`);
  assert.deepEqual(said(before), []);
  assert.deepEqual(said(model.stepTouchpoint(before, 'one', 'right')), ['touchpoint moved one']);
  assert.deepEqual(said(model.stepTouchpoint(before, 'two', 'up')), ['touchpoint order ']);
  assert.deepEqual(said(model.changeTouchpoint(before, 'two', { metric: 'nps', task: 'Trả tiền' })), ['touchpoint changed two task,metric']);
  assert.deepEqual(said(model.changeTouchpoint(before, 'two', { next_act: null, channel: '' })), [], 'nothing said twice over is no change');
  assert.deepEqual(said(model.removeTouchpoint(before, 'three')), ['touchpoint removed three']);
});

test('a journey that was never published is all new', () => {
  assert.equal(changesBetween(null, journey()).length, 5);
});

test('what is sent leaves out conditions that say nothing yet', () => {
  const half = model.changeTouchpoint(journey(), 'one', { where: [{ field: 'kind', is: [] }, { field: 'channel', is: ['app'] }, { any: [{ field: 'kind', is: [] }, { field: 'place', is: ['HN'] }] }, { any: [] }] });
  assert.deepEqual(model.sent(half).touchpoints[0].where, [{ field: 'channel', is: ['app'] }, { any: [{ field: 'place', is: ['HN'] }] }]);
  assert.deepEqual(Object.keys(model.sent(half)).sort(), ['description', 'lanes', 'name', 'stages', 'touchpoints']);
  assert.ok(!model.isUnnamed(half));
  assert.ok(model.isUnnamed(model.changeStage(half, 'a', { name: ' ' })));
});

test('another comparison keeps the values where they fit', () => {
  const { withOperator } = conditions;
  assert.deepEqual(withOperator({ field: 'kind', is: ['a', 'b'] }, 'is_not'), { field: 'kind', is_not: ['a', 'b'] });
  assert.deepEqual(withOperator({ field: 'kind', is: ['a', 'b'] }, 'contains'), { field: 'kind', contains: 'a' });
  assert.deepEqual(withOperator({ field: 'score', gte: 7 }, 'lt'), { field: 'score', lt: 7 });
  assert.deepEqual(withOperator({ field: 'kind', is: ['a'] }, 'missing'), { field: 'kind', exists: false });
  assert.equal(conditions.operatorOf({ field: 'kind', exists: false }), 'missing');
  assert.ok(!conditions.isPlain({ any: [] }));
  assert.ok(!conditions.isPlain({ field: 'score', gte: 1, lte: 5 }), 'two operators at once are shown as they are');
});

test('a map that speaks of the declared touchpoint is asked about it', () => {
  const where = [{ any: [{ field: 'touchpoint', is: ['giao-hang'] }, { field: 'kind', is: ['page'] }] }, { not: { field: 'touchpoint', is: ['x'] } }];
  assert.deepEqual(conditions.asked(where), [{ any: [{ field: 'declared', is: ['giao-hang'] }, { field: 'kind', is: ['page'] }] }, { not: { field: 'declared', is: ['x'] } }]);
});

test('a password is judged by what it says, not by its symbols', () => {
  assert.equal(strengthOf('ngắn'), 'short');
  assert.equal(strengthOf('aaaaaaaaaaaaaaaa'), 'weak');
  assert.equal(strengthOf('matkhau12345'), 'weak');
  assert.equal(strengthOf('NguyenLan2026!', ['nguyenlan']), 'weak');
  assert.equal(strengthOf('con mèo nhỏ trèo cây cau'), 'strong');
});

test('an id follows the name until it is published', () => {
  const { journey: made, id } = model.addTouchpoint(journey(), 'a', 'Điểm chạm mới');
  const named = model.changeTouchpoint(made, id, { name: 'Đặt hàng' });
  assert.equal(order(model.renamed(named, journey(), id)), 'a:one a:two a:dat-hang b:three');
  assert.equal(model.renamed(named, named, id), named);
  const staged = model.renamed(model.changeStage(journey(), 'a', { name: 'Mua hàng' }), null, 'a');
  assert.equal(order(staged), 'mua-hang:one mua-hang:two b:three');
});

test('a column of times is read the way most of them are written', () => {
  assert.equal(map.formatOf(['01/11/2026 09:15', '31/10/2026 17:05', 'hôm qua']), '%d/%m/%Y %H:%M');
  assert.equal(map.formatOf(['10/31/2026 17:05', '11/01/2026 09:15']), '%m/%d/%Y %H:%M');
  assert.equal(map.formatOf(['2026-11-01T09:15:00Z']), 'iso');
  assert.equal(map.formatOf(['1/2/2026']), '%d/%m/%Y');
  assert.equal(map.formatOf(['', 'hôm qua']), undefined);
});

test('a rule is said as one would say it: things of a kind happen, others are described', async () => {
  const rules = await source.module('pages/rules/rules.ts');
  await (await source.module('lib/i18n.svelte.ts')).speak('en');
  assert.equal(rules.whenWord({ event: [{ field: 'kind', is: ['Call Received'] }] }), 'When “Call received” happens');
  assert.equal(rules.whenWord({ event: [{ field: 'metric', is: ['nps'] }, { field: 'score', lte: 6 }] }), 'When something comes in where metric is NPS and score is at most 6');
  assert.equal(rules.whenWord({ alert: ['drift'] }), 'When there is an alert (A figure drifts)');
});
