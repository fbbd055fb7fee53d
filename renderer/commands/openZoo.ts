import Library from '@lucide/svelte/icons/library';
import { windows } from '../workspace/windows.svelte.ts';
import { zooText } from '../zoo/zooText.ts';
import type { Command } from './command.ts';

export const openZoo: Command = {
  id: 'openZoo',
  label: zooText.command,
  group: 'network',
  icon: Library,
  shortcuts: ['Alt+z'],
  keywords: ['zoo', 'model', 'paper', 'ResNet', 'GPT', 'BERT', 'Llama', 'VGG', 'example'],
  run: () => {
    windows.zoo = true;
  },
};
