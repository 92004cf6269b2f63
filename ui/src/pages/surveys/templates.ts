/* How a survey begins: empty, from a template, or as a copy. Templates take their scored questions from the bank, so that
 * the scores of all surveys that ask the same are one series.
 */
import type { BankItem } from './bank';
import type { Question, Survey, Text, Type } from './document';
import { inLanguages, newQuestion } from './kinds';

export const templates = ['relation', 'delivery', 'support', 'adjectives', 'brand', 'empty'] as const;
export type Template = (typeof templates)[number];

const both = (vi: string, en: string): Text => ({ vi, en });
const theme = { accent: '#0b6e4f', shape: 'soft' as const, progress: true };

interface Part extends Partial<Omit<Question, 'id' | 'type'>> {
  /* The key in the bank, then what stands for it where the bank has none such. */
  bank?: string;
  type: Type;
}
const why: Part = { type: 'text', title: both('Điều gì khiến bạn chọn như vậy?', 'What made you choose that?'), long: true };

const plans: Record<Exclude<Template, 'empty'>, { title: Text; welcome?: Text; parts: Part[] }> = {
  relation: {
    title: both('Bạn nghĩ gì về chúng tôi?', 'What do you think of us?'),
    parts: [
      { type: 'nps', bank: 'nps.recommend' },
      { type: 'text', title: both('Điều gì khiến bạn chưa sẵn lòng giới thiệu?', 'What keeps you from recommending us?'), long: true, show: [{ question: 'q1', lte: 6 }] },
      { type: 'text', title: both('Điều gì ở chúng tôi làm bạn quý nhất?', 'What do you value most about us?'), long: true, show: [{ question: 'q1', gte: 9 }] },
      { type: 'contact', title: both('Bạn muốn chúng tôi liên hệ lại để giải quyết không?', 'May we contact you to put this right?'), fields: ['name', 'phone'], purpose: 'service', show: [{ question: 'q1', lte: 6 }] },
    ],
  },
  delivery: {
    title: both('Đơn hàng vừa rồi thế nào?', 'How did your delivery go?'),
    parts: [
      { type: 'csat', bank: 'csat.delivery', title: both('Bạn hài lòng với lần giao hàng này đến mức nào?', 'How satisfied are you with this delivery?'), look: 'stars' },
      {
        type: 'multiple',
        title: both('Điều gì chưa ổn?', 'What went wrong?'),
        options: [
          { id: 'a', label: both('Giao trễ hẹn', 'It came late') },
          { id: 'b', label: both('Hàng bị hư hoặc thiếu', 'Something was damaged or missing') },
          { id: 'c', label: both('Thái độ của người giao hàng', 'The courier’s manner') },
          { id: 'd', label: both('Đóng gói', 'The packaging') },
          { id: 'e', label: both('Khác (xin ghi rõ)', 'Something else (please say)'), other: true },
        ],
        shuffle: true,
        show: [{ question: 'q1', lte: 3 }],
      },
      why,
    ],
  },
  support: {
    title: both('Việc bạn cần đã xong chưa?', 'Did we solve it for you?'),
    parts: [
      { type: 'single', title: both('Vấn đề của bạn đã được giải quyết chưa?', 'Has your problem been solved?'), options: [{ id: 'a', label: both('Đã xong', 'Yes') }, { id: 'b', label: both('Mới xong một phần', 'In part') }, { id: 'c', label: both('Chưa', 'No') }], required: true },
      { type: 'ces', bank: 'ces.easy' },
      { type: 'csat', bank: 'csat.staff', title: both('Bạn hài lòng với người đã hỗ trợ bạn đến mức nào?', 'How satisfied are you with the person who helped you?') },
      { type: 'emotion' },
      why,
    ],
  },
  adjectives: {
    title: both('Năm điều về trải nghiệm của bạn', 'Five things about your experience'),
    parts: [
      { type: 'csat', adjective: 'satisfaction' },
      { type: 'csat', adjective: 'accessibility' },
      { type: 'ces', adjective: 'ease' },
      { type: 'csat', adjective: 'delight' },
      { type: 'csat', adjective: 'love' },
      why,
    ],
  },
  brand: {
    title: both('Bạn biết những thương hiệu nào?', 'Which brands do you know?'),
    parts: [
      { type: 'multiple', adjective: 'awareness' },
      { type: 'multiple', adjective: 'consideration' },
      { type: 'single', adjective: 'preference' },
      { type: 'nps', bank: 'nps.recommend' },
    ],
  },
};

/* The bank's question of that key, else one of that type with that quality. */
const inBank = (bank: BankItem[], part: Part): BankItem | undefined =>
  bank.find((each) => each.key === part.bank) ?? (part.adjective ? bank.find((each) => each.question.adjective === part.adjective && each.question.type === part.type) ?? bank.find((each) => each.question.adjective === part.adjective) : undefined);

function question(survey: Survey, part: Part, bank: BankItem[]): Question {
  const fresh = newQuestion(survey, part.type);
  const item = inBank(bank, part);
  const { bank: _bank, ...own } = part;
  if (!item) return inLanguages({ ...fresh, ...own }, survey.languages);
  return { ...inLanguages(item.question, survey.languages), id: fresh.id, bank: item.key, ...(part.look ? { look: part.look } : {}), ...(part.show ? { show: part.show } : {}) };
}

export function begin(template: Template, name: string, languages: string[], bank: BankItem[]): Survey {
  const ends = [{ id: 'thanks', title: both('Cảm ơn bạn!', 'Thank you!'), text: both('Câu trả lời của bạn giúp chúng tôi làm tốt hơn.', 'Your answers help us do better.') }];
  const plan = template === 'empty' ? null : plans[template];
  let survey: Survey = { languages, name, title: inLanguages({ title: plan?.title ?? both('', '') }, languages).title, theme, questions: [], ends: inLanguages(ends, languages), partial_after: '24h' };
  for (const part of plan?.parts ?? []) survey = { ...survey, questions: [...survey.questions, question(survey, part, bank)] };
  return survey;
}

/* The same questions once more, as a survey of its own: what only the server gave is left out. */
export function copyOf(survey: Survey, name: string): Survey {
  return { ...survey, name, questions: survey.questions.map(({ series: _series, ...each }) => each) };
}
