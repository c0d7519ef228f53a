import { DASHBOARD_ENVIRONMENT_HEADER } from '@rollcall/contract';

const ADDRESS = /^\/dashboard\/(env_[0-9a-z]+)(?=\/|$)/;
const ORGANIZATION = /^\/dashboard\/env_[0-9a-z]+\/organizations\/(org_[0-9a-z]+)(?=\/|$)/;

/**
 * The environment that a page of the dashboard shows. It is part of the page's address, so that a reload, a shared link and two tabs of
 * two environments each are what they say; null on pages that belong to none, such as the one to sign in.
 */
export function environmentOfAddress(path: string): string | null {
  return ADDRESS.exec(path)?.[1] ?? null;
}

/** The organization below which a page of the dashboard is; null elsewhere. */
export function organizationOfAddress(path: string): string | null {
  return ORGANIZATION.exec(path)?.[1] ?? null;
}

/** Below which address the pages of an environment are. */
export function addressOfEnvironment(environmentId: string): string {
  return `/dashboard/${environmentId}`;
}

/** What every call of a page of the dashboard says besides. */
export function environmentHeader(): Record<string, string> {
  const environmentId = environmentOfAddress(location.pathname);
  return environmentId === null ? {} : { [DASHBOARD_ENVIRONMENT_HEADER]: environmentId };
}
