/** What of a typed text the network cannot read. */

/** Characters that the training never had, each once, in the order they come. */
export function unknownCharacters(text: string, alphabet: string): string {
  const known = new Set(alphabet);
  return [...new Set(text)].filter((character) => !known.has(character)).join('');
}

export const isTooLong = (text: string, longest: number): boolean => [...text].length > longest;
