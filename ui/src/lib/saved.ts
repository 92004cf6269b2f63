/* Saved questions and dashboards. */
import type { Page } from './api';
import { api } from './http';
import type { components } from './openapi';

type Served = components['schemas'];
export type Saved = Served['SavedQuestion'] & { question: Record<string, unknown> };
export type Dashboard = Served['Dashboard'];
export type Tile = Served['Tile'];
export type SavedPeriod = Saved['period'];

export const savedQuestions = async (signal?: AbortSignal): Promise<Saved[]> => (await api.get<Page<Saved>>('/questions', { signal })).items;
export const savedQuestion = (id: string, signal?: AbortSignal): Promise<Saved> => api.get<Saved>(`/questions/${id}`, { signal });
export const saveQuestion = (input: Served['SavedQuestionNew']): Promise<Saved> => api.post<Saved>('/questions', input);
export const changeQuestion = (id: string, input: Served['SavedQuestionChange']): Promise<Saved> => api.patch<Saved>(`/questions/${id}`, input);
export const removeQuestion = (id: string): Promise<void> => api.delete(`/questions/${id}`);

export const dashboards = async (signal?: AbortSignal): Promise<Dashboard[]> => (await api.get<Page<Dashboard>>('/dashboards', { signal })).items;
export const dashboard = (id: string, signal?: AbortSignal): Promise<Dashboard> => api.get<Dashboard>(`/dashboards/${id}`, { signal });
export const addDashboard = (input: Served['DashboardNew']): Promise<Dashboard> => api.post<Dashboard>('/dashboards', input);
export const changeDashboard = (id: string, input: Served['DashboardChange']): Promise<Dashboard> => api.patch<Dashboard>(`/dashboards/${id}`, input);
export const removeDashboard = (id: string): Promise<void> => api.delete(`/dashboards/${id}`);
