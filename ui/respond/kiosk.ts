/* The survey on a counter: full screen, begins anew for everybody, goes on without a network.
 *
 * An answered survey goes into the device's own database first and from there to the server, with a key of its own: a request
 * whose answer was lost is sent again and is still one response.
 */
import type { Answers } from './document';
import { el } from './dom';
import { add, all, keep, kept, remove, type Waiting } from './queue';
import { address, ask, newKey, passes, post, type Refused } from './session';
import { hidden, more, say, token, upload, word, language, type Opened } from './page';
import { order } from './shuffle';
import { show, type Step } from './survey';
import { wordsOf } from './words';
import catalogue from 'virtual:respond/core,page';

const idle_ms = 45_000;
const warned_s = 15;
const thanked_ms = 6_000;
const retry_ms = 20_000;

const main = document.getElementById('survey')!;
let pin: string | undefined;
let sending = false;
let left = false;

const note = el('p', { class: 'waiting', role: 'status' });

async function count(): Promise<void> {
  const n = (await all(token)).length;
  note.textContent = n ? word('kiosk_waiting', { n }) : '';
}

/* How far the server's clock is ahead of this device's; throws without a network. */
async function clock(): Promise<number> {
  const reply = await fetch('/livez', { cache: 'no-store' });
  return (Date.parse(reply.headers.get('date') ?? '') || Date.now()) - Date.now();
}

/* One after the other, oldest first. A survey that is paused (409) is tried again. What the server refuses for good stays on the
 * device, marked, and stops nothing. */
export async function flush(): Promise<void> {
  if (sending) return;
  sending = true;
  try {
    const waiting = (await all(token)).filter((each) => !each.refused);
    const ahead = waiting.length ? await clock() : 0;
    for (const each of waiting) {
      // Each says when it was answered, whatever the device's clock shows: that counts where the survey has ended since.
      const at_ms = each.at + ahead;
      try {
        await ask(address('', token), post({ ...each.body, at_ms }));
        await remove(each.key);
      } catch (thrown) {
        const why = thrown as Refused;
        if (passes(why) || why.status === 403 || why.status === 409) break;
        await add({ ...each, refused: why.status });
      }
    }
  } catch {
    // No network: the next turn tries again.
  } finally {
    sending = false;
    await count();
  }
}

async function store(key: string, version: number, step: Step): Promise<void> {
  const { answers, seen, ms, finished } = step;
  const waiting: Waiting = { key, token, at: Date.now(), body: { key, version, language: step.language, answers, seen, ms, hidden: hidden(), finished, pin } };
  await add(waiting);
  await count();
  void flush();
}

/* Everything the page was made of, for a start without network. */
async function keepPage(): Promise<void> {
  if (!('serviceWorker' in navigator)) return;
  await navigator.serviceWorker.register('/s/worker.js', { scope: '/s/' });
  const files = performance.getEntriesByType('resource').map((each) => new URL(each.name)).filter((each) => each.origin === location.origin && !each.pathname.startsWith('/api/'));
  const cache = await caches.open('cham-kiosk');
  await more(); // the rarer questions are needed offline too
  const later = performance.getEntriesByType('resource').map((each) => new URL(each.name)).filter((each) => each.pathname.startsWith('/assets/'));
  await cache.addAll([...new Set([location.pathname, ...[...files, ...later].map((each) => each.pathname)])]);
}

function leave(): void {
  left = true;
  if (document.fullscreenElement) void document.exitFullscreen();
  say(word('kiosk_left'), word('kiosk_left_text'), note);
}

