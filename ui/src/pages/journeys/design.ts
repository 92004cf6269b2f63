/* What the map means people to do next, so that a way they really take can be told from it.
 *
 * The design of a touchpoint is its next act, and the order of the map where
 * there is none: whoever goes on inside the stage, to the next stage, or
 * towards the touchpoint where the next act happens, goes along the design.
 * A next act that lies further back ("buys again") begins a new round, which
 * may begin anywhere before it.
 */
import type { Condition, Journey, Touchpoint } from '$/lib/api';

type Part = Exclude<Condition, { any: unknown } | { not: unknown }>;

const most = 64;

/* The ways a condition can hold, as lists that must hold together. "Not" is left out: it names nothing. */
export function alternatives(conditions: readonly (Condition | Condition[])[]): Part[][] {
  return conditions.reduce<Part[][]>(
    (found, each) => {
      if (Array.isArray(each)) return cross(found, alternatives(each));
      if ('any' in each) return cross(found, each.any.flatMap((one) => alternatives([one])));
      if ('not' in each) return found;
      return found.map((list) => [...list, each]);
    },
    [[]],
  );
}
const cross = (a: Part[][], b: Part[][]): Part[][] => a.flatMap((x) => b.map((y) => [...x, ...y])).slice(0, most);

/* Can one event satisfy both? Sure only when they name a common value of the same field and contradict each other nowhere. */
function agree(a: readonly Part[], b: readonly Part[]): boolean {
  let common = false;
  for (const x of a) {
    for (const y of b.filter((each) => each.field === x.field)) {
      const [xs, ys] = [x.is, y.is];
      if (xs && ys) {
        if (!xs.some((value) => ys.includes(value))) return false;
        common = true;
      }
      if (xs && y.is_not && xs.every((value) => y.is_not?.includes(value))) return false;
      if (ys && x.is_not && ys.every((value) => x.is_not?.includes(value))) return false;
    }
  }
  return common;
}
export const meet = (a: readonly Condition[], b: readonly Condition[]): boolean => alternatives(a).some((x) => alternatives(b).some((y) => agree(x, y)));

/* The touchpoints where the next act of one can happen, in map order. */
export const aims = (journey: Journey, touchpoint: Touchpoint): Touchpoint[] =>
  touchpoint.next_act ? journey.touchpoints.filter((each) => each.id !== touchpoint.id && meet(touchpoint.next_act!.when, each.where)) : [];

export type Turn = 'planned' | 'ahead' | 'round' | 'skip' | 'back';
export interface Step {
  turn: Turn;
  off: boolean;
  /* What was passed over, in map order. */
  over: Touchpoint[];
}

export interface Design {
  step(from: string, to: string): Step;
  /* Whether people may well be seen there last: what is to happen next lies in a new round or outside the map, or nothing
   * comes after it. */
  finish(id: string): boolean;
}

export function designOf(journey: Journey): Design {
  const { touchpoints, stages } = journey;
  const place = new Map(touchpoints.map((each, index) => [each.id, index]));
  const stage = (each: Touchpoint) => stages.findIndex(({ id }) => id === each.stage);
  const aimed = new Map(touchpoints.map((each) => [each.id, aims(journey, each)]));

  function step(from: string, to: string): Step {
    const [a, b] = [place.get(from), place.get(to)];
    if (a === undefined || b === undefined) return { turn: 'ahead', off: false, over: [] };
    const [one, other] = [touchpoints[a]!, touchpoints[b]!];
    const targets = aimed.get(from) ?? [];
    const good = (turn: Turn): Step => ({ turn, off: false, over: [] });
    if (targets.some((each) => each.id === to)) return good('planned');
    if (b > a) {
      const ahead = targets.filter((each) => place.get(each.id)! > a);
      if (ahead.length) return ahead.every((each) => place.get(each.id)! < b) ? { turn: 'skip', off: true, over: ahead } : good('ahead');
      // What lies between here and a new round is there for whoever needs it.
      if (targets.length) return good('ahead');
      const over = touchpoints.filter((each) => stage(each) > stage(one) && stage(each) < stage(other));
      return over.length ? { turn: 'skip', off: true, over } : good('ahead');
    }
    const behind = Math.max(-1, ...targets.map((each) => place.get(each.id)!).filter((index) => index < a));
    const last = !touchpoints.some((each) => stage(each) > stage(one));
    if (b <= behind || (last && !one.next_act)) return good('round');
    // Lanes of one stage stand beside each other; none of them comes first.
    if (stage(one) === stage(other) && one.lane !== other.lane) return good('ahead');
    return { turn: 'back', off: true, over: [] };
  }
  const finish = (id: string) => {
    const at = place.get(id);
    if (at === undefined) return true;
    if (touchpoints[at]!.next_act) return !(aimed.get(id) ?? []).some((each) => place.get(each.id)! > at);
    return !touchpoints.some((each) => stage(each) > stage(touchpoints[at]!));
  };
  return { step, finish };
}
