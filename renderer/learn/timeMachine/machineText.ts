/** The words of the time machine. */
import type { Moment, Phase } from './moments.ts';

const names: Record<string, string> = {
  output: 'output',
  preActivation: 'pre-activation z',
  weight: 'weights W',
  bias: 'bias b',
  inputGate: 'input gate i',
  forgetGate: 'forget gate f',
  candidate: 'candidate g',
  newState: 'candidate n',
  outputGate: 'output gate o',
  resetGate: 'reset gate r',
  updateGate: 'update gate z',
  cell: 'cell c',
  hidden: 'hidden state h',
  queries: 'queries Q',
  keys: 'keys K',
  values: 'values V',
  scores: 'scores Q·Kᵀ/√d',
  edgeScores: 'scores e along edges',
  attention: 'attention',
  heads: 'what each head heard',
  sent: 'what nodes send',
  messages: 'messages along edges',
  aggregated: 'what arrives at nodes',
  collected: 'mean or maximum of what arrives',
  combined: '(1 + ε)·h + what arrives',
  hiddenSum: 'MLP, pre-activation W_hidden·h + b_hidden',
  normalised: 'normalised',
  weightIh: 'weights W_ih',
  weightHh: 'weights W_hh',
  biasIh: 'bias b_ih',
  biasHh: 'bias b_hh',
  inWeight: 'weights W_qkv',
  sourceScore: 'score weights a of the sender',
  targetScore: 'score weights a of the receiver',
  edgeScore: 'score weights a of the edge',
  epsilon: 'ε',
  prediction: 'prediction',
  probabilities: 'as probabilities',
  target: 'target',
  sampleLoss: 'loss of each sample',
  loss: 'loss L',
  gradient: 'gradient',
  clippedGradient: 'clipped gradient',
};

/** Stacked and reversed layers share their words; of a part such as `feedForward.upWeight` the part stands first. */
function wordsOf(name: string): string {
  const part = /^(\w+)\.(.+)$/.exec(name);
  if (part !== null) return `${part[1]}: ${wordsOf(part[2]!)}`;
  const known = names[name] ?? names[name.replace(/[0-9]*(Reverse)?$/, '')];
  const [, what = '', kind] = /^(\w+)(Weight|Bias)$/.exec(name) ?? [];
  return known ?? (kind === undefined ? name : kind === 'Weight' ? `weights W_${what}` : `bias b_${what}`);
}

/** Formulas of what a layer computes from what arrives, as its source writes them. */
const formulas: Record<string, string> = {
  dense: 'z = W·x + b,  y = f(z)',
  bilinear: 'y = x₁ᵀ·W·x₂ + b',
  conv1d: 'z = W ∗ x + b,  y = f(z)',
  conv2d: 'z = W ∗ x + b,  y = f(z)',
  conv3d: 'z = W ∗ x + b,  y = f(z)',
  convTranspose1d: 'z = Wᵀ ∗ x + b,  y = f(z)',
  convTranspose2d: 'z = Wᵀ ∗ x + b,  y = f(z)',
  rnn: 'h′ = f(W_ih·x + W_hh·h + b)',
  lstm: 'c′ = f·c + i·g,  h′ = o·tanh(c′)',
  gru: 'n = tanh(W_in·x + b_in + r·(W_hn·h + b_hn)),  h′ = (1 − z)·n + z·h',
  selfAttention: 'softmax(Q·Kᵀ/√d)·V',
  crossAttention: 'softmax(Q·Kᵀ/√d)·V',
  gcn: 'H′ = f(D⁻¹ᐟ²(A + I)D⁻¹ᐟ²·H·W)',
  gat: 'α = softmax of e over what arrives,  h′ᵢ = f(Σⱼ αᵢⱼ·W·hⱼ)',
  gin: 'h′ᵢ = MLP((1 + ε)·hᵢ + Σⱼ hⱼ)',
  graphSage: 'h′ᵢ = f(W_own·hᵢ + W_neighbour·mean hⱼ)',
  batchNorm: 'y = γ·(x − μ)/√(σ² + ε) + β',
  layerNorm: 'y = γ·(x − μ)/√(σ² + ε) + β',
  embedding: 'y = row of the table',
  flatten: 'the same numbers in one row',
  maxPool2d: 'y = the largest of each window',
  avgPool2d: 'y = the mean of each window',
};

