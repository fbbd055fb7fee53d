/** Ranks what the search field offers: whole matches first, then word starts, then letters in order. */

export interface Searchable {
  readonly label: string;
  readonly keywords?: readonly string[];
}

/** Higher is better; null does not match. */
export function matchScore(query: string, item: Searchable): number | null {
  const wanted = query.trim().toLowerCase();
  if (wanted === '') return 0;
  let best = scoreText(wanted, item.label.toLowerCase());
  for (const keyword of item.keywords ?? []) {
    const score = scoreText(wanted, keyword.toLowerCase());
    if (score !== null) best = Math.max(best ?? 0, score * 0.8);
  }
  // Every word of a longer query may be found on its own: "add dense", "go data".
  const words = wanted.split(/\s+/);
  if (best === null && words.length > 1) {
    const scores = words.map((word) => matchScore(word, item));
    if (scores.every((score) => score !== null)) best = scores.reduce((sum, score) => sum + score, 0) / words.length / 2;
  }
  return best;
}

function scoreText(wanted: string, text: string): number | null {
  if (text === wanted) return 1000;
  if (text.startsWith(wanted)) return 800 - text.length;
  const at = text.indexOf(wanted);
  if (at > 0) return (/[\s_\-.(]/.test(text[at - 1] ?? '') ? 600 : 400) - text.length;
  return wanted.length > 1 && lettersInOrder(wanted, text) ? 100 - text.length : null;
}

/** `bn` finds `batch norm`: the first letter must begin a word, the others follow in order. */
function lettersInOrder(wanted: string, text: string): boolean {
  const starts = [...text.matchAll(/(?<![a-z0-9])[a-z0-9]/g)].map((match) => match.index).filter((index) => text[index] === wanted[0]);
  return starts.some((start) => {
    let at = start;
    for (const letter of wanted.slice(1)) {
      at = text.indexOf(letter, at + 1);
      if (at === -1) return false;
    }
    return true;
  });
}

/** The matching items, best first; equals keep their order. */
export function search<T extends Searchable>(query: string, items: readonly T[]): T[] {
  return items
    .map((item, index) => ({ item, index, score: matchScore(query, item) }))
    .filter((scored): scored is { item: T; index: number; score: number } => scored.score !== null)
    .sort((a, b) => b.score - a.score || a.index - b.index)
    .map(({ item }) => item);
}
