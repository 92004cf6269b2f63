/* The builder's table: the draft, what is open of it, and what is wrong where. Every part of the builder, however deep, has it. */
import { getContext, setContext } from 'svelte';
import type { Draft } from '$/lib/draft.svelte';
import type { FieldProblem } from '$/lib/http';
import { language } from '$/lib/i18n.svelte';
import type { PlacedTouchpoint } from './touchpoints';
import { together, troubles, within, type Trouble } from './check';
import { placeOf, questionOf, type Question, type Survey } from './document';
import { putQuestion } from './edit';

export type View = 'questions' | 'flow' | 'languages' | 'settings' | 'look' | 'preview';

export class Desk {
  readonly draft: Draft<Survey>;
  /* What is unfolded: a question's id, "opening", or "end:ID". */
  opened = $state<string | null>(null);
  view = $state<View>('questions');
  touchpoints = $state.raw<PlacedTouchpoint[]>([]);
  said = $state('');
  /* What the server says about the draft beyond what is seen here. */
  server = $state.raw<FieldProblem[]>([]);
  readonly fixed: boolean;
  /* Asks the server again what it misses: something outside the draft was changed. */
  recheck: () => Promise<void> = async () => {};

  constructor(draft: Draft<Survey>, fixed: boolean) {
    this.draft = draft;
    this.fixed = fixed;
  }

  readonly troubles: Trouble[] = $derived.by(() => together(troubles(this.survey), [...(this.draft.problem?.errors ?? []), ...this.server]));

  get survey(): Survey {
    return this.draft.value;
  }
  /* The language in which the author reads texts in lists: their own where the survey has it. */
  get language(): string {
    return this.survey.languages.includes(language()) ? language() : (this.survey.languages[0] ?? 'vi');
  }
  change(next: Survey, group = ''): void {
    if (!this.fixed) this.draft.change(next, group);
  }
  put(question: Question, group = ''): void {
    this.change(putQuestion(this.survey, question), group && `${question.id}.${group}`);
  }
  at(pointer: string): Trouble[] {
    return within(this.troubles, pointer);
  }
  questionPointer(id: string): string {
    return `/questions/${placeOf(this.survey, id)}`;
  }
  /* Opens what a pointer names, and moves there. */
  goTo(pointer: string): void {
    const [, part, index] = pointer.split('/');
    this.view = part === 'theme' ? 'look' : part === 'quotas' || part === 'shuffle' || part === 'languages' || part === 'partial_after' ? 'settings' : 'questions';
    if (part === 'questions' && index !== undefined) this.opened = this.survey.questions[Number(index)]?.id ?? null;
    else if (part === 'ends') this.opened = index === undefined ? null : `end:${this.survey.ends[Number(index)]?.id}`;
    else if (part === 'name' || part === 'title' || part === 'welcome' || part === 'touchpoint' || part === 'place') this.opened = 'opening';
    setTimeout(() => focusOn(pointer), 60);
  }
  openedQuestion(): Question | undefined {
    return this.opened ? questionOf(this.survey, this.opened) : undefined;
  }
}

/* The field of the pointer, or the nearest above it that is on screen. */
function focusOn(pointer: string): void {
  for (let here = pointer; here; here = here.slice(0, here.lastIndexOf('/'))) {
    const found = document.querySelector<HTMLElement>(`[data-pointer="${CSS.escape(here)}"]`);
    if (!found) continue;
    const target = found.matches('input, select, textarea, button') ? found : (found.querySelector<HTMLElement>('input, select, textarea, button') ?? found);
    target.focus();
    found.scrollIntoView({ block: 'center' });
    return;
  }
}

const key = Symbol('desk');
export const giveDesk = (desk: Desk): Desk => setContext(key, desk);
export const theDesk = (): Desk => getContext<Desk>(key);
