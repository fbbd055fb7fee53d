/** Characters that leave no ink get a sign, so that they can be told apart in a list. */
const signs: Readonly<Record<string, string>> = { '\n': '⏎', '\t': '⇥', ' ': '␣' };

export function visibleCharacter(character: string): string {
  return signs[character] ?? character;
}
