import { PROVIDER_IDS } from '@rollcall/contract';
import { list, object, oneOf, optional, shape, text } from './read-shape';

/** The rest of a user is the server's to judge. */
const readUser = (value: unknown, path: string) => {
  const user = object(value, path);
  return { ...user, userName: text(user['userName'], `${path}.userName`) };
};

const readGroup = shape({
  displayName: text,
  externalId: optional(text),
  /** The userNames of its members. */
  members: list(text),
});

const readDirectory = shape({
  name: text,
  provider: oneOf(PROVIDER_IDS),
  /** SCIM users (RFC 7643), of which `userName` has to be there. */
  users: list(readUser),
  groups: list(readGroup),
});

const readOrganization = shape({
  display_name: text,
  external_id: text,
  metadata: optional(object),
  directories: list(readDirectory),
});

/** What `rollcall seed` makes. Throws a StartError that names the place. */
export const readSeed = shape({ organizations: list(readOrganization) });

export type Seed = ReturnType<typeof readSeed>;
export type SeedOrganization = Seed['organizations'][number];
export type SeedUser = SeedDirectory['users'][number];
export type SeedDirectory = SeedOrganization['directories'][number];
