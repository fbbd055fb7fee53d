import { describe, expect, it } from 'vitest';
import { draw, imageRoles } from '../testing/documents.ts';
import {
  addNode,
  bridgeNode,
  connect,
  copyNodes,
  disconnect,
  insertOnEdge,
  moveNodes,
  newNodeParams,
  pasteNodes,
  removeNodes,
  renameNode,
  setParam,
  whyNotConnect,
  whyNotRename,
} from './edit.ts';
import { emptyDocument } from './parseDocument.ts';

const path = draw('a:input b:flatten c:dense d:output', 'a>b b>c c>d');
const edgeList = (document: typeof path): string[] => document.edges.map(({ from, to, toPort }) => `${from}>${to}:${toPort}`);

describe('edits', () => {
  it('name and number new nodes', () => {
    const first = addNode(emptyDocument('x'), { type: 'leakyRelu', position: { x: 1, y: 2 } });
    const second = addNode(first.document, { type: 'leakyRelu', position: { x: 1, y: 2 }, params: { negativeSlope: 0.01 } });
    expect([first.node.name, first.node.id, second.node.name, second.node.id]).toEqual(['leaky_relu_1', 'n1', 'leaky_relu_2', 'n2']);
    expect(second.node.params).toEqual({});
    expect(first.document.nodes).toHaveLength(1);
  });

  it('bind a new Input to the data set at once', () => {
    expect(newNodeParams('input', imageRoles)).toEqual({ role: 'image' });
    expect(newNodeParams('output', imageRoles)).toEqual({ role: 'label' });
    expect(newNodeParams('dense', imageRoles)).toEqual({});
    expect(newNodeParams('input', null)).toEqual({});
  });

  it('remove nodes with their edges, or close the gap', () => {
    expect(edgeList(removeNodes(path, ['b']))).toEqual(['c>d:0']);
    expect(edgeList(bridgeNode(path, 'b'))).toEqual(['c>d:0', 'a>c:0']);
  });

  it('connect to the first free port and replace an occupied one', () => {
    const merge = draw('a:input b:input c:add d:relu', 'a>c');
    expect(edgeList(connect(merge, 'b', 'c'))).toEqual(['a>c:0', 'b>c:1']);
    expect(edgeList(connect(connect(merge, 'a', 'd'), 'b', 'd'))).toEqual(['a>c:0', 'b>d:0']);
    expect(edgeList(disconnect(merge, ['a>c']))).toEqual([]);
  });

  it('keep only what differs from the defaults', () => {
    const changed = setParam(path, 'c', 'units', 12);
    expect(changed.nodes[2]?.params).toEqual({ units: 12 });
    expect(setParam(changed, 'c', 'units', 64).nodes[2]?.params).toEqual({});
    expect(setParam(changed, 'c', 'units', undefined).nodes[2]?.params).toEqual({});
    expect(path.nodes[2]?.params).toEqual({});
  });

  it('rename only to a free name', () => {
    expect(renameNode(path, 'c', ' wide ').nodes[2]?.name).toBe('wide');
    expect(renameNode(path, 'c', 'b')).toBe(path);
    expect(whyNotRename(path, 'c', 'b')?.message).toBe('Another layer is already named b.');
    expect(whyNotRename(path, 'c', '  ')?.message).toBe('A layer needs a name.');
  });

  it('insert on an edge and make room below', () => {
    const { document, node } = insertOnEdge(path, 'b>c', { type: 'relu' });
    expect(node?.position).toEqual({ x: 0, y: 200 });
    expect(document.nodes.map(({ position }) => position.y)).toEqual([0, 100, 300, 400, 200]);
    expect(edgeList(document)).toEqual(['a>b:0', 'c>d:0', `b>${node?.id}:0`, `${node?.id}>c:0`]);
    expect(insertOnEdge(path, 'none', { type: 'relu' }).document).toBe(path);
  });

  it('move nodes', () => {
    expect(moveNodes(path, new Map([['b', { x: 5, y: 6 }]])).nodes[1]?.position).toEqual({ x: 5, y: 6 });
  });

  it('copy and paste with new ids, names and the edges between', () => {
    const { document, ids } = pasteNodes(path, copyNodes(path, ['b', 'c']));
    expect(ids).toEqual(['n1', 'n2']);
    expect(document.nodes.slice(4).map(({ name, position }) => [name, position.x, position.y])).toEqual([
      ['flatten_1', 30, 130],
      ['dense_1', 30, 230],
    ]);
    expect(edgeList(document)).toEqual(['a>b:0', 'b>c:0', 'c>d:0', 'n1>n2:0']);
  });
});

describe('whyNotConnect', () => {
  const cases: [from: string, to: string, port: number | undefined, expected: string | undefined][] = [
    ['b', 'b', 0, "b can't be connected to itself."],
    ['d', 'c', 0, 'd ends the network: nothing can follow it.'],
    ['b', 'a', 0, 'a is where the data enters: nothing can lead into it.'],
    ['c', 'b', 0, "c can't lead to b: b already leads to c, and a network may have no cycle."],
    ['a', 'b', 0, 'a is already connected to b.'],
    ['a', 'c', 1, 'c takes one input, there is no input 2.'],
    ['a', 'gone', 0, 'One end of this connection is not in the document.'],
    ['a', 'c', 0, undefined],
    ['a', 'd', undefined, undefined],
  ];
  it.each(cases)('%s to %s at %s', (from, to, port, expected) => {
    expect(whyNotConnect(path, from, to, port)?.message).toBe(expected);
  });
});
