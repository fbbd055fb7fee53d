import ChartLine from '@lucide/svelte/icons/chart-line';
import Database from '@lucide/svelte/icons/database';
import GraduationCap from '@lucide/svelte/icons/graduation-cap';
import SlidersHorizontal from '@lucide/svelte/icons/sliders-horizontal';
import Workflow from '@lucide/svelte/icons/workflow';

/** One per place, in the rail and in the commands. */
export const placeIcons = { data: Database, build: Workflow, train: ChartLine, runs: SlidersHorizontal, learn: GraduationCap };
