/* The shapes of api.ts against those the server describes (openapi.d.ts, by `npm run types`).
 *
 * Ours are narrower: what the server calls a text is a Role here. Each of our
 * fields must be one of the server's, with a type that is one of the server's;
 * a field that was renamed or changed its type does not compile.
 */
import type * as ours from './api';
import type { components } from './openapi';

type Served = components['schemas'];
/* The shape without its gaps: whether something may be absent is ours to say. */
type Sure<Shape> = Shape extends (infer Item)[] ? Sure<Item>[] : Shape extends object ? { [Field in keyof Shape]-?: Sure<NonNullable<Shape[Field]>> } : Shape;
type Fits<Ours, Theirs> = {
  [Field in keyof Ours]-?: Field extends keyof Theirs ? ([Sure<NonNullable<Ours[Field]>>] extends [Sure<NonNullable<Theirs[Field]>>] ? true : ['has another type', Field]) : ['is not there', Field];
}[keyof Ours];
type Agree<All extends Record<keyof All, true>> = All;

export type Agreement = Agree<{
  session: Fits<ours.Session, Served['Session']>;
  installation: Fits<ours.Installation, Served['Installation']>;
  user: Fits<ours.SessionUser, Served['SessionUser']>;
  summary: Fits<ours.JourneySummary, Served['JourneySummary']>;
  journey: Fits<ours.Journey, Served['Journey']>;
  stage: Fits<ours.Stage, Served['Stage']>;
  lane: Fits<ours.Lane, Served['Lane']>;
  touchpoint: Fits<ours.Touchpoint, Served['Touchpoint']>;
  unmapped: Fits<ours.Unmapped, Served['Unmapped']>;
  finding: Fits<ours.Finding, Served['Finding']>;
  row: Fits<ours.Row, Served['Row']>;
  catalogue: Fits<ours.Catalogue, Served['Catalogue']>;
  people: Fits<ours.PersonSummary, Served['PersonSummary']>;
  person: Fits<ours.Person, Served['Person']>;
  certificate: Fits<ours.Certificate, Served['Erasure']>;
  import: Fits<ours.Import, Served['Import']>;
  term: Fits<ours.GlossaryItem, Served['Term']>;
}>;
