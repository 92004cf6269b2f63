/* Conditions as the builder shows them: one field, one comparison, its values.
 *
 * The question language can say more (any, not, did). What the builder cannot
 * show it leaves untouched.
 */
import type { Catalogue, Condition, Scalar } from '$/lib/api';

export interface Plain {
  field: string;
  is?: Scalar[];
  is_not?: Scalar[];
  contains?: string;
  exists?: boolean;
  gt?: Scalar;
  gte?: Scalar;
  lt?: Scalar;
  lte?: Scalar;
}

export const operators = ['is', 'is_not', 'contains', 'gte', 'gt', 'lte', 'lt', 'exists', 'missing'] as const;
export type Operator = (typeof operators)[number];

export const plainFields = ['kind', 'channel', 'place', 'touchpoint', 'source', 'metric', 'score', 'amount'] as const;
const numeric = ['score', 'amount'];

export const isPlain = (condition: Condition): condition is Plain => 'field' in condition && operatorOf(condition as Plain) !== null;

export function operatorOf(condition: Plain): Operator | null {
  const named = Object.keys(condition).filter((key) => key !== 'field');
  if (named.length !== 1) return null;
  const [name] = named;
  if (name === 'exists') return condition.exists === false ? 'missing' : 'exists';
  return operators.find((each) => each === name) ?? null;
}

/* What may be asked of a field: text is compared as text, numbers as numbers. */
export function operatorsOf(field: string): Operator[] {
  if (numeric.includes(field)) return ['gte', 'gt', 'lte', 'lt', 'is', 'exists', 'missing'];
  if (field.startsWith('prop:')) return [...operators];
  return ['is', 'is_not', 'contains', 'exists', 'missing'];
}

export function withField(field: string): Plain {
  return numeric.includes(field) ? { field, gte: 0 } : { field, is: [] };
}

/* The condition with another comparison; values are kept where they fit. */
export function withOperator(condition: Plain, operator: Operator): Plain {
  const { field } = condition;
  const values = condition.is ?? condition.is_not ?? [];
  const first = condition.contains ?? values[0] ?? condition.gte ?? condition.gt ?? condition.lte ?? condition.lt;
  if (operator === 'is' || operator === 'is_not') {
    return { field, [operator]: values.length > 0 || first === undefined ? values : [first] };
  }
  if (operator === 'exists' || operator === 'missing') return { field, exists: operator === 'exists' };
  if (operator === 'contains') return { field, contains: String(first ?? '') };
  return { field, [operator]: Number(first ?? 0) || 0 };
}

/* A condition that says something: an unfinished one is not asked about. */
export function isWhole(condition: Condition): boolean {
  if ('any' in condition) return condition.any.some(isWhole);
  if (!isPlain(condition)) return true;
  const operator = operatorOf(condition);
  if (operator === 'is') return (condition.is ?? []).length > 0;
  if (operator === 'is_not') return (condition.is_not ?? []).length > 0;
  if (operator === 'contains') return condition.contains !== '';
  return true;
}

/* Only what is finished, inside groups as well. */
export const whole = (conditions: Condition[]): Condition[] =>
  conditions.filter(isWhole).map((each) => ('any' in each ? { ...each, any: whole(each.any) } : each));

/* The conditions of a map as a question asks them: what a map calls "touchpoint" is what the sender declared. */
export const asked = (conditions: Condition[]): Condition[] =>
  conditions.map((each) => {
    if ('any' in each) return { ...each, any: asked(each.any) };
    if ('not' in each) return { ...each, not: asked([each.not])[0]! };
    return 'field' in each && each.field === 'touchpoint' ? { ...each, field: 'declared' } : each;
  });

export interface Choice {
  value: string;
  events?: number;
}

/* What events of the log have in a field, with how many. */
export function choicesOf(catalogue: Catalogue | undefined, field: string): Choice[] {
  if (!catalogue) return [];
  if (field.startsWith('prop:')) {
    const found = catalogue.props.find((each) => `prop:${each.value}` === field || each.value === field);
    return (found?.sample ?? []).map((value) => ({ value: String(value) }));
  }
  const lists: Record<string, Choice[]> = {
    kind: catalogue.kinds,
    channel: catalogue.channels,
    place: catalogue.places,
    source: catalogue.sources,
    touchpoint: catalogue.touchpoints,
    metric: catalogue.metrics,
  };
  return lists[field] ?? [];
}
