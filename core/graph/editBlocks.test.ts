import { describe, expect, it } from 'vitest';
import { changeNode, drawBlock, drawWithBlocks, repeatedBlock } from '../testing/blocks.ts';
import { draw, tableRoles } from '../testing/documents.ts';
import { findBlock, putBlock, viewBlock } from './blocks.ts';
import type { NetworkDocument } from './document.ts';
import { addNode, connect, copyNodes, pasteNodes, setParam, whyNotConnect } from './edit.ts';
import {
  collapse,
  expandNode,
  newBlock,
  removeUnusedBlocks,
  renameBlock,
  separateBlock,
  whyNotCollapse,
  whyNotExpand,
  whyNotRenameBlock,
} from './editBlocks.ts';
import { inferShapes } from './inferShapes.ts';
import { emptyDocument, parseDocument, serializeDocument } from './parseDocument.ts';

const network = draw('in:input p:dense q:dense r:dense s:add last:dense out:output', 'in>p p>q p>r q>s r>s s>last last>out', {
  in: { role: 'features' },
  last: { units: 1 },
  out: { role: 'mass' },
});
const figures = (document: NetworkDocument) => {
  const { parameters, flops, layers, problems } = inferShapes(document, tableRoles);
  return { parameters, flops, layers, problems };
};
const reopened = (document: NetworkDocument): NetworkDocument => parseDocument(JSON.parse(serializeDocument(document)));

describe('collapse and expand', () => {
  it('keep what is computed, and the connections around', () => {
    const { document, node } = collapse(network, ['q', 'r', 's']);
    expect(figures(document)).toEqual(figures(network));
    expect(document.nodes.map(({ name }) => name)).toEqual(['in', 'p', 'last', 'out', 'block_1']);
    expect(findBlock(document, node?.block)?.nodes.map(({ name }) => name)).toEqual(['q', 'r', 's', 'in', 'out']);
    expect(reopened(document)).toEqual(document);
    const back = expandNode(document, node!.id);
    expect(figures(back.document)).toEqual(figures(network));
    expect(back.document.edges).toHaveLength(network.edges.length);
  });

  it('make an input of every layer that leads in, in the order the data flows', () => {
    const { document, node } = collapse(network, ['s', 'last']);
    expect(document.edges.filter(({ to }) => to === node?.id).map(({ from, toPort }) => [from, toPort])).toEqual([
      ['q', 0],
      ['r', 1],
    ]);
    expect(figures(document)).toEqual(figures(network));
  });

  it('expand every repetition', () => {
    const document = repeatedBlock();
    const expanded = expandNode(document, 'body');
    expect(expanded.ids).toHaveLength(3);
    expect(figures(expanded.document)).toEqual(figures(document));
    expect(removeUnusedBlocks(expanded.document).blocks).toEqual([]);
  });

  it('keep shared and frozen weights', () => {
    const shared = changeNode(network, 'r', { weightsOf: 'q' });
    const collapsed = collapse(shared, ['q', 'r', 's']);
    expect(figures(collapsed.document)).toEqual(figures(shared));
    const frozen = changeNode(collapsed.document, collapsed.node!.id, { frozen: true });
    const expanded = expandNode(frozen, collapsed.node!.id).document;
    expect(inferShapes(expanded, tableRoles).frozenParameters).toBe(inferShapes(frozen, tableRoles).frozenParameters);
    expect(figures(expanded)).toEqual(figures(shared));
  });

  it('nest', () => {
    const once = collapse(network, ['q', 'r', 's']);
    const twice = collapse(once.document, ['p', once.node!.id]);
    expect(figures(twice.document)).toEqual(figures(network));
    expect(figures(expandNode(twice.document, twice.node!.id).document)).toEqual(figures(network));
  });

  const refused: [ids: string[], expected: string][] = [
    [[], 'No layers are selected.'],
    [['in', 'p'], "in can't be part of a block: data enter and leave outside of it."],
    [['q', 'r'], 'A block has one output, but q and r lead out of these layers.'],
    [['p', 's', 'q'], 'A block has one output, but p and s lead out of these layers.'],
  ];
  it.each(refused)('of %j is refused', (ids, expected) => {
    expect(whyNotCollapse(network, ids)?.message).toBe(expected);
    expect(collapse(network, ids).document).toBe(network);
  });

  it('refuse what lies around another layer, and shared weights that would be parted', () => {
    const line = draw('in:input p:dense q:dense r:dense out:output', 'in>p p>q q>r r>out');
    const side = draw('in:input p:dense q:dense a:add out:output', 'in>p p>q q>a in>a a>out');
    expect(whyNotCollapse(side, ['p', 'a'])?.message).toMatch(/lead out|lies between/);
    expect(whyNotCollapse(changeNode(line, 'q', { weightsOf: 'p' }), ['q', 'r'])?.message).toBe(
      'q uses the weights of p: select both or neither.',
    );
    expect(whyNotExpand(setParam(repeatedBlock(), 'body', 'repeat', 400), 'body')?.message).toBe(
      'body would become 1,200 layers, at most 500 are drawn.',
    );
    expect(whyNotExpand(line, 'p')?.message).toBe('This is not a block.');
  });
});

