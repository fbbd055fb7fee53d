/** The parameters that several optimizers share. */

export const learningRateSpec = {
  kind: 'number',
  label: 'Learning rate',
  doc: 'Size of the steps: too large and the loss jumps or explodes, too small and nothing moves.',
  min: 0,
  openMin: true,
  max: 1000,
  step: 0.001,
} as const;

export const weightDecaySpec = {
  kind: 'number',
  label: 'Weight decay',
  doc: 'Pulls every weight towards 0 (added to the gradient, as L2 regularisation).',
  default: 0,
  min: 0,
  max: 10,
  step: 0.0001,
} as const;

export const decoupledDecaySpec = {
  ...weightDecaySpec,
  doc: 'Share of every weight that is taken off per unit of learning rate.',
  default: 0.01,
} as const;

export const decoupledSpec = {
  kind: 'boolean',
  label: 'Decoupled decay',
  doc: 'Weight decay shrinks the weights directly, as in AdamW, instead of through the gradient.',
  default: false,
} as const;

/** The largest double below 1: shares of what is kept are below 1. */
const below1 = { min: 0, max: 0.9999999 } as const;

export const momentumSpec = {
  kind: 'number',
  label: 'Momentum',
  doc: 'Share of the last step that is kept.',
  default: 0.9,
  ...below1,
  step: 0.05,
} as const;

export const betaSpecs = {
  beta1: { kind: 'number', label: 'β₁', doc: 'How much of the old mean of the gradients is kept.', default: 0.9, ...below1, step: 0.01 },
  beta2: {
    kind: 'number',
    label: 'β₂',
    doc: 'How much of the old mean of the squared gradients is kept.',
    default: 0.999,
    ...below1,
    step: 0.001,
  },
} as const;

export const epsilonSpec = {
  kind: 'number',
  label: 'ε',
  doc: 'Keeps the division finite where gradients are tiny.',
  default: 1e-8,
  min: 0,
  openMin: true,
  max: 1,
  step: 1e-8,
} as const;
