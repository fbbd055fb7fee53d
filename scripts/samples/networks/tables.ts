/** Tables: species, loans of which few go bad, prices of houses. */
import { drawing } from '../../../core/zoo/drawing.ts';
import { bind, type ExampleNetwork } from './example.ts';

function dense(name: string, inputs: number, units: readonly number[], outputs: number, target: string) {
  const d = drawing(name, String(inputs));
  for (const size of units) d.add('dense', { units: size, activation: 'relu' });
  d.add('dense', { units: outputs });
  return bind(d.finish(), 'features', target);
}

export const tableNetworks: readonly ExampleNetwork[] = [
  {
    id: 'mlp-table',
    family: 'table',
    name: 'MLP for a table',
    description: 'Three dense layers of 32, 16 and 3 units: tells three penguin species apart.',
    dataSet: 'penguins',
  },
  {
    id: 'mlp-lending',
    family: 'table',
    name: 'MLP for bad loans',
    description: 'One loan in twenty goes bad: without class weights the network finds none of them.',
    dataSet: 'lending-club',
    settings: { 'loss.classWeights': 'balanced', 'optimizer.type': 'adamw', 'optimizer.weightDecay': '0.05', epochs: '10' },
    build: () => dense('MLP for bad loans', 128, [32, 16], 2, 'Class'),
  },
  {
    id: 'mlp-ames',
    family: 'table',
    name: 'MLP for house prices',
    description: 'Seventy-three facts about a house in Ames, Iowa, and what it was sold for.',
    dataSet: 'ames',
    settings: { loss: 'huber', 'optimizer.type': 'adamw', 'optimizer.weightDecay': '0.1', 'schedule.kind': 'cosine', epochs: '40' },
    build: () => dense('MLP for house prices', 300, [64, 32], 1, 'Sale_Price'),
  },
];
