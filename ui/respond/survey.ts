/* Draws a survey, one question at a time, and says what was answered.
 *
 * Where the answers go is the host's affair: the page and the widget send them
 * (session.ts), the preview forgets them.
 */
import { said, type Answers, type End, type Question, type Survey } from './document';
import { el, fill, type Child } from './dom';
import { core } from './fields';
import type { Kit, More } from './field';
import { isAnswered, piped, way, type Context } from './logic';
import { isDark, paint } from './theme';
import type { Word } from './words';

export interface Step {
  answers: Answers;
  seen: string[];
  ms: Record<string, number>;
  language: string;
  question: string | null;
  finished: boolean;
}

export interface Host {
  survey: Survey;
  questions: Question[]; // in the order of this response
  language: string;
  key: string; // of the response
  answers?: Answers;
  hidden?: Record<string, unknown>;
  seen?: string[];
  ms?: Record<string, number>;
  question?: string | null; // begin here instead of at the beginning
  level?: 'h1' | 'h2'; // the element of the survey's title; none: the title is not shown
  dark?: boolean;
  still?: boolean; // the focus stays where it is
  stays?: boolean; // a thank-you leads nowhere else
  word(language: string): Word;
  more(): Promise<More>; // the rarer questions
  upload(file: File): Promise<string>;
  save(step: Step): void; // a step was taken
  finish(step: Step): Promise<string | null>; // the last one; tells which end the server chose
  close?(): void; // a pop-up's thank-you can be closed
  changed?(question: string | null, answers: Answers, end?: string): void;
  speaks?(language: string): Promise<unknown> | void; // another language was chosen
}

export interface Shown {
  root: HTMLElement;
  status(text: string, again?: () => void): void; // a line below the question: what the network does
  notice(title: string, text: string, ...more: Child[]): void; // instead of everything else
  now(): Step;
}

const names: Record<string, string | undefined> = { vi: 'Tiếng Việt', en: 'English' };
let count = 0;

/* Where an end leads: only to a page of the web. */
export const redirect = (end: End | undefined) => (/^https:/i.test(end?.redirect!) ? end!.redirect! : '');

