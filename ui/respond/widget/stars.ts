/* The rating below an article: what others gave, and a vote with one press. */
import type { Word } from '../words';

export interface Rating {
  average: number | null;
  votes: number;
}

/* Puts the average below the stars; returns how to say a newer one. The keyboard chooses first and votes with Enter. */
export default function stars(root: HTMLElement, words: Word, most: number): (rating: Rating) => void {
  const line = document.createElement('p');
  line.className = 'help';
  root.append(line);
  root.addEventListener('click', (event) => {
    // A moment later: the choice itself comes behind the press.
    if (event.detail && (event.target as HTMLInputElement).type === 'radio') setTimeout(() => root.querySelector('form')!.requestSubmit());
  });
  return ({ average, votes }) => {
    line.textContent = votes ? words('votes', { average: average!.toLocaleString(root.lang, { maximumFractionDigits: 1 }), most, votes }) : words('votes_none');
  };
}
