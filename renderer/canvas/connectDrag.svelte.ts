/**
 * Drawing a connection: any part of a layer is a place to drop it, and the reason why it cannot end there is shown
 * while the pointer is over it.
 */
import type { OnConnectEnd, OnConnectStart } from '@xyflow/svelte';
import type { NodeId } from '../../core/graph/document.ts';
import { whyNotConnect } from '../../core/graph/edit.ts';
import type { OpenDocument } from '../workspace/openDocument.svelte.ts';
import { connectLayers } from './actions.ts';

export interface ConnectHint {
  /** Window pixels. */
  readonly x: number;
  readonly y: number;
  /** Why not, or null where it can end. */
  readonly refusal: string | null;
}

interface Ends {
  readonly from: NodeId;
  readonly to: NodeId;
}

export class ConnectDrag {
  hint = $state.raw<ConnectHint | null>(null);
  /** A connection is being drawn. */
  active = $state(false);
  #open: OpenDocument;
  #start: { node: NodeId; type: 'source' | 'target' } | null = null;
  #over: HTMLElement | null = null;

  constructor(open: OpenDocument) {
    this.#open = open;
  }

  readonly start: OnConnectStart = (_event, { nodeId, handleType }) => {
    if (nodeId === null || handleType === null) return;
    this.#start = { node: nodeId, type: handleType };
    this.active = true;
    window.addEventListener('pointermove', this.#move);
  };

  readonly end: OnConnectEnd = (event) => {
    window.removeEventListener('pointermove', this.#move);
    const point = 'changedTouches' in event ? event.changedTouches[0] : event;
    const ends = point === undefined ? null : this.#endsAt(point.clientX, point.clientY);
    this.#mark(null, false);
    this.hint = null;
    this.active = false;
    this.#start = null;
    if (ends !== null) connectLayers(this.#open, ends.from, ends.to);
  };

  #move = (event: PointerEvent): void => {
    const ends = this.#endsAt(event.clientX, event.clientY);
    if (ends === null) {
      this.#mark(null, false);
      this.hint = null;
      return;
    }
    const refusal = whyNotConnect(this.#open.view, ends.from, ends.to)?.message ?? null;
    this.#mark(nodeElementAt(event.clientX, event.clientY), refusal === null);
    this.hint = { x: event.clientX, y: event.clientY, refusal };
  };

  #endsAt(x: number, y: number): Ends | null {
    const other = nodeElementAt(x, y)?.dataset.id;
    if (this.#start === null || other === undefined || other === this.#start.node) return null;
    return this.#start.type === 'source' ? { from: this.#start.node, to: other } : { from: other, to: this.#start.node };
  }

  /** Set on the element itself: five hundred layers need not listen. */
  #mark(element: HTMLElement | null, valid: boolean): void {
    if (this.#over !== element) delete this.#over?.dataset.drop;
    this.#over = element;
    if (element !== null) element.dataset.drop = valid ? 'valid' : 'refused';
  }
}

function nodeElementAt(x: number, y: number): HTMLElement | null {
  for (const element of document.elementsFromPoint(x, y)) {
    const node = element.closest<HTMLElement>('.svelte-flow__node');
    if (node !== null) return node;
  }
  return null;
}

/** How far beside a connection, in window pixels, a layer may be dropped into it: less than half a layer. */
const reach = 72;
const reachStep = 12;

/** The connection under a point or close beside it, for dropping a layer into it. */
export function edgeElementNear(x: number, y: number): SVGElement | null {
  for (let aside = 0; aside <= reach; aside += reachStep) {
    for (const side of aside === 0 ? [0] : [-aside, aside]) {
      for (const element of document.elementsFromPoint(x + side, y)) {
        const edge = element.closest<SVGElement>('.svelte-flow__edge');
        if (edge !== null) return edge;
      }
    }
  }
  return null;
}
