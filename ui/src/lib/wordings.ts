/* The words people agree to, by purpose; a version never changes. */
import type { Page } from './api';
import { api } from './http';

export interface Wording {
  purpose: string;
  version: number;
  texts: Record<string, string>;
  created_ms: number;
  by: string;
}
export const readWordings = async (signal?: AbortSignal): Promise<Wording[]> => (await api.get<Page<Wording>>('/consent-wordings', { signal })).items;
export const addWording = (purpose: string, texts: Record<string, string>): Promise<Wording> => api.post<Wording>('/consent-wordings', { purpose, texts });

export const newestOf = (list: Wording[] | undefined, purpose: string): Wording | undefined =>
  (list ?? []).filter((each) => each.purpose === purpose).sort((a, b) => b.version - a.version)[0];

/* What a purpose may be asked with where nobody has written words yet: a proposal that whoever answers for it reads first. */
export const proposed: Record<string, { vi: string; en: string }> = {
  service: {
    vi: 'Tôi đồng ý để công ty dùng thông tin này liên hệ với tôi về phản hồi này. Tôi có thể rút lại sự đồng ý bất cứ lúc nào.',
    en: 'I agree that the company uses these details to contact me about this feedback. I may withdraw at any time.',
  },
  survey: {
    vi: 'Tôi đồng ý để công ty dùng thông tin này gửi khảo sát về những lần sử dụng dịch vụ của tôi. Tôi có thể rút lại sự đồng ý bất cứ lúc nào.',
    en: 'I agree that the company uses these details to send me surveys about the services I have used. I may withdraw at any time.',
  },
  marketing: {
    vi: 'Tôi đồng ý để công ty dùng thông tin này gửi tin và ưu đãi. Tôi có thể rút lại sự đồng ý bất cứ lúc nào.',
    en: 'I agree that the company uses these details to send me news and offers. I may withdraw at any time.',
  },
  research: {
    vi: 'Chúng tôi xin phép ghi lại điều anh/chị kể để cải thiện trải nghiệm. Tên anh/chị không được công bố, và anh/chị có thể rút lại sự đồng ý bất cứ lúc nào.',
    en: 'We ask to record what you tell us in order to improve the experience. Your name is not published, and you may withdraw at any time.',
  },
  training: {
    vi: 'Tôi đồng ý để công ty dùng phản hồi này khi đào tạo nhân viên. Tên tôi không được nêu ra, và tôi có thể rút lại sự đồng ý bất cứ lúc nào.',
    en: 'I agree that the company uses this feedback to train its staff. My name is not given, and I may withdraw at any time.',
  },
};