function askToLeave(): void {
  const box = el('input', { class: 'line', id: 'exit', type: 'password', inputmode: 'numeric', autocomplete: 'off', 'aria-describedby': 'wrong' });
  const wrong = el('p', { class: 'wrong', id: 'wrong', role: 'alert' });
  const dialog = el('dialog', { class: 'cham', 'aria-label': word('kiosk_exit') },
    el('form', { submit: (event: Event) => {
      event.preventDefault();
      if (box.value !== pin) { wrong.textContent = word('pin_wrong'); return; }
      dialog.close();
      leave();
    } }, el('label', { for: 'exit' }, word('pin')), box, wrong,
    el('div', { class: 'foot' }, el('button', { type: 'button', class: 'plain', click: () => dialog.close() }, word('close')), el('button', { type: 'submit', class: 'main' }, word('kiosk_exit')))));
  dialog.addEventListener('close', () => dialog.remove());
  main.append(dialog);
  dialog.showModal();
}

/* Asks once before the answers of somebody who went away are put aside. */
function watch(away: () => void): () => void {
  let timer: ReturnType<typeof setTimeout>;
  let dialog: HTMLDialogElement | null = null;
  let ended = false;
  function stop(): void {
    dialog?.remove();
    dialog = null;
  }
  function ring(): void {
    const text = el('p', {});
    const stay = el('button', { type: 'button', class: 'main', click: start }, word('kiosk_stay'));
    let s = warned_s;
    dialog = el('dialog', { class: 'cham', 'aria-label': word('kiosk_stay') }, text, el('div', { class: 'foot' }, stay));
    main.append(dialog);
    dialog.showModal();
    const tick = () => {
      text.textContent = word('kiosk_still', { s });
      if (s-- > 0) timer = setTimeout(tick, 1000);
      else { stop(); away(); }
    };
    tick();
  }
  function start(): void {
    clearTimeout(timer);
    stop();
    if (!ended) timer = setTimeout(ring, idle_ms);
  }
  const heard = () => dialog || start();
  for (const name of ['pointerdown', 'keydown', 'input']) addEventListener(name, heard, { passive: true });
  start();
  return () => {
    ended = true;
    clearTimeout(timer);
    stop();
    for (const name of ['pointerdown', 'keydown', 'input']) removeEventListener(name, heard);
  };
}

export function run(opened: Opened, given?: string): void {
  const { document: survey, version } = opened.survey!;
  pin = given;
  document.documentElement.classList.add('kiosk');
  document.title = survey.title[language] || word('title');
  main.removeAttribute('aria-busy');

  function anew(): void {
    if (left) return;
    const key = newKey();
    let done = false;
    const unwatch = watch(again);
    // Answers of somebody who left half-way are kept as what they are: unfinished.
    function again(): void {
      const now = shown.now();
      if (!done && Object.keys(now.answers as Answers).length) void store(key, version, now);
      unwatch();
      anew();
    }
    const shown = show({
      survey, questions: order(survey, key), language: survey.languages.includes(language) ? language : (survey.languages[0] ?? 'vi'), key, level: 'h1', hidden: hidden(),
      word: (spoken) => wordsOf(catalogue, spoken), more, upload, stays: true,
      save() {},
      async finish(step) {
        done = true;
        await store(key, version, step);
        setTimeout(again, thanked_ms);
        return null;
      },
    });
    const out = el('button', { type: 'button', class: 'plain exit', click: () => (pin ? askToLeave() : leave()) }, word('kiosk_exit'));
    main.replaceChildren(shown.root, el('div', { class: 'kiosk-foot' }, note, out));
  }

  addEventListener('pointerup', () => !left && !document.fullscreenElement && !main.querySelector('dialog') && document.documentElement.requestFullscreen?.().catch(() => {}), { passive: true });
  addEventListener('contextmenu', (event) => left || event.preventDefault());
  addEventListener('online', () => void flush());
  setInterval(() => void flush(), retry_ms);
  void keep(token, { opened, pin });
  void keepPage().catch(() => {}); // without it the page still queues; only a reload needs the network
  void flush();
  anew();
}

/* The survey as it was when the device last had a network; false when it never had one. */
export async function offline(): Promise<boolean> {
  const before = (await kept(token)) as { opened: Opened; pin?: string } | undefined;
  if (!before) return false;
  run(before.opened, before.pin);
  return true;
}
