import { AppError } from '@rollcall/platform';

/** How many there may be of what an app owner makes; each limit has the reason of its cost. */
const LIMITS = {
  /** A token that is presented is verified against its own row, so ten are a matter of order, not of cost. */
  secrets: {
    max: 10,
    code: 'too_many_secrets',
    message: (max: number) =>
      `This directory has ${max} active secrets, the most there can be. Revoke one that is no longer used.`,
  },
  /** An administrator's page has all of them in one list; the application may make more. */
  directories: {
    max: 100,
    code: 'too_many_directories',
    message: (max: number) =>
      `Your organization has ${max} directories, the most that can be added here. Delete one that is no longer used.`,
  },
  /** A person looks through them to find the one that must go. */
  apiClients: {
    max: 100,
    code: 'too_many_api_clients',
    message: (max: number) =>
      `This environment has ${max} API clients, the most there can be. Revoke one that is no longer used.`,
  },
  /** A person looks through them, and with each sign-in of many environments so does the server. */
  members: {
    max: 200,
    code: 'too_many_members',
    message: (max: number) =>
      `This environment has ${max} members and open invitations, the most there can be. Remove one that is no longer needed.`,
  },
  /** One list to switch between. */
  environments: {
    max: 50,
    code: 'too_many_environments',
    message: (max: number) => `You have ${max} environments, the most there can be.`,
  },
  /** One person's devices. */
  passkeys: {
    max: 20,
    code: 'too_many_passkeys',
    message: (max: number) => `You have ${max} passkeys, the most there can be. Remove one that you no longer use.`,
  },
  /** Enough to move an application from one to the next at its own pace, and once more meanwhile. */
  clientSecrets: {
    max: 3,
    code: 'too_many_live_secrets',
    message: (max: number) =>
      `This API client has ${max} live secrets, the most there can be. Wait until one has ended, or rotate with "overlap_seconds": 0.`,
  },
  /** Each endpoint of an environment is weighed for every event. */
  webhookEndpoints: {
    max: 100,
    code: 'too_many_webhook_endpoints',
    message: (max: number) =>
      `This environment has ${max} webhook endpoints, the most there can be. Delete one that is no longer used.`,
  },
  /** A person looks through them to see which one has arrived. */
  handOvers: {
    max: 20,
    code: 'too_many_hand_overs',
    message: (max: number) =>
      `This directory has ${max} open hand-over links, the most there can be. Revoke one that is no longer needed.`,
  },
  /** Each of them gets a mail of each failure. */
  contacts: {
    max: 20,
    code: 'too_many_contacts',
    message: (max: number) =>
      `This organization has ${max} contacts, the most there can be. Remove one that is no longer right.`,
  },
  /** Each unfinished replay to an endpoint is looked at with every delivery to it. */
  replays: {
    max: 10,
    code: 'too_many_replays',
    message: (max: number) =>
      `This webhook endpoint has ${max} unfinished replays, the most there can be. Wait for one to finish or cancel one.`,
  },
} as const;

/**
 * Refuses one more where the most there can be are present.
 * @param noun what is to be added
 * @param present how many there are, as far as they count: tokens that are active, links that are open, replays that are unfinished
 * @throws AppError with the code of the noun, such as `too_many_secrets`
 */
export function refuseBeyondLimit(noun: keyof typeof LIMITS, present: number): void {
  const { max, code, message } = LIMITS[noun];
  if (present >= max) throw new AppError({ kind: 'refused', code, message: message(max) });
}
