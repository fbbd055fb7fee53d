import { describe, expect, it } from 'vitest';
import { changeNode, drawBlock, drawWithBlocks, repeatedBlock } from '../testing/blocks.ts';
import { tableRoles } from '../testing/documents.ts';
import { checkTrainable } from './checkTrainable.ts';
import type { NetworkDocument } from './document.ts';
import { applyFix } from './edit.ts';
import { inferShapes } from './inferShapes.ts';
import { formatShape } from './shape.ts';

const messages = (document: NetworkDocument): string[] => inferShapes(document, tableRoles).problems.map(({ message }) => message);
const figures = (document: NetworkDocument) => {
  const { parameters, frozenParameters, layers } = inferShapes(document, tableRoles);
  return { parameters, frozenParameters, layers };
};

describe('blocks', () => {
  it('count every repetition', () => {
    const shapes = inferShapes(repeatedBlock(), tableRoles);
    expect(shapes.problems).toEqual([]);
    expect(shapes).toMatchObject({ parameters: 36 + 3 * 42 + 7, layers: 5 });
    const body = shapes.nodes.get('body');
    expect(body).toMatchObject({ parameters: 126, layers: 3, summary: 'dense block · 1 layer' });
    expect(formatShape(body?.output ?? [])).toBe('B × 6');
    expect(formatShape(body?.inside?.edges.get('d>out')?.shape ?? [])).toBe('B × 6');
    expect(body?.flops).toBe(3 * (body?.inside?.flops ?? 0));
  });

  it('pass further inputs to every repetition', () => {
    const sum = drawBlock('sum', 'x:blockInput y:blockInput a:add out:blockOutput', 'x>a y>a a>out');
    const document = drawWithBlocks('in:input s:block=sum out:output', 'in>s in>s s>out', { in: { shape: '5' }, s: { repeat: 4 } }, [sum]);
    expect(inferShapes(document, null).problems).toEqual([]);
    expect(inferShapes(changeNode(document, 's', { block: 'other' }), null).problems.map(({ code }) => code)).toEqual(['block.unknown']);
    expect(inferShapes({ ...document, edges: document.edges.slice(1) }, null).problems.map(({ message }) => message)).toEqual([
      's has only the input in, expected 2 inputs.',
    ]);
  });

  it('infer blocks in blocks once, however often they stand', () => {
    const blocks = Array.from({ length: 30 }, (_, i) =>
      i === 0
        ? drawBlock('b0', 'in:blockInput d:dense out:blockOutput', 'in>d d>out', { d: { units: 5 } })
        : drawBlock(`b${i}`, `in:blockInput p:block=b${i - 1} q:block=b${i - 1} out:blockOutput`, 'in>p p>q q>out'),
    );
    const document = drawWithBlocks('in:input b:block=b29 out:output', 'in>b b>out', { in: { shape: '5' } }, blocks);
    const from = performance.now();
    expect(inferShapes(document, null).parameters).toBe(30 * 2 ** 29);
    expect(performance.now() - from).toBeLessThan(200);
  });
});

