import { startIdentityProvider, type TestIdentityProvider } from '@rollcall/testing';
import { Secret, TOTP } from 'otpauth';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { becomeOwner } from './support/become-owner';
import { dashboardLink, OWNER } from './support/dashboard-page';
import { findViolations } from './support/find-violations';
import { openPortal, type PortalVisit } from './support/open-portal';
import { button, dialog, heading } from './support/portal-page';
import { usePortalSystem } from './support/use-portal-system';

const STEP_MS = 30_000;

const system = usePortalSystem({ own: true });

let owner: PortalVisit;

beforeAll(async () => {
  owner = await becomeOwner(system.rollcall, system.browser);
});

afterAll(() => owner?.context.close());

/** A browser that nobody has signed in with, at the page that asks who it is. */
async function comeAnew(): Promise<PortalVisit> {
  const visit = await openPortal(system.browser, system.rollcall.bootstrap.dashboard_url);
  await button(visit.page, 'Sign in').waitFor();
  return visit;
}

/** Gives the password, and comes to what is asked for after it. */
async function givePassword(page: Page): Promise<void> {
  await page.getByLabel('Email').fill(OWNER.email);
  await page.getByLabel('Password').fill(OWNER.password);
  await button(page, 'Sign in').click();
  await heading(page, 'Confirm that it is you').waitFor();
}

describe('an owner with an authenticator app', () => {
  let secret: Secret;
  let recoveryCodes: string[];

  /** The code that the app shows so many steps from now: each is good once, and one of the step before or after is taken too. */
  const codeOf = (steps: number) => TOTP.generate({ secret, timestamp: Date.now() + steps * STEP_MS });

  it('turns it on with a code of its own, and is given ten recovery codes', async () => {
    const { page } = owner;
    await button(page, `${OWNER.name} ${OWNER.email}`).click();
    await page.getByRole('menuitem', { name: 'Account' }).click();
    await heading(page, 'Account').waitFor();
    await button(page, 'Set up an app').click();
    const question = dialog(page, 'Set up an authenticator app');
    secret = Secret.fromBase32(await question.getByLabel('Key', { exact: true }).inputValue());
    expect(await findViolations(page)).toEqual([]);
    await question.getByLabel('Code', { exact: true }).fill(codeOf(0));
    await button(question, 'Turn on').click();
    const codes = page.getByRole('list', { name: 'Recovery codes' }).getByRole('listitem');
    await codes.nth(9).waitFor();
    recoveryCodes = await codes.allInnerTexts();
    expect(await findViolations(page)).toEqual([]);
    await button(page, 'I have stored them').click();
    expect(owner.consoleErrors()).toEqual([]);
  });

  it('signs in with the password and the code that the app shows, and with no other', async () => {
    const visit = await comeAnew();
    const { page, context } = visit;
    expect(await findViolations(page)).toEqual([]);
    await givePassword(page);
    expect(await findViolations(page)).toEqual([]);
    await page.getByLabel('Code', { exact: true }).fill(codeOf(-10));
    await button(page, 'Confirm').click();
    await page.getByRole('alert').getByText('That code is wrong, or was used already').waitFor();
    expect(await findViolations(page)).toEqual([]);
    await page.getByLabel('Code', { exact: true }).fill(codeOf(1));
    await button(page, 'Confirm').click();
    await dashboardLink(page, 'Organizations').waitFor();
    expect(visit.scriptErrors()).toEqual([]);
    await context.close();
  });

  it('signs in with a recovery code when the app is lost, once', async () => {
    const [code = ''] = recoveryCodes;
    const recover = async (): Promise<PortalVisit> => {
      const visit = await comeAnew();
      await givePassword(visit.page);
      await button(visit.page, 'Use a recovery code').click();
      await heading(visit.page, 'Use a recovery code').waitFor();
      await visit.page.getByLabel('Recovery code').fill(code);
      await button(visit.page, 'Confirm').click();
      return visit;
    };
    const first = await recover();
    await dashboardLink(first.page, 'Organizations').waitFor();
    await first.context.close();

    const second = await recover();
    await second.page.getByRole('alert').getByText('That code is wrong, or was used already').waitFor();
    expect(await findViolations(second.page)).toEqual([]);
    expect(second.scriptErrors()).toEqual([]);
    await second.context.close();

    await owner.page.reload();
    await owner.page.getByText('9 recovery codes left').waitFor();
  });
});

describe('single sign-on', () => {
  let provider: TestIdentityProvider;

  beforeAll(async () => {
    provider = await startIdentityProvider();
  });

  afterAll(() => provider?.stop());

  /** Goes to the identity provider, which knows somebody of this address, and comes back. */
  async function continueAs(email: string): Promise<PortalVisit> {
    provider.claims = { sub: email, email, email_verified: true, name: 'Sue Provider' };
    const visit = await comeAnew();
    await button(visit.page, 'Continue with Acme ID').click();
    return visit;
  }

  it('is set up by the owner in the dashboard', async () => {
    const { page } = owner;
    await dashboardLink(page, 'Members').click();
    await button(page, 'Set up single sign-on').click();
    await page.getByLabel('Name on the button').fill('Acme ID');
    await page.getByLabel('Issuer').fill(provider.issuer);
    await page.getByLabel('Client ID').fill(provider.clientId);
    await page.getByLabel('Client secret').fill(provider.clientSecret);
    await page.getByLabel('Allowed domains').fill('example.com');
    await page.getByLabel('Role of whoever is new').selectOption('viewer');
    expect(await findViolations(page)).toEqual([]);
    await button(page, 'Save').click();
    await button(page, 'Remove…').waitFor();
    expect(await findViolations(page)).toEqual([]);
    expect([...owner.scriptErrors(), ...owner.consoleErrors()]).toEqual([]);
  });

  it('makes a member of whoever comes with an address of the domain, and leads to the dashboard', async () => {
    const visit = await continueAs('sue@example.com');
    const { page, context } = visit;
    await dashboardLink(page, 'Organizations').waitFor();
    await button(page, 'Sue Provider sue@example.com').waitFor();
    expect(new URL(page.url()).pathname).toMatch(/^\/dashboard\/env_[0-9a-z]+/);
    expect(visit.scriptErrors()).toEqual([]);
    await context.close();
  });

  it('says at the sign-in that it let nobody in, and asks again', async () => {
    const visit = await continueAs('sue@elsewhere.test');
    const { page, context } = visit;
    await page.getByRole('alert').getByText('Single sign-on did not sign you in').waitFor();
    await button(page, 'Continue with Acme ID').waitFor();
    expect(await findViolations(page)).toEqual([]);
    expect(visit.scriptErrors()).toEqual([]);
    await context.close();
  });
});
