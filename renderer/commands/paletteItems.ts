/** Everything the search field can find at this moment. */
import type { Component } from 'svelte';
import { addLayer } from '../canvas/actions.ts';
import { blockText } from '../canvas/blockText.ts';
import { familyColour } from '../canvas/families.ts';
import { offeredBlocks, offeredLayers } from '../canvas/pieces.ts';
import { placeIcons } from '../frame/placeIcons.ts';
import { arrival } from '../learn/timeMachine/story/arrival.svelte.ts';
import { isLink } from '../learn/timeMachine/story/links.ts';
import { storyText } from '../learn/timeMachine/story/storyText.ts';
import { text } from '../text.ts';
import { formatAgo } from '../ui/format.ts';
import { showError } from '../workspace/notices.svelte.ts';
import { places, workspace } from '../workspace/workspace.svelte.ts';
import { commands, isEnabled } from './index.ts';
import { openLink } from './openLink.ts';
import type { Searchable } from './paletteSearch.ts';
import { runCommand } from './shortcuts.ts';

export interface PaletteItem extends Searchable {
  readonly id: string;
  readonly group: keyof typeof text.palette.groups;
  readonly note?: string;
  readonly shortcut?: string;
  readonly icon?: Component<{ size?: number }>;
  readonly colour?: string;
  run(): void | Promise<unknown>;
}

/** Enough to find the last work; the Runs place lists all. */
const mostRuns = 200;

export function paletteItems(): PaletteItem[] {
  return [
    ...commandItems(),
    ...(workspace.document === null ? [] : layerItems()),
    ...placeItems(),
    ...documentItems(),
    ...dataItems(),
    ...runItems(),
  ];
}

/** A link to a moment, typed or pasted into the search. */
export function linkItem(query: string): PaletteItem | undefined {
  if (!isLink(query)) return undefined;
  return {
    id: 'link',
    group: 'command',
    label: storyText.pasted,
    icon: openLink.icon,
    run: () => arrival.follow(query).catch(showError),
  };
}

function commandItems(): PaletteItem[] {
  return commands
    .filter((command) => !command.hidden && !command.id.startsWith('go.') && isEnabled(command))
    .filter((command) => command.places === undefined || command.places.includes(workspace.place))
    .map((command) => ({
      id: `command.${command.id}`,
      group: 'command',
      label: command.label,
      keywords: command.keywords,
      shortcut: command.shortcuts?.[0],
      icon: command.icon,
      run: () => runCommand(command),
    }));
}

function layerItems(): PaletteItem[] {
  const open = workspace.document;
  const blocks = open === null ? [] : offeredBlocks(open);
  const add = (key: string) => {
    workspace.go('build');
    addLayer(workspace.document, key);
  };
  const layers = offeredLayers(open).map((layer): PaletteItem => ({
    id: `layer.${layer.type}`,
    group: 'layer',
    label: layer.title,
    keywords: [layer.type, ...layer.keywords],
    note: text.build.families[layer.family],
    colour: familyColour(layer.family),
    run: () => add(layer.type),
  }));
  const pieces = blocks.map(({ key, label }): PaletteItem => ({
    id: `layer.${key}`,
    group: 'layer',
    label,
    keywords: ['block'],
    note: blockText.group,
    colour: familyColour('structure'),
    run: () => add(key),
  }));
  return [...layers, ...pieces];
}

function placeItems(): PaletteItem[] {
  return places.map((place, index) => ({
    id: `place.${place}`,
    group: 'place',
    label: text.commands.goTo(text.places[place]),
    icon: placeIcons[place],
    shortcut: `Alt+${index + 1}`,
    run: () => workspace.go(place),
  }));
}

function documentItems(): PaletteItem[] {
  return workspace.documents.map((document) => ({
    id: `document.${document.id}`,
    group: 'document',
    label: document.name,
    keywords: document.dataSet === undefined ? [] : [document.dataSet],
    note: formatAgo(document.savedAt, Date.now()),
    icon: placeIcons.build,
    run: async () => {
      workspace.go('build');
      await workspace.open(document.id);
    },
  }));
}

function dataItems(): PaletteItem[] {
  return workspace.dataSets.map((set) => ({
    id: `data.${set.id}`,
    group: 'data',
    label: set.name,
    keywords: [set.id],
    icon: placeIcons.data,
    run: () => workspace.showDataSet(set.id),
  }));
}

function runItems(): PaletteItem[] {
  return workspace.runs.slice(0, mostRuns).map((run) => ({
    id: `run.${run.id}`,
    group: 'run',
    label: `${run.id} · ${run.name}`,
    keywords: [run.network, run.dataSet, run.note].filter((word) => word !== ''),
    note: formatAgo(run.startedAt, Date.now()),
    icon: placeIcons.runs,
    run: () => {
      try {
        workspace.showRun(run.id);
      } catch (error) {
        showError(error);
      }
    },
  }));
}
