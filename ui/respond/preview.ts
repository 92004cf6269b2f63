/* The survey as the respondent will see it, for its author: asks no server, keeps nothing.
 *
 * A draft may be unfinished in every way; whatever is missing is shown as missing and never throws.
 */
import core from 'virtual:respond/core';
import css from './style.css?inline';
import type { Answers, Survey } from './document';
import { show, type Shown } from './survey';
import { isDark } from './theme';
import { wordsOf } from './words';

export interface Preview {
  update(change: { document?: unknown; language?: string; question?: string | null }): void;
  destroy(): void;
}
export interface Options {
  document: unknown; // a draft
  language: string;
  preview: true;
  question?: string | null;
  onchange?(now: { question: string | null; end?: string; answers: Record<string, unknown> }): void;
}

/* What every part relies on, whatever the draft lacks. */
function whole(document: unknown): Survey {
  const given = (document ?? {}) as Partial<Survey>;
  const questions = (given.questions ?? []).filter((each) => each?.id && each.type).map((each) => ({ ...each, title: each.title ?? {}, show: each.show ?? undefined, jump: each.jump ?? undefined }));
  return { ...given, languages: given.languages?.length ? given.languages : ['vi'], title: given.title ?? {}, questions, ends: given.ends ?? [], shuffle: given.shuffle ?? [] };
}

function sheet(text: string): CSSStyleSheet {
  const made = new CSSStyleSheet();
  made.replaceSync(text);
  return made;
}

export function mount(element: HTMLElement, options: Options): Preview {
  const shadow = element.shadowRoot ?? element.attachShadow({ mode: 'open' });
  shadow.adoptedStyleSheets = [sheet(css), sheet('.cham{min-height:100%;padding:1.25rem 1rem}')];
  let { document: draft, language, question = null } = options;
  let answers: Answers = {};
  let shown: Shown | null = null;
  const dark = matchMedia('(prefers-color-scheme: dark)');

  function draw(): void {
    const survey = whole(draft);
    const known = new Set(survey.questions.map((each) => `${each.id} ${each.type}`));
    const types = new Map(kept.map((each) => each.split(' ') as [string, string]));
    answers = Object.fromEntries(Object.entries(answers).filter(([id]) => known.has(`${id} ${types.get(id)}`)));
    kept = [...known];
    shown = show({
      survey, questions: survey.questions, language, key: '', answers, question, level: 'h2', still: true, dark: isDark(element),
      word: (spoken) => wordsOf(core, spoken),
      more: async () => {
        const found = await import('./more/entry');
        if (shadow.adoptedStyleSheets.length < 3) shadow.adoptedStyleSheets = [...shadow.adoptedStyleSheets, sheet(found.css)];
        return found.default;
      },
      upload: async (file) => file.name,
      save: () => {},
      finish: async () => null,
      changed: (at, now, end) => { answers = now; options.onchange?.({ question: at, answers: now, end }); },
      speaks: (chosen) => { language = chosen; },
    });
    shadow.replaceChildren(shown.root);
  }
  let kept: string[] = whole(draft).questions.map((each) => `${each.id} ${each.type}`);
  draw();
  dark.addEventListener('change', draw);
  return {
    update(change) {
      const { question: at } = shown?.now() ?? { question: null };
      if ('document' in change) draft = change.document;
      if (change.language) language = change.language;
      question = change.question !== undefined ? change.question : at;
      draw();
    },
    destroy() {
      dark.removeEventListener('change', draw);
      shadow.replaceChildren();
    },
  };
}