/** What an optimizer does with the gradient g of a weight w at the learning rate η; the states are shown with their names. */
const updates: Record<string, string> = {
  sgd: 'w ← w − η·g, with momentum −η·velocity',
  adam: 'w ← w − η·m̂/(√v̂ + ε)',
  adamw: 'w ← w − η·(m̂/(√v̂ + ε) + λ·w)',
  nadam: 'w ← w − η·(m̂ looking ahead)/(√v̂ + ε)',
  radam: 'w ← w − η·r·m̂/(√v̂ + ε)',
  adamax: 'w ← w − η·m̂/u',
  rmsprop: 'w ← w − η·g/(√square + ε)',
  adagrad: 'w ← w − η·g/(√sum + ε)',
  adadelta: 'w ← w − η·g·√(mean of Δ²)/√(mean of g²)',
  lamb: 'w ← w − η·(‖w‖/‖u‖)·u,  u = m̂/(√v̂ + ε) + λ·w',
  lars: 'w ← w − η·(trust·‖w‖/‖g‖)·g',
  lion: 'w ← w − η·sign(β₁·m + (1 − β₁)·g)',
};

const losses: Record<string, string> = {
  crossEntropy: 'L = −log softmax(z) at the target',
  binaryCrossEntropy: 'L = −(t·log p + (1 − t)·log(1 − p))',
  mse: 'L = mean of (y − t)²',
  mae: 'L = mean of |y − t|',
  huber: 'L = ½(y − t)², beyond δ: δ·(|y − t| − ½δ)',
  smoothL1: 'L = ½(y − t)²/β, beyond β: |y − t| − ½β',
  focal: 'L = −(1 − p)^γ·log p at the target',
  hinge: 'L = max(0, 1 − margin)',
};

