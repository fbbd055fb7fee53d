/** Seeds as the interface offers them: short enough to be read and typed again. */
export const largestSeed = 2 ** 31 - 1;

export const anySeed = (): number => Math.floor(Math.random() * 1_000_000);
