/**
 * Laws that were fitted to the loss of language models: nats per token, on the text and with the tokens of the authors.
 * Both hold for dense transformers that see every token once; far beyond the sizes they were fitted on they are extrapolations.
 */

/** Kaplan and others 2020, equation 1.5 with the constants of table 2. */
const kaplan = { alphaN: 0.076, alphaD: 0.103, sizeN: 6.4e13, sizeD: 1.8e13 } as const;

/**
 * L(N, D) = ((N_c / N)^(α_N / α_D) + D_c / D)^α_D. Fitted on 768 to 1.5 billion parameters, 22 million to 23 billion tokens.
 * @param parameters without embeddings
 * @param tokens of the training data
 */
export function kaplanLoss(parameters: number, tokens: number): number {
  const { alphaN, alphaD, sizeN, sizeD } = kaplan;
  return ((sizeN / parameters) ** (alphaN / alphaD) + sizeD / tokens) ** alphaD;
}

/** Hoffmann and others 2022, equation 10. */
const hoffmann = { E: 1.69, A: 406.4, B: 410.7, alpha: 0.34, beta: 0.28 } as const;

/** L(N, D) = E + A / N^α + B / D^β. Fitted on 70 million to 16 billion parameters, 5 to 500 billion tokens. */
export function hoffmannLoss(parameters: number, tokens: number): number {
  const { E, A, B, alpha, beta } = hoffmann;
  return E + A / parameters ** alpha + B / tokens ** beta;
}

/** C = 6 N D: two FLOPs per weight and token forward, four backward (Kaplan and others 2020, section 2.1). */
export function trainingCompute(parameters: number, tokens: number): number {
  return 6 * parameters * tokens;
}

export interface Allocation {
  readonly parameters: number;
  readonly tokens: number;
}

/**
 * The size and the data for which `hoffmannLoss` is least at a given compute: Hoffmann and others 2022, equation 4.
 * @param flops of the whole training
 */
export function optimalAllocation(flops: number): Allocation {
  const { A, B, alpha, beta } = hoffmann;
  const G = ((alpha * A) / (beta * B)) ** (1 / (alpha + beta));
  const budget = flops / 6;
  return { parameters: G * budget ** (beta / (alpha + beta)), tokens: budget ** (alpha / (alpha + beta)) / G };
}
