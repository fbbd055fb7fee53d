/** What the tour says; every number is one of the sample's. */
import { formatCount, formatNumber, formatPercent } from '../../../ui/format.ts';

const f = (value: number) => formatNumber(value, 4);

export const tourText = {
  start: 'Tour',
  startFirst: 'Take the tour',
  command: 'Tour of the time machine',
  title: 'Tour through one training step',
  play: 'Play the tour',
  pause: 'Pause the tour',
  next: 'Next caption',
  back_: 'Previous caption',
  leave: 'Leave the tour',
  place: (at: number, count: number) => `${at} of ${count}`,
  sample: (row: number, count: number, most: number) =>
    `This is row ${row} of the data: ${formatCount(count)} numbers go in, the strongest is ${f(most)}.`,
  weights: (name: string, count: number, first: number) =>
    `They arrive at ${name}, the first layer that learns. It holds ${formatCount(count)} weights; the first is ${f(first)}.`,
  sum: (unit: number, value: number) =>
    `Multiply and add: inputs times weights, plus a bias. The strongest sum is number ${unit}: z = ${f(value)}.`,
  gives: (name: string, alive: number, all: number) =>
    `What ${name} gives to the next layer: ${formatCount(alive)} of its ${formatCount(all)} numbers are not 0.`,
  classes: (best: string, share: number, truth: string, own: number) =>
    best === truth
      ? `At the end the network says ${best} with ${formatPercent(share)}, and that is right.`
      : `At the end the network says ${best} with ${formatPercent(share)}; it is ${truth}, which got ${formatPercent(own)}.`,
  values: (found: number, target: number) => `At the end the network says ${f(found)}; right would be ${f(target)}.`,
  loss: (value: number) => `The loss puts the mistake into one number: L = ${f(value)}. Learning means making it smaller.`,
  turn: (slope: number) => `Now backwards. The loss says how each output should change: the strongest gradient here is ${f(slope)}.`,
  back: (name: string) =>
    `Layer by layer the chain rule multiplies on, local derivative times incoming gradient, until it comes to ${name}.`,
  gradient: (weight: number, slope: number) =>
    `Every weight now has a gradient: how the loss changes with it. The strongest is that of weight ${formatCount(weight)}: ${f(slope)}.`,
  update: (weight: number, before: number, after: number) =>
    `The optimizer takes a step against the gradient: weight ${formatCount(weight)} goes from ${f(before)} to ${f(after)}.`,
  end: 'That was one training step. “Next training step” goes on with the new weights; choose any number for its own story.',
};
