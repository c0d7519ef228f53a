import axe from 'axe-core';
import type { Page } from 'playwright-core';

interface Violation {
  id: string;
  help: string;
  nodes: { target: unknown[] }[];
}

/** What axe-core finds wrong with the page as it is now (WCAG A and AA with the size of targets of WCAG 2.2, best practices): `rule: help (elements)`, empty when nothing. */
export async function findViolations(page: Page): Promise<string[]> {
  // Half a megabyte, which a document that has been looked at has already.
  if (await page.evaluate<boolean>(`typeof axe === 'undefined'`)) await page.evaluate(axe.source);
  const violations = await page.evaluate<Violation[]>(
    `axe.run(document, { resultTypes: ['violations'], rules: { 'target-size': { enabled: true } } }).then((result) => result.violations)`,
  );
  return violations.map(({ id, help, nodes }) => {
    const elements = nodes.map(({ target }) => target.join(' ')).join(', ');
    return `${id}: ${help} (${elements})`;
  });
}