export const machineText = {
  source: 'Looks at',
  openNetwork: (name: string) => `${name}, before training`,
  run: (name: string, id: number) => `run ${id}: ${name}`,
  sample: 'Sample',
  sampleOf: (part: string, row: number) => `${part}, row ${row}`,
  parts: { train: 'training', validation: 'validation' },
  nothing: 'Nothing to step through yet',
  nothingHint: 'Open a network with a data set, or train one: the time machine then goes through a step of its training with real numbers.',
  opening: 'Computing one step with every number …',
  reading: 'reading …',
  tooMany: (count: string) => `${count} numbers: too many to show at once`,
  again: 'Try again',
  modes: { train: 'as in training', evaluate: 'evaluation mode', evaluateHint: 'As in use: no dropout, saved statistics' },
  loss: (value: string) => `loss ${value}`,
  step: (count: string) => `step ${count}`,
  rate: (value: string) => `learning rate ${value}`,
  play: 'Play',
  pause: 'Pause',
  forward: 'Step',
  back: 'Step back',
  first: 'To the start of this step',
  next: 'Next training step: the new weights become the weights',
  speed: 'Speed',
  speedOf: (value: number) => `${value}×`,
  timeline: 'Moments of this training step',
  position: (at: number, count: number, what: string) => `Moment ${at} of ${count}: ${what}`,
  phases: { forward: 'Forward', loss: 'Loss', backward: 'Backward', update: 'Update' } satisfies Record<Phase, string>,
  networkWidth: 'Width of the network',
  views: 'How this layer is shown',
  numbersView: 'Numbers',
  openFirst: 'Open a network',
  stateBefore: (name: string) => `${name} before`,
  stateAfter: (name: string) => `${name} after`,
  plane: 'Plane',
  planeBefore: 'Plane before',
  planeAfter: 'Next plane',
  planeOf: (at: number, count: number) => `${at} of ${count}`,
  gridLabel: (title: string, shape: string) => `${title}, ${shape}: arrows walk through the numbers, Enter looks closer`,
  edits: (count: number) => (count === 1 ? '1 number changed by hand' : `${count} numbers changed by hand`),
  reset: 'Undo changes',
  number: 'This number',
  noNumber: 'Choose any number for its whole story: what it was computed from, and its gradient by the chain rule.',
  value: 'value',
  input: 'input',
  inputAt: (at: number, count: number) => (count === 1 ? 'input x' : `input x${'₁₂₃₄₅₆₇₈₉'[at] ?? at + 1}`),
  localDerivative: 'local derivative',
  incoming: 'incoming gradient',
  product: 'product',
  gradientSum: 'gradient',
  update: 'update',
  after: 'after the update',
  madeOf: 'computed from',
  updateMadeOf: 'after the update, computed from',
  sumOf: (count: string) => (count === '1' ? 'one product' : `sum of ${count} products`),
  functionOf: (count: string) => (count === '1' ? 'a function of one number' : `a function of ${count} numbers`),
  given: 'given',
  more: (count: string) => `${count} more`,
  less: 'fewer',
  chain: 'Chain rule',
  chainSum: (count: string) => (count === '1' ? 'one way to the loss' : `${count} ways to the loss, their products add up`),
  noGradient: 'No gradient flows here.',
  atLoss: 'This is the loss: its gradient by itself is 1.',
  change: 'Change it to',
  follow: (what: string) => `Follow to ${what}`,
  network: 'The network, the layer of this moment marked',
  nameOf: (name: string, step?: number): string => `${wordsOf(name)}${step === undefined ? '' : `, t = ${step + 1}`}`,
  gradientOf: (name: string) => `∂L/∂ ${name}`,
  formula: (type: string): string | undefined => formulas[type],
  activationSlope: 'local derivative f′(z)',
  title(moment: Moment): string {
    const { name = '', kind } = moment;
    switch (kind) {
      case 'arrives':
        return `${name}: what arrives`;
      case 'inside':
        return `${name}: ${moment.step === undefined ? machineText.nameOf(moment.shown[0]!.ref.name) : `time step ${moment.step + 1}`}`;
      case 'gives':
        return `${name}: what it gives`;
      case 'loss':
        return 'The loss compares prediction and target';
      case 'incoming':
        return `${name}: the gradient that arrives`;
      case 'insideGradient':
        return `${name}: through ${moment.step === undefined ? machineText.nameOf(moment.shown[0]!.ref.name) : `time step ${moment.step + 1}`}`;
      case 'weightGradient':
        return `${name}: gradients of its weights`;
      case 'inputGradient':
        return `${name}: the gradient it hands back`;
      case 'update':
        return `${name}: new ${machineText.nameOf(moment.parameter!.name)}`;
    }
  },
  rule(moment: Moment): string | undefined {
    switch (moment.kind) {
      case 'incoming':
        return '∂L/∂y comes from the layers behind, summed over all of them';
      case 'insideGradient':
        return moment.shown[0]?.ref.name === 'preActivation' ? '∂L/∂z = f′(z) · ∂L/∂y' : 'local derivative · incoming gradient';
      case 'weightGradient':
        return moment.type === 'dense'
          ? '∂L/∂W = ∂L/∂z · xᵀ,  ∂L/∂b = ∂L/∂z'
          : 'Σ of input · gradient, over all places where a weight is used';
      case 'inputGradient':
        return moment.type === 'dense' ? '∂L/∂x = Wᵀ · ∂L/∂z' : 'handed back to the layers in front';
      case 'update':
        return updates[moment.optimizer ?? ''];
      case 'loss':
        return losses[moment.type];
      default:
        return machineText.formula(moment.type);
    }
  },
};
