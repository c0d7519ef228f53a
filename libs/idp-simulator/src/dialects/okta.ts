import type { Person } from '../scenario';
import type { Dialect, Send, Subject } from './dialect';
import { mapProfile, type ProfileStyle } from './map-profile';
import { catalogueGroups, customGroups } from './okta-groups';
import { importPages } from './okta-import';
import { create, fetchResource, findFirst, literal, patch, put, query } from './scim-calls';

/** What Okta sends when password synchronisation is off: a random text that nobody knows. */
const PLACEHOLDER_PASSWORD = '1mz050nq';

export interface OktaOptions {
  /** Name of the application in its extension schema: `urn:ietf:params:scim:schemas:extension:<app>:2.0:User`. */
  app?: string;
  /** Whether "Import Groups" is ticked, which makes the connector test read groups too. */
  importGroups?: boolean;
}

/**
 * Okta's app-catalogue applications: PUT for profiles, PATCH for `active` and password, Group Push by PATCH.
 * Source: developer.okta.com, reference SCIM 2.0; recorded traffic.
 */
export function oktaCatalogue(options: OktaOptions = {}): Dialect {
  const style = styleOf(options, 'work');
  return {
    ...common('okta', 'Okta (app catalogue)', options, style),
    ...catalogueGroups,
    assign: async (send, subject) => {
      const found = await findUser(send, subject.person);
      if (found === null) return createUser(send, subject, style);
      const wasActive = await putUser(send, subject, found, style, {});
      if (!wasActive) await patchUser(send, found, { active: true });
      return found;
    },
    setActive: (send, _subject, remoteId, active) => patchUser(send, remoteId, { active }),
    setPassword: (send, remoteId, password) => patchUser(send, remoteId, { password }),
  };
}

/**
 * Okta's custom applications made with the App Integration Wizard: PUT for everything, `active` and groups included; never a
 * PATCH. Source: recorded traffic.
 */
export function oktaCustom(options: OktaOptions = {}): Dialect {
  const style = styleOf(options, null);
  return {
    ...common('okta-custom', 'Okta (custom application)', options, style),
    ...customGroups,
    assign: async (send, subject) => {
      const found = await findUser(send, subject.person);
      if (found === null) return createUser(send, subject, style);
      await putUser(send, subject, found, style, { active: true });
      return found;
    },
    setActive: async (send, subject, remoteId, active) => {
      await putUser(send, subject, remoteId, style, { active });
    },
    setPassword: async (send, remoteId, password) => {
      const path = `/Users/${remoteId}`;
      await put(send, path, { ...(await fetchResource(send, path)), password });
    },
  };
}

type Common = Pick<
  Dialect,
  'name' | 'title' | 'headers' | 'externalId' | 'testConnection' | 'updateProfile' | 'importAll'
>;

function common(name: string, title: string, options: OktaOptions, style: ProfileStyle): Common {
  return {
    name,
    title,
    headers,
    externalId: (person) => person.id,
    testConnection: async (send) => {
      await query(send, '/Users?startIndex=1&count=2');
      if (options.importGroups) await query(send, '/Groups?startIndex=1&count=100');
    },
    updateProfile: async (send, subject, remoteId) => {
      await putUser(send, subject, remoteId, style, {});
    },
    importAll: importPages,
  };
}

function headers(hasBody: boolean): Record<string, string> {
  return {
    'User-Agent': 'Okta SCIM Client 1.0.0',
    Accept: 'application/scim+json',
    'Accept-Charset': 'utf-8',
    'Accept-Encoding': 'gzip,deflate',
    ...(hasBody ? { 'Content-Type': 'application/scim+json; charset=utf-8' } : {}),
    Connection: 'close',
  };
}

function styleOf({ app = 'rollcall' }: OktaOptions, emailType: 'work' | null): ProfileStyle {
  return {
    emailType,
    customSchema: `urn:ietf:params:scim:schemas:extension:${app}:2.0:User`,
    // Okta knows its own people, not the application's ids.
    manager: ({ person }) => ({ value: person.userName, displayName: `${person.givenName} ${person.familyName}` }),
  };
}

/** @returns the application's id of the user, null when there is none */
async function findUser(send: Send, person: Person): Promise<string | null> {
  const filter = encodeURIComponent(`userName eq ${literal(person.userName)}`);
  const found = await findFirst(send, `/Users?filter=${filter}&startIndex=1&count=100`);
  return found?.id ?? null;
}

async function createUser(send: Send, subject: Subject, style: ProfileStyle): Promise<string> {
  const body = {
    ...mapProfile({}, subject, style),
    externalId: subject.person.id,
    groups: [],
    password: PLACEHOLDER_PASSWORD,
    active: true,
  };
  return create(send, '/Users', body);
}

/** Reads the application's own representation, writes the profile over it and puts it all back. @returns whether the user was active */
async function putUser(
  send: Send,
  subject: Subject,
  remoteId: string,
  style: ProfileStyle,
  set: { active?: boolean },
): Promise<boolean> {
  const path = `/Users/${remoteId}`;
  const body = await fetchResource(send, path);
  const next = { ...mapProfile(body, subject, style), externalId: subject.person.id, ...set };
  await put(send, path, next);
  return body.active !== false;
}

async function patchUser(send: Send, remoteId: string, value: Record<string, unknown>): Promise<void> {
  await patch(send, `/Users/${remoteId}`, [{ op: 'replace', value }]);
}