describe('problems of blocks', () => {
  const wrong: [what: string, document: NetworkDocument, expected: string[]][] = [
    [
      'a repetition that changes the shape',
      repeatedBlock(7),
      ['body repeats 3 times, so its output must have the shape of its input, expected B × 6, got B × 7.'],
    ],
    ['no repetition', repeatedBlock(6, 0), ['body: Repeat should be a whole number from 1 to 1,000, got 0.']],
    [
      'a block that contains itself',
      drawWithBlocks('in:input b:block=a', 'in>b', { in: { role: 'features' } }, [
        drawBlock('a', 'i:blockInput b:block=b o:blockOutput', 'i>b b>o'),
        drawBlock('b', 'i:blockInput a:block=a o:blockOutput', 'i>a a>o'),
      ]),
      ['The block "a" contains itself (a → b → a): it would never end.'],
    ],
    [
      'a block without ends',
      drawWithBlocks('in:input b:block=a', 'in>b', { in: { role: 'features' } }, [drawBlock('a', 'd:dense', '')]),
      [
        'b takes no input, but in is connected to it.',
        'd has no input, expected one input.',
        'The block "a" has no Block input: nothing can enter it.',
        'The block "a" has no Block output: nothing leaves it.',
      ],
    ],
    [
      'ends of a block in the network and of the network in a block',
      drawWithBlocks('i:blockInput b:block=a', 'i>b', {}, [
        drawBlock('a', 'i:blockInput in:input o:blockOutput', 'i>o', { in: { role: 'features' } }),
      ]),
      [
        'i has a meaning only within a block; in the network itself data enter at an Input and leave at an Output.',
        'in stands in the block "a", but data enter and leave the network outside of blocks.',
      ],
    ],
  ];
  it.each(wrong)('%s', (_what, document, expected) => expect(messages(document)).toEqual(expected));

  it('stand at the block and, with their fixes, within it', () => {
    const document = repeatedBlock();
    const block = document.blocks[0]!;
    const broken = {
      ...document,
      blocks: [{ ...block, nodes: block.nodes.map((node) => (node.id === 'd' ? { ...node, params: { units: -1 } } : node)) }],
    };
    const shapes = inferShapes(broken, tableRoles);
    const [problem] = shapes.problems;
    expect(shapes.problems).toHaveLength(1);
    expect(shapes.nodes.get('body')?.problems).toEqual([problem]);
    expect(shapes.nodes.get('body')?.inside?.nodes.get('d')?.problems).toEqual([problem]);
    expect(problem?.where).toEqual({ kind: 'node', node: 'd', param: 'units', block: 'dense-block' });
    const fixed = applyFix(broken, problem!.fixes!.at(-1)!);
    expect(fixed.blocks[0]?.nodes[1]?.params).toEqual({});
  });

  it('are found where layers lead nowhere', () => {
    const document = repeatedBlock();
    const block = document.blocks[0]!;
    const loose = { ...block, edges: [{ id: 'e', from: 'in', to: 'out', toPort: 0 }] };
    expect(checkTrainable({ ...document, blocks: [loose] }, tableRoles)[0]?.message).toBe('d has no input, expected one input.');
    const side = { ...block, edges: [...block.edges.slice(0, 1), { id: 'e', from: 'in', to: 'out', toPort: 0 }] };
    const deadEnds = checkTrainable({ ...document, blocks: [side] }, tableRoles).filter(({ code }) => code === 'train.deadEnd');
    expect(deadEnds).toMatchObject([
      { message: 'd leads nowhere: it is not connected towards out and would not be trained.', where: { node: 'd', block: 'dense-block' } },
    ]);
  });
});

describe('shared and frozen weights', () => {
  const square = drawWithBlocks(
    'in:input p:dense q:dense r:dense out:output',
    'in>p p>q q>r r>out',
    { in: { role: 'features' }, p: { units: 5 }, q: { units: 5, bias: false }, r: { units: 1 }, out: { role: 'mass' } },
    [],
  );
  it('are counted once, and frozen ones apart', () => {
    expect(figures(square)).toEqual({ parameters: 30 + 25 + 6, frozenParameters: 0, layers: 3 });
    const shared = changeNode(square, 'q', { weightsOf: 'p' });
    expect(figures(shared)).toEqual({ parameters: 36, frozenParameters: 0, layers: 3 });
    expect(inferShapes(shared, tableRoles).nodes.get('q')).toMatchObject({ parameters: 0, sharedParameters: 25 });
    expect(figures(changeNode(shared, 'p', { frozen: true }))).toEqual({ parameters: 36, frozenParameters: 30, layers: 3 });
  });

  it('are shared by two nodes of one block', () => {
    const document = repeatedBlock();
    const twice = {
      ...document,
      nodes: [...document.nodes, { ...document.nodes[2]!, id: 'again', name: 'again', weightsOf: 'body' }],
      edges: document.edges.flatMap((edge) =>
        edge.id === 'body>last'
          ? [
              { ...edge, to: 'again' },
              { id: 'e9', from: 'again', to: 'last', toPort: 0 },
            ]
          : [edge],
      ),
    };
    expect(figures(twice)).toEqual({ parameters: 36 + 126 + 7, frozenParameters: 0, layers: 8 });
    expect(messages(changeNode(twice, 'again', { params: { repeat: 2 } }))).toEqual([
      "again can't share the weights of body: it repeats 2 times, body 3 times.",
    ]);
  });

  it('say why they can not be shared, and offer weights of its own', () => {
    const cases: [NetworkDocument, string][] = [
      [changeNode(square, 'r', { weightsOf: 'p' }), "r can't share the weights of p: its weight is 1 × 5, that of p is 5 × 5."],
      [changeNode(square, 'q', { weightsOf: 'in' }), "q can't share the weights of in: in has no weights that q could use."],
      [changeNode(square, 'q', { weightsOf: 'x' }), 'q should use the weights of a layer "x" that is not beside it.'],
      [
        changeNode(changeNode(square, 'q', { weightsOf: 'p' }), 'p', { weightsOf: 'q' }),
        'p should use the weights of q, which uses those of p: nobody has weights of its own.',
      ],
    ];
    for (const [document, message] of cases) {
      const problem = inferShapes(document, tableRoles).problems[0];
      expect(problem?.message).toBe(message);
      expect(messages(applyFix(document, problem!.fixes![0]!))).toEqual([]);
    }
  });
});
