/* /o/TOKEN: the page shows what a press of the button would stop; opening it stops nothing. */
import './style.css';
import './page.css';
import catalogue from 'virtual:respond/core,page';
import { el } from './dom';
import { ask, type Refused } from './session';
import { isDark, paint } from './theme';
import { wordsOf } from './words';

const token = decodeURIComponent(location.pathname.split('/')[2] ?? '');
const url = `/api/v1/opt-out/${encodeURIComponent(token)}`;
const main = document.getElementById('survey')!;
const wanted = [new URLSearchParams(location.search).get('lang'), ...navigator.languages.map((each) => each.slice(0, 2))];
const language = wanted.find((each) => each === 'vi' || each === 'en') ?? 'vi';
const word = wordsOf(catalogue, language);
const headers = { 'accept-language': language };

function say(title: string, text: string, ...more: Node[]): void {
  document.title = title;
  const heading = el('h1', { tabindex: -1 }, title);
  const box = el('div', { class: 'cham' }, heading, text && el('p', {}, text), ...more);
  paint(box, null, isDark(document.documentElement));
  main.replaceChildren(box);
  main.removeAttribute('aria-busy');
  heading.focus();
}

interface Found {
  organisation: string;
  address: string; // partly hidden
  purpose: string;
  out: boolean;
}

const button = (text: string, click: () => void, look = 'main') => el('button', { type: 'button', class: look, click }, text);

function failed(why: Refused, again: () => void): void {
  if (why.status === 404 || why.status === 410) return say(word('expired'), word('gone'));
  say(word(why.status === 429 ? 'too_often' : 'load_failed'), '', button(word('retry'), again));
}

const done = () => say(word('optout_done'), word('optout_done_text'));

function stop(all: boolean): void {
  ask(url, { method: 'POST', headers: { ...headers, 'content-type': 'application/json' }, body: JSON.stringify({ all }) }).then(done, (why) => failed(why, () => stop(all)));
}

function start(): void {
  ask(url, { headers }).then(
    ({ organisation, address, purpose, out }: Found) => (out ? done() : say(word('optout_title', { organisation }), word('optout_text', { address, purpose: word(`optout_${purpose}`) }), button(word('optout_button'), () => stop(false)), el('p', {}), button(word('optout_all', { organisation }), () => stop(true), 'plain'))),
    (why) => failed(why, start),
  );
}

document.documentElement.lang = language;
start();
