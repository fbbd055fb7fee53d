/** Where a task's table stands in the engine's memory. */
export function tableSlot(name: string): string {
  return `data/table/${name}`;
}
