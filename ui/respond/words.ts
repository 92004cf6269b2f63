/* The words around the questions, in both languages at once: a survey is switched without asking the server. */
import type catalogue from '../../locales/vi.json';

type Under<Prefix extends string> = { [K in keyof typeof catalogue as K extends `${Prefix}${infer Rest}` ? Rest : never]: string };
export type CoreKey = keyof Under<'ui.respond.'>;
export type MoreKey = keyof Under<'ui.respond_more.'>;
export type PageKey = keyof Under<'ui.respond_page.'>;
export type Catalogue = Record<string, Record<string, string>>;
export type Word = (key: CoreKey, values?: Record<string, string | number>) => string;

export function wordsOf(catalogue: Catalogue, language: string) {
  return (key: string, values?: Record<string, string | number>): string => {
    const text = (catalogue[language] ?? catalogue.en)![key] ?? key;
    return values ? text.replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole)) : text;
  };
}
