/* The page behind a link: /s/TOKEN. Opening it never answers anything. */
import './style.css';
import './more/more.css';
import './page.css';
import catalogue from 'virtual:respond/core,page';
import { el } from './dom';
import type { Answer, Survey } from './document';
import { offered } from './mailed';
import { address, ask, newKey, passes, session, type Kept, type Refused } from './session';
import { order } from './shuffle';
import { redirect, show, type Shown } from './survey';
import { isDark, paint } from './theme';
import { wordsOf } from './words';

export interface Opened {
  state: string;
  language?: string | null;
  link?: { kind?: string | null } | null;
  survey?: { id: number | string; version: number; document: Survey } | null;
  response?: string | number | null;
  answers?: Record<string, Answer> | null;
}

export const token = decodeURIComponent(location.pathname.split('/')[2] ?? '');
export const search = new URLSearchParams(location.search);
const name = `cham.respond.${token}`;
const main = document.getElementById('survey')!;
const known = ['vi', 'en'];

/* The address, the device, the server: in this order. */
export let language = [search.get('lang'), read()?.language, ...navigator.languages.map((each) => each.slice(0, 2))].find((each) => known.includes(each ?? '')) ?? 'vi';
export const word = (key: string, values?: Record<string, string | number>) => wordsOf(catalogue, language)(key, values);

/* What was answered already in this tab; a device without storage forgets. */
function read(): Kept | null {
  try {
    return JSON.parse(sessionStorage.getItem(name) ?? 'null');
  } catch {
    return null;
  }
}
function keep(kept: Kept | null): void {
  try {
    if (kept) sessionStorage.setItem(name, JSON.stringify(kept));
    else sessionStorage.removeItem(name);
  } catch {
    // What is in memory still goes on.
  }
}

export function say(title: string, text = '', ...more: Node[]): void {
  document.title = title;
  document.documentElement.lang = language;
  const heading = el('h1', { tabindex: -1 }, title);
  const box = el('div', { class: 'cham' }, heading, text ? el('p', {}, text) : '', ...more);
  paint(box, null, isDark(document.documentElement));
  main.replaceChildren(box);
  main.removeAttribute('aria-busy');
  heading.focus();
}

export async function open(pin?: string): Promise<Opened> {
  const headers: Record<string, string> = { 'accept-language': language };
  const kept = read();
  if (pin) headers['x-pin'] = pin;
  if (kept?.edit) headers['x-edit'] = kept.edit;
  return ask(address('', token), { headers });
}

function askPin(refused: boolean): void {
  const box = el('input', { class: 'line', id: 'pin', type: 'password', inputmode: 'numeric', autocomplete: 'one-time-code', required: true, 'aria-describedby': 'wrong', 'aria-invalid': refused });
  const form = el('form', { submit: (event: Event) => { event.preventDefault(); void start(box.value); } },
    el('label', { for: 'pin' }, word('pin')), box, el('p', { class: 'wrong', id: 'wrong', role: 'alert' }, refused && word('pin_wrong')),
    el('div', { class: 'foot' }, el('button', { type: 'submit', class: 'main' }, word('pin_open'))));
  say(word('pin_title'), '', form);
  box.focus();
}

const states: Record<string, string> = { closed: 'state_closed', full: 'state_full', used: 'state_used', paused: 'paused', expired: 'expired', invited: 'invited' };

function refused(why: Refused, pin?: string): void {
  if (pin && why.status === 403) return askPin(true);
  if (why.status === 404) return say(word('unknown'), word('gone'));
  if (why.status === 410) return say(word('expired'));
  const again = el('button', { type: 'button', class: 'main', click: () => void start(pin) }, word('retry'));
  say(word(why.status === 429 ? 'too_often' : 'load_failed'), '', again);
  addEventListener('online', () => again.isConnected && void start(pin), { once: true });
}

export async function upload(file: File): Promise<string> {
  return (await ask(`${address('', token)}/files?name=${encodeURIComponent(file.name)}`, { method: 'POST', body: file, headers: entered ? { 'x-pin': entered } : {} })).file;
}

let entered: string | undefined; // the PIN of the link

export const more = () => import('./more/more').then((found) => found.default);

/* ?a=9 of an e-mail is the answer to the first question: chosen, and sent only with a tap. */
function first(survey: Survey): Record<string, Answer> {
  const given = search.get('a');
  const question = survey.questions.find((each) => each.type !== 'note');
  const answer = given === null || !question ? undefined : offered(question, given);
  return answer === undefined ? {} : { [question!.id]: answer };
}

