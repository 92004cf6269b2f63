/* Sends what was answered, step by step, and again until it has arrived.
 *
 * One request at a time; what is answered meanwhile goes with the next one. The
 * same key goes with every request of a response, so that a request whose answer
 * was lost is not a second response.
 */
import type { Answers } from './document';
import type { Step } from './survey';

export interface Kept {
  key: string;
  response?: string | number | null;
  edit?: string | null;
  answers: Answers;
  seen: string[];
  ms: Record<string, number>;
  language: string;
  question: string | null;
  at: number; // when it was begun
}

export interface Refused {
  status: number; // 0: no connection
  wait?: number; // seconds
  detail?: string;
}

export interface Sending {
  url: string; // address()
  kept: Kept;
  also(): object; // what goes with every step: key and version, hidden fields, who it is
  keep?(kept: Kept): void;
  waits(refused: Refused | null): void; // null: all has arrived
}

/* 128 bits, in hexadecimal digits. */
export function newKey(): string {
  let out = '';
  crypto.getRandomValues(new Uint8Array(16)).forEach((byte) => (out += (byte + 256).toString(16).slice(1)));
  return out;
}

const text = (value: string) => `"${value.replace(/["\\\u0000-\u001f]/g, (each) => `\\u${(each.charCodeAt(0) + 65536).toString(16).slice(1)}`)}"`;

/* JSON as it is meant: some pages put a toJSON of their own on the prototypes. */
export function json(value: unknown): string {
  if (typeof value === 'string') return text(value);
  if (Array.isArray(value)) return `[${value.map(json).join()}]`;
  if (!value || typeof value !== 'object') return String(value ?? null);
  return `{${Object.entries(value).filter((each) => each[1] !== undefined).map(([key, own]) => `${text(key)}:${json(own)}`).join()}}`;
}

/* Of a link: `base` is "" or the origin of the server. */
export const address = (base: string, token: string) => `${base}/api/v1/respond/${encodeURIComponent(token)}`;

async function refusal(reply: Response): Promise<Refused> {
  const body = await reply.json().catch(() => ({}));
  return { status: reply.status, wait: Number(reply.headers.get('retry-after')) || undefined, detail: body.errors?.[0]?.detail || body.detail };
}

/* Asks the server; throws what it refused, or status 0 where it cannot be reached. */
export async function ask(url: string, init: RequestInit = {}): Promise<any> {
  const reply = await fetch(url, { credentials: 'omit', cache: 'no-store', ...init }).catch(() => {
    throw { status: 0 } as Refused;
  });
  if (!reply.ok) throw await refusal(reply);
  return reply.json();
}

/* A request that carries answers. */
export function post(given: unknown): RequestInit {
  const body = json(given);
  // A page that is left still sends this; browsers refuse more than 64 KB of it.
  return { method: 'POST', body, keepalive: body.length < 2e4, headers: { 'content-type': 'application/json' } };
}

/* Does it help to send the same again? */
export const passes = ({ status }: Refused) => status === 0 || status === 408 || status === 429 || status >= 500;

export function session(own: Sending) {
  const { kept } = own;
  let waiting: { step: Step; done(reply: any): void; failed(refused: Refused): void } | null = null;
  let busy = false;
  let tries = 0;
  let timer: ReturnType<typeof setTimeout>;

  const say = (more: object) => ask(own.url, post({ ...more, ...own.also() }));

  async function again(): Promise<void> {
    clearTimeout(timer);
    if (busy || !waiting) return;
    busy = true;
    const now = waiting;
    waiting = null;
    const { question, ...step } = now.step;
    const { response, edit } = kept;
    try {
      const reply = await say({ ...step, response, edit });
      kept.response = reply.response;
      kept.edit = reply.edit;
      own.keep?.(kept);
      tries = 0;
      own.waits(null);
      now.done(reply);
    } catch (thrown) {
      const refused = thrown as Refused;
      if (passes(refused)) {
        waiting ??= now;
        timer = setTimeout(again, 1000 * (refused.wait || Math.min(2 ** tries++, 30)));
      } else now.failed(refused);
      own.waits(refused);
      busy = false;
      return;
    }
    busy = false;
    void again();
  }

  addEventListener('online', again);
  return {
    again,
    /* Says once that somebody sees the survey, who may leave without an answer. Not at once: what only fetches a page never shows
     * it, and no answers come along, so that it cannot take any back. Nobody hears when it fails; the next step says the same. */
    opens(root: Element, now: () => Step): void {
      let wait: unknown;
      new IntersectionObserver(([eye]) => {
        clearTimeout(wait as number);
        wait = eye!.isIntersecting && setTimeout(() => {
          const { seen, language } = now();
          if (kept.seen?.length || document.hidden) return;
          kept.seen = seen;
          say({ seen, language }).catch(() => {});
        }, 1000);
      }).observe(root);
    },
    /* Fulfilled when the server has it; a later step that overtakes this one leaves it open. */
    send(step: Step): Promise<any> {
      const { finished, ...rest } = step;
      own.keep?.(Object.assign(kept, rest));
      return new Promise((done, failed) => {
        waiting = { step, done, failed };
        void again();
      });
    },
  };
}
