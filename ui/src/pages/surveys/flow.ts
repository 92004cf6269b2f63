/* The branches of a survey as a picture: questions and ends one below the other, and the ways that leave the straight line.
 *
 * Everything goes forwards, so that each way is an arc on the right side; arcs lie in lanes, a shorter one nearer, so
 * that none crosses the words of another.
 */
import type { Condition, Survey } from './document';

export interface Node {
  id: string;
  kind: 'question' | 'end';
  /* Asked only when its condition holds. */
  conditional: boolean;
  /* Nothing leads here. */
  lost: boolean;
  row: number;
}
export interface Edge {
  from: string;
  to: string;
  kind: 'next' | 'jump';
  when: Condition[];
  /* Which lane of the right side; 0 for the straight line. */
  lane: number;
}
export interface Flow {
  nodes: Node[];
  edges: Edge[];
  lanes: number;
}

export function flowOf(survey: Survey): Flow {
  const questions = survey.questions.map((each) => each.id);
  const ends = survey.ends.map((each) => `end:${each.id}`);
  const order = [...questions, ...ends];
  const rows = new Map(order.map((id, row) => [id, row]));
  const rest = survey.ends.find((each) => !each.when?.length) ?? survey.ends[0];
  const edges: Omit<Edge, 'lane'>[] = [];
  survey.questions.forEach((question, at) => {
    const jumps = (question.jump ?? []).filter((each) => (rows.get(each.to) ?? -1) > at);
    for (const jump of jumps) edges.push({ from: question.id, to: jump.to, kind: 'jump', when: jump.when });
    if (jumps.some((each) => each.when.length === 0)) return;
    const next = questions[at + 1];
    if (next) edges.push({ from: question.id, to: next, kind: 'next', when: [] });
    else {
      for (const end of survey.ends) if (end === rest || end.when?.length) edges.push({ from: question.id, to: `end:${end.id}`, kind: end === rest ? 'next' : 'jump', when: end.when ?? [] });
    }
  });
  const reached = new Set([questions[0] ?? ends[0], ...edges.map((each) => each.to), ...(survey.quotas ?? []).map((each) => each.to)]);
  const conditional = new Set(survey.questions.filter((each) => each.show?.length).map((each) => each.id));
  const nodes = order.map((id): Node => ({ id, kind: id.startsWith('end:') ? 'end' : 'question', conditional: conditional.has(id), lost: !reached.has(id), row: rows.get(id)! }));
  return { nodes, ...laned(edges, rows) };
}

function laned(edges: Omit<Edge, 'lane'>[], rows: Map<string, number>): { edges: Edge[]; lanes: number } {
  const span = (each: Omit<Edge, 'lane'>) => [rows.get(each.from)!, rows.get(each.to)!] as const;
  const bent = edges.filter((each) => each.kind === 'jump' || span(each)[1] - span(each)[0] > 1);
  const taken: [number, number][][] = [];
  const lane = new Map<Omit<Edge, 'lane'>, number>();
  for (const edge of [...bent].sort((a, b) => span(a)[1] - span(a)[0] - (span(b)[1] - span(b)[0]))) {
    const [from, to] = span(edge);
    let at = taken.findIndex((spans) => spans.every(([a, b]) => to <= a || from >= b));
    if (at < 0) at = taken.push([]) - 1;
    taken[at]!.push([from, to]);
    lane.set(edge, at + 1);
  }
  return { edges: edges.map((each) => ({ ...each, lane: lane.get(each) ?? 0 })), lanes: taken.length };
}
