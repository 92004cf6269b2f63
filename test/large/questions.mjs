// Random questions of all kinds about what the crowd sent, and whether two answers are the same.
import { dice } from "../fault/world.mjs";

const KINDS = ["page", "Product Viewed", "Product Added", "Order Completed", "Support Called", "Survey Answered"];
const CHANNELS = ["web", "app", "shop", "zalo", "none"];
const PLACES = ["Hà Nội", "Đà Nẵng", "TP. Hồ Chí Minh"];
const DAY_MS = 86400000;
const iso = (ms) => new Date(ms).toISOString().slice(0, 10);

// A seed gives the same questions. `from_ms` to `to_ms`: when the events happened; `journey`: one that is published, if any.
export function questions(seed, { from_ms, to_ms, journey, persons }) {
  const roll = dice(seed);
  const pick = (list) => list[roll(list.length)];
  const some = (list) => list.filter(() => roll(3) === 0).concat(pick(list)).filter((each, i, all) => all.indexOf(each) === i);
  const kind = () => ({ field: "kind", is: some(KINDS).slice(0, 3) });
  const days = Math.max(2, Math.ceil((to_ms - from_ms) / DAY_MS));

  const plain = [
    kind,
    () => ({ field: "channel", is: some(CHANNELS) }),
    () => ({ field: "place", [pick(["is", "is_not"])]: some(PLACES) }),
    () => ({ field: "prop:basket", [pick(["gt", "gte", "lt", "lte"])]: roll(9) }),
    () => ({ field: "amount", gte: 1000 * roll(800) }),
    () => ({ field: "place", exists: roll(2) === 0 }),
    () => ({ field: "channel", contains: pick(["a", "we", "zal"]) }),
  ];
  const condition = (depth = 0) => {
    const which = roll(depth < 2 ? 10 : 6);
    if (which === 9) {
      return { not: condition(depth + 1) };
    }
    if (which === 8) {
      return { any: [condition(depth + 1), condition(depth + 1)] };
    }
    if (which === 7) {
      return { did: kind(), at_least: 1 + roll(4), ...(roll(2) && { in_last: `${1 + roll(days)}d` }) };
    }
    return pick(plain)();
  };
  const where = () => ({ ...(roll(2) && { where: Array.from({ length: 1 + roll(2) }, () => condition()) }) });
  const span = () => {
    const first = roll(days);
    return roll(3) === 0 ? {} : { from: iso(from_ms + first * DAY_MS), to: iso(from_ms + (first + 1 + roll(days - first)) * DAY_MS) };
  };
  const by = () => ({ ...(roll(3) && { by: some(["kind", "channel", "place", "source", "prop:basket", ...(journey ? ["touchpoint", "stage"] : [])]).slice(0, 2) }) });
  const every = (words) => ({ ...(roll(2) && { every: pick(words) }) });
  const ofJourney = journey ? { journey } : {};

  const somebody = () => `user:U${Math.min(roll(persons), roll(persons))}`;
  const kinds = [
    () => ({ ask: "count", of: pick([["events"], ["people"], ["events", "people"], ["events", "people", "amount"]]), ...span(), ...where(), ...by(), ...every(["hour", "day", "week", "month"]) }),
    () => ({ ask: "score", metric: "nps", ...span(), ...where(), ...by(), ...every(["day", "week"]) }),
    () => ({ ask: "funnel", steps: Array.from({ length: 2 + roll(3) }, kind), within: pick(["1h", "6h", "2d", "7d"]), order: pick(["loose", "strict"]), ...span(), ...where(), ...(roll(3) === 0 && { by: ["channel"] }) }),
    () => ({ ask: "retention", start: kind(), return: kind(), every: pick(["hour", "day", "week"]), periods: 1 + roll(6), cohort: pick(["first", "every"]), elapsed: roll(2) === 0, ...span(), ...where() }),
    () => ({ ask: "paths", node: pick(["kind", "channel"]), of: pick(["edges", "variants"]), top: 5 + roll(30), collapse: roll(2) === 0, ...(roll(2) && { start: kind(), steps: 2 + roll(4) }), ...span(), ...where() }),
    () => ({ ask: "features", person: somebody(), ...span(), ...where() }),
    () => ({ ask: "timeline", person: somebody(), limit: 3 + roll(30), ...span(), ...where() }),
    ...(journey ? [() => ({ ask: "adherence", journey, ...span() })] : []),
  ];
  return () => ({ ...ofJourney, ...pick(kinds)() });
}

// Where they differ, or nothing. Numbers within 1e-9.
export function difference(a, b, at = "") {
  if (typeof a === "number" && typeof b === "number") {
    return Math.abs(a - b) <= 1e-9 * Math.max(1, Math.abs(a), Math.abs(b)) ? "" : `${at}: ${a} and ${b}`;
  }
  if (a === null || b === null || typeof a !== "object" || typeof b !== "object") {
    return a === b ? "" : `${at}: ${JSON.stringify(a)} and ${JSON.stringify(b)}`;
  }
  const names = [...new Set([...Object.keys(a), ...Object.keys(b)])];
  for (const name of names) {
    const found = name in a && name in b ? difference(a[name], b[name], `${at}/${name}`) : `${at}/${name} is missing`;
    if (found) {
      return found;
    }
  }
  return "";
}