describe('blocks', () => {
  it('are edited within, in every place at once', () => {
    const document = repeatedBlock();
    const view = viewBlock(document, 'dense-block');
    const added = addNode(view, { type: 'dropout', position: { x: 0, y: 0 } });
    const changed = putBlock(document, 'dense-block', connect(added.document, 'd', added.node.id));
    expect(changed.nodes).toBe(document.nodes);
    expect(changed.blocks[0]?.nodes).toHaveLength(4);
    expect(putBlock(document, null, document)).toBe(document);
  });

  it('start with an input that leads to the output', () => {
    const { document, id } = newBlock(emptyDocument('x'));
    expect(id).toBe('b1');
    expect(document.blocks[0]).toMatchObject({ name: 'block 1', edges: [{ from: 'n1', to: 'n2' }] });
  });

  it('have names of their own, and copies for one node', () => {
    const document = repeatedBlock();
    expect(renameBlock(document, 'dense-block', ' Stage ').blocks[0]?.name).toBe('Stage');
    expect(whyNotRenameBlock(document, 'dense-block', ' ')?.message).toBe('A block needs a name.');
    const separated = separateBlock(document, 'body');
    expect(separated.blocks.map(({ id, name }) => [id, name])).toEqual([
      ['dense-block', 'dense block'],
      ['b1', 'dense block 1'],
    ]);
    expect(separated.nodes.find(({ id }) => id === 'body')?.block).toBe('b1');
    expect(figures(separated)).toEqual(figures(document));
  });

  it('come along when copied, once, and never into themselves', () => {
    const document = repeatedBlock();
    const copied = copyNodes(document, ['body']);
    const elsewhere = pasteNodes(emptyDocument('y'), copied);
    expect(elsewhere.document.blocks.map(({ name }) => name)).toEqual(['dense block']);
    expect(pasteNodes(document, copied).document.blocks).toBe(document.blocks);
    const view = viewBlock(document, 'dense-block');
    expect(pasteNodes(view, copied, { within: 'dense-block' }).ids).toEqual([]);
    const other = { ...document, blocks: [drawBlock('dense block', 'i:blockInput o:blockOutput', 'i>o')] };
    expect(pasteNodes(other, copied).document.blocks.map(({ name }) => name)).toEqual(['dense block', 'dense block 1']);
  });

  it('take as many connections as they have inputs', () => {
    const sum = drawBlock('sum', 'x:blockInput y:blockInput a:add out:blockOutput', 'x>a y>a a>out');
    const document = drawWithBlocks('in:input p:dense s:block=sum', 'in>p', {}, [sum]);
    const both = connect(connect(document, 'in', 's'), 'p', 's');
    expect(both.edges.map(({ toPort }) => toPort)).toEqual([0, 0, 1]);
    expect(whyNotConnect(document, 'p', 's', 2)?.message).toBe('s takes 2 inputs, there is no input 3.');
  });
});