const taken = 'a lang kiosk survey response item answer answers emotion strength language target channel place touchpoint'.split(' ');

/* Everything else in the address is a hidden field; the server takes those that the survey names. */
export function hidden(): Record<string, string> {
  return Object.fromEntries([...search].filter(([key, value]) => /^[a-z0-9_-]{1,40}$/.test(key) && value.length <= 500 && !taken.includes(key)).slice(0, 20));
}

/* What the page shows of the network, below the question. */
export function tells(shown: () => Shown | undefined, again: () => void) {
  return (refused: Refused | null): void => {
    if (!refused) return shown()?.status('');
    if (refused.status === 409 || refused.status === 410) return shown()?.notice(refused.detail || word('state_closed'), '');
    if (refused.status === 422 || refused.status === 403 || refused.status === 404) return shown()?.status(refused.detail || word('refused'));
    shown()?.status(word('offline'), again);
  };
}

/* The thank-you stays long enough to be read. */
function leave(survey: Survey, end: string): void {
  const to = redirect(survey.ends?.find((each) => each.id === end));
  if (to) setTimeout(() => location.assign(to), 4000);
}

function begin(opened: Opened, pin?: string): void {
  const { document: survey, version } = opened.survey!;
  const before = read();
  const kept: Kept = before ?? { key: newKey(), answers: {}, seen: [], ms: {}, language, question: null, at: Date.now() };
  // Another device took it over, or it is over: the key says which it was, and the secret opens nothing any more.
  if (!opened.response) {
    delete kept.response;
    delete kept.edit;
  }
  keep(kept); // a reload is the same visit
  if (!survey.languages.includes(language)) language = survey.languages[0] ?? 'vi';
  const direct = before?.question ? {} : first(survey);
  let shown: Shown | undefined;
  const sends = session({ url: address('', token), kept, also: () => ({ key: kept.key, version, hidden: hidden(), pin }), keep, waits: (why) => tells(() => shown, sends.again)(why) });
  main.removeAttribute('aria-busy');
  shown = show({
    survey, questions: order(survey, kept.key), language, key: kept.key, level: 'h1',
    answers: { ...kept.answers, ...opened.answers, ...direct },
    seen: kept.seen, ms: kept.ms,
    question: Object.keys(direct)[0] ?? kept.question,
    hidden: hidden(),
    word: (spoken) => wordsOf(catalogue, spoken), more, upload,
    save: (step) => void sends.send(step).catch(() => {}),
    finish: (step) => sends.send(step).then((reply) => { keep(null); leave(survey, reply.end); return reply.end; }),
    speaks: (chosen) => { language = chosen; document.documentElement.lang = chosen; },
  });
  document.documentElement.lang = language;
  document.title = survey.title[language] || word('title');
  if (survey.theme?.background && /^#[\da-f]{6}$/i.test(survey.theme.background) && !isDark(document.documentElement)) document.documentElement.style.setProperty('--page', survey.theme.background);
  main.replaceChildren(shown.root);
  sends.opens(shown.root, shown.now);
}

/* What a kiosk still holds from before the survey ended goes out. */
function late(): void {
  void import('./kiosk').then((kiosk) => kiosk.flush()).catch(() => {});
}

async function start(pin?: string): Promise<void> {
  entered = pin;
  main.setAttribute('aria-busy', 'true');
  let opened: Opened;
  try {
    opened = await open(pin);
  } catch (why) {
    // A device that was a kiosk goes on without a network.
    const kiosk = passes(why as Refused) && (await import('./kiosk').catch(() => null));
    if (kiosk && (await kiosk.offline())) return;
    if ((why as Refused).status === 404) late();
    return refused(why as Refused, pin);
  }
  if (opened.language && known.includes(opened.language) && !search.get('lang') && !read()) language = opened.language;
  if (opened.state !== 'open' && opened.link?.kind === 'kiosk') late();
  if (opened.state === 'pin') return askPin(false);
  if (opened.state !== 'open' || !opened.survey) return say(word(states[opened.state] ?? 'unknown'));
  if (search.has('kiosk') || opened.link?.kind === 'kiosk') return (await import('./kiosk')).run(opened, pin);
  begin(opened, pin);
}

void start();
