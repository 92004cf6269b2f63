/* The survey on somebody else's page: <script async src="https://…/w/survey.js" data-survey="TOKEN" data-mode="popup">.
 *
 * All of it lives in a shadow root with a sheet of its own; what the page's policy must allow is this origin in script-src and
 * connect-src. Whatever goes wrong here stays here: the page never notices.
 */
import style from '../style.css?inline';
import own from './widget.css?inline';
import type { Survey } from '../document';
import { el } from '../dom';
import { address, ask, newKey, passes, seedOf, session, type Kept, type Refused } from '../session';
import { show, type Shown } from '../survey';
import { isDark } from '../theme';
import { wordsOf } from '../words';
import { triggers } from './triggers';

interface Opened {
  state: string;
  survey?: { version: number; document: Survey };
  rating?: { average: number | null; votes: number } | null;
}

const day = 864e5;
const files = __WORDS__;

/* Keeps what fails here from being an error of the page. */
const safe = <A extends unknown[]>(work: (...values: A) => unknown) => (...values: A): void => {
  try {
    Promise.resolve(work(...values)).catch(() => {});
  } catch {
    // Nothing to say, and nobody to say it to.
  }
};

function stored(name: string, value?: string): string | null {
  try {
    if (value) localStorage.setItem(name, value);
    return localStorage.getItem(name);
  } catch {
    return null;
  }
}

function sheet(root: ShadowRoot, text: string): void {
  try {
    const made = new CSSStyleSheet();
    made.replaceSync(text);
    root.adoptedStyleSheets = [...root.adoptedStyleSheets, made];
  } catch {
    root.append(el('style', {}, text)); // browsers before 2023
  }
}

function widget(script: HTMLScriptElement): void {
  const given = script.dataset;
  const base = script.src.replace(/\/w\/survey\.js.*$/, '');
  const token = given.survey!;
  const mode = given.mode ?? 'popup';
  const isPopup = mode === 'popup';
  const name = `cham.${token}`;
  const languages = [given.language, document.documentElement.lang, navigator.language].map((each) => each?.slice(0, 2));
  const every = Number(given.every ?? (isPopup ? 30 : 365)) * day;
  const hidden: Record<string, string> = JSON.parse(given.hidden || '{}');
  let anonymous = given.anonymous;
  let host: HTMLElement | null = null;

  function close(): void {
    host?.remove();
  }

  async function open(): Promise<void> {
    if (host?.isConnected) return;
    const place = given.target && document.querySelector(given.target);
    const box = (host = el('div', { class: mode }));
    const shadow = box.attachShadow({ mode: 'open' });
    const opened = (await ask(address(base, token))) as Opened;
    if (!opened.survey || opened.state !== 'open') return;
    const { version, document: survey } = opened.survey;
    const language = languages.find((each) => survey.languages.includes(each!)) ?? survey.languages[0]!;
    const spoken: Record<string, Record<string, string>> = {};
    const learn = async (each: string) => (spoken[each] ??= (await import(/* @vite-ignore */ `${base}/${files[each] ?? files.en}`)).default);
    const word = wordsOf(spoken, language);
    const kept: Kept = { key: newKey(), answers: {}, seen: [], ms: {}, language, question: null, at: 0 };
    let shown: Shown | undefined;
    const sends = session({
      base, token, version, kept, hidden, anonymous: () => anonymous,
      keep() {},
      waits(why: Refused | null) {
        if (!why) shown?.status('');
        else if (passes(why)) shown?.status(word('offline'), sends.again);
        else if (why.status === 409 || why.status === 410) shown?.notice(word(why.status === 409 ? 'state_used' : 'state_closed'), '');
        else shown?.status(why.detail || word('refused'));
      },
    });
    const done = +stored(name)! > Date.now() - every;
    sheet(shadow, style);
    sheet(shadow, own);
    const seed = seedOf(kept.key);
    let rarer: Promise<any> | undefined;
    const more = () =>
      (rarer ??= import(/* @vite-ignore */ `${base}/${__MORE__}`).then((found) => {
        sheet(shadow, found.css);
        return found;
      }));
    const questions = survey.shuffle?.length ? (await more()).order(survey, seed) : survey.questions;
    await learn(language);
    shown = show({
      survey, questions, language, seed, hidden, dark: isDark(document.documentElement),
      word: (each) => wordsOf(spoken, each),
      speaks: learn,
      more: async () => (await more()).default,
      upload: async (file) => (await ask(`${address(base, token)}/files`, { method: 'POST', body: file })).file,
      save: safe(sends.send),
      async finish(step) {
        const reply = await sends.send(step);
        stored(name, String(Date.now()));
        if (mode === 'stars') safe(async () => rate((await ask(address(base, token))) as Opened))();
        return reply.end;
      },
      close: isPopup ? close : undefined,
    });
    const { root } = shown;
    const votes = el('p', { class: 'help' });
    const rate = ({ rating }: Opened): void => {
      votes.textContent = !rating?.votes ? word('votes_none') : word('votes', { average: rating.average!.toLocaleString(language, { maximumFractionDigits: 1 }), most: survey.questions[0]!.scale === '1-10' ? 10 : 5, votes: rating.votes });
    };
    if (mode === 'stars') {
      root.append(votes);
      rate(opened);
      // A vote is one press; the keyboard chooses first and then presses Enter.
      root.addEventListener('click', (event) => event.detail && (event.target as HTMLInputElement).type === 'radio' && root.querySelector('form')!.requestSubmit());
      if (done) shown.notice(word('state_used'), '');
    }
    if (isPopup) {
      root.append(el('button', { type: 'button', class: 'x', 'aria-label': word('close'), click: close }, '×'));
      root.setAttribute('role', 'dialog');
      root.setAttribute('aria-label', survey.title[language] || word('send'));
      root.addEventListener('keydown', (event) => event.key === 'Escape' && close());
      stored(name, String(Date.now()));
    }
    shadow.append(root);
    if (isPopup) document.body.append(box);
    else if (place) place.append(box);
    else script.after(box);
  }

  const act = safe((what: string, value?: any) => {
    if (what === 'identify') anonymous = String(value);
    if (what === 'hidden') Object.assign(hidden, value);
    if (what === 'close') close();
    return what === 'open' && open();
  });

  // cham('identify', …) of a page; calls from before this script came are waiting in cham.q.
  const scope = window as unknown as { cham?: { (...call: unknown[]): void; q?: ArrayLike<unknown>[]; all?: (typeof act)[] } };
  const before = scope.cham;
  if (before?.all) before.all.push(act);
  else if (!before || before.q) {
    const all = [act];
    scope.cham = Object.assign((...call: unknown[]) => all.forEach((each) => each(...(call as [string]))), { all });
    for (const call of before?.q ?? []) act(...([...(call as unknown[])] as [string]));
  }

  const start = safe(() => {
    if (!isPopup) return open();
    if (!(+stored(name)! > Date.now() - every)) triggers(given, safe(open));
  });
  if (document.body) start();
  else addEventListener('DOMContentLoaded', start);
}

const script = document.currentScript as HTMLScriptElement | null;
if (script?.dataset.survey) safe(widget)(script);