export function show(host: Host): Shown {
  const { survey, questions } = host;
  const { theme } = survey;
  const id = `cham${++count}`;
  const seen = new Set(host.seen);
  const ms = { ...host.ms };
  const body = el('div', { class: 'body' });
  const line = el('div', { class: 'status', role: 'status' });
  const form = el('form', { novalidate: true, submit: forward }, body);
  const root = el('div', { class: 'cham' }, form, line);
  let { language } = host;
  let answers = { ...host.answers };
  let at = host.question ?? null;
  let since = 0;
  let sending = false;
  let rarer: More | undefined;

  const word: Word = (key, values) => host.word(language)(key, values);
  const context = (): Context => ({ answers, hidden: host.hidden ?? {}, language });
  const path = () => way(survey, questions, context());
  const say: Kit['say'] = (text) => piped(said(text, language), survey, context(), path().questions);
  const button = (text: string, click: () => void, more = {}) => el('button', { type: 'button', class: 'plain', click, ...more }, text);
  const tell = (end?: string) => host.changed?.(at, answers, end);
  const first = (selector: string) => body.querySelector<HTMLElement>(selector);

  /* The question behind this one; a preview may stand on one that is off the way. */
  function follows(from: string | null): string | undefined {
    const on = path().questions;
    return from && !on.includes(from) ? questions[questions.findIndex((each) => each.id === from) + 1]?.id : on[on.indexOf(from!) + 1];
  }

  function now(finished = false): Step {
    const on = path().questions;
    const kept = Object.fromEntries(on.filter((each) => each in answers).map((each) => [each, isAnswered(answers[each]) ? answers[each] : null]));
    return { answers: kept, seen: [...seen], ms, language, question: at, finished };
  }

  function timed(): void {
    if (at) ms[at] = (ms[at] ?? 0) + Math.min(Date.now() - since, 6e5);
  }

  function top(): Node {
    return el('div', { class: 'top' },
      host.level && el(host.level, { class: 'name' }, say(survey.title)),
      ...survey.languages.filter((each) => each !== language).map((each) => button(names[each] ?? each, async () => {
        await host.speaks?.(each);
        language = each;
        draw(true);
        first('.top button')?.focus();
      }, { lang: each })));
  }

  function heading(text: string, help?: string): Child[] {
    return [el('h2', { id: `${id}t`, tabindex: -1 }, text || '…'), help && el('p', { class: 'help' }, help)];
  }

  function foot(forth: string, back: string | null | undefined, optional?: boolean): Node {
    return el('div', { class: 'foot' },
      back !== undefined && button(word('back'), () => { timed(); at = back; draw(); }),
      optional && el('span', { class: 'help' }, word('optional')),
      el('button', { class: 'main' }, forth));
  }

  function draw(still = host.still): void {
    const own = questions.find((each) => each.id === at);
    const welcome = say(survey.welcome);
    root.lang = language;
    line.textContent = '';
    since = Date.now();
    if (own) drawQuestion(own, welcome ? null : undefined);
    else if (welcome) fill(body, top(), ...heading(welcome), foot(word('next'), undefined));
    else {
      at = follows(null) ?? null;
      return at ? draw(still) : notice(word('thanks'), ''); // nothing is asked, so nothing is sent
    }
    tell();
    if (!still) first('h2')!.focus();
  }

  function drawQuestion(own: Question, welcome: null | undefined): void {
    const { type, required } = own;
    const on = path().questions;
    const place = on.indexOf(own.id);
    const field = el('div', { class: 'field' }, '…');
    const complaint = el('p', { class: 'wrong', id: `${id}e`, role: 'alert' });
    const forth = () => word(follows(own.id) ? 'next' : 'send'); // an answer may open or end the way
    const kit: Kit = {
      question: own, answer: answers[own.id], key: host.key, language, id, say, word, upload: host.upload,
      set(answer) { answers[own.id] = answer; complaint.textContent = ''; first('.main')!.textContent = forth(); tell(); },
    };
    const make = core[type];
    if (make) fill(field, make(kit));
    else host.more().then((more) => { rarer = more; if (at === own.id) fill(field, more.makers[type]?.(kit)); }, () => fill(field, word('offline')));
    seen.add(own.id);
    fill(body, top(),
      theme?.progress !== false && on.length > 1 && el('progress', { max: on.length, value: place, 'aria-label': `${place + 1} / ${on.length}` }),
      ...heading(say(own.title), say(own.help)), field, complaint,
      foot(forth(), place > 0 ? on[place - 1] : welcome, !required && type !== 'note'));
  }

  async function forward(event: Event): Promise<void> {
    event.preventDefault();
    const own = questions.find((each) => each.id === at);
    if (sending) return;
    if (own) {
      const answer = answers[at!];
      const found = own.required && own.type !== 'note' && !isAnswered(answer) ? word('wrong_required') : rarer?.wrong(own, answer, language);
      if (found) {
        first('.wrong')!.textContent = found;
        (first('.field :invalid') ?? first('.field :is(input,textarea,button)'))?.focus();
        return;
      }
      timed();
    }
    const to = follows(at);
    if (to) {
      at = to;
      draw();
      return host.save(now()); // with the question that is shown now: who leaves, leaves there
    }
    sending = true;
    line.textContent = '…';
    await host.finish(now(true)).then((end) => finished(end ?? path().end), () => {});
    sending = false;
  }

  function finished(wanted: string): void {
    const end = survey.ends?.find((each) => each.id === wanted);
    const to = !host.stays && redirect(end);
    notice(say(end?.title) || word('thanks'), say(end?.text),
      to && el('a', { class: 'main', href: to, rel: 'noreferrer' }, `${word('next')}: ${new URL(to).host}`),
      host.close && button(word('close'), host.close));
    at = null;
    tell(wanted);
  }

  function notice(title: string, text: string, ...more: Child[]): void {
    line.textContent = '';
    fill(body, host.level && el(host.level, { class: 'hide' }, say(survey.title)), ...heading(title, text), ...more);
    if (!host.still) first('h2')!.focus();
  }

  paint(root, theme, host.dark ?? isDark(document.documentElement));
  draw(true);
  return { root, status: (text, again) => fill(line, text, again && button(word('again'), again)), notice, now: () => now() };
}
