/** The graph convolutional network of Kipf and Welling for the citation network Cora: 1433 words, 16 hidden units, 7 fields. */
import { defineModel } from './defineModel.ts';
import { drawing } from './drawing.ts';

export const gcnCora = defineModel({
  id: 'gcn-cora',
  title: 'GCN on Cora',
  family: 'graph',
  year: 2017,
  summary: 'Finds the field of 2,708 papers from their words and the papers they cite, although the field of only 140 is known.',
  paper: 'Kipf, Welling 2017, Semi-supervised classification with graph convolutional networks',
  note: 'The nodes enter first; their 10,556 edges go to both layers.',
  build() {
    const d = drawing('GCN on Cora', '2708 nodes × 1433');
    const nodes = d.last();
    const edges = d.add('input', { shape: '10556 edges' }, { from: [], name: 'edges' });
    d.add('dropout', { probability: 0.5 }, { from: nodes });
    const hidden = d.add('gcn', { units: 16, activation: 'relu' }, { from: [d.last(), edges] });
    const dropped = d.add('dropout', { probability: 0.5 }, { from: hidden });
    d.add('gcn', { units: 7 }, { from: [dropped, edges] });
    return d.finish();
  },
});
