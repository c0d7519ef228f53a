import type { Locator, Page } from 'playwright-core';

/** What the suites of the portal look for on its pages, by role and name as a reader does. */
export const heading = (page: Page, name: string | RegExp): Locator => page.getByRole('heading', { level: 1, name });

export const configureButton = (page: Page, provider: string): Locator =>
  page.getByRole('region', { name: provider, exact: true }).getByRole('button', { name: 'Configure', exact: true });

export const copyField = (page: Page, label: string): Locator => page.getByRole('group', { name: label, exact: true });

export const bearerToken = (page: Page): Locator => copyField(page, 'Bearer token');

/** A link to one of the pages of a directory. */
export const directoryTab = (page: Page, name: RegExp): Locator =>
  page.getByRole('navigation', { name: 'Directory', exact: true }).getByRole('link', { name });

export const valueOf = (page: Page, label: string): Promise<string> =>
  copyField(page, label).getByRole('code').innerText();

/** How the directory of the page is doing: the state and what is said of it. */
export const status = (page: Page): Locator => page.getByRole('region', { name: 'Status', exact: true });

export const dialog = (page: Page, name: string | RegExp): Locator => page.getByRole('dialog', { name });

export const button = (place: Page | Locator, name: string): Locator =>
  place.getByRole('button', { name, exact: true });

export const activeTokens = (page: Page): Locator => page.getByRole('list', { name: 'Active tokens', exact: true });

/** The name in the frame of the page, which says whose portal it is. */
export const portalOf = (page: Page, name: string): Locator =>
  page.getByTestId('organization-name').filter({ hasText: name });

/** Presses Leave, and says yes to the question whether to. */
export async function leave(page: Page): Promise<void> {
  await button(page, 'Leave').click();
  await button(dialog(page, 'Leave the portal?'), 'Leave the portal').click();
}

/** What stands by name in a list of facts, such as the details of a user. */
export async function readFacts(place: Locator): Promise<Record<string, string>> {
  const names = await place.getByRole('term').allInnerTexts();
  const values = await place.getByRole('definition').allInnerTexts();
  return Object.fromEntries(names.map((name, index) => [name, values[index] ?? '']));
}
