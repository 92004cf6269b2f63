/* The survey on somebody else's page: <script async src="https://…/w/survey.js" data-survey="TOKEN" data-mode="popup">.
 *
 * All of it lives in a shadow root with a sheet of its own; what the page's policy must allow is this origin in script-src and
 * connect-src. Whatever goes wrong here stays here: the page never notices.
 */
import style from '../style.css?inline';
import own from './widget.css?inline';
import type { Survey } from '../document';
import { el } from '../dom';
import { address, ask, newKey, passes, session, type Kept } from '../session';
import { show, type Shown } from '../survey';
import { isDark } from '../theme';
import { wordsOf } from '../words';
import { triggers } from './triggers';

interface Opened {
  state: string;
  survey?: { version: number; document: Survey };
}

const day = 864e5;
const files = __FILES__; // by name: the languages, "more" and "stars"

/* Keeps what fails here from being an error of the page. */
const safe = <A extends unknown[]>(work: (...values: A) => unknown) => async (...values: A): Promise<void> => {
  try {
    await work(...values);
  } catch {
    // Nothing to say, and nobody to say it to.
  }
};

function stored(name: string, value?: unknown): number {
  try {
    if (value) localStorage[name] = value;
    return +localStorage[name];
  } catch {
    return 0;
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
  const base = script.src.replace(/\/w\/survey\.js.*/, '');
  const token = given.survey!;
  const url = address(base, token);
  const mode = given.mode || 'popup';
  const isPopup = mode === 'popup';
  const name = `cham.${token}`;
  const load = (part: string) => import(/* @vite-ignore */ `${base}/w/assets/${files[part] || files.en}`);
  const hidden = JSON.parse(given.hidden || '{}');
  let anonymous = given.anonymous;
  let host: HTMLElement | undefined;

  const close = () => host?.remove();
  const isDone = () => stored(name) > Date.now() - +(given.every || (isPopup ? 30 : 365)) * day;

  async function open(): Promise<void> {
    if (host?.isConnected) return;
    host = el('div', { class: mode });
    const shadow = host.attachShadow({ mode: 'open' });
    const opened: Opened = await ask(url);
    if (opened.state !== 'open') return;
    const { version, document: survey } = opened.survey!;
    const language = [given.language, document.documentElement.lang, navigator.language].map((each) => each?.slice(0, 2)).find((each) => survey.languages.includes(each!)) || survey.languages[0]!;
    const spoken: Record<string, Record<string, string>> = {};
    const learn = async (each: string) => (spoken[each] ??= (await load(each)).default);
    const word = wordsOf(spoken, language);
    const key = newKey();
    const more = async () => {
      const found = await load('more');
      sheet(shadow, found.css);
      return found;
    };
    const sends = session({
      url, kept: {} as Kept, also: () => ({ key, version, hidden, anonymous }),
      waits(why) {
        if (!why) shown.status('');
        else if (passes(why)) shown.status(word('offline'), sends.again);
        else if (why.status < 411 && why.status > 408) shown.notice(why.detail || word('thanks'), '');
        else shown.status(why.detail || `${why.status}`);
      },
    });
    sheet(shadow, style);
    sheet(shadow, own);
    await learn(language);
    let rate: ((rating: unknown) => void) | undefined;
    const rated = safe(async () => rate?.(await ask(`${url}/rating`)));
    const shown: Shown = show({
      survey, language, key, hidden,
      questions: survey.shuffle?.length ? (await more()).order(survey, key) : survey.questions,
      dark: isDark(document.documentElement),
      word: (each) => wordsOf(spoken, each),
      speaks: learn,
      more: async () => (await more()).default,
      upload: async (file) => (await ask(`${url}/files?name=${encodeURIComponent(file.name)}`, { method: 'POST', body: file })).file,
      save: safe(sends.send),
      async finish(step) {
        const { end } = await sends.send(step);
        stored(name, Date.now());
        void rated();
        return end;
      },
      close: isPopup ? close : undefined,
    });
    const { root } = shown;
    shadow.append(root);
    if (isPopup) {
      root.append(el('button', { type: 'button', class: 'x', 'aria-label': word('close'), click: close }, '×'));
      root.role = 'dialog';
      root.ariaLabel = survey.title[language] || word('send');
      root.addEventListener('keydown', (event) => event.key === 'Escape' && close());
      stored(name, Date.now());
      document.body.append(host);
    } else {
      const place = given.target && document.querySelector(given.target);
      if (place) place.append(host);
      else script.after(host);
    }
    if (mode === 'stars') { // a vote below every article is nothing that is opened
      if (isDone()) shown.notice(word('thanks'), '');
      rate = (await load('stars')).default(root, word, survey.questions[0]!.scale === '1-10' ? 10 : 5);
      void rated();
    } else sends.opens(root, shown.now);
  }

  const act = safe((what: string, value?: any) => {
    if (what === 'identify') anonymous = `${value}`;
    if (what === 'hidden') Object.assign(hidden, value);
    if (what === 'close') close();
    return what === 'open' && open();
  });

  // cham('identify', …) of a page. Calls from before this script came wait in cham.q; every widget of the page hears all of them.
  const scope = window as any;
  const q: [string, unknown][] = scope.cham ? scope.cham.q : [];
  if (q) {
    for (const call of q) void act(...call);
    scope.cham = (...call: [string, unknown]) => {
      q.push(call);
      dispatchEvent(new CustomEvent('cham', { detail: call }));
    };
    scope.cham.q = q;
  }
  addEventListener('cham', (event) => act(...((event as CustomEvent).detail as [string])));

  const start = safe(() => (!isPopup ? open() : isDone() || triggers(given, safe(open))));
  if (document.body) void start();
  else addEventListener('DOMContentLoaded', start);
}

const script = document.currentScript as HTMLScriptElement | null;
if (script?.dataset.survey) void safe(widget)(script);
