/** Every command, in the order of menus and help. */
import { arrange } from './arrange.ts';
import { closeTab } from './closeTab.ts';
import { collapse } from './collapse.ts';
import { copy } from './copy.ts';
import { cut } from './cut.ts';
import { deleteNetwork } from './deleteNetwork.ts';
import { deselect } from './deselect.ts';
import { duplicate } from './duplicate.ts';
import { duplicateNetwork } from './duplicateNetwork.ts';
import { exportNetwork } from './exportNetwork.ts';
import { expand } from './expand.ts';
import { firstProblem } from './firstProblem.ts';
import { fitView } from './fitView.ts';
import { goToPlace } from './goToPlace.ts';
import { help } from './help.ts';
import { importNetwork } from './importNetwork.ts';
import { leaveBlock } from './leaveBlock.ts';
import { newNetwork } from './newNetwork.ts';
import { nextLayer } from './nextLayer.ts';
import { nextTab } from './nextTab.ts';
import { openBlock } from './openBlock.ts';
import { openLink } from './openLink.ts';
import { openZoo } from './openZoo.ts';
import { paste } from './paste.ts';
import { pause } from './pause.ts';
import { previousLayer } from './previousLayer.ts';
import { previousTab } from './previousTab.ts';
import { redo } from './redo.ts';
import { remove } from './remove.ts';
import { renameLayer } from './renameLayer.ts';
import { renameNetwork } from './renameNetwork.ts';
import { search } from './search.ts';
import { selectAll } from './selectAll.ts';
import { settings } from './settings.ts';
import { stop } from './stop.ts';
import { toggleTheme } from './toggleTheme.ts';
import { tour } from './tour.ts';
import { train } from './train.ts';
import { undo } from './undo.ts';
import { useRun } from './useRun.ts';
import { zoomIn } from './zoomIn.ts';
import { zoomOut } from './zoomOut.ts';
import type { Command, CommandGroup } from './command.ts';

export type { Command, CommandGroup } from './command.ts';

export const commands: readonly Command[] = [
  undo,
  redo,
  cut,
  copy,
  paste,
  duplicate,
  remove,
  selectAll,
  deselect,
  renameLayer,
  collapse,
  expand,
  openBlock,
  leaveBlock,
  arrange,
  fitView,
  zoomIn,
  zoomOut,
  nextLayer,
  previousLayer,
  firstProblem,
  newNetwork,
  openZoo,
  renameNetwork,
  duplicateNetwork,
  importNetwork,
  exportNetwork,
  nextTab,
  previousTab,
  closeTab,
  deleteNetwork,
  train,
  pause,
  stop,
  useRun,
  search,
  ...goToPlace,
  tour,
  openLink,
  settings,
  toggleTheme,
  help,
];

export const commandGroups: readonly CommandGroup[] = ['edit', 'canvas', 'network', 'training', 'view'];

/** @throws when no command has this id: a slip of ours */
export function findCommand(id: string): Command {
  const command = commands.find((candidate) => candidate.id === id);
  if (command === undefined) throw new Error(`No command is called ${id}.`);
  return command;
}

export const isEnabled = (command: Command): boolean => command.enabled?.() ?? true;
