/* What publishing would change: the draft beside the version in force, as lines a person can check. */
import type { Journey, Touchpoint } from '$/lib/api';

export interface Change {
  what: 'stage' | 'lane' | 'touchpoint' | 'journey';
  how: 'added' | 'removed' | 'renamed' | 'moved' | 'changed' | 'order';
  name: string;
  /* The name before, of what was renamed; the fields that differ, of what was changed. */
  before?: string;
  fields?: (keyof Touchpoint)[];
  /* The stage to which a touchpoint was moved. */
  stage?: string;
}

interface Named {
  id: string;
  name: string;
}

/* Everything that differs, in the order journey, stages, lanes, touchpoints. */
export function changesBetween(before: Journey | null, after: Journey): Change[] {
  const old = before ?? { ...after, stages: [], lanes: [], touchpoints: [] };
  const changes: Change[] = [];
  if (old.name !== after.name) changes.push({ what: 'journey', how: 'renamed', name: after.name, before: old.name });
  changes.push(...listChanges('stage', old.stages, after.stages));
  changes.push(...listChanges('lane', old.lanes, after.lanes));
  // A touchpoint that went to another stage has another place in the list as well: that is said once.
  const stays = (each: Touchpoint) => !old.touchpoints.some((was) => was.id === each.id && was.stage !== each.stage);
  const moved = after.touchpoints.filter((each) => !stays(each)).map((each) => each.id);
  const settled = (list: Touchpoint[]) => list.filter((each) => !moved.includes(each.id));
  changes.push(...listChanges('touchpoint', settled(old.touchpoints), settled(after.touchpoints)));
  for (const touchpoint of after.touchpoints) {
    const was = old.touchpoints.find((each) => each.id === touchpoint.id);
    if (!was) continue;
    if (was.stage !== touchpoint.stage) {
      const stage = after.stages.find((each) => each.id === touchpoint.stage)?.name ?? '';
      changes.push({ what: 'touchpoint', how: 'moved', name: touchpoint.name, stage });
      if (was.name !== touchpoint.name) changes.push({ what: 'touchpoint', how: 'renamed', name: touchpoint.name, before: was.name });
    }
    const fields = compared.filter((field) => canonical(was[field]) !== canonical(touchpoint[field]));
    if (fields.length > 0) changes.push({ what: 'touchpoint', how: 'changed', name: touchpoint.name, fields });
  }
  return changes;
}

export const sameMap = (a: Journey, b: Journey): boolean => changesBetween(a, b).length === 0 && describes(a) === describes(b);

const describes = (journey: Journey) => canonical([journey.description, journey.stages.map((each) => each.description), journey.lanes]);

function listChanges(what: 'stage' | 'lane' | 'touchpoint', before: Named[], after: Named[]): Change[] {
  const changes: Change[] = [];
  for (const item of after) {
    const was = before.find((each) => each.id === item.id);
    if (!was) changes.push({ what, how: 'added', name: item.name });
    else if (was.name !== item.name) changes.push({ what, how: 'renamed', name: item.name, before: was.name });
  }
  for (const item of before) {
    if (!after.some((each) => each.id === item.id)) changes.push({ what, how: 'removed', name: item.name });
  }
  const kept = (list: Named[], other: Named[]) => list.filter((item) => other.some((each) => each.id === item.id)).map((item) => item.id);
  if (kept(before, after).join('\n') !== kept(after, before).join('\n')) changes.push({ what, how: 'order', name: '' });
  return changes;
}

const compared: (keyof Touchpoint)[] = [
  'function',
  'task',
  'required_emotion',
  'sufficient_emotion',
  'next_act',
  'lane',
  'department',
  'channel',
  'dimension',
  'metric',
  'moment_that_matters',
  'where',
];

/* Text by which two values can be compared whatever the order of their members; empty for what says nothing. */
function canonical(value: unknown): string {
  if (value === undefined || value === null || value === '' || value === false) return '';
  if (Array.isArray(value)) return value.length === 0 ? '' : `[${value.map(canonical).join(',')}]`;
  if (typeof value !== 'object') return JSON.stringify(value);
  const members = Object.entries(value)
    .filter(([, each]) => canonical(each) !== '')
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return members.length === 0 ? '' : `{${members.map(([name, each]) => `${name}:${canonical(each)}`).join(',')}}`;
}
