/** Thread counts worth trying on a machine with so many cores: 1, 2, 4, ... and all of them. */
export function threadChoices(cores: number): number[] {
  const choices: number[] = [];
  for (let threads = 1; threads < cores; threads *= 2) choices.push(threads);
  return [...choices, Math.max(1, cores)];
}
