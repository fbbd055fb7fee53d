/** How numbers of a graph are painted: blue above 0 and orange below, stronger and wider the larger they are. */
export const rim = 18;

export const largestOf = (numbers: readonly (number | undefined)[]): number =>
  numbers.reduce((all: number, own) => Math.max(all, Math.abs(own ?? 0)), 0) || 1;

const colourOf = (number: number): string => (number < 0 ? 'var(--s2)' : 'var(--s1)');

export function nodeFill(number: number | undefined, most: number): string {
  if (number === undefined) return 'var(--panel)';
  return `color-mix(in oklab, ${colourOf(number)} ${Math.round(85 * Math.sqrt(Math.abs(number) / most))}%, var(--panel))`;
}

/** @param near it touches the node that is looked at */
export function edgeStroke(number: number | undefined, most: number, near: boolean) {
  const share = number === undefined ? 0 : Math.sqrt(Math.abs(number) / most);
  return {
    width: 0.6 + share * (near ? 4 : 2),
    stroke: number === undefined ? 'var(--line-strong)' : colourOf(number),
    opacity: near ? 1 : 0.16 + 0.3 * share,
  };
}
