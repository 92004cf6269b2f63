/* Which events are meant, as people choose them: kinds of events and touchpoints, and further conditions beside them. */
import type { Scalar } from '$/lib/api';
import type { Clause, Plain } from './question';

export interface Picked {
  /* "kind:Order Completed", "touchpoint:giao-hang": any of them. */
  picks: string[];
  rest: Clause[];
}

const fields = ['kind', 'touchpoint'];
const isPick = (clause: Clause): clause is Plain => 'field' in clause && fields.includes(clause.field) && Array.isArray(clause.is) && Object.keys(clause).length === 2 && clause.is.every((each) => typeof each === 'string');
const names = (clause: Plain): string[] => (clause.is ?? []).map((each) => `${clause.field}:${each}`);

export function picked(clauses: Clause[]): Picked {
  const at = clauses.findIndex((each) => isPick(each) || ('any' in each && each.any.length > 0 && each.any.every((inner) => !Array.isArray(inner) && isPick(inner))));
  const found = clauses[at];
  if (!found) return { picks: [], rest: clauses };
  const picks = 'any' in found ? found.any.flatMap((inner) => names(inner as Plain)) : names(found as Plain);
  return { picks, rest: clauses.filter((_, index) => index !== at) };
}

export function unpicked({ picks, rest }: Picked): Clause[] {
  const groups = fields
    .map((field) => ({ field, is: picks.filter((each) => each.startsWith(`${field}:`)).map((each) => each.slice(field.length + 1) as Scalar) }))
    .filter((each) => each.is.length);
  if (groups.length === 0) return rest;
  return [groups.length === 1 ? groups[0]! : { any: groups }, ...rest];
}
