/* The identities of a person in words. */
import type { Alias } from '$/lib/api';
import { tOr } from '$/lib/i18n.svelte';

/* "+84905123456" as people in Việt Nam write it; other numbers stay as they came. */
const phone = (value: string): string => (/^\+84\d{9}$/.test(value) ? `0${value.slice(3, 6)} ${value.slice(6, 9)} ${value.slice(9)}` : value);

export const aliasKind = (kind: string): string => tOr(`ui.alias.${kind}`, kind);
export const aliasText = (alias: Alias | undefined): string => (!alias ? '–' : alias.kind === 'phone' ? phone(alias.value) : alias.value);
