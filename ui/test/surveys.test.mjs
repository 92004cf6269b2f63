/* What the survey pages compute by themselves: edits, what lacks, what changed and what that does to series, branches, contrast. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { sources } from './source.mjs';

let source, doc, edit, kinds, check, changes, sentence, flow, contrast, texts, templates, bank, results, responses, honesty, drafts;

before(async () => {
  globalThis.localStorage = { getItem: () => null, setItem: () => {}, removeItem: () => {} };
  Object.defineProperty(globalThis, 'navigator', { value: { languages: ['vi-VN'] }, configurable: true });
  source = await sources();
  await (await source.module('lib/i18n.svelte.ts')).speak('vi');
  const names = ['document.ts', 'edit.ts', 'kinds.ts', 'check.ts', 'changes.ts', 'sentence.ts', 'flow.ts', 'contrast.ts', 'texts.ts', 'templates.ts', 'bank.ts'];
  [doc, edit, kinds, check, changes, sentence, flow, contrast, texts, templates, bank] = await Promise.all(names.map((name) => source.module(`pages/surveys/${name}`)));
  [results, responses, honesty] = await Promise.all(['results.ts', 'responses.ts', 'honesty.ts'].map((name) => source.module(`pages/surveys/results/${name}`)));
  drafts = await source.module('lib/draft.svelte.ts');
});
after(() => source.close());

const both = (vi, en = vi) => ({ vi, en });
const asked = (id, type = 'csat', more = {}) => ({ id, type, title: both(`Câu ${id}`, `Question ${id}`), ...more });
const survey = (...questions) => ({ languages: ['vi', 'en'], name: 'Thử', title: both('Thử', 'Try'), questions, ends: [{ id: 'thanks', title: both('Cảm ơn', 'Thanks') }] });
const keys = (list) => list.map((each) => `${each.pointer} ${each.key}`);

test('a new question has an id of its own, the words of both languages, and nothing lacks in it but what only the author knows', () => {
  let now = survey();
  for (const type of doc.types) now = edit.addQuestion(now, kinds.newQuestion(now, type));
  assert.equal(new Set(now.questions.map((each) => each.id)).size, doc.types.length);
  assert.ok(check.troubles(now).every((each) => each.key === 'text'), JSON.stringify(check.troubles(now)));
  const one = kinds.newQuestion({ ...survey(), languages: ['vi'] }, 'nps');
  assert.deepEqual(Object.keys(one.title), ['vi']);
  assert.deepEqual(Object.keys(one.low), ['vi']);
});

test('another type keeps what both know and drops the rest', () => {
  const matrix = kinds.newQuestion(survey(), 'matrix');
  const single = kinds.asType({ ...matrix, bank: 'x', title: both('A') }, 'single');
  assert.equal(single.rows, undefined);
  assert.equal(single.bank, undefined, 'a bank question of another type is no bank question');
  assert.deepEqual(single.options, matrix.options);
  assert.deepEqual(single.title, both('A'));
  const score = kinds.asType(single, 'ces');
  assert.equal(score.scale, '1-7');
  assert.equal(score.options, undefined);
  assert.equal(kinds.withScale({ ...asked('q1'), look: 'faces' }, '1-10').look, 'numbers', 'ten faces there are not');
});

test('what is removed is removed wherever it is named', () => {
  const start = {
    ...survey(
      asked('q1'),
      asked('q2', 'text', { title: both('Bạn nói {{q1}}, vì sao?'), show: [{ question: 'q1', lte: 2 }, { any: [{ question: 'q1', gte: 4 }, { language: 'vi' }] }] }),
      asked('q3', 'csat', { jump: [{ when: [{ question: 'q1', lte: 2 }], to: 'end:thanks' }, { when: [{ question: 'q3', lte: 2 }], to: 'q4' }] }),
      asked('q4'),
    ),
    shuffle: [['q1', 'q2'], ['q3', 'q4', 'q1']],
    quotas: [{ name: 'a', when: [{ question: 'q1', is: [5] }], most: 10, to: 'end:thanks' }],
  };
  assert.deepEqual(edit.usersOf(start, 'q1'), ['q2', 'q3']);
  const next = edit.removeQuestion(start, 'q1');
  assert.deepEqual(next.questions.map((each) => each.id), ['q2', 'q3', 'q4']);
  assert.deepEqual(next.questions[0].show, [{ any: [{ language: 'vi' }] }]);
  assert.equal(next.questions[0].title.vi, 'Bạn nói, vì sao?');
  assert.deepEqual(next.questions[1].jump, [{ when: [{ question: 'q3', lte: 2 }], to: 'q4' }]);
  assert.deepEqual(next.shuffle, [['q3', 'q4']]);
  assert.equal(next.quotas, undefined);
  assert.equal(start.questions.length, 4, 'the document before is as it was');
  const ended = edit.removeEnd(edit.addEnd(next, both('Khác')).survey, 'thanks');
  assert.deepEqual(ended.ends.map((each) => each.id), ['end2']);
});

test('questions and options are moved, copied and put in one list by pasting', () => {
  const now = survey(asked('q1'), asked('q2'), asked('q3', 'single', { options: [{ id: 'a', label: {} }, { id: 'b', label: {} }], bank: 'x', series: 'x' }));
  assert.deepEqual(edit.stepQuestion(now, 'q1', 1).questions.map((each) => each.id), ['q2', 'q1', 'q3']);
  assert.equal(edit.stepQuestion(now, 'q1', -1), now);
  const copy = edit.duplicate(now, 'q3');
  assert.deepEqual(copy.survey.questions.map((each) => each.id), ['q1', 'q2', 'q3', 'q4']);
  assert.equal(copy.survey.questions[3].bank, undefined, 'two questions of one survey are never one series');
  assert.equal(copy.survey.questions[3].series, undefined);
  const pasted = edit.addLines(now.questions[2], 'options', 'vi', ['Nhanh', 'Rẻ', 'Bền']);
  assert.deepEqual(pasted.options.map((each) => [each.id, each.label.vi]), [['a', 'Nhanh'], ['b', 'Rẻ'], ['c', 'Bền']]);
  const other = edit.addItem(edit.addItem(pasted, 'options', both('Khác'), true), 'options', both('Đẹp'));
  assert.equal(other.options.at(-1).other, true, '"other" stays last');
  assert.equal(edit.moveItem(pasted, 'options', 'a', -1), pasted);
  assert.deepEqual(edit.putGroup(now, 0, ['q3', 'q1', 'q2']).shuffle, [['q1', 'q2', 'q3']]);
});

test('what lacks is said where it lacks', () => {
  const now = survey(
    asked('q1', 'single', { title: { vi: 'Chọn' }, options: [{ id: 'a', label: both('A') }, { id: 'b', label: both('A') }] }),
    asked('q2', 'csat', { show: [{ question: 'q3', lte: 2 }, { question: 'q1', is: ['z'] }], jump: [{ when: [{ question: 'q2', is: [] }], to: 'q1' }, { when: [], to: 'end:none' }] }),
    asked('q3', 'slider', { min: 5, max: 5, title: both('Số {{q4}}') }),
    asked('q4', 'contact', { fields: [] }),
  );
  const found = keys(check.troubles({ ...now, name: ' ', ends: [{ id: 'x', title: {}, when: [{ question: 'q1', is: ['a'] }], redirect: 'javascript:alert(1)' }], shuffle: [['q1', 'q3']], theme: { accent: '#ffee00' } }));
  for (const one of [
    '/name name', '/questions/0/title/en translation', '/questions/0/options twice', '/questions/1/show later', '/questions/1/show option', '/questions/1/jump/0/when unfinished',
    '/questions/1/jump/0/to backwards', '/questions/1/jump/1/to no_target', '/questions/2/max range', '/questions/2/title/vi piped', '/questions/3/fields fields', '/questions/3/purpose purpose',
    '/ends no_end', '/ends/0/title text', '/ends/0/redirect redirect', '/shuffle/0 group_apart', '/theme/accent contrast',
  ]) assert.ok(found.includes(one), `${one} in\n${found.join('\n')}`);
  assert.deepEqual(check.troubles(survey(asked('q1'))), []);
  const said = check.together(check.troubles(now), [{ pointer: '#/document/questions/0/title/en', detail: 'thiếu' }, { pointer: '/document/place', detail: 'lạ' }]);
  assert.equal(said.filter((each) => each.pointer === '/questions/0/title/en').length, 1, 'one place is named once');
  assert.equal(said.at(-1).pointer, '/place');
});

test('conditions are read as sentences and changed without losing their kind', () => {
  const now = survey(asked('q1'), asked('q2', 'single', { options: [{ id: 'a', label: both('Nhanh') }, { id: 'b', label: both('Rẻ') }] }), asked('q3', 'text'));
  const list = [{ question: 'q1', lte: 3 }, { any: [{ question: 'q2', is: ['a', 'b'] }, { not: { language: 'en' } }] }];
  assert.equal(sentence.conditionsText(now, list, 'vi'), 'Câu 1 không quá 3 và (Câu 2 là Nhanh/Rẻ hoặc không phải ngôn ngữ là Tiếng Anh)');
  assert.equal(sentence.conditionsText(now, [], 'vi'), 'trong mọi trường hợp');
  assert.deepEqual(sentence.tested(list[0], 'is', [3]), { question: 'q1', is: [3] });
  assert.deepEqual(sentence.tested(list[0], 'skipped', [3]), { question: 'q1', answered: false });
  for (const question of now.questions) {
    const begun = sentence.begun(question);
    assert.ok(sentence.operatorsOf(question).includes(sentence.operatorOf(begun)));
  }
  assert.equal(check.isOpen({ question: 'q1', lte: NaN }), true);
  assert.equal(check.isOpen({ question: 'q1', answered: false }), false);
  assert.deepEqual(doc.sent({ ...now, questions: [{ ...now.questions[0], show: [{ hidden: 'x', is: [] }] }] }, check.isOpen).questions[0].show, [], 'what is not finished stays on the page');
});

test('a document is held without what says nothing, and loses nothing that it says', () => {
  const held = doc.tidied({ ...survey(asked('q1', 'csat', { help: null, options: [], show: [], jump: [], least: 0, required: false, low: both('Tệ') })), quotas: [], shuffle: [], welcome: null, theme: null, ends: [{ id: 'thanks', title: both('Cảm ơn'), when: [], redirect: '' }] });
  assert.deepEqual(held.questions[0], asked('q1', 'csat', { least: 0, low: both('Tệ') }));
  assert.deepEqual(held.ends, [{ id: 'thanks', title: both('Cảm ơn') }]);
  assert.equal('quotas' in held || 'welcome' in held || 'theme' in held, false);
});

test('a correction is the author’s to say, another question is one in any case', () => {
  const q = asked('q1', 'csat', { scale: '1-5', low: both('Tệ', 'Bad') });
  const effect = (part, from = q) => changes.effectOf(from, { ...from, ...part });
  assert.equal(effect({ title: { fr: 'Le prix ?' } }), 'ask', 'another language alone');
  assert.equal(effect({ title: both('Câu mới', 'New') }), 'ask');
  assert.equal(effect({ low: both('Kém', 'Bad') }), 'ask');
  assert.equal(effect({ scale: '1-10' }), 'new');
  assert.equal(effect({ type: 'ces' }), 'new');
  assert.equal(effect({ reversed: true }, asked('q1', 'ces')), 'new');
  assert.equal(effect({ required: true, touchpoint: 'giao-hang', show: [{ language: 'vi' }] }), 'none');
  assert.equal(effect({ title: { ...q.title, fr: 'Question' } }), 'none', 'a new translation changes nothing for those before');
  const choice = asked('q2', 'single', { options: [{ id: 'a', label: both('A') }, { id: 'b', label: both('B') }] });
  assert.equal(effect({ options: choice.options.toReversed() }, choice), 'none');
  assert.equal(effect({ options: [...choice.options, { id: 'c', label: both('C') }] }, choice), 'new');
  assert.equal(effect({ options: [{ id: 'a', label: both('Á') }, choice.options[1]] }, choice), 'ask');
});

test('versions are compared question by question; of those that were moved the fewest are named', () => {
  const old = survey(asked('q1'), asked('q2'), asked('q3'), asked('q4'));
  const now = survey(asked('q4'), asked('q1'), asked('q2', 'csat', { required: true }), asked('q5'));
  assert.deepEqual(changes.changesBetween(old, now).map((each) => `${each.id} ${each.how}`), ['q2 changed', 'q5 added', 'q3 removed', 'q4 moved']);
  assert.ok(changes.isSame(old, structuredClone(old)));
  assert.deepEqual(changes.partsBetween(old, { ...old, welcome: both('Chào'), theme: { progress: false } }), ['welcome']);
});

test('the branches form a picture in which nothing goes back and what nothing leads to is seen', () => {
  const now = { ...survey(asked('q1', 'csat', { jump: [{ when: [{ question: 'q1', gte: 4 }], to: 'q3' }, { when: [], to: 'end:thanks' }] }), asked('q2'), asked('q3')) };
  const seen = flow.flowOf(now);
  assert.deepEqual(seen.nodes.filter((each) => each.lost).map((each) => each.id), ['q2']);
  const rows = new Map(seen.nodes.map((each) => [each.id, each.row]));
  for (const each of seen.edges) assert.ok(rows.get(each.to) > rows.get(each.from));
  for (const [at, a] of seen.edges.entries()) {
    for (const b of seen.edges.slice(at + 1)) {
      const apart = a.lane !== b.lane || a.lane === 0 || rows.get(a.to) <= rows.get(b.from) || rows.get(b.to) <= rows.get(a.from);
      assert.ok(apart, 'two arcs in one lane');
    }
  }
});

test('contrast is that of WCAG, and the shade offered can be read', () => {
  assert.equal(contrast.contrast('#000000', '#ffffff'), 21);
  assert.equal(contrast.contrast('#777777', '#ffffff').toFixed(2), '4.48');
  for (const colour of ['#ffee00', '#ff8800', '#00ffcc', '#999999']) assert.ok(contrast.contrast(contrast.readable(colour), '#ffffff') >= 4.5);
  assert.equal(contrast.readable('#0b6e4f'), '#0b6e4f');
  assert.ok(contrast.contrast(contrast.readable('#202020', '#101010'), '#101010') >= 4.5);
  assert.equal(contrast.contrast('red', '#fff'), null);
});

test('every text has its place and goes back there', () => {
  const now = { ...survey(asked('q1', 'matrix', { rows: [{ id: 'r1', label: both('Dòng') }], options: [{ id: 'a', label: both('A') }, { id: 'b', label: both('B') }] })), welcome: both('Chào') };
  const all = texts.allTexts(now);
  assert.deepEqual(all.map((each) => each.pointer), ['/title', '/welcome', '/questions/0/title', '/questions/0/rows/0/label', '/questions/0/options/0/label', '/questions/0/options/1/label', '/ends/0/title']);
  let next = now;
  for (const each of all) next = texts.put(next, each.pointer, { ...each.text, en: `${each.text.en}!` });
  assert.ok(texts.allTexts(next).every((each) => each.text.en.endsWith('!')));
  assert.equal(now.title.en, 'Try');
});

test('a survey begins empty, from a template or as a copy, in the languages that were chosen', () => {
  const item = { key: 'nps.recommend', group: 'relationship', question: { type: 'nps', title: both('Bạn giới thiệu chúng tôi chứ?', 'Would you recommend us?') } };
  assert.deepEqual(keys(check.troubles(templates.empty('Thử', ['en']))), ['/title text', '/questions no_questions']);
  const template = { key: 'x', name: both('X'), document: { ...survey(asked('q1', 'nps', { help: null })), name: 'Mẫu', welcome: both('Chào') } };
  const made = templates.from(template, 'Tên', ['en']);
  assert.deepEqual(made.questions, [{ id: 'q1', type: 'nps', title: { en: 'Question q1' } }]);
  assert.deepEqual([made.name, made.languages, made.welcome], ['Tên', ['en'], { en: 'Chào' }]);
  assert.equal(templates.copyOf(survey(asked('q1', 'nps', { series: 's' })), 'B').questions[0].series, undefined);
  assert.equal(bank.found([item], 'gioi thieu', null).length, 1);
  assert.equal(bank.found([item], 'RECOMMEND us', null).length, 1);
  assert.equal(bank.found([item], 'giao hàng', null).length, 0);
});

test('results lie beside their questions, series by series', () => {
  const one = (id, series, versions, more = {}) => ({ id, series, type: 'csat', versions: versions.map((version) => ({ version })), seen: 40, answered: 38, skipped: 1, left: 1, seconds_median: 4, ...more });
  const figure = { metric: 'csat', scale: '1-5', n: 38, score: 70, low: 54, high: 82, mean: 3.9, few: false, counts: [{ value: 1, n: 8 }, { value: 5, n: 30 }] };
  const sent = { invited: 0, questions: [one('q1', 's.q1', [1, 2], { figure }), one('q1', 's.q1.2', [3]), one('q9', 's.q9', [1]), one('q2', 's.q2', [1], { type: 'ranking', ranks: [{ id: 'a', n: 3, mean: 1.5 }, { id: 'b', n: 0, mean: 0 }], seen: 50, left: 9 })] };
  const read = results.read(sent);
  const now = survey({ ...asked('q1'), series: 's.q1.2' }, asked('q2', 'ranking'), asked('q3', 'note'));
  const shown = results.inOrder(now, read.questions);
  assert.deepEqual(shown.map((each) => [each.question.id, each.now?.series, each.before.map((one) => one.series)]), [['q1', 's.q1.2', ['s.q1']], ['q2', 's.q2', []]]);
  assert.deepEqual(results.gone(now, read.questions).map((each) => each.id), ['q9']);
  const scored = read.questions[0];
  assert.equal(scored.metric, 'csat');
  assert.deepEqual(results.scaleTallies(now.questions[0], scored.tallies).map((each) => each.n), [8, 0, 0, 0, 30], 'a number that nobody gave has its column');
  assert.deepEqual(read.questions[3].means, [{ value: 'a', n: 3, mean: 1.5 }], 'a rank of nobody is no rank');
  assert.equal(results.leak(read.questions).id, 'q2');
  const slider = { ...asked('q1', 'slider'), min: 0, max: 100 };
  const bins = results.binned(slider, [{ value: '0', n: 1 }, { value: '10', n: 2 }, { value: '100', n: 4 }]);
  assert.deepEqual([bins[0].n, bins[1].n, bins[9].n, bins.reduce((sum, each) => sum + each.n, 0)], [1, 2, 4, 7]);
});

test('an answer is written as the one who gave it would say it', () => {
  const single = asked('q1', 'single', { options: [{ id: 'a', label: both('Nhanh', 'Fast') }, { id: 'x', label: both('Khác'), other: true }] });
  const now = survey(single);
  const lines = (question, answer) => responses.answerLines(now, question, answer, 'vi');
  assert.deepEqual(lines(single, 'a'), ['Nhanh']);
  assert.deepEqual(lines(single, { option: 'x', other: 'màu đẹp' }), ['Khác: màu đẹp']);
  assert.deepEqual(lines({ ...single, type: 'multiple' }, ['a', { option: 'x', other: 'rẻ' }]), ['Nhanh', 'Khác: rẻ']);
  assert.deepEqual(lines({ ...single, type: 'ranking' }, ['x', 'a']), ['1. Khác', '2. Nhanh']);
  assert.deepEqual(lines({ ...single, type: 'matrix', rows: [{ id: 'r1', label: both('Giá') }] }, { r1: 'a' }), ['Giá: Nhanh']);
  assert.deepEqual(lines(asked('q', 'nps'), 0), ['0/10'], 'nought is an answer');
  assert.deepEqual(lines(asked('q', 'emotion', { target: 'yên tâm' }), { emotion: 'target', strength: 3 }), ['yên tâm (độ mạnh 3)']);
  assert.deepEqual(lines(asked('q', 'contact'), { phone: '0905', consent: true }), ['Số điện thoại: 0905']);
  assert.deepEqual(lines(asked('q', 'text'), null), []);
  assert.equal(responses.agreed(asked('q', 'contact'), { phone: '1', consent: false }), false);
  assert.equal(responses.peopleAddress('user:U 1'), '/people?q=U+1');
});

test('what people do not do is seen: one device again and again, in bursts, faster than reading; a kiosk may', () => {
  const one = (id, more = {}) => ({ id, device: id, link_kind: 'link', state: 'finished', started_ms: 0, seconds: 60, answered: 5, ...more });
  assert.deepEqual(honesty.signsOf([one('a'), one('b')]), { looked: 2, device: [], fast: [], bursts: [] });
  const again = Array.from({ length: 6 }, (_, k) => one(`r${k}`, { device: 'd', started_ms: k * 60_000 }));
  const later = one('r9', { device: 'd', started_ms: 9e7 });
  const seen = honesty.signsOf([...again, later, one('q', { seconds: 2 }), one('s', { seconds: 1, answered: 1 })]);
  assert.equal(seen.device.length, 7);
  assert.deepEqual(seen.bursts.map((each) => each.responses.length), [6]);
  assert.deepEqual(seen.fast, ['q'], 'one answer may be quick');
  assert.deepEqual(honesty.signsOf(again.map((each) => ({ ...each, link_kind: 'kiosk' }))).device, []);
});

test('a draft is saved by itself, undone by groups, and never written over what was not seen', async () => {
  const puts = [];
  let tag = 0;
  let refuse = null;
  const store = {
    put: async (value, seen) => {
      if (refuse) throw refuse;
      puts.push([value, seen]);
      return String(++tag);
    },
    get: async () => ({ value: 'theirs', tag: 'new' }),
  };
  const draft = new drafts.Draft('a', '0', store);
  draft.change('ab', 'title');
  draft.change('abc', 'title');
  draft.change('x', 'other');
  await draft.save();
  assert.deepEqual(puts, [['x', '0']]);
  draft.undo();
  assert.equal(draft.value, 'abc');
  draft.undo();
  assert.equal(draft.value, 'a', 'typing in one field is undone at once');
  draft.redo();
  await draft.save();
  assert.deepEqual(puts.at(-1), ['abc', '1']);
  const { Problem } = await source.module('lib/http.ts');
  refuse = new Problem(412, '', 'stale');
  draft.change('mine');
  await draft.save();
  assert.equal(draft.state, 'conflict');
  refuse = null;
  await draft.settle(true);
  assert.deepEqual(puts.at(-1), ['mine', 'new']);
});
