/** "Did you mean ...?": the known name that needs the fewest changes to become the given one. */

/** Undefined when nothing is near enough to be a likely slip. */
export function nearest(given: string, known: readonly string[]): string | undefined {
  let best: string | undefined;
  let bestDistance = Math.min(Math.max(2, Math.floor(given.length / 3)), given.length - 1) + 1;
  for (const name of known) {
    const shortened = given.length >= 2 && name.startsWith(given);
    const distance = shortened ? 1 : editDistance(given.toLowerCase(), name.toLowerCase());
    if (distance < bestDistance) {
      best = name;
      bestDistance = distance;
    }
  }
  return best;
}

/** `Did you mean "--epochs"?`, or the list of what there is. */
export function suggestion(given: string, known: readonly string[], show: (name: string) => string = (name) => `"${name}"`): string {
  const match = nearest(given, known);
  return match === undefined ? `Known: ${known.map(show).join(', ')}.` : `Did you mean ${show(match)}?`;
}

/** Levenshtein distance with swapped neighbours counted once (optimal string alignment). */
export function editDistance(a: string, b: string): number {
  let before: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const substitute = last[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      let distance = Math.min(substitute, last[j]! + 1, row[j - 1]! + 1);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) distance = Math.min(distance, before[j - 2]! + 1);
      row.push(distance);
    }
    before = last;
    last = row;
  }
  return last[b.length]!;
}
