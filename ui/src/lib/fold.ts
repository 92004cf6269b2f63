/* For finding words whatever their case, tone marks or đ: "Đà Nẵng" and "da nang" fold to the same. */
export const fold = (text: string): string =>
  text
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .replace(/[đĐ]/g, 'd')
    .toLowerCase();
