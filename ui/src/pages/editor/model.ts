/* A journey map as the editor changes it. Every function returns a new journey: what was
 * published or saved is never touched, and undo is keeping the journey from before.
 */
import type { Journey, Lane, Stage, Touchpoint } from '$/lib/api';
import { whole } from './conditions';

/* A slug of `name` that is not `taken`: lower case, tones and đ folded, words joined by "-". */
export function slugOf(name: string, taken: string[]): string {
  const folded = name
    .normalize('NFD')
    .replace(/[\u0300-\u036f]/g, '')
    .replace(/[đĐ]/g, 'd')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, 48)
    .replace(/^-|-$/g, '');
  const base = folded === '' ? 'x' : folded;
  let slug = base;
  for (let k = 2; taken.includes(slug); k++) slug = `${base}-${k}`;
  return slug;
}

const ids = (list: { id: string }[]) => list.map((each) => each.id);

export const touchpointsOf = (journey: Journey, stage: string): Touchpoint[] => journey.touchpoints.filter((each) => each.stage === stage);

export function addStage(journey: Journey, name: string): { journey: Journey; id: string } {
  const id = slugOf(name, ids(journey.stages));
  return { journey: { ...journey, stages: [...journey.stages, { id, name, description: '' }] }, id };
}

export const changeStage = (journey: Journey, id: string, change: Partial<Stage>): Journey => ({
  ...journey,
  stages: journey.stages.map((each) => (each.id === id ? { ...each, ...change } : each)),
});

/* A stage goes together with its touchpoints: none may be left on a stage that is not there. */
export const removeStage = (journey: Journey, id: string): Journey => ({
  ...journey,
  stages: journey.stages.filter((each) => each.id !== id),
  touchpoints: journey.touchpoints.filter((each) => each.stage !== id),
});

export function moveStage(journey: Journey, id: string, by: number): Journey {
  const from = ids(journey.stages).indexOf(id);
  const to = from + by;
  if (from < 0 || to < 0 || to >= journey.stages.length) return journey;
  const stages = [...journey.stages];
  stages.splice(to, 0, ...stages.splice(from, 1));
  return inMapOrder({ ...journey, stages });
}

export function addTouchpoint(journey: Journey, stage: string, name: string): { journey: Journey; id: string } {
  const id = slugOf(name, ids(journey.touchpoints));
  const fresh: Touchpoint = {
    id,
    name,
    stage,
    lane: null,
    function: '',
    task: '',
    required_emotion: null,
    sufficient_emotion: null,
    next_act: null,
    department: null,
    channel: null,
    dimension: null,
    metric: null,
    moment_that_matters: false,
    where: [],
  };
  return { journey: inMapOrder({ ...journey, touchpoints: [...journey.touchpoints, fresh] }), id };
}

export const changeTouchpoint = (journey: Journey, id: string, change: Partial<Touchpoint>): Journey => ({
  ...journey,
  touchpoints: journey.touchpoints.map((each) => (each.id === id ? { ...each, ...change } : each)),
});

export const removeTouchpoint = (journey: Journey, id: string): Journey => ({
  ...journey,
  touchpoints: journey.touchpoints.filter((each) => each.id !== id),
});

/* Puts a touchpoint at place `index` among the others of `stage`. */
export function placeTouchpoint(journey: Journey, id: string, stage: string, index: number): Journey {
  const touchpoint = journey.touchpoints.find((each) => each.id === id);
  if (!touchpoint) return journey;
  const touchpoints = journey.touchpoints.filter((each) => each.id !== id);
  const follower = touchpoints.filter((each) => each.stage === stage)[Math.max(0, index)];
  touchpoints.splice(follower ? touchpoints.indexOf(follower) : touchpoints.length, 0, { ...touchpoint, stage });
  return inMapOrder({ ...journey, touchpoints });
}

export type Step = 'up' | 'down' | 'left' | 'right';

/* One step with the keyboard: up or down in the column, or over to the column beside it. */
export function stepTouchpoint(journey: Journey, id: string, step: Step): Journey {
  const touchpoint = journey.touchpoints.find((each) => each.id === id);
  if (!touchpoint) return journey;
  const column = touchpointsOf(journey, touchpoint.stage);
  const row = column.indexOf(touchpoint);
  if (step === 'up') return row === 0 ? journey : placeTouchpoint(journey, id, touchpoint.stage, row - 1);
  if (step === 'down') return row === column.length - 1 ? journey : placeTouchpoint(journey, id, touchpoint.stage, row + 1);
  const beside = journey.stages[ids(journey.stages).indexOf(touchpoint.stage) + (step === 'left' ? -1 : 1)];
  return beside ? placeTouchpoint(journey, id, beside.id, row) : journey;
}

export function addLane(journey: Journey, name: string): Journey {
  const lane: Lane = { id: slugOf(name, ids(journey.lanes)), name, department: null };
  return { ...journey, lanes: [...journey.lanes, lane] };
}

export const changeLane = (journey: Journey, id: string, change: Partial<Lane>): Journey => ({
  ...journey,
  lanes: journey.lanes.map((each) => (each.id === id ? { ...each, ...change } : each)),
});

export const removeLane = (journey: Journey, id: string): Journey => ({
  ...journey,
  lanes: journey.lanes.filter((each) => each.id !== id),
  touchpoints: journey.touchpoints.map((each) => (each.lane === id ? { ...each, lane: null } : each)),
});

/* What is not published yet takes its id from the name it got meanwhile; published ids never change. */
export function renamed(journey: Journey, published: Journey | null, id: string): Journey {
  const touchpoint = journey.touchpoints.find((each) => each.id === id);
  if (touchpoint && !published?.touchpoints.some((each) => each.id === id)) {
    const slug = slugOf(touchpoint.name, ids(journey.touchpoints.filter((each) => each.id !== id)));
    return slug === id ? journey : changeTouchpoint(journey, id, { id: slug });
  }
  const stage = journey.stages.find((each) => each.id === id);
  if (!stage || published?.stages.some((each) => each.id === id)) return journey;
  const slug = slugOf(stage.name, ids(journey.stages.filter((each) => each.id !== id)));
  if (slug === id) return journey;
  const touchpoints = journey.touchpoints.map((each) => (each.stage === id ? { ...each, stage: slug } : each));
  return { ...changeStage(journey, id, { id: slug }), touchpoints };
}

/* An event belongs to the first touchpoint in map order whose condition holds, so the list
 * follows what is seen: stage by stage from the left, from top to bottom inside a stage.
 */
function inMapOrder(journey: Journey): Journey {
  return { ...journey, touchpoints: journey.stages.flatMap((stage) => touchpointsOf(journey, stage.id)) };
}

/* Something has no name at the moment: it is being typed, and not yet fit to be saved. */
export const isUnnamed = (journey: Journey): boolean =>
  [journey, ...journey.stages, ...journey.lanes, ...journey.touchpoints].some((each) => each.name.trim() === '');

/* What of a journey is the editor's to say. Conditions that are not finished say nothing yet and stay on the page. */
export function sent(journey: Journey): Pick<Journey, 'name' | 'description' | 'stages' | 'lanes' | 'touchpoints'> {
  const touchpoints = journey.touchpoints.map((each) => ({
    ...each,
    where: whole(each.where),
    next_act: each.next_act && { ...each.next_act, when: whole(each.next_act.when) },
  }));
  return { name: journey.name, description: journey.description, stages: journey.stages, lanes: journey.lanes, touchpoints };
}
