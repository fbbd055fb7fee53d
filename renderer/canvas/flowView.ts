/** The drawing library's handle as commands see it. Motion is short, and none where less motion is wanted. */
import type { useSvelteFlow } from '@xyflow/svelte';
import type { CanvasView } from './canvasState.svelte.ts';
import { preferences } from '../workspace/preferences.svelte.ts';
import { nodeHeight, nodeWidth } from './layout.ts';

export type Flow = ReturnType<typeof useSvelteFlow>;

const margin = 24;
/** A fitted network is as large as the text was chosen to be. */
export const fitOptions = () => ({ padding: 0.12, maxZoom: Math.max(1, preferences.textScale), minZoom: 0.1 });

export function flowView(flow: Flow, host: () => HTMLElement): CanvasView {
  const durationMs = () => (matchMedia('(prefers-reduced-motion: reduce)').matches ? 0 : 120);
  return {
    fit: (nodes) => void flow.fitView({ ...fitOptions(), duration: durationMs(), ...(nodes && { nodes: nodes.map((id) => ({ id })) }) }),
    zoomIn: () => void flow.zoomIn({ duration: durationMs() }),
    zoomOut: () => void flow.zoomOut({ duration: durationMs() }),
    reveal: (id) => {
      const position = flow.getNode(id)?.position;
      if (position === undefined) return;
      const { x, y, zoom } = flow.getViewport();
      const box = host().getBoundingClientRect();
      const shift = (start: number, size: number, room: number) =>
        start < margin ? margin - start : Math.min(0, room - margin - start - size);
      const dx = shift(position.x * zoom + x, nodeWidth * zoom, box.width);
      const dy = shift(position.y * zoom + y, nodeHeight * zoom, box.height);
      if (dx !== 0 || dy !== 0) void flow.setViewport({ x: x + dx, y: y + dy, zoom }, { duration: durationMs() });
    },
    focusNode: (id) =>
      requestAnimationFrame(() =>
        host()
          .querySelector<HTMLElement>(`.svelte-flow__node[data-id="${CSS.escape(id)}"]`)
          ?.focus({ preventScroll: true }),
      ),
    centre: () => {
      const box = host().getBoundingClientRect();
      return flow.screenToFlowPosition({ x: box.left + box.width / 2, y: box.top + box.height / 2 });
    },
  };
}
