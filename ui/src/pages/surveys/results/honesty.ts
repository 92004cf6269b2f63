/* What speaks against trusting the figures: answers that came in a way in which people do not answer.
 *
 * Looked at are the newest responses. Nothing is thrown away for it: a reader looks and judges. A kiosk is one device for
 * everybody, and whoever answers one or two questions may be quick.
 */
import type { ResponseLine } from './responses';

export const deviceLeast = 3;
export const burstLeast = 5;
const burstMs = 10 * 60_000;
/* Nobody reads and answers three questions in less than a second each. */
const fastSeconds = 1;
const fastLeast = 3;

export interface Burst {
  from_ms: number;
  to_ms: number;
  responses: string[];
}
export interface Signs {
  looked: number;
  /* Responses of devices that answered three times or more. */
  device: string[];
  fast: string[];
  bursts: Burst[];
}

export function signsOf(lines: ResponseLine[]): Signs {
  const own = lines.filter((each) => each.link_kind !== 'kiosk' && each.device !== '');
  const devices = new Map<string, ResponseLine[]>();
  for (const each of own) devices.set(each.device, [...(devices.get(each.device) ?? []), each]);
  const many = [...devices.values()].filter((each) => each.length >= deviceLeast);
  const fast = lines.filter((each) => each.state === 'finished' && each.seconds !== null && each.answered >= fastLeast && each.seconds < each.answered * fastSeconds);
  return { looked: lines.length, device: many.flat().map((each) => each.id), fast: fast.map((each) => each.id), bursts: many.flatMap(burstsOf) };
}

/* The longest runs of one device in which five responses or more lie within ten minutes. */
function burstsOf(lines: ResponseLine[]): Burst[] {
  const ordered = [...lines].sort((a, b) => a.started_ms - b.started_ms);
  const found: Burst[] = [];
  for (let at = 0; at < ordered.length; ) {
    let end = at;
    while (end + 1 < ordered.length && ordered[end + 1]!.started_ms - ordered[at]!.started_ms <= burstMs) end++;
    if (end - at + 1 < burstLeast) {
      at++;
      continue;
    }
    found.push({ from_ms: ordered[at]!.started_ms, to_ms: ordered[end]!.started_ms, responses: ordered.slice(at, end + 1).map((each) => each.id) });
    at = end + 1;
  }
  return found;
}
