// The constants, ranges and conditions of the questions: drawn from a seed, so that nobody can know them beforehand and
// everybody can have them again. A draw speaks in codes (names.h); every side makes its own question of it.
import { DAY, SPAN_DAYS } from "./history.mjs";

export const questions = ["funnel", "retention", "nps", "paths", "people", "did"];

// mulberry32
function dice(seed) {
  let state = seed >>> 0;
  const share = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
  const between = (low, high) => low + Math.floor(share() * (high - low + 1));
  const some = (list, count) => {
    const left = [...list];
    return Array.from({ length: count }, () => left.splice(between(0, left.length - 1), 1)[0]);
  };
  return { share, between, some, one: (list) => list[between(0, list.length - 1)] };
}

const acts = Array.from({ length: 17 }, (_, i) => i);
const channels = Array.from({ length: 8 }, (_, i) => i);
const asPeopleBuy = [15, 0, 1, 2, 3, 4, 5, 6, 7, 16];

// Whole days within the two years.
function range({ between }, history, shortest, longest) {
  const length = between(shortest, longest);
  const from = history.from + between(0, SPAN_DAYS - length) * DAY;
  return { from, to: from + length * DAY };
}
const mostChannels = ({ between, some }) => some(channels, between(4, 7)).sort((a, b) => a - b);

const draw = {
  // Half of the funnels follow the order in which people buy, half are any four acts; a step may be one of two kinds.
  funnel(die, history) {
    const { share, some } = die;
    const path = share() < 0.5 ? some(asPeopleBuy, 4).sort((a, b) => asPeopleBuy.indexOf(a) - asPeopleBuy.indexOf(b)) : some(acts, 4);
    const others = some(acts.filter((kind) => !path.includes(kind)), 4);
    const steps = path.map((kind, i) => (share() < 0.3 ? [kind, others[i]] : [kind]));
    return { ...range(die, history, 180, 540), steps, within: 7 * DAY, channels: share() < 0.5 ? mostChannels(die) : null };
  },
  retention(die, history) {
    const { share, some, between } = die;
    const start = some(acts, between(1, 2));
    return { ...range(die, history, 90, 365), start, back: share() < 0.25 ? null : some(acts, between(1, 3)), channels: share() < 0.5 ? mostChannels(die) : null, periods: 12 };
  },
  nps: (die, history) => ({ ...range(die, history, 180, 540), channels: mostChannels(die) }),
  paths: (die, history) => ({ ...range(die, history, 180, 540), channels: mostChannels(die) }),
  people: (die, history) => ({ ...range(die, history, 180, 540), channels: mostChannels(die) }),
  // The NPS by channel, or events and people by channel, of persons who did something several times lately.
  did(die, history, number) {
    const { between } = die;
    return { ...range(die, history, 180, 540), of: number % 2 ? "count" : "nps", kind: die.one(acts), atLeast: between(2, 4), lastDays: between(30, 365) };
  },
};

// The first one only warms up and is not measured.
export function drawsOf(question, history, seed, count) {
  const die = dice(seed * 1000 + questions.indexOf(question));
  return Array.from({ length: count + 1 }, (_, number) => draw[question](die, history, number));
}
