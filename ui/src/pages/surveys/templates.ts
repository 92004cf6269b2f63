/* How a survey begins: empty, from a template of the server, or as a copy. */
import { api } from '$/lib/http';
import { tidied, type Survey, type Text } from './document';
import { inLanguages } from './kinds';

export interface Template {
  key: string;
  name: Text;
  document: Survey;
}
export const readTemplates = async (signal?: AbortSignal): Promise<Template[]> => (await api.get<{ items: Template[] }>('/survey-templates', { signal })).items;

const both = (vi: string, en: string): Text => ({ vi, en });

export function empty(name: string, languages: string[]): Survey {
  const ends = [{ id: 'thanks', title: both('Cảm ơn bạn!', 'Thank you!'), text: both('Câu trả lời của bạn giúp chúng tôi làm tốt hơn.', 'Your answers help us do better.') }];
  return { languages, name, title: {}, theme: { accent: '#0b6e4f', shape: 'soft', progress: true }, questions: [], ends: inLanguages(ends, languages), partial_after: '24h' };
}

/* The template under another name, with the languages that were chosen and are there. */
export function from(template: Template, name: string, languages: string[]): Survey {
  const document = tidied(template.document);
  const both = languages.filter((each) => document.languages.includes(each));
  return { ...inLanguages(document, both.length ? both : document.languages), name, languages };
}

/* The same questions once more, as a survey of its own: what only the server gave is left out. */
export function copyOf(survey: Survey, name: string): Survey {
  return { ...survey, name, questions: survey.questions.map(({ series: _series, ...each }) => each) };
}
