/** What on a page breaks the rules of WCAG 2.2 AA, one line per element. */
import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from '@playwright/test';

/** Only what is broken is told in full: a list of every element that is right takes as long to write as the check itself. */
const options = { resultTypes: ['violations' as const] };
const rules = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];

export async function violations(page: Page): Promise<string[]> {
  // Legacy mode evaluates in the page itself, without a second page that joins the results of frames: there are no frames.
  const { violations: found } = await new AxeBuilder({ page }).options(options).withTags(rules).setLegacyMode().analyze();
  return found.flatMap(({ id, help, nodes }) =>
    nodes.map((node) => `${id}: ${help}: ${node.html.slice(0, 160)} (${node.failureSummary?.split('\n')[1]?.trim() ?? ''})`),
  );
}
